"""The only way to a network: as the mentee whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from introducer_web.network.gathering import gathered
from introducer_web.relationships.access import own_mentee

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

    from introducer_web.network.gathering import Network, Row
    from introducer_web.people.models import Participant
    from introducer_web.tenants.models import Society

__all__ = ["own_mentee", "somebody_of"]


def somebody_of(
    request: HttpRequest, society: Society, code: str, somebody: str, today: date
) -> tuple[Participant, Network, Row]:
    """Return a mentee's own place, their network, and one of those who are in it."""
    person = own_mentee(request, society, code)
    network = gathered(person, today)
    found = next((row for row in network.rows if row.person.code == somebody), None)
    if found is None:
        raise Http404
    return person, network, found
