"""Small things that pages say in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from introducer_web.lib.texts import gap, translated

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()
register.filter("gap", gap)
register.filter("translated", translated)


#: Where a coordinator goes in a cohort: name of the address, the addresses below it by how they begin.
_TABS = (
    ("care_now", ("care_",)),
    ("people_list", ("people_list", "people_invite", "people_person", "import_")),
    ("people_supply", ("people_supply",)),
    ("run_review", ("run_", "constellation_", "order_", "publish")),
    ("relationship_list", ("relationship_",)),
    ("finding_list", ("finding_", "event_")),
    ("message_list", ("message_", "segment_", "mailing_")),
)


@register.inclusion_tag("programs/_cohort.html", takes_context=True)
def cohort_nav(context: Mapping[str, Any]) -> dict[str, Any]:
    """Say which cohort a page is of, and lead to its other pages."""
    society, cohort = context["society"], context["cohort"]
    match = context["request"].resolver_match
    here = match.url_name if match else ""
    names = (
        _("Now"), _("People"), _("Asked and offered"), _("Review"), _("Relationships"), _("Requests and dates"),
        _("Messages"),
    )  # fmt: skip
    tabs = [
        (name, reverse(address, args=[society.slug, cohort.code]), here.startswith(below))
        for name, (address, below) in zip(names, _TABS, strict=True)
    ]
    return {"society": society, "cohort": cohort, "tabs": tabs}


@register.filter
def level(value: int) -> str:
    """Say a level of a need, an offer or a wish in words."""
    return (_("not now"), _("a little"), _("quite a bit"), _("a lot"))[int(value)]


@register.filter
def levels(values: str) -> list[tuple[int, str]]:
    """Return levels, given as digits, with their words."""
    return [(int(value), level(int(value))) for value in values]


@register.filter
def band(value: int) -> str:
    """Say how well a need is covered."""
    return (_("nobody yet"), _("in part"), _("well"), _("very well"))[int(value)]


@register.filter
def initial(name: str) -> str:
    """Return the first letter of a name, for the round mark beside it."""
    return name.strip()[:1].upper() or "·"


@register.filter
def percent(part: float | None) -> str:
    """Say a part in [0, 1] as a whole percentage; nothing where there is none."""
    return "" if part is None else f"{100 * part:.0f}\u202f%"


@register.filter
def at(rows: Mapping[Any, Any], key: Any) -> Any:
    """Return what a mapping has for a key, or nothing."""
    return rows.get(key, ())


@register.filter
def unlocalized(value: float) -> str:
    """Write a number as HTML wants it, in every language."""
    return f"{value:g}"
