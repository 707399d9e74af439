"""The rungs of a ladder, to switch on or off and to set in days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from introducer_web.care.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from introducer_web.care.services.ladder import Shown

__all__ = ["LadderForm"]


class LadderForm(forms.Form):
    """For each rung, whether it is sent and after how many days."""

    def __init__(self, *args: Any, rungs: Iterable[Shown], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rung in rungs:
            kind = rung.kind
            self.fields[f"on_{kind.key}"] = forms.BooleanField(label=_("Send this"), required=False, initial=rung.is_on)
            if kind.most:
                self.fields[f"days_{kind.key}"] = forms.IntegerField(
                    label=_("After how many days"), min_value=kind.least, max_value=kind.most, initial=rung.days,
                    help_text=_("From %(least)s to %(most)s.") % {"least": kind.least, "most": kind.most},
                )  # fmt: skip

    def said(self) -> dict[str, tuple[bool, int]]:
        """Return what was chosen, by key of the kind."""
        given = self.cleaned_data
        return {kind.key: (given[f"on_{kind.key}"], given.get(f"days_{kind.key}", 0)) for kind in KINDS}
