"""Small things that pages say in the same way."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()

LEVELS = {0: "not now", 1: "a little", 2: "quite a bit", 3: "a lot"}


@register.filter
def level(value: int) -> str:
    """Say a level of a need, an offer or a wish in words."""
    return {0: _("not now"), 1: _("a little"), 2: _("quite a bit"), 3: _("a lot")}[int(value)]


@register.filter
def initial(name: str) -> str:
    """Return the first letter of a name, for the round mark beside it."""
    return name.strip()[:1].upper() or "·"
