"""What a mentee sees of somebody whom they added, and what the other side sees behind the link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from introducer_web.relationships.vocabulary import INTERESTED, KINDS, ROLES, asked_domains, titles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from introducer_web.relationships.models import OrganicTie
    from introducer_web.relationships.vocabulary import Named

__all__ = ["TieRow", "shown_domains", "tie_row"]


@dataclass(frozen=True)
class TieRow:
    """Somebody whom a mentee added, as the mentee sees them."""

    tie: OrganicTie
    name: str
    kind: str
    domains: tuple[str, ...]
    roles: tuple[str, ...]
    days: tuple[date, ...]  # of conversations, the latest first
    interested: bool  # may have something to sell, and says so or has not said that it is not so
    words: Mapping[str, Any]

    @property
    def last(self) -> date | None:
        """The day of the latest conversation."""
        return self.days[0] if self.days else None


def tie_row(tie: OrganicTie, words: Mapping[str, Named]) -> TieRow:
    """Return what a mentee sees of somebody whom they added."""
    facts, said = tie.facts, tie.words
    kind = said.get("kind") or facts["kind"]
    return TieRow(
        tie, facts["name"], str(KINDS[kind]) if kind in KINDS else "", tuple(titles(words, facts["domains"])),
        tuple(str(ROLES[code][0]) for code in facts["roles"] if code in ROLES),
        tuple(date.fromisoformat(day) for day in reversed(facts["days"])),
        bool(said.get("sells") or said.get("paid_by")) or kind in INTERESTED, said,
    )  # fmt: skip


def shown_domains(tie: OrganicTie, words: Mapping[str, Named]) -> list[str]:
    """Return the domains that the other side may read: none that is sensitive, or asked for in confidence."""
    confided = {key for key, private in asked_domains(tie.mentee).items() if private}
    open_ones = (key for key in tie.facts["domains"] if key in words and not words[key].sensitive)
    return titles(words, (key for key in open_ones if key not in confided))
