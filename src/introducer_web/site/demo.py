"""A made-up society of interventional radiologists, to look at everything: nobody in it exists."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db import transaction
from django_scopes import scope

from introducer_web.lib import engine
from introducer_web.matching import services as matching
from introducer_web.people.languages import language_codes
from introducer_web.people.models import Claim, Consent, Need, Offer, Participant, PrivateAnswers, Role
from introducer_web.programs import services as programs
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Introduction, Relationship
from introducer_web.site.demo_life import live
from introducer_web.tenants.models import Society, User

if TYPE_CHECKING:
    from datetime import datetime

    from introducer_web.matching.models import MatchRun
    from introducer_web.programs.models import Cohort

__all__ = ["DEMO", "link_for", "settle", "user_of"]

#: Address of the made-up society.
DEMO = "demo"
_SALT = "introducer.demo"
_MENTEES, _MENTORS, _SEED = 120, 80, 7
#: When the first were introduced, and when some more were.
_LONG_AGO, _LATELY = timedelta(days=50), timedelta(days=9)
#: Which sides say yes, in turn: all; of two pairs one side, and nobody.
_PAIRS, _ONE_SIDE = (True,), (True, False, False, False)


def link_for(user: User) -> str:
    """Return the path that signs somebody of the made-up society in."""
    return f"/demo/{signing.dumps(user.code, salt=_SALT)}/"


def user_of(token: str) -> User | None:
    """Return whom a link of the demo stands for."""
    try:
        code = signing.loads(token, salt=_SALT, max_age=60 * 60 * 24 * 7)
    except signing.BadSignature:
        return None
    return User.objects.filter(code=code).first()


def settle(now: datetime) -> tuple[User, User, User]:
    """Build the society, match it, publish two waves and let its people live; returns a coordinator and two of them."""
    ada = User.objects.with_email("ada@example.org").first() or User.objects.create_user(
        "ada@example.org", name="Ada Abara"
    )
    if not Society.objects.filter(slug=DEMO).exists():
        _build(ada, now)
    with scope(society=Society.objects.get(slug=DEMO)):
        lived = (
            Relationship.objects.filter(state=Relationship.State.ACTIVE)
            .select_related("mentor__user", "mentee__user")
            .order_by("pk")
            .first()
        )
    if lived is None:
        raise RuntimeError("The demo's society was built without a relationship. Remove its folder and try again.")
    return ada, lived.mentor.user, lived.mentee.user


@transaction.atomic
def _people(cohort: Cohort, now: datetime) -> None:
    reading = engine.simulated(_MENTEES, _MENTORS, _SEED, cohort.program.privacy)
    users: dict[str, User] = {}
    for person in (*reading.roster.mentees, *reading.roster.mentors):
        if person.id not in users:
            users[person.id] = User.objects.create_user(person.email, name=person.name)
    words = {
        "domains": {domain.key: domain for domain in cohort.program.domains.prefetch_related("topics")},
        "experiences": {experience.key: experience for experience in cohort.program.experiences.all()},
    }
    for role, crowd in ((Role.MENTEE, reading.roster.mentees), (Role.MENTOR, reading.roster.mentors)):
        for person in crowd:
            _settle_person(cohort, role, person, users, words, now)


def _settle_person(cohort: Cohort, role: str, person: Any, users: dict[str, User], words: Any, now: datetime) -> None:
    mentor = role == Role.MENTOR
    mine: dict[str, Any] = {"society": cohort.society}
    part = Participant.objects.create(
        **mine, cohort=cohort, user=users[person.id], role=role, state=Participant.State.ACTIVE,
        kind=person.kind if mentor else "member", stage=person.stage, settings=sorted(person.settings),
        routes=sorted(person.routes), procedures=sorted(person.procedures), roles=sorted(person.roles),
        institution=person.institution, region=person.region, timezone=person.timezone,
        languages=language_codes(person.languages), rural=not mentor and "rural" in person.flags,
        no_home_program=not mentor and "no_home_program" in person.flags,
        team_size=None if mentor else person.team_size, capacity=person.capacity if mentor else None,
        may_be_matched=person.consent, committed_at=now if mentor else None, joined_at=now, finished_at=now,
        decided_at=now, imported_as=person.id,
    )  # fmt: skip
    mine |= {"participant": part}
    if mentor:
        Offer.objects.bulk_create(Offer(**mine, **_word(words, key), level=n) for key, n in person.offers.items())
        Claim.objects.bulk_create(
            Claim(**mine, experience=words["experiences"][key]) for key in sorted(person.experiences)
        )
    else:
        Need.objects.bulk_create(
            Need(**mine, **_word(words, key), level=n) for key, n in person.needs.items() if key not in person.private
        )
    answers = PrivateAnswers(**mine)
    answers.answers = {
        "needs": {} if mentor else {key: person.needs[key] for key in sorted(person.private) if key in person.needs},
        "wishes": {} if mentor else dict(person.wishes),
        "attributes": {name: sorted(values) for name, values in person.attributes.items()},
        "avoid": [users[each].code for each in sorted(person.avoid) if each in users],
    }
    answers.save()
    Consent.objects.bulk_create(
        Consent(**mine, attribute=name, purpose=Consent.Purpose.MATCH, given_at=now) for name in person.attributes
    )


def _word(words: Any, key: str) -> dict[str, Any]:
    domain, _, topic = key.partition(".")
    found = words["domains"][domain]
    return {"domain": found, "topic": next((each for each in found.topics.all() if each.key == topic), None)}


def _build(ada: User, now: datetime) -> None:
    began = now - _LONG_AGO
    with transaction.atomic():
        society = programs.create_society(
            slug=DEMO, name="Society of Made-up Interventional Radiologists", by=ada, now=began
        )
        program = programs.create_program(
            society=society, name="Constellations", template="ir/1", by=ada, now=began, privacy="background"
        )
        cohort = programs.create_cohort(program=program, name="2027", by=ada, now=began)
        with scope(society=society):
            _people(cohort, began)
    with scope(society=society):
        run = relationships.request_run(cohort=cohort, by=ada, now=began)
        claimed = matching.claim_run(began)
        if claimed is not None:
            matching.perform_run(claimed)
        run.refresh_from_db()
        _wave(run, ada, slice(0, None, 3), _PAIRS, began)
        _wave(run, ada, slice(1, None, 9), _ONE_SIDE, now - _LATELY)
        live(cohort, ada, began, now)


def _wave(run: MatchRun, ada: User, chosen: slice, yes: tuple[bool, ...], at: datetime) -> None:
    """Publish the teams of some mentees, and let sides say yes, in turn; the rest is for whoever looks around."""
    shown = relationships.preview(run, at)
    mentees = list(dict.fromkeys(tie.mentee_id for tie in shown.ties))[chosen]
    ties = {tie.code for tie in shown.ties if tie.mentee_id in set(mentees)}
    wave = relationships.publish(run=run, by=ada, now=at, only=ties)
    introductions = Introduction.objects.filter(relationship__publication=wave).select_related("relationship")
    for says_yes, introduction in zip(cycle(yes), introductions.order_by("relationship_id", "side")):
        if says_yes:
            relationships.answer_introduction(introduction=introduction, answer=Introduction.Answer.ACCEPTED, now=at)
