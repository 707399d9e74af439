"""Ways on from the page of two and from a home, to what ends and to what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from introducer_web.lib.doors import Door
from introducer_web.people.models import Block, Participant
from introducer_web.relationships.models import Onward, Relationship, Renewal, Thanks
from introducer_web.relationships.services import may_thank, open_for
from introducer_web.relationships.ways import doors_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

__all__ = ["between", "home"]

State = Relationship.State


def between(*, person: Participant, relationship: Relationship, now: datetime) -> Iterator[Door]:
    """Lead two people to their thank-yous, to how it goes on, and to the end. One query."""
    other = relationship.mentee if person.is_mentor else relationship.mentor
    blocks = Block.objects.filter(
        Q(by=person.user, other=other.user_id) | Q(by=other.user_id, other=person.user), society=relationship.society
    )
    found = (
        Relationship.objects.filter(pk=relationship.pk)
        .annotate(
            apart=Exists(blocks),
            away=Exists(blocks.filter(by=person.user)),
            thanked_on=Subquery(
                Thanks.objects.filter(relationship=OuterRef("pk"), by=other).order_by("-on").values("on")[:1]
            ),
            **_before_and_after(person),
        )
        .select_related("onward__society").get()
    )  # fmt: skip
    name = {"name": other.user.name}
    address = [relationship.society.slug, person.code, relationship.code]
    onward = getattr(found, "onward", None)
    thanked = ""
    if found.thanked_on and not found.away:
        thanked = _("%(name)s thanked you on %(day)s.") % (name | {"day": date_format(found.thanked_on)})
    if person.is_mentor and onward is not None and not found.apart:
        yield Door(
            _("What became of %(name)s") % name, reverse("became_list", args=address[:2]), onward.words.get("line", "")
        )
    if may_thank(relationship, now) or thanked:
        yield Door(_("Thank %(name)s") % name, reverse("thanks_write", args=address), thanked, seldom=1)
    if not person.is_mentor:
        says = _("%(name)s may read it.") % name if onward is not None else ""
        yield Door(
            _("Let %(name)s know how it goes on with you") % name, reverse("relationship_onward", args=address), says,
            seldom=1,
        )  # fmt: skip
    if found.earlier:
        way = reverse("conversation_list", args=[address[0], found.earlier_place, found.earlier])
        yield Door(_("What you noted in %(cohort)s") % {"cohort": found.earlier_cohort}, way, seldom=1)
    if relationship.state == State.ACTIVE:
        yield Door(_("End this mentoring, kindly"), reverse("relationship_end", args=address), seldom=2)
    elif found.later:
        way = reverse("conversation_list", args=[address[0], found.later_place, found.later])
        yield Door(_("You go on in %(cohort)s") % {"cohort": found.later_cohort}, way, waits=True)
    else:
        yield Door(_("How it ended, and staying in touch"), reverse("relationship_after", args=address))


def _before_and_after(person: Participant) -> dict[str, Subquery]:
    """Return what a page asks of a relationship: where the two go on, and from where they went on here."""
    names = {"": "code", "_place": f"{person.role}__code", "_cohort": "cohort__name"}
    after = Renewal.objects.filter(relationship=OuterRef("pk"), became__isnull=False).order_by("-pk")
    before = Renewal.objects.filter(became=OuterRef("pk")).order_by("-pk")
    return {
        f"{name}{end}": Subquery(rows.values(f"{of}__{field}")[:1])
        for name, rows, of in (("later", after, "became"), ("earlier", before, "relationship"))
        for end, field in names.items()
    }


def home(*, person: Participant, now: datetime) -> Iterator[Door]:
    """Lead a person to what they are asked, to those whom they were together with, and to what was said to them.

    One query; one more for who is asked whether they go on, and for who took part before.
    """
    mine = Relationship.objects.filter(**{"mentor" if person.is_mentor else "mentee": person})
    lived = mine.filter(state__in=(State.ACTIVE, State.ENDED))
    found = Participant.objects.filter(pk=person.pk).annotate(
        asked=Exists(open_for(person)),
        over=Exists(lived.filter(state=State.ENDED)),
        thanked=Exists(Thanks.objects.filter(relationship__in=lived).exclude(by=person)),
        told=Exists(Onward.objects.filter(relationship__in=lived)),
    )
    has = found.values("asked", "over", "thanked", "told").get()
    if has["asked"] or person.earlier_id is not None:
        yield from doors_of(person=person, now=now)
    address = [person.society.slug, person.code]
    if has["over"]:
        title = _("Earlier mentees") if person.is_mentor else _("Earlier mentors")
        yield Door(title, reverse("earlier_list", args=address))
    if has["thanked"]:
        yield Door(_("Thanks you received"), reverse("thanks_list", args=address))
    if person.is_mentor and has["told"]:
        yield Door(_("What became of your mentees"), reverse("became_list", args=address))
