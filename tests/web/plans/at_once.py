"""What two devices do with one proposal at the same moment; run inside a site of its own, on a real database."""

from datetime import timedelta

from cast import NOON
from faults.races import at_once
from introducer_web.mail.models import Message
from introducer_web.people.models import Participant
from introducer_web.plans import services
from introducer_web.plans.models import Plan
from introducer_web.relationships.services import record_existing
from introducer_web.tenants.models import User

__all__ = ["taken"]


def taken():
    """Take two of the times that a mentee proposed; return how it ended, and what there is then."""
    cleo, ben = (Participant.objects.get(user__email=f"{each}@example.org", cohort__society__slug="ir")
                 for each in ("cleo", "ben"))  # fmt: skip
    ada = User.objects.get(email="ada@example.org")
    [two] = record_existing(cohort=cleo.cohort, pairs=[(cleo, ben)], by=ada, now=NOON)
    times = [NOON + timedelta(days=each) for each in (1, 2)]
    proposal = services.propose(relationship=two, person=cleo, times=times, minutes=30, now=NOON)
    given = {"proposal": proposal, "person": ben, "now": NOON}
    ended = at_once(*(lambda at=at: services.accept(at=at, **given) for at in times))
    return dict(ended), Plan.objects.count(), Message.objects.filter(kind="plan_agreed").count()
