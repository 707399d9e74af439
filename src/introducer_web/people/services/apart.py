"""Who is kept apart: by a fact that a coordinator recorded, or because one of the two wishes it.

Neither can be told from the other by anybody who asks here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from introducer_web.lib.errors import DomainError
from introducer_web.people.models import Block, Conflict

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from introducer_web.tenants.models import Society, User

__all__ = ["away_between", "block", "is_blocked", "kept_apart", "lift_block", "pairs_apart"]


def kept_apart(user: User) -> set[int]:
    """Return the primary keys of users who are never tied, shown or let through to a user here. One query."""
    conflicts = Conflict.objects.filter(Q(user_a=user) | Q(user_b=user), lifted_at=None)
    blocks = Block.objects.filter(Q(by=user) | Q(other=user))
    pairs = conflicts.values_list("user_a", "user_b").union(blocks.values_list("by", "other"))
    return {key for pair in pairs for key in pair} - {user.pk}


def pairs_apart(users: Collection[int]) -> set[frozenset[int]]:
    """Return the pairs among users, by primary key, who are never tied. One query."""
    conflicts = Conflict.objects.filter(user_a__in=users, user_b__in=users, lifted_at=None)
    blocks = Block.objects.filter(by__in=users, other__in=users)
    return {
        frozenset(pair) for pair in conflicts.values_list("user_a", "user_b").union(blocks.values_list("by", "other"))
    }


def away_between(one: User, other: User) -> set[int]:
    """Return who of two people keeps the other away, by primary key. Whoever is kept away is to notice nothing."""
    either = Q(by=one, other=other) | Q(by=other, other=one)
    return set(Block.objects.filter(either).values_list("by", flat=True))


def is_blocked(one: User, other: User) -> bool:
    """Tell whether one of two people keeps the other away: no word of theirs goes from one to the other."""
    return bool(away_between(one, other))


@transaction.atomic
def block(*, society: Society, by: User, other: User, now: datetime, note: str = "") -> Block:
    """Keep another person away, in all programs of the society. Once more only changes the note.

    The record of acts has no entry of it: beside the end of a relationship, at the same minute, it would tell
    coordinators who did not want to see whom.
    """
    if by == other:
        raise DomainError(_("You cannot keep yourself away."))
    found = _standing(by, other)
    if found is None:
        found = Block(society=society, by=by, other=other, blocked_at=now)
        found.words = {"note": note}
        try:
            with transaction.atomic():
                found.save(force_insert=True)
        except IntegrityError:  # pressed twice at the same moment
            found = Block.objects.get(by=by, other=other)
    elif note:
        found.words = {"note": note}
        found.save(update_fields=["sealed"])
    return found


def _standing(by: User, other: User) -> Block | None:
    return Block.objects.filter(by=by, other=other).first()


@transaction.atomic
def lift_block(*, block: Block) -> None:
    """Let the two be tied again, unless the other one keeps this person away too. What ended stays ended."""
    Block.objects.filter(pk=block.pk).delete()
