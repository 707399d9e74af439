"""What a coordinator fills in on the way of an import."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from introducer_web.lib.sheets import BYTES
from introducer_web.people.known import folded
from introducer_web.people.models import SheetImport

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["ConfirmForm", "MappingForm", "SpellingForm", "UploadForm"]

#: Choice that asks for the full list of fields.
MORE = "more"
#: Columns whose list of fields is long from the start; a page with more would be slow to load.
LONG = 40
#: From how alike a spelling and a name are called close, and how long a word is that tells something.
_CLOSE, _WORD = 0.8, 5
#: Spellings on one page.
SPELLINGS = 8


class UploadForm(forms.Form):
    """A sheet and what its rows are."""

    what = forms.ChoiceField(
        label=gettext_lazy("What the rows are"),
        choices=SheetImport.What.choices,
        widget=forms.RadioSelect,
        initial=SheetImport.What.MENTEES,
    )
    sheet = forms.FileField(
        label=gettext_lazy("The sheet"),
        help_text=gettext_lazy("CSV or Excel (.xlsx), at most 10 MB. Nothing is written before you have looked at it."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        allow_empty_file=True,
    )

    def clean_sheet(self) -> Any:
        """Refuse what is too large before it is read."""
        sheet = self.cleaned_data["sheet"]
        if sheet.size > BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(size)s MB. Split it, or leave out columns that nobody needs here.")
                % {"size": BYTES // 2**20}
            )
        return sheet


class MappingForm(forms.Form):
    """What each column is: a field for each header.

    The list of a header holds the likely fields; "Another field ..." asks for all of them.
    """

    def __init__(
        self, data: Any, *, report: Mapping[str, Any], known: Mapping[str, str], basics: Mapping[str, str],
        mapping: Mapping[str, Sequence[str]],
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.report = report
        self.mapped = {header: name for name, headers in mapping.items() for header in headers}
        everything = [("", ""), (MORE, ""), *known.items()]
        open_ones = sum(header not in report["choices"] for header in report["headers"])
        for place, header in enumerate(report["headers"]):
            name = f"column_{place}"
            likely = [field for field in report["choices"].get(header, ()) if field in known]
            chosen = self.mapped.get(header, "")
            if chosen and chosen not in likely:
                likely = [chosen, *likely]
            short = {field: known[field] for field in likely}
            if not likely and open_ones <= LONG:
                short = dict(basics)
            asked = self.data.get(name) == MORE
            field = forms.ChoiceField(label=header, choices=everything, required=False, initial=chosen)
            field.widget.choices = [
                ("", _("Leave out")),
                *(known if asked else short).items(),
                *([] if asked else [(MORE, _("Another field …"))]),
            ]
            self.fields[name] = field

    def clean(self) -> None:
        """Ask again where somebody wants the full list."""
        if MORE in self.cleaned_data.values():
            raise forms.ValidationError(_("Now choose from the full list, where you asked for it."))

    @property
    def chosen(self) -> dict[str, list[str]]:
        """The mapping: headers by field."""
        found: dict[str, list[str]] = {}
        for place, header in enumerate(self.report["headers"]):
            name = self.cleaned_data.get(f"column_{place}")
            if name:
                found.setdefault(name, []).append(header)
        return found

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield each column as the page shows it."""
        for place, header in enumerate(self.report["headers"]):
            yield {
                "header": header,
                "field": self[f"column_{place}"],
                "samples": self.report["samples"][place] if header not in self.report["confidential"] else [],
                "confidential": header in self.report["confidential"],
            }


class SpellingForm(forms.Form):
    """What spellings mean that could not be read: a field for each."""

    def __init__(
        self, data: Any, *, spellings: Sequence[Sequence[str]], meanings: Mapping[str, Mapping[str, str]]
    ) -> None:
        super().__init__(data)
        self.spellings = spellings[:SPELLINGS]
        for place, (kind, text, header, meaning) in enumerate(self.spellings):
            label = _("“%(text)s”, in the column “%(header)s”, means") % {"text": text, "header": header}
            choices = [("", _("Leave it: I correct the sheet")), *meanings[kind].items()]
            close = meaning in meanings[kind] and _is_close(text, meanings[kind][meaning], meaning)
            # A guess is said, and never chosen: what nobody looked at must not be written.
            hint = _("Perhaps: %(name)s") % {"name": meanings[kind][meaning]} if close else ""
            self.fields[f"spelling_{place}"] = forms.ChoiceField(
                label=label, choices=choices, required=False, help_text=hint
            )

    @property
    def chosen(self) -> dict[str, dict[str, str]]:
        """The meanings: by kind and spelling."""
        found: dict[str, dict[str, str]] = {}
        for place, (kind, text, _header, _meaning) in enumerate(self.spellings):
            meaning = self.cleaned_data.get(f"spelling_{place}")
            if meaning:
                found.setdefault(kind, {})[text] = meaning
        return found


def _is_close(text: str, *names: str) -> bool:
    """Tell whether a spelling is nearly a name, or shares a word of some length with it."""
    told = folded(text)
    for name in map(folded, names):
        words = {word for word in re.findall(r"\w+", told) if len(word) >= _WORD}
        if SequenceMatcher(None, told, name).ratio() >= _CLOSE or words & set(re.findall(r"\w+", name)):
            return True
    return False


class ConfirmForm(forms.Form):
    """What a coordinator states when letting a sheet be written."""

    turn = forms.IntegerField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=gettext_lazy("They agreed to be matched when they signed up"),
        help_text=gettext_lazy(
            "Without it they are matched only once they have agreed here themselves. A “no” in the sheet stays a no. "
            "That you stated it is recorded."
        ),
        required=False,
    )
    committed_on = forms.DateField(
        label=gettext_lazy("The mentors made their commitment already, on"),
        help_text=gettext_lazy("The commitment to cultural humility. Left blank, each mentor is asked for it first."),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )
    invite = forms.BooleanField(
        label=gettext_lazy("Write an e-mail to everybody who is new"),
        help_text=gettext_lazy("It says that they are in the program, how to sign in, and asks mentors to commit."),
        required=False,
    )

    def __init__(self, data: Any, *, sheet_import: SheetImport, today: Any) -> None:
        super().__init__(data, initial={"turn": sheet_import.turn})
        self.today = today
        if sheet_import.what != SheetImport.What.MENTORS:
            del self.fields["committed_on"]
        if sheet_import.what == SheetImport.What.TIES:
            del self.fields["agreed"], self.fields["invite"]
            return
        said = sheet_import.report.get("consent")
        if said and not said["blank"]:
            del self.fields["agreed"]
        elif said:
            self.fields["agreed"].label = ngettext(
                "The %(n)s person whose cell is blank agreed to be matched when they signed up",
                "The %(n)s people whose cells are blank agreed to be matched when they signed up",
                said["blank"],
            ) % {"n": said["blank"]}

    def clean_committed_on(self) -> Any:
        """A commitment lies in the past."""
        day = self.cleaned_data["committed_on"]
        if day and day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day
