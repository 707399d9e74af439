"""What a mentee says of their own network, and nobody else reads."""

from __future__ import annotations

from django.db import models

from introducer_web.lib.crypto import Sealed
from introducer_web.tenants.models import Owned, User

__all__ = ["Sketch"]


class Sketch(Owned):
    """How close each of a mentee's people is, and who of them knows whom: one of a person in a society."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    sealed = models.BinaryField(default=bytes)

    #: close: {code of a tie: 1 to 5}, knows: {code of a tie: codes of others}
    said = Sealed("sealed")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["society", "user"], name="one_sketch_of_a_person"),)

    def __str__(self) -> str:
        return "sketch of a network"
