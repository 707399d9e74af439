"""The cast in the middle of a year: three programs, each with a run, a wave, an import and an invitation.

*home* is the program of the cast, *neighbor* another one of the same society with people and a
coordinator of its own, *abroad* stands in the society of Dov. Everything of the last two has a
name with "Neighborly" or "Overseas" in it, so that a page that shows one of them by mistake is found.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from types import SimpleNamespace

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

import cast
from introducer_web.agreements import services as agreements
from introducer_web.care import services as care
from introducer_web.care.links import news_link, quiet_link
from introducer_web.care.services import recognition, segments
from introducer_web.conversations import services as conversations
from introducer_web.conversations.models import Note
from introducer_web.feedback import services as feedback
from introducer_web.feedback.models import Feedback
from introducer_web.finding import services as finding
from introducer_web.finding.models import FirstTalk, Request
from introducer_web.goals import services as goals
from introducer_web.lib.codes import digest, new_code
from introducer_web.mail.models import Message
from introducer_web.matching import services as matching
from introducer_web.network import services as network
from introducer_web.people import services as people
from introducer_web.people.imports import services as imports
from introducer_web.people.models import Answer, Consent, Need, Participant
from introducer_web.plans import services as plans
from introducer_web.programs import services as programs
from introducer_web.programs.models import Question, Staff, TrainingSite
from introducer_web.relationships import services as relationships
from introducer_web.relationships.links import reminder_link
from introducer_web.relationships.models import Relationship, Renewal, SwapRequest, Thanks
from introducer_web.safety import services as safety
from introducer_web.tenants.models import User

__all__ = ["ROLES", "build", "codes_of", "enter_as", "furnish", "made_up", "person"]

#: Roles of the matrix, in its order, with the name of who plays each in the town.
ROLES = {
    "anonymous": "",
    "link_holder": "",
    "mentee": "cleo",
    "mentee_yesterday": "cleo",
    "mentor": "ben",
    "other_mentee": "cai",
    "coordinator": "ada",
    "coordinator_one_step": "ada",
    "coordinator_yesterday": "ada",
    "coordinator_of_program": "pia",
    "coordinator_of_neighbor": "nell",
    "coordinator_former": "fay",
    "researcher": "rae",
    "coordinator_abroad": "dov",
}
#: Who signs in with one step: people who take part, and a coordinator who has not shown the second.
ONE_STEP = {"mentee", "mentee_yesterday", "mentor", "other_mentee", "coordinator_one_step"}


def enter_as(client, town, role):
    """Sign a role in; who signed in yesterday has to show again who they are where it matters."""
    name = ROLES[role]
    if name:
        cast.enter(client, getattr(town, name), second_factor=role not in ONE_STEP)
    if role.endswith("_yesterday"):
        session = client.session
        for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
            record["at"] -= 24 * 60 * 60
        session.save()
    return client


def person(name, surname):
    return User.objects.create_user(f"{name.lower()}@{surname.lower()}.example.org", name=f"{name} {surname}")


def build(before=None):
    """Build it all; ``before`` is told of the cast before anything is matched."""
    now = timezone.now()
    town = cast.settle()
    if before is not None:
        before(town)
    home = furnish(
        SimpleNamespace(society=town.society, program=town.program, cohort=town.cohort, mark="Homely", now=now),
        town.ada, [town.cleo_asks, town.cai_asks], [town.ben_mentors, town.bea_mentors],
    )  # fmt: skip
    pia, nell, fay = (person(name, "Staffed") for name in ("Pia", "Nell", "Fay"))
    program = programs.create_program(
        society=town.society, name="Neighborly", template="ir/1", by=town.ada, now=now, privacy="background"
    )
    neighbor = _crowded(town.society, program, town.ada, "Neighborly", now)
    program = programs.create_program(
        society=town.abroad, name="Overseas", template="ir/1", by=town.dov, now=now, privacy="background"
    )
    abroad = _crowded(town.abroad, program, town.dov, "Overseas", now)
    appointed = {"society": town.society, "role": "coordinator", "by": town.ada, "now": now}
    programs.appoint(user=pia, program=town.program, **appointed)
    programs.appoint(user=nell, program=neighbor.program, **appointed)
    Staff.objects.filter(pk=programs.appoint(user=fay, **appointed).pk).update(until=now)
    # Cleo has a place in the other society too, and had one here that she left.
    there = SimpleNamespace(society=abroad.society, program=abroad.program, cohort=abroad.cohort)
    town.elsewhere = cast.participant(there, town.cleo, "mentee", institution="")
    programs.appoint(society=town.abroad, user=nell, role="coordinator", by=town.dov, now=now)
    abroad.program.is_open = True
    abroad.program.save()
    town.program.is_open = True
    town.program.save()
    early = programs.create_cohort(program=town.program, name="2020", by=town.ada, now=now, is_closed=True)
    here = SimpleNamespace(society=town.society, program=town.program, cohort=early)
    left = cast.participant(here, town.cai, "mentee", institution="")
    Participant.objects.filter(pk=left.pk).update(state="withdrawn")
    TOTP.activate(town.ada, "JBSWY3DPEHPK3PXP")
    key = Authenticator.objects.create(
        user=town.ada, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": _passkey()}
    )
    town.pia, town.nell, town.fay, town.now, town.left, town.key = pia, nell, fay, now, left, key
    town.home, town.neighbor, town.overseas = home, neighbor, abroad
    town.seen, town.turn = relationships.preview(home.run, now).seen, home.sheet.turn
    return town


def _passkey():
    """Return what a browser sends when a passkey is made; nobody has its private half."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(Aaguid.NONE, b"passkey of the town", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    made = AuthenticatorData.create(hashlib.sha256(b"testserver").digest(), flags, 0, credential)
    said = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"challenge", "https://testserver")
    name = websafe_encode(b"passkey of the town")
    return {
        "id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {
            "clientDataJSON": websafe_encode(said),
            "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
        },
    }  # fmt: skip


def _crowded(society, program, by, mark, now):
    cohort = programs.create_cohort(program=program, name="2027", by=by, now=now)
    place = SimpleNamespace(society=society, program=program, cohort=cohort, mark=mark, now=now)
    asks = [
        cast.participant(place, person(f"Mentee{n}", mark), "mentee", needs=needs)
        for n, needs in enumerate(({"contracts": 3, "research": 1}, {"leadership": 2, "advocacy": 2}))
    ]
    mentors = [
        cast.participant(place, person(f"Mentor{n}", mark), "mentor", offers=offers, capacity=2)
        for n, offers in enumerate(({"contracts": 3, "leadership": 2}, {"family_parenting": 3, "research": 2}))
    ]
    return furnish(place, by, asks, mentors)


def furnish(place, by, mentees, mentors):
    """Let a program live through a run, a wave of introductions, an import and an invitation."""
    society, cohort, mark, now = place.society, place.cohort, place.mark, place.now
    mine = {"society": society}
    place.mentees, place.mentors = mentees, mentors
    place.site = TrainingSite.objects.create(**mine, name=f"Site {mark}")
    mentees[0].site = place.site
    mentees[0].save()
    domain = place.program.domains.filter(topics__isnull=False).order_by("pk").first()
    topic = domain.topics.order_by("pk").first()
    Need.objects.create(**mine, participant=mentees[0], domain=domain, topic=topic, level=1)
    mentors[0].offers.create(**mine, domain=domain, topic=topic, level=3)
    mentors[0].claims.create(**mine, experience=place.program.experiences.order_by("pk").first())
    question = Question.objects.create(**mine, program=place.program, text=f"What of {mark}?")
    Answer.objects.create(**mine, participant=mentees[0], question=question, text=f"Answer {mark}")
    Consent.objects.create(**mine, participant=mentees[0], attribute="religion", purpose="match", given_at=now)
    place.conflict = people.record_conflict(
        society=society, user_a=mentees[1].user, user_b=mentors[1].user, source="relative", words=f"Conflict {mark}",
        by=by, now=now,
    )  # fmt: skip
    place.order = matching.order_tie(
        kind="pin", mentee=mentees[0], mentor=mentors[0], words=f"Note {mark}", by=by, now=now
    )
    place.stopped = relationships.request_run(cohort=cohort, by=by, now=now)
    matching.stop_run(run=place.stopped, by=by, now=now)
    place.earlier, place.run = (_run(cohort, by, now) for _ in range(2))
    place.trial = _run(cohort, by, now, relationships.request_trial, policy={"team_size": 1})
    place.changes = _run(cohort, by, now, relationships.request_frontier)
    place.advice = matching.ask_advice(run=place.run, kind="stability", by=by, now=now)
    shown = relationships.preview(place.run, now).ties
    relationships.publish(
        run=place.run, by=by, now=now, only={tie.code for tie in shown if tie.mentee_id == mentees[0].pk}
    )
    place.tie = next(tie for tie in shown if tie.mentee_id != mentees[0].pk)
    place.relationship = Relationship.objects.get(mentee=mentees[0], mentor=mentors[0])
    place.introduction = {each.side: each for each in place.relationship.introductions.all()}
    place.swap = SwapRequest.objects.create(**mine, relationship=place.relationship, asked_at=now)
    # The second mentee and the first mentor were together, and have talked.
    place.lived = relationships.record_existing(cohort=cohort, pairs=[(mentees[1], mentors[0])], by=by, now=now)[0]
    place.conversation = conversations.log_conversation(
        relationship=place.lived, person=mentees[1], on=now.date(), by=mentees[1].user, now=now
    )
    # Each of them noted something for both, and wrote to the other one.
    place.written = {
        side: (
            conversations.write_note(
                relationship=place.lived, person=author, text=f"Note {mark}", is_shared=True, now=now,
                conversation=place.conversation,
            ),
            conversations.write_letter(relationship=place.lived, person=author, text=f"Letter {mark}", now=now),
        )
        for side, author in (("mentee", mentees[1]), ("mentor", mentors[0]))
    }  # fmt: skip
    # Others of theirs have deleted their account: what they wrote then is their own.
    place.kept = {
        side: Note(**mine, author=author, relationship_code=new_code(), written_at=now)
        for side, author in (("mentee", mentees[0]), ("mentor", mentors[0]))
    }
    for note in place.kept.values():
        note.words = f"Kept {mark}"
        note.save()
    _plan(place)
    # Each said how it goes, and told the other one something; and has kept what they said where that one is gone.
    place.said = {
        side: feedback.give(relationship=place.lived, person=author, said={"helped": f"Said {mark}"}, seen="", now=now)
        for side, author in (("mentee", mentees[1]), ("mentor", mentors[0]))
    }
    for side, said in place.said.items():
        place.said[side] = feedback.tell(feedback=said, text=f"Told {mark}", now=now)
    place.said_once = {
        side: Feedback(**mine, author=author, relationship_code=new_code(), given_at=now)
        for side, author in (("mentee", mentees[0]), ("mentor", mentors[0]))
    }
    for said in place.said_once.values():
        said.words = {"helped": f"Once {mark}"}
        said.save()
    _own_people(place)
    _goals(place)
    _end(place, by)
    _at_the_desk(place, by)
    place.invitation = people.invite(
        cohort=cohort, email=f"new@{mark.lower()}.example.org", role="mentee", by=by, now=now
    )
    place.sheet, place.faulty = (_sheet(place, by, level) for level in ("2", "heaps"))
    place.staff = Staff.objects.filter(society=society).order_by("-pk").first()
    return place


def _end(place, by):
    """Let the two end it and thank each other; name a confidant, whom somebody writes to; make a letter."""
    society, mark, now = place.society, place.mark, place.now
    mentees, mentors = place.mentees, place.mentors
    place.lived = relationships.end(
        relationship=place.lived, person=mentees[1], by=mentees[1].user, now=now, reason="time",
        thanks=f"Thanks {mark}", glad=True,
    )  # fmt: skip
    relationships.let_know(relationship=place.lived, line=f"Onward {mark}", now=now)
    place.thanks = {
        "mentee": Thanks.objects.get(relationship=place.lived),
        "mentor": relationships.write_thanks(
            relationship=place.lived, person=mentors[0], text=f"Thanks back {mark}", now=now
        ),
    }
    place.block = {
        side: people.block(society=society, by=one.user, other=other.user, note=f"Away {mark}", now=now)
        for side, one, other in (("mentee", *mentees), ("mentor", *mentors))
    }
    place.recognition = recognition.issue(
        mentor=mentors[0], begins=now.date() - dt.timedelta(days=300), ends=now.date(), by=mentors[0].user, now=now
    )
    place.confidant = safety.name_confidant(
        society=society, program=place.program, name=f"Confidant {mark}", email=f"confidant@{mark.lower()}.example.org",
        about="Ombudsperson", by=by, now=now,
    )  # fmt: skip
    place.report = safety.report(
        society=society, by=mentees[0].user, kind="other", words=f"Report {mark}", confidants=[place.confidant],
        now=now,
    )  # fmt: skip


def _goals(place):
    """Let the second mentee have a goal, a decision, first days and a change; the first asks for a fresh look."""
    mentees, mark, now = place.mentees, place.mark, place.now
    # A version that both signed; a clause that was changed since, and waits for both.
    pair = {"relationship": place.lived, "now": now}
    for side in (mentees[1], place.mentors[0]):
        agreements.sign(**pair, name=f"Signed {mark}", language="en", seen=1, person=side)
    agreements.change_clause(**pair, clause="purpose", text=f"Purpose {mark}", seen=1, person=mentees[1])
    told = {"what": f"Goal {mark}", "measure": "one", "by_when": "2028-01-01", "why": "", "barrier": "", "support": ""}
    place.goal = goals.begin_goal(
        mentee=mentees[1], relationship=place.lived, kind="personal", words=told | {"confidence": 5}, weeks=4,
        today=now.date(), now=now,
    )  # fmt: skip
    place.decision = goals.note_decision(
        mentee=mentees[1], relationship=place.lived, words={"what": f"Decision {mark}", "options": "", "why": ""},
        decided_on=now.date(), look_on=None,
    )  # fmt: skip
    place.track = goals.begin_track(mentee=mentees[1], key="back", began_on=now.date())
    place.transition = goals.note_transition(mentee=mentees[1], kind="leave", on=None, now=now)
    place.look = goals.ask_for_fresh_look(mentee=mentees[0], instead_of=[], by=mentees[0].user, now=now)


def _plan(place):
    """Let the two who live it plan: one agreed on, one proposed, a point on the agenda, a feed each."""
    two, now = place.lived, place.now
    mentee, mentor = place.mentees[1], place.mentors[0]
    later = now.replace(microsecond=0) + dt.timedelta(days=2)
    two_times = [later, later + dt.timedelta(days=1)]
    given = {"relationship": two, "minutes": 30, "now": now, "place": f"Room {place.mark}"}
    agreed = plans.propose(person=mentee, times=two_times, **given)
    place.plan = plans.accept(proposal=agreed, person=mentor, at=later, now=now)
    place.proposal = place.asked = plans.propose(person=mentor, times=two_times[1:], **given)
    place.point = plans.add_point(relationship=two, person=mentee, text=f"Point {place.mark}", now=now)
    plans.save_availability(
        person=mentee, timezone="Europe/London", week={0: (dt.time(9), dt.time(17))}, away=[],
        address=f"https://calendar.example.org/{place.mark}.ics", wants_brief=True, by=mentee.user, now=now,
    )  # fmt: skip
    place.feeds = {side: plans.renew_feed(person=each, by=each.user, now=now)
                   for side, each in (("mentee", mentee), ("mentor", mentor))}  # fmt: skip


def _at_the_desk(place, by):
    """Let a coordinator approve reminders, ask two whether they go on, and write to a segment."""
    cohort, mark, now = place.cohort, place.mark, place.now
    care.approve(cohort=cohort, seen=care.seen_of([]), by=by, now=now)
    place.renewal = Renewal.objects.create(
        society=place.society,
        relationship=place.relationship,
        until=now.date() + dt.timedelta(days=200),
        by=by,
        asked_at=now,
    )
    place.segment = segments.save_segment(
        cohort=cohort, name=f"Segment {mark}", said={"role": "mentee"}, by=by, now=now
    )  # fmt: skip
    place.mailing = segments.send_mailing(
        segment=place.segment, subject=f"News {mark}", body=f"Dear {{name}} of {mark}", by=by, now=now
    )
    segments.send_mailings(now)
    _look_for_each_other(place, by)


def _look_for_each_other(place, by):
    """Let the first mentee have asked the second mentor, and be proposed a talk with the first."""
    now, mentees, mentors = place.now, place.mentees, place.mentors
    place.plea = Request(
        society=place.society, mentee=mentees[0], mentor=mentors[1], digest=digest(f"asked-{place.mark}"), asked_at=now,
        expires_at=now + finding.OPEN_FOR,
    )  # fmt: skip
    place.plea.words = {"token": f"asked-{place.mark}", "message": f"Message {place.mark}"}
    place.plea.save()
    place.move = finding.add_move(
        participant=mentors[0], left="academic", came="private_ir", left_region=f"Region {place.mark}",
        by=mentors[0].user, now=now,
    )  # fmt: skip
    finding.set_round(cohort=place.cohort, asks=True, by=by, now=now)
    place.talk = FirstTalk.objects.create(
        society=place.society, mentee=mentees[0], mentor=mentors[0], proposed_at=now, mentee_ready_at=now,
        mentor_ready_at=now,
    )  # fmt: skip
    held = finding.round_of(place.cohort)
    held.talks_opened_at = now
    held.save()
    place.event = finding.add_event(
        cohort=place.cohort, name=f"Event {place.mark}", begins_at=now + dt.timedelta(days=30), by=by, now=now
    )
    while finding.index_due(now):
        pass


def _run(cohort, by, now, ask=relationships.request_run, **given):
    run = ask(cohort=cohort, by=by, now=now, **given)
    matching.perform_run(matching.claim_run(now))
    run.refresh_from_db()
    assert run.state == "done"
    return run


def _sheet(place, by, level):
    mark = place.mark
    text = f"email,name,need:contracts\nsheet-{level}@{mark.lower()}.example.org,Row {mark},{level}\n"
    held = imports.upload(
        cohort=place.cohort, what="mentees", name=f"sheet-{mark}.csv", content=text.encode(), by=by, now=place.now
    )
    imports.choose_mapping(sheet_import=held, mapping=held.mapping, values={}, by=by, now=place.now)
    imports.perform_now(held, place.now)
    held.refresh_from_db()
    return held


def _own_people(place):
    """Say what two people are for each other; and of somebody who helps a mentee already, and has not confirmed it."""
    mentees, now = place.mentees, place.now
    said = {"roles": ["mentor"], "domains": ["contracts"]}
    relationships.say_roles(relationship=place.lived, person=mentees[1], now=now, **said)
    added = relationships.add_tie(person=mentees[0], name=f"Friend of {place.mark}", domains=["contracts"], now=now)
    place.organic = relationships.make_link(tie=added, now=now)
    network.say_of(person=mentees[0], somebody=added.code, among=[added.code], close=4, knows=None)


def codes_of(place, route, side="mentee"):
    """Return what stands in the addresses of a place, by the name of the parameter."""
    own = _own(place, route, side)
    found = {
        "society": place.society.slug, "run": place.run.code, "mentee": place.mentees[0].code,
        "order": place.order.code, "mentor": place.mentors[0].code, "person": place.mentees[0].code,
        "invitation": place.invitation.code, "sheet": place.sheet.code, "tie": place.tie.code,
        "relationship": place.relationship.code, "introduction": place.introduction[side].code,
        "swap": place.swap.code, "conversation": place.conversation.code, "clause": "purpose",
        "plan": place.plan.code, "proposal": place.asked.code, "point": place.point.code,
        "organic": place.organic.code, "somebody": place.organic.code,
        "segment": place.segment.code, "mailing": place.mailing.code, "renewal": place.renewal.code,
        "goal": place.goal.code, "decision": place.decision.code, "track": place.track.code,
        "transition": place.transition.code, "look": place.look.code,
        "site": place.site.code, "staff": place.staff.code, "kind": "domains",
        "recognition": place.recognition.code, "confidant": place.confidant.code, "report": place.report.code,
        "thanks": place.thanks[side].code, "block": place.block[side].code,
        "word": place.program.domains.order_by("pk").first().code, "step": "about", "code": place.cohort.code,
    }  # fmt: skip
    found |= _kind_of(place, route)
    if "<str:message>" in route:
        found["message"] = Message.objects.filter(about=place.cohort.code).order_by("pk").first().code
    if "<str:topic>" in route:
        found["topic"] = place.program.domains.order_by("pk").first().topics.order_by("pk").first().code
    if "<str:side>" in route:
        found["side"] = side
    if "/with/" in route:
        found["relationship"] = place.lived.code
        found["feedback"] = place.said[side].code
        found["told"] = place.said["mentee" if side == "mentor" else "mentor"].code
        found["note"], found["letter"] = (each.code for each in place.written[side])
    elif "<str:feedback>" in route:
        found["feedback"] = place.said_once[side].code
    if "<str:written>" in route:
        found["written"] = place.kept[side].code
    if "/away/" in route:
        found["person"] = (place.mentors if side == "mentee" else place.mentees)[0].code
    if "/me/" in route:
        found["code"] = own.code
    elif "/p/" in route:
        found["code"] = place.program.code
    return found | _found_there(place, route, side) | _token_of(place, route, side, own)


def _found_there(place, route, side):
    """Return what stands in the addresses on which people look for each other."""
    found = {}
    if "/find/" in route or "/ranking/" in route:
        found["mentor"] = place.mentors[0].code
        found["code"] = place.mentees[1].code if side == "mentee" else place.mentors[0].code
    if "<str:asked>" in route:
        found["asked"] = place.plea.code
    if "/moves/" in route:
        found["move"] = place.move.code
    if "<str:talk>" in route:
        found["talk"] = place.talk.code
    if "<str:event>" in route:
        found["event"] = place.event.code
    return found


def _kind_of(place, route):
    if "<str:recognition>" in route:
        return {"kind": "html"}
    return {"kind": place.advice.kind} if "/advice/" in route else {}


def _own(place, route, side):
    """Return whose page it is: what two people live, and what changes, is the second mentee's."""
    if side == "mentor":
        return place.mentors[0]
    second = ("/with/", "/goals/", "/decisions/", "/first-days/", "/changes/")
    return place.mentees[1 if any(part in route for part in second) else 0]


def _token_of(place, route, side, own):
    def mailed(key, begins):
        message = Message.objects.get(key=key)
        return re.search(rf"/{begins}/([\w-]+)/", message.content["text"])[1]

    tokens = {
        "i": lambda: mailed(f"invited:{place.invitation.code}", "i"),
        "when": lambda: mailed(f"proposal:{place.proposal.code}", "when"),
        "r": lambda: mailed(f"report:{place.report.deliveries.get().code}", "r"),
        "cal": lambda: place.feeds["mentee"],
        "o": lambda: place.organic.link["token"],
        "v": lambda: place.recognition.words["token"],
        "asked": lambda: place.plea.words["token"],
        "a": lambda: place.introduction[side].words["token"],
        "quiet": lambda: quiet_link(own.code, place.relationship.code).split("/")[2],
        "news": lambda: news_link(own.code).split("/")[2],
        "stop": lambda: reminder_link(own.code).split("/")[2],
    }
    found = tokens.get(route.partition("/")[0])
    return {"token": found()} if found else {}


def made_up(name):
    """Return a value for a parameter that names nothing."""
    return {"kind": "kinds", "step": "stairs", "society": "nowhere", "pk": 10**6}.get(name, new_code())
