"""The words by which a mentor is found: what every mentee of the program may read of them, in all languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import override

from introducer_web.finding import text
from introducer_web.lib import engine
from introducer_web.lib.texts import translated
from introducer_web.people.languages import language_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from introducer_web.finding.models import CareerMove
    from introducer_web.people.models import Claim, Offer, Participant

__all__ = ["lists_of", "spoken_of", "told_claims", "told_offers", "words_of"]


def told_offers(offers: Iterable[Offer]) -> list[Offer]:
    """Return the offers that stand in lists: of no sensitive and no retired domain or topic, the greatest first."""
    told = [
        offer
        for offer in offers
        if not (offer.domain.sensitive or offer.domain.retired)
        and not (offer.topic and (offer.topic.sensitive or offer.topic.retired))
    ]
    return sorted(told, key=lambda offer: (-offer.level, offer.domain.place, offer.pk))


def told_claims(claims: Iterable[Claim]) -> list[Claim]:
    """Return the experiences that stand in lists."""
    told = [claim for claim in claims if not (claim.experience.sensitive or claim.experience.retired)]
    return sorted(told, key=lambda claim: (claim.experience.place, claim.pk))


def lists_of(template: str) -> dict[str, str]:
    """Return the names of a template's stages, settings, routes, procedures and roles, by code."""
    words = engine.template_vocabulary(template)
    terms = (*words.stages, *words.settings, *words.routes, *words.procedures, *words.roles)
    return {term.id: translated(term.name) for term in terms}


def spoken_of(move: CareerMove, names: dict[str, str]) -> tuple[str, str]:
    """Return where a move began and where it led, in words."""
    left = ", ".join(part for part in (names.get(move.left, move.left), move.left_region) if part)
    return left, ", ".join(part for part in (names.get(move.came, move.came), move.came_region) if part)


def words_of(mentor: Participant) -> str:
    """Return the words of a mentor, as they stand in the index.

    No private attribute, no private or sensitive word, no answer to a question, no time zone, no address.
    """
    offers, claims = told_offers(mentor.offers.all()), told_claims(mentor.claims.all())
    moves = list(mentor.moves.all())

    def said() -> Iterator[str]:
        yield from (mentor.user.name, mentor.institution, mentor.site.institution if mentor.site else "", mentor.region)
        for code, _name in settings.LANGUAGES:
            with override(code):
                names = lists_of(mentor.cohort.program.template)
                codes = (mentor.stage, *mentor.settings, *mentor.routes, *mentor.procedures, *mentor.roles)
                yield from (names.get(each, each) for each in codes)
                yield from language_names(mentor.languages)
                for offer in offers:
                    yield offer.domain.title
                    yield offer.topic.title if offer.topic else ""
                yield from (claim.experience.title for claim in claims)
                for move in moves:
                    yield from spoken_of(move, names)

    return text.plain(said())
