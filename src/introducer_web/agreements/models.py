"""What two people agreed on: one agreement of each relationship, its versions, and who signed which."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from introducer_web.lib.crypto import Sealed
from introducer_web.people.models import Participant
from introducer_web.relationships.models import Relationship
from introducer_web.tenants.models import Owned

__all__ = ["Agreement", "AgreementVersion", "Signature"]


class Agreement(Owned):
    """The agreement of two people. It is there from the first change or signature on."""

    relationship = models.OneToOneField(Relationship, models.CASCADE, related_name="agreement")
    newest = models.PositiveSmallIntegerField(default=1)  # number of the version that stands
    review_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(newest__gte=1), name="agreement_has_a_version"),)

    def __str__(self) -> str:
        return f"agreement, version {self.newest}"


class AgreementVersion(Owned):
    """What it said from then on. The first is ours; each change of a clause makes another one."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField()  # of our texts
    made_by = models.ForeignKey(Participant, models.CASCADE, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    sealed = models.BinaryField(default=bytes)

    #: own: by clause what the two said instead of, or in addition to, our text; changed: the clause
    words = Sealed("sealed")

    class Meta:
        constraints = (
            # Two who change one version at the same moment: the database takes one of them.
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_once"),
        )

    def __str__(self) -> str:
        return f"version {self.number}"


class Signature(Owned):
    """One of the two signed a version, with the name that they wrote."""

    version = models.ForeignKey(AgreementVersion, models.CASCADE, related_name="signatures")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    signed_at = models.DateTimeField()
    sealed = models.BinaryField(default=bytes)

    #: name: as it was written; language: in which it was read
    words = Sealed("sealed")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "participant"], name="signed_once"),)

    def __str__(self) -> str:
        return "signature"
