"""Who takes part: the frozen input of a match run.

People are ordered by id, mentees and mentors each, so that the order of rows in a file
changes nothing. That order indexes every array of the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer.vocabulary import Vocabulary

__all__ = ["GivenTie", "Mentee", "Mentor", "Person", "Roster"]

_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What mentees and mentors have in common.

    Attributes
    ----------
    id : str
        Unique in its list; the same id in both lists is the same person.
    stage : str
        Code of a stage, or empty when not given.
    settings, routes, procedures, roles : frozenset of str
        Codes. For a mentee: where, what and whom they look for; for a mentor: what they bring.
    institution, site, region : str
        Free text; equal text is the same place. ``site`` is the training site.
    timezone : str
        IANA name, or empty.
    languages : tuple of str
        Most preferred first.
    outlook : mapping of str to float
        Share of each identity pole; empty, or summing to 1.
    attributes : mapping of str to frozenset of str
        Private attributes, self-described. Holds only what the person consented to.
    avoid, evaluators : frozenset of str
        Ids that they must not be tied to.
    """

    id: str
    name: str = ""
    email: str = ""
    stage: str = ""
    settings: frozenset[str] = _NOBODY
    routes: frozenset[str] = _NOBODY
    procedures: frozenset[str] = _NOBODY
    roles: frozenset[str] = _NOBODY
    institution: str = ""
    site: str = ""
    region: str = ""
    timezone: str = ""
    languages: tuple[str, ...] = ()
    outlook: Mapping[str, float] = field(default_factory=dict)
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    avoid: frozenset[str] = _NOBODY
    evaluators: frozenset[str] = _NOBODY
    paused: bool = False
    consent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentee(Person):
    """A person who asked for help.

    Attributes
    ----------
    needs : mapping of str to int
        Level 1 to 3 by key of a need (``domain`` or ``domain.topic``); a 0 is left out.
    private : frozenset of str
        Keys of needs that only the mentee and the mentors who cover them may see.
    wishes : mapping of str to int
        Level 1 to 3 by key of a wish (``experience`` or ``same:attribute``).
    team_size : int or None
        0 to 5; None takes the policy's.
    flags : frozenset of str
        Equity flags that apply (``rural``, ``no_home_program``, or the policy's own).
    keep_seat : {"", "local", "outside"}
        One seat of the team is kept for a mentor of the mentee's region, or of another
        institution.
    """

    needs: Mapping[str, int] = field(default_factory=dict)
    private: frozenset[str] = _NOBODY
    wishes: Mapping[str, int] = field(default_factory=dict)
    team_size: int | None = None
    flags: frozenset[str] = _NOBODY
    keep_seat: Literal["", "local", "outside"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentor(Person):
    """A person who offers help.

    Attributes
    ----------
    offers : mapping of str to int
        Level 1 to 3 by key of a need; a 0 is left out.
    experiences : frozenset of str
        Codes of paths that they can speak to.
    capacity, min_load : int or None
        Most and fewest mentees; None takes the policy's.
    kind : str
        ``member``, or the kind of a guest (``adviser``, ``industry`` ...).
    quotas : mapping of str to int
        At most so many ties to mentees with that wish, by key of a wish.
    """

    offers: Mapping[str, int] = field(default_factory=dict)
    experiences: frozenset[str] = _NOBODY
    capacity: int | None = None
    min_load: int | None = None
    kind: str = "member"
    quotas: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenTie:
    """A row of ``ties.csv``: what is already known of a pair.

    ``conflict`` and ``veto`` forbid it, ``pin`` demands it, ``existing`` earns the
    continuity bonus, ``prefer`` says that ``by`` ranked the other (1 is first).
    """

    kind: Literal["conflict", "veto", "pin", "existing", "prefer"]
    mentee: str
    mentor: str
    by: Literal["", "mentee", "mentor"] = ""
    rank: int = 0
    note: str = ""


@dataclass(frozen=True)
class Roster:
    """The people of one cohort, the words they use and what is known of their pairs.

    Raises
    ------
    ValueError
        If an id is given twice in one list. (Files are checked before: ``introducer.io``.)
    """

    program: str
    vocabulary: Vocabulary
    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    ties: tuple[GivenTie, ...] = ()

    def __post_init__(self) -> None:
        for name in ("mentees", "mentors"):
            people = tuple(sorted(getattr(self, name), key=lambda person: person.id))
            if len({person.id for person in people}) < len(people):
                raise ValueError(f"an id stands twice among the {name}")
            object.__setattr__(self, name, people)

    @cached_property
    def mentee_index(self) -> Mapping[str, int]:
        """Index of each mentee by id."""
        return {person.id: i for i, person in enumerate(self.mentees)}

    @cached_property
    def mentor_index(self) -> Mapping[str, int]:
        """Index of each mentor by id."""
        return {person.id: j for j, person in enumerate(self.mentors)}

    def pairs(self, *kinds: str) -> list[tuple[int, int, GivenTie]]:
        """Return (mentee index, mentor index, row) of the given ties of some kinds, in order of index."""
        found = [
            (self.mentee_index[tie.mentee], self.mentor_index[tie.mentor], tie)
            for tie in self.ties
            if tie.kind in kinds
        ]
        return sorted(found, key=lambda row: row[:2])
