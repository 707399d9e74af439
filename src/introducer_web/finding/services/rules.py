"""Whether two people may be tied, asked of the same rules as a match; the answer is yes or no, and never why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from introducer_web.lib import engine
from introducer_web.matching.roster import freeze_two
from introducer_web.people import services as people
from introducer_web.people.known import folded
from introducer_web.relationships.models import Relationship

if TYPE_CHECKING:
    from datetime import date

    from introducer_web.people.models import Participant

__all__ = ["may_be_tied", "may_be_tied_openly"]


def may_be_tied(mentee: Participant, mentor: Participant, today: date) -> bool:
    """Tell whether the rules of the mentee's program, open and confidential ones, allow the two.

    A pause of either counts, and so does the limit of mentors from one institution; seats do not.
    """
    if mentor.user_id in people.kept_apart(mentee.user):
        return False
    return engine.allowed_two(freeze_two(mentee, mentor, today)) and not _too_many_of_a_home(mentee, mentor)


def may_be_tied_openly(mentee: Participant, mentor: Participant, today: date) -> bool:
    """Tell whether all that is no secret allows the two: of anything else nobody learns by asking."""
    return engine.allowed_two(freeze_two(mentee, mentor, today, openly=True)) and not _too_many_of_a_home(
        mentee, mentor
    )


def _too_many_of_a_home(mentee: Participant, mentor: Participant) -> bool:
    """Tell whether the team has as many mentors of this institution as the program allows."""
    most, home = mentee.cohort.program.institution_limit, _home(mentor)
    if not most or not home:
        return False
    team = Relationship.objects.filter(mentee=mentee, state__in=Relationship.TOGETHER).exclude(mentor=mentor)
    return sum(_home(each.mentor) == home for each in team.select_related("mentor__site")) >= most


def _home(mentor: Participant) -> str:
    return folded(mentor.institution or (mentor.site.institution if mentor.site else ""))
