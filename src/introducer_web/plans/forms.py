"""What can be said of times: when somebody can be asked for, and which they propose."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from introducer_web.conversations.forms import LookedAt
from introducer_web.conversations.models import Conversation
from introducer_web.plans.models import Weeks, Where
from introducer_web.plans.saying import moment_said
from introducer_web.plans.times import USUAL
from introducer_web.plans.zones import instant, known_zones

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from introducer_web.plans.models import Availability

__all__ = ["AvailabilityForm", "MinutesForm", "PointForm", "ProposalForm"]

#: Rows for times away that are offered beside those that are there, and in all.
_MORE, _ROWS = 2, 12
#: Times of one's own beside those that are suggested.
_OWN = 3


class AvailabilityForm(forms.Form):
    """Zone, hours by weekday, times away, a calendar."""

    timezone = forms.ChoiceField(label=gettext_lazy("Your time zone"))
    address = forms.CharField(
        label=gettext_lazy("Address of your calendar"), required=False, max_length=1000,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Your calendar can give you a secret address in iCalendar format; one that shows only when you are busy is "
            "enough. It begins with https://."
        ),
    )  # fmt: skip
    forget = forms.BooleanField(label=gettext_lazy("Forget my calendar and all that was read in it"), required=False)
    wants_brief = forms.BooleanField(
        label=gettext_lazy("Remind me on the day before, with what helps to prepare"), required=False
    )

    def __init__(self, data: Any = None, *, row: Availability) -> None:
        said = row.said if row.sealed else {}
        initial: dict[str, Any] = {"timezone": row.timezone, "wants_brief": row.wants_brief}
        hours = said.get("hours")
        if hours is None:
            hours = {str(day): [each.isoformat("minutes") for each in span] for day, span in USUAL.items()}
        for day, (left, right) in hours.items():
            initial |= {f"from_{day}": left, f"to_{day}": right}
        away = said.get("away", [])
        for k, (first, last) in enumerate(away):
            initial |= {f"away_from_{k}": first, f"away_to_{k}": last}
        super().__init__(data, initial=initial)
        zones = known_zones()
        others = [] if row.timezone in zones else [row.timezone]
        self.fields["timezone"].choices = [(zone, zone.replace("_", " ")) for zone in (*others, *zones)]
        for day in range(7):
            self._add(day, "from", _("%(weekday)s, from"), WEEKDAYS[day])
            self._add(day, "to", _("%(weekday)s, to"), WEEKDAYS[day])
        self.rows = min(len(away) + _MORE, _ROWS)
        for k in range(self.rows):
            for name, label in ((f"away_from_{k}", _("First day away")), (f"away_to_{k}", _("Last day away"))):
                self.fields[name] = forms.DateField(
                    label=f"{label} ({k + 1})", required=False, widget=forms.DateInput(attrs={"type": "date"})
                )
        if not said.get("address"):
            del self.fields["forget"]

    def _add(self, day: int, name: str, label: str, weekday: Any) -> None:
        self.fields[f"{name}_{day}"] = forms.TimeField(
            label=label % {"weekday": weekday}, required=False,
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        )  # fmt: skip

    def days(self) -> Iterator[tuple[Any, forms.BoundField, forms.BoundField]]:
        """Yield each weekday with its two fields."""
        for day in range(7):
            yield WEEKDAYS[day], self[f"from_{day}"], self[f"to_{day}"]

    def times_away(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Yield the two fields of each time away."""
        for k in range(self.rows):
            yield self[f"away_from_{k}"], self[f"away_to_{k}"]

    def clean(self) -> dict[str, Any]:
        """Refuse a day or a time away that ends before it begins, or of which one half is missing."""
        said: dict[str, Any] = super().clean() or {}
        pairs = [(f"from_{day}", f"to_{day}") for day in range(7)]
        pairs += [(f"away_from_{k}", f"away_to_{k}") for k in range(self.rows)]
        for first, last in pairs:
            left, right = said.get(first), said.get(last)
            if (left is None) != (right is None) and first not in self.errors and last not in self.errors:
                self.add_error(first if left is None else last, _("Give both, or leave both empty."))
            elif left is not None and right is not None and (right < left or (right == left and "away" not in first)):
                self.add_error(last, _("This is before the other one."))
        return said

    def week(self) -> dict[int, tuple[time, time]]:
        """Return the hours by weekday."""
        said = self.cleaned_data
        return {day: (said[f"from_{day}"], said[f"to_{day}"]) for day in range(7) if said[f"from_{day}"] is not None}

    def away(self) -> list[tuple[date, date]]:
        """Return the times away."""
        said = self.cleaned_data
        return sorted((said[f"away_from_{k}"], said[f"away_to_{k}"]) for k in range(self.rows)
                      if said[f"away_from_{k}"] is not None)  # fmt: skip


class MinutesForm(forms.Form):
    """How long: the times that fit depend on it."""

    minutes = forms.TypedChoiceField(
        label=gettext_lazy("How long"), coerce=int, choices=Conversation.Minutes.choices,
        initial=Conversation.Minutes.THIRTY,
    )  # fmt: skip


class ProposalForm(MinutesForm):
    """Up to five times, and where."""

    times = forms.MultipleChoiceField(
        label=gettext_lazy("Times that fit both of you"), required=False, widget=forms.CheckboxSelectMultiple
    )
    where = forms.ChoiceField(
        label=gettext_lazy("Where"), choices=Where.choices, widget=forms.RadioSelect, initial=Where.VIDEO
    )
    place = forms.CharField(
        label=gettext_lazy("A number, an address for video, a room"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Only the two of you read it. It stands in the invitation for your calendars."),
    )
    weeks = forms.TypedChoiceField(
        label=gettext_lazy("Once, or again"), required=False, coerce=int, empty_value=None,
        choices=[("", gettext_lazy("once")), *Weeks.choices],
    )  # fmt: skip
    number = forms.IntegerField(
        label=gettext_lazy("How many in all"), required=False, min_value=2, max_value=53,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("Or until this day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(
        self, data: Any = None, *, suggested: Sequence[tuple[datetime, str]], zone: str, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.zone = zone
        offered = [(each.isoformat(), said) for each, said in suggested]
        known = {value for value, _said in offered}
        # What fitted when the page was shown may be taken by now: it can be proposed all the same.
        sent = [each for each in (data.getlist("times") if data else []) if each not in known]
        others = [(each, moment_said(moment, zone)) for each in sent if (moment := _moment(each))]
        self.fields["times"].choices = [*offered, *others]
        for k in range(1, _OWN + 1):
            self.fields[f"own_{k}"] = forms.DateTimeField(
                label=_("A time of your own (%(number)s)") % {"number": k}, required=False,
                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            )  # fmt: skip

    def own(self) -> list[forms.BoundField]:
        """Return the fields for times of one's own."""
        return [self[f"own_{k}"] for k in range(1, _OWN + 1)]

    def clean(self) -> dict[str, Any]:
        """Refuse a series without an end, and an end without a series."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("weeks") and not said.get("number") and not said.get("until") and not self.errors:
            self.add_error("number", _("Say how many, or until when."))
        return said

    def moments(self) -> list[datetime]:
        """Return all times that were chosen; those of one's own are on the wall of whoever proposes."""
        said = self.cleaned_data
        found = [moment for each in said["times"] if (moment := _moment(each))]
        for k in range(1, _OWN + 1):
            wall = said[f"own_{k}"]
            if wall is not None:
                found.append(instant(wall.date(), wall.time(), self.zone))
        return found

    def count(self, first: datetime) -> int | None:
        """Return how many the series has; None: it is none."""
        said = self.cleaned_data
        if not said["weeks"]:
            return None
        if said["number"]:
            return int(said["number"])
        days = (said["until"] - first.date()).days
        return max(1, min(53, days // (7 * said["weeks"]) + 1))


class PointForm(LookedAt):
    """Something to talk about, looked at for what would say who a patient is."""

    looked_at = ("text",)

    text = forms.CharField(label=gettext_lazy("Something to talk about"), max_length=300)


def _moment(text: str) -> datetime | None:
    """Return a moment that a form of ours wrote; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None else None
