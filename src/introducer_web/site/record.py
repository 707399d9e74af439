"""What the acts of the record were about, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from introducer_web.mail.models import Message
from introducer_web.matching.models import MatchRun, Order
from introducer_web.people.models import Invitation, Participant, Role, SheetImport
from introducer_web.programs.models import Cohort, Domain, Experience, Program, Question, Topic, TrainingSite
from introducer_web.relationships.models import Publication, Relationship, SwapRequest
from introducer_web.tenants.models import User

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.db.models import QuerySet

__all__ = ["named"]


def _who(user: str) -> Case:
    """Return the name of a user, or the address of one without a name."""
    return Case(When(**{f"{user}name": ""}, then=F(f"{user}email")), default=F(f"{user}name"), output_field=CharField())


def _rows(model: Any, codes: Collection[str], kind: str, one: Any, two: Any = None) -> QuerySet[Any]:
    """Return code, kind and two texts of the rows with these codes."""
    texts = {"a": Cast(one, CharField()), "b": Cast(Value("") if two is None else two, CharField())}
    rows = model.objects.filter(code__in=codes).order_by()
    return rows.annotate(k=Value(kind, CharField()), **texts).values_list("code", "k", "a", "b")


def named(codes: Collection[str]) -> Mapping[str, str]:
    """Return what codes stand for, in words; one question to the database.

    Who was erased is in no table any more, and stays nameless. A conflict is confidential, and is
    named by nobody here.
    """
    pairs = [(Relationship, "", ""), (Order, "", ""), (SwapRequest, "relationship__", "relationship__")]
    simple = [(Cohort, "name"), (Program, "name"), (Domain, "name"), (Topic, "name"), (Experience, "name"),
              (Question, "text"), (TrainingSite, "name"), (SheetImport, "name"), (Invitation, "email"),
              (Message, "to")]  # fmt: skip
    found = _rows(Participant, codes, "person", _who("user__"), F("role")).union(
        _rows(User, codes, "text", _who("")),
        _rows(MatchRun, codes, "run", F("number"), F("cohort__name")),
        _rows(Publication, codes, "run", F("run__number"), F("run__cohort__name")),
        *(_rows(model, codes, "pair", _who(f"{path}mentee__user__"), _who(f"{path}mentor__user__"))
          for model, path, _same in pairs),
        *(_rows(model, codes, "text", F(field)) for model, field in simple),
        all=True,
    )  # fmt: skip
    return {code: _told(kind, one, two) for code, kind, one, two in found}


def _told(kind: str, one: str, two: str) -> str:
    if kind == "person":
        return _("%(name)s, %(role)s") % {"name": one, "role": dict(Role.choices)[two]}
    if kind == "run":
        return _("%(cohort)s, run %(number)s") % {"cohort": two, "number": one}
    return f"{one} · {two}" if kind == "pair" else one
