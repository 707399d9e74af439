"""Saving what a participant says, a part at a time; everything can be changed later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from introducer_web.audit import services as audit
from introducer_web.people.models import Answer, Claim, Consent, Need, Offer, Participant, PrivateAnswers
from introducer_web.programs.models import Experience

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from introducer_web.programs.models import Question

__all__ = ["save_about", "save_answers", "save_avoid", "save_levels", "save_private", "save_wishes", "words_of"]


@transaction.atomic
def save_about(*, participant: Participant, now: datetime, name: str = "", **fields: Any) -> Participant:
    """Save the plain facts of a person."""
    if name and name != participant.user.name:
        participant.user.name = name
        participant.user.save(update_fields=["name"])
    for key, value in fields.items():
        setattr(participant, key, value)
    participant.save(update_fields=[*fields])
    _changed(participant, now, "the plain facts")
    return participant


@transaction.atomic
def save_levels(
    *,
    participant: Participant,
    levels: Mapping[str, int],
    now: datetime,
    private: Collection[str] = (),
    urgent: Collection[str] = (),
    experiences: Collection[str] | None = None,
) -> Participant:
    """Save what a mentee asks for, or what a mentor offers.

    Parameters
    ----------
    levels : mapping of str to int
        By key (``domain`` or ``domain.topic``) of what is not retired: 1 to 3; 0 or missing is "not now".
    private : collection of str
        Keys of needs that stand sealed, and nowhere else.
    experiences : collection of str, optional
        Keys that a mentor can speak to; what is not in it is taken back.
    """
    words = words_of(participant)
    given = {key: level for key, level in levels.items() if level and key in words}
    model: type[Any] = Offer if participant.is_mentor else Need
    model.objects.filter(participant=participant).delete()
    rows = []
    for key, level in given.items():
        if key in private and not participant.is_mentor:
            continue
        domain, topic = words[key]
        more = {} if participant.is_mentor else {"urgent": key in urgent}
        rows.append(
            model(society=participant.society, participant=participant, domain=domain, topic=topic, level=level, **more)
        )
    model.objects.bulk_create(rows)
    if not participant.is_mentor:
        _seal(participant, needs={key: given[key] for key in sorted(private) if key in given})
    if experiences is not None:
        Claim.objects.filter(participant=participant).delete()
        known = Experience.objects.filter(program=participant.cohort.program_id, key__in=experiences, retired=False)
        Claim.objects.bulk_create(
            Claim(society=participant.society, participant=participant, experience=each) for each in known
        )
    _changed(participant, now, "what is offered" if participant.is_mentor else "what is asked for")
    return participant


def words_of(participant: Participant) -> dict[str, tuple[Any, Any]]:
    """Return the domains and topics that a person is asked about, by the engine's key. Two queries."""
    words: dict[str, tuple[Any, Any]] = {}
    for domain in participant.cohort.program.domains.filter(retired=False).prefetch_related("topics"):
        words[domain.key] = (domain, None)
        words |= {f"{domain.key}.{topic.key}": (domain, topic) for topic in domain.topics.all() if not topic.retired}
    return words


@transaction.atomic
def save_wishes(*, participant: Participant, wishes: Mapping[str, int], now: datetime) -> Participant:
    """Save, sealed, how much each experience or shared attribute matters to a mentee: 1 to 3."""
    _seal(participant, wishes={key: level for key, level in sorted(wishes.items()) if level})
    _changed(participant, now, "wishes")
    return participant


@transaction.atomic
def save_private(
    *,
    participant: Participant,
    attributes: Mapping[str, list[str]],
    consents: Iterable[tuple[str, str]],
    now: datetime,
) -> Participant:
    """Save private attributes, sealed, and the consents to their uses.

    Parameters
    ----------
    attributes : mapping of str to list of str
        By attribute: the person's own words, several allowed. An empty list takes the attribute back.
    consents : iterable of (str, str)
        Attribute and purpose of every yes; what is not in it is a no from now on. A consent to
        what was not said is none.
    """
    _seal(participant, attributes={name: values for name, values in sorted(attributes.items()) if values})
    wanted = {(name, purpose) for name, purpose in consents if attributes.get(name)}
    standing = Consent.objects.filter(participant=participant, withdrawn_at=None)
    held = {(each.attribute, each.purpose): each for each in standing}
    for pair, each in held.items():
        if pair not in wanted:
            each.withdrawn_at = now
            each.save(update_fields=["withdrawn_at"])
    Consent.objects.bulk_create(
        Consent(society=participant.society, participant=participant, attribute=name, purpose=purpose, given_at=now)
        for name, purpose in sorted(wanted - held.keys())
    )
    _changed(participant, now, "private attributes or the consents to their uses")
    return participant


@transaction.atomic
def save_avoid(
    *, participant: Participant, codes: Iterable[str], named: Iterable[str] = (), now: datetime
) -> Participant:
    """Save, sealed, whom a person does not want to be tied to.

    Parameters
    ----------
    codes : iterable of str
        Of users.
    named : iterable of str
        Names or addresses as the person wrote them. Whom they mean is looked up by every run, so that
        nobody learns here who takes part.
    """
    _seal(participant, avoid=sorted(set(codes) - {participant.user.code}), avoid_named=list(dict.fromkeys(named)))
    _changed(participant, now, "whom to avoid")
    return participant


@transaction.atomic
def save_answers(*, participant: Participant, answers: Mapping[Question, str], now: datetime) -> Participant:
    """Save the answers to the program's own questions; an empty one is taken back."""
    for question, text in answers.items():
        if text.strip():
            Answer.objects.update_or_create(
                participant=participant, question=question,
                defaults={"text": text.strip(), "society": participant.society},
            )  # fmt: skip
        else:
            Answer.objects.filter(participant=participant, question=question).delete()
    _changed(participant, now, "answers to questions")
    return participant


def _seal(participant: Participant, **parts: Any) -> None:
    row = PrivateAnswers.objects.select_for_update().filter(participant=participant).first()
    if row is None:
        row = PrivateAnswers(society=participant.society, participant=participant)
    row.answers = row.answers | parts
    row.save()


def _changed(participant: Participant, now: datetime, what: str) -> None:
    """Count the change, so that a run that was frozen before is seen to be older."""
    Participant.objects.filter(pk=participant.pk).update(version=F("version") + 1)
    participant.refresh_from_db(fields=["version"])
    audit.record(
        society=participant.society, by=participant.user, act="people.answer", subject=participant.code, now=now,
        words=f"A {participant.role} changed {what}.",
    )  # fmt: skip
