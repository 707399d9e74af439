"""Which needs an offer helps with, in words of keys: ``domain`` or ``domain.topic``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from introducer_web.people.models import Participant

__all__ = ["met", "open_needs_met"]


def met(needs: Iterable[str], offers: Collection[str]) -> list[str]:
    """Return the needs that offers help with: of the same word, of its whole domain, or of a topic of it."""
    whole = {key for key in offers if "." not in key}
    domains = {key.partition(".")[0] for key in offers}
    return [
        key for key in needs if key in offers or key.partition(".")[0] in whole or ("." not in key and key in domains)
    ]


def open_needs_met(mentee: Participant, mentor: Participant) -> dict[str, str]:
    """Return a mentee's open needs, of no sensitive word, that a mentor helps with, the greatest first.

    By key the name of the domain, in the active language: it may stand in a mail. Two queries.
    """
    plain = {"domain__sensitive": False}
    asked = mentee.needs.filter(**plain).exclude(topic__sensitive=True).select_related("domain", "topic")
    offered = mentor.offers.filter(**plain).exclude(topic__sensitive=True).select_related("domain", "topic")
    names = {need.key: need.domain.title for need in asked.order_by("-level", "domain__place", "pk")}
    return {key: names[key] for key in met(names, {offer.key for offer in offered})}
