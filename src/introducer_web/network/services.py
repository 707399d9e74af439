"""Keeping what a mentee says of their network. No act of it stands in the record: coordinators read that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from introducer_web.network.models import Sketch
from introducer_web.tenants.models import User

if TYPE_CHECKING:
    from collections.abc import Collection

    from introducer_web.people.models import Participant

__all__ = ["say_of"]


@transaction.atomic
def say_of(
    *, person: Participant, somebody: str, among: Collection[str], close: int | None, knows: Collection[str] | None
) -> Sketch:
    """Keep how close somebody is, and whom of the others they know; None of either takes it back.

    Parameters
    ----------
    somebody : str
        The code of their tie.
    among : collection of str
        The codes of all ties that there are now: what was said of others is forgotten.
    """
    User.objects.select_for_update().get(pk=person.user_id)  # two tabs: one after the other
    sketch = Sketch.objects.filter(user_id=person.user_id, society=person.society).select_related("society").first()
    sketch = sketch or Sketch(society=person.society, user_id=person.user_id)
    held: dict[str, Any] = sketch.said
    ratings, known = dict(held.get("close", {})), dict(held.get("knows", {}))
    ratings[somebody], known[somebody] = close, knows
    sketch.said = {
        "close": {code: rating for code, rating in ratings.items() if rating is not None and code in among},
        "knows": {
            code: sorted(set(others) & set(among))
            for code, others in known.items()
            if others is not None and code in among
        },
    }
    sketch.save()
    return sketch
