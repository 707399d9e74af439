"""A token that is nowhere else in every confidential cell of the town, and who may read it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from introducer_web.finding.models import Preference, Request
from introducer_web.lib.codes import digest
from introducer_web.matching import services as matching
from introducer_web.network.models import Sketch
from introducer_web.people.models import Answer, Offer, PrivateAnswers
from introducer_web.plans.models import Availability
from introducer_web.programs.models import Domain, Experience, Question
from introducer_web.tenants.models import User
from web.access import full_town

__all__ = ["FIELDS", "Token", "build"]

#: Who runs the home program, past the second step.
STAFF = frozenset({"coordinator", "coordinator_yesterday", "coordinator_of_program"})
#: Pages that show the words of a program: that there is such a domain is no secret, who asked for it is.
WORDS = {"word_list", "word_edit", "word_act", "join_step", "people_supply", "organic_add", "organic_tie",
         "organic_talk", "roles"}  # fmt: skip
#: Fields of classes C3 to C5 by label and name: the tokens in them, or why there can be none.
FIELDS = {
    "people.PrivateAnswers.sealed": {"attribute", "need", "wish", "avoid"},
    "people.Conflict.user_a": "a code of a person; the words and the source are sealed",
    "people.Conflict.user_b": "as the other",
    "people.Conflict.sealed": {"conflict"},
    "people.Consent.participant": "whose it is",
    "people.Consent.attribute": "the name of an attribute, as in the program's words",
    "people.Consent.purpose": "one of three",
    "people.Consent.given_at": "a time",
    "people.Consent.withdrawn_at": "a time",
    "people.Block.by": "a code of a person; the note is sealed",
    "people.Block.other": "as the one who keeps them away",
    "people.Block.sealed": {"note on whom one keeps away"},
    "people.Invitation.digest": {"invitation link digest"},
    "people.SheetImport.sealed_sheet": {"cell"},
    "people.SheetImport.sealed_report": {"cell"},
    "matching.MatchRun.sealed_folder": {"attribute", "need", "wish"},
    "matching.MatchRun.sealed_outcome": {"need"},
    "matching.Constellation.sealed": {"need"},
    "matching.Order.sealed": {"note"},
    "plans.Availability.sealed": {"calendar address"},
    "plans.Availability.sealed_busy": {"busy"},
    "plans.Availability.feed_digest": {"feed digest"},
    "plans.Plan.sealed": {"place"},
    "plans.Proposal.sealed": {"proposed place"},
    "plans.Proposal.digest": {"proposal link digest"},
    "plans.AgendaPoint.sealed": {"agenda point"},
    "relationships.Introduction.digest": {"mentee's link digest", "mentor's link digest"},
    "relationships.Introduction.sealed": {"question", "first message", "mentee's link", "mentor's link"},
    "agreements.AgreementVersion.sealed": {"clause"},
    "agreements.Signature.sealed": {"signature"},
    "conversations.Note.sealed": {"note for both", "note for oneself", "kept note"},
    "conversations.Letter.sealed": {"letter"},
    "mail.Message.sealed": {"proposal link", "mentee's link", "mentor's link", "invitation link", "confidant's link"},
    "feedback.Feedback.sealed": {"said", "said once"},
    "feedback.Feedback.sealed_told": {"told"},
    "network.Sketch.sealed": {"who knows whom"},
    "relationships.Relationship.sealed_about": "keys of domains, as in the program's words",
    "relationships.SaidRoles.sealed": "codes of roles and keys of domains, as in the program's words",
    "relationships.OrganicTie.sealed": {"somebody of her own"},
    "relationships.OrganicTie.digest": {"organic link digest"},
    "relationships.OrganicTie.sealed_link": {"organic link"},
    "relationships.OrganicTie.sealed_words": {"how to reach", "what they sell"},
    "relationships.Farewell.sealed": {"reason of an end"},
    "relationships.Thanks.sealed": {"thank-you"},
    "relationships.Onward.sealed": {"how it goes on"},
    "safety.Report.by": "who wrote it, to show them; no page of anybody else asks",
    "safety.Report.sealed": {"report"},
    "safety.Delivery.digest": {"confidant's link digest"},
    "safety.Delivery.sealed": {"confidant's answer"},
    "care.Recognition.digest": {"recognition's link digest"},
    "care.Recognition.sealed": {"recognition's link"},
    "finding.Request.digest": {"request's link digest"},
    "finding.Request.sealed": {"request", "words with a no", "request's link"},
    "finding.FirstTalk.sealed_mentee": {"view of a mentee"},
    "finding.FirstTalk.sealed_mentor": {"view of a mentor"},
    "finding.Preference.sealed": {"ranking", "mark"},
    "goals.GoalChange.sealed": {"goal"},
    "goals.Decision.sealed": {"decision"},
    "goals.Track.sealed": "the key of one of our tracks, those of its steps, and days",
    "goals.Transition.sealed": "one of eight keys",
    "tenants.User.password": "never usable: there are no passwords",
}


@dataclass(frozen=True)
class Token:
    """One secret.

    Attributes
    ----------
    text : str
        What must stand nowhere else.
    pages : mapping of str to frozenset of str
        By name of a route: the roles that may read it there.
    mails : frozenset of str
        Addresses whose mail may hold it.
    sealed : bool
        Whether it is kept sealed, or as a digest: then no cell and no byte of the database has it.
    """

    text: str
    pages: dict
    mails: frozenset = frozenset()
    sealed: bool = True

    def may_be_read(self, name, role):
        """Tell whether a role may find it on a page."""
        return role in self.pages.get(name, ()) or role in self.pages.get("*", ())


def build():
    """Build the full town with a token in every confidential cell, and return it and the tokens by name."""
    town = full_town.build(before=_private)
    home = town.home
    now = home.now
    _advise(town)
    own = frozenset({"mentee", "mentee_yesterday"})
    everybody = frozenset(full_town.ROLES)
    holders = everybody - {"anonymous"}
    question = Question.objects.create(society=home.society, program=home.program, text="Coordinators alone?")
    Answer.objects.create(society=home.society, participant=home.mentees[0], question=question, text="tokenanswer")
    mine = {side: home.introduction[side] for side in ("mentee", "mentor")}
    for side, introduction in mine.items():
        words = introduction.words
        if side == "mentor":
            words |= {"question": "tokenquestion"}
            introduction.answer, introduction.answered_at = "asked", now
        else:
            words |= {"first_message": "tokenfirstmessage"}
        introduction.words = words
        introduction.save()
    links = {side: introduction.words["token"] for side, introduction in mine.items()}
    addresses = {"mentee": town.cleo.email, "mentor": town.ben.email}
    invited = full_town.codes_of(home, "i/<str:token>/")["token"]
    export = {"run_export": STAFF}
    words = dict.fromkeys(WORDS, everybody)
    link_pages = dict.fromkeys(("answer", "answer_message", "set_language"), holders)
    _look_for_each_other(home, now)
    home.conflict.facts = {"source": "relative", "words": "tokenconflict"}
    home.conflict.save()
    home.order.note = {"words": "tokennote"}
    home.order.save()
    _goals(home)
    other = frozenset({"other_mentee"})
    two = frozenset({"mentor", "other_mentee"})
    # The second mentee and the first mentor wrote, for themselves and to each other; the first mentee has kept a note.
    for written, text in (
        (home.written["mentor"][0], "tokenwrittenforboth"), (home.written["mentee"][0], "tokenwrittenforoneself"),
        (home.written["mentor"][1], "tokenletter"), (home.kept["mentee"], "tokenkeptword"),
    ):  # fmt: skip
        written.words = text
        written.save()
    home.written["mentee"][0].is_shared = False
    home.written["mentee"][0].save()
    _feedback(home)
    organic = _own_people(home, town)
    own_pages = dict.fromkeys(("participant_home", "organic_tie", "organic_talk", "organic_link", "my_download",
                               "network_show", "network_say"), own)  # fmt: skip
    confirmed = dict.fromkeys(("organic_confirm", "set_language"), holders)
    # Mentors offer it: that is said to them and of them, and to the one who needs it.
    offered = dict.fromkeys(("my_download", "participant_home", "network_show"), own | {"mentor"}) | {
        "people_person of a mentor": STAFF
    }
    planned = full_town.codes_of(home, "when/<str:token>/")["token"]
    both = frozenset({town.cai.email, town.ben.email})
    _plan(home)
    tokens = {
        "attribute": Token("tokenattribute", dict.fromkeys(("join_step", "my_download"), own | {"mentor"}) | export),
        "need": Token("tokenneed", offered | words | export, sealed=False),
        "wish": Token("tokenwish", {"my_download": own} | words | export, sealed=False),
        "claim": Token("tokenclaim", {"my_download": {"mentor"}} | words | export, sealed=False),
        "sensitive need": Token(
            "tokensensitive",
            offered | words | export
            | dict.fromkeys(("people_person", "constellation_show", "run_show", "run_compare"), STAFF),
            sealed=False,
        ),
        "avoid": Token(town.stranger.code, {"my_download": own}, sealed=False),
        "conflict": Token("tokenconflict", dict.fromkeys(("people_person", "people_person of a mentor"), STAFF)),
        "note": Token("tokennote", dict.fromkeys(("order_list", "constellation_show", "run_show"), STAFF)),
        "answer": Token(
            "tokenanswer", {"people_person": STAFF, "join_step": own, "my_download": own}, sealed=False
        ),
        "note for both": Token(
            "tokenwrittenforboth",
            {"note_list": two} | dict.fromkeys(("note_edit", "my_download"), frozenset({"mentor"})),
        ),
        "note for oneself": Token(
            "tokenwrittenforoneself",
            dict.fromkeys(("note_list", "note_edit", "my_download"), frozenset({"other_mentee"})),
        ),
        "letter": Token("tokenletter", {"letter_list": two, "my_download": {"mentor"}}),
        "kept note": Token("tokenkeptword", dict.fromkeys(("kept_list", "my_download"), own)),
        "said": Token(
            "tokensaid",
            dict.fromkeys(("feedback_list", "feedback_show", "feedback_mine", "my_download"), frozenset({"mentor"})),
        ),
        "told": Token(
            "tokentold",
            {"feedback_list": two} | dict.fromkeys(("feedback_show", "my_download"), frozenset({"mentor"})),
        ),
        "said once": Token("tokenonce", dict.fromkeys(("feedback_mine", "my_download"), own)),
        "question": Token("tokenquestion", {"answer": holders}),
        "first message": Token("tokenfirstmessage", {"answer": holders}),
        "view of a mentee": Token("tokenviewmentee", {"my_download": own}),
        "view of a mentor": Token("tokenviewmentor", {"my_download": {"mentor"}}),
        "ranking": Token("tokenranking", {"ranking": own, "my_download": own}),
        "mark": Token("tokenmark", {"my_download": {"mentor"}}),
        "request": Token("tokenrequest", {"request_answer": holders, "my_download": own}),
        "old request": Token("tokenoldrequest", {"my_download": own}),
        "words with a no": Token("tokenkindno", {"request_list": own, "my_download": {"mentor"}}),
        "request's link": Token(home.plea.words["token"], {"request_answer": holders, "set_language": holders}),
        "request's link digest": Token(home.plea.digest, {}, sealed=False),
        "mentee's link": Token(links["mentee"], link_pages | _homes(own),
                               frozenset({addresses["mentee"]})),
        "mentor's link": Token(links["mentor"], link_pages | _homes(frozenset({"mentor"})),
                               frozenset({addresses["mentor"]})),
        "mentee's link digest": Token(mine["mentee"].digest, {}, sealed=False),
        "mentor's link digest": Token(mine["mentor"].digest, {}, sealed=False),
        "invitation link": Token(invited, {"invitation": holders, "set_language": holders},
                                 frozenset({home.invitation.email})),
        "invitation link digest": Token(home.invitation.digest, {}, sealed=False),
        "somebody of her own": Token("tokensomebody", own_pages | confirmed),
        "how to reach": Token("tokenreach", {"organic_tie": own, "organic_talk": own, "organic_confirm": holders}),
        "what they sell": Token("tokensells", {"organic_tie": own, "organic_talk": own, "organic_confirm": holders}),
        "who knows whom": Token("tokenknows", {"my_download": own}),
        "organic link": Token(organic.link["token"], {"organic_tie": own, "organic_talk": own} | confirmed),
        "organic link digest": Token(organic.digest, {}, sealed=False),
        "cell": Token(
            "sheet-heaps@homely",
            dict.fromkeys(("import_show", "import_faults", "import_changes", "import_spellings"), STAFF),
        ),
        "clause": Token(
            "tokenclause",
            dict.fromkeys(
                ("agreement_show", "agreement_versions", "agreement_signed", "agreement_sign", "agreement_review",
                 "agreement_clause", "my_download"),
                two,
            ),
        ),
        "signature": Token(
            "tokensignature", dict.fromkeys(("agreement_versions", "agreement_signed", "my_download"), two)
        ),
        "calendar address": Token("tokencalendar", {"my_download": {"other_mentee"}}),
        "busy": Token("2031-07-06T05:04:03+00:00", {"my_download": {"other_mentee"}}),
        "feed": Token(home.feeds["mentee"], {}),
        "feed digest": Token(digest(home.feeds["mentee"]), {}, sealed=False),
        "place": Token("tokenplace", dict.fromkeys(("plan_show", "plan_new", "my_download"), two), both),
        "proposed place": Token("tokenproposed", dict.fromkeys(("plan_list", "my_download"), two), both),
        "proposal link": Token(planned, {"when": holders, "set_language": holders}, frozenset({town.cai.email})),
        "proposal link digest": Token(digest(planned), {}, sealed=False),
        "agenda point": Token(
            "tokenagenda", dict.fromkeys(("agenda", "agenda_point", "plan_show", "my_download"), two)
        ),
        "goal": Token(
            "tokengoal",
            dict.fromkeys(("goal_list", "goal_word", "my_download"), other)
            | dict.fromkeys(("goal_together", "goal_show", "goal_progress", "plan_show"), two),
        ),
        "decision": Token(
            "tokendecision", dict.fromkeys(("decision_list", "my_download"), other) | {"goal_together": two}
        ),
        "second step": Token("JBSWY3DPEHPK3PXP", {}),
    }  # fmt: skip
    return town, tokens | _ended_and_confided(home)


def _ended_and_confided(home):
    """Plant tokens in what is said at the end, to confidants and in letters of recognition; return them."""
    own = frozenset({"mentee", "mentee_yesterday"})
    other = frozenset({"other_mentee"})  # Cai, who was together with Ben
    two = other | {"mentor"}
    holders = frozenset(full_town.ROLES) - {"anonymous"}
    confides = full_town.codes_of(home, "r/<str:token>/")["token"]
    delivery = home.report.deliveries.get()
    left = home.lived.farewells.get(person=home.mentees[1])
    left.words = {"reason": "tokenreason"}
    left.save()
    for row, words in (
        (home.thanks["mentee"], {"text": "tokenthanks"}),
        (home.lived.onward, {"line": "tokenonward", "stage": ""}),
        (home.block["mentee"], {"note": "tokenaway"}),
        (home.report, {"kind": "other", "words": "tokenreport", "about": "", "name": ""}),
        (delivery, {"answer": "tokenconfides"}),
    ):
        row.words = words
        row.save()
    return {
        "report": Token("tokenreport", {"report_show": own, "my_download": own}),
        "confidant's answer": Token("tokenconfides", {"report_show": own, "my_download": own}),
        "recognition's link": Token(
            home.recognition.words["token"],
            dict.fromkeys(("recognition_verify", "set_language"), holders)
            | dict.fromkeys(("recognition_show", "recognition_file"), frozenset({"mentor"})),
        ),
        "recognition's link digest": Token(home.recognition.digest, {}, sealed=False),
        "confidant's link": Token(
            confides, dict.fromkeys(("report_link", "set_language"), holders), frozenset({home.confidant.email})
        ),
        "confidant's link digest": Token(delivery.digest, {}, sealed=False),
        "note on whom one keeps away": Token("tokenaway", dict.fromkeys(("away_list", "my_download"), own)),
        "reason of an end": Token("tokenreason", {"my_download": other}),
        "thank-you": Token(
            "tokenthanks",
            dict.fromkeys(("thanks_write", "relationship_after"), two)
            | {"thanks_list": {"mentor"}, "my_download": other},
        ),
        "how it goes on": Token(
            "tokenonward",
            {"relationship_onward": other, "my_download": other}
            | dict.fromkeys(("became_list", "conversation_list"), frozenset({"mentor"})),
        ),
    }


def _goals(home):
    """Agree, want and decide in words that stand nowhere else."""
    for version in home.lived.agreement.versions.all():
        version.words = {"own": {"purpose": "tokenclause"}, "changed": "purpose"}
        version.save()
        for signature in version.signatures.all():
            signature.words = {"name": "tokensignature", "language": "en"}
            signature.save()
    for change in home.goal.changes.all():
        change.words = change.words | {"what": "tokengoal"}
        change.save()
    home.decision.words = home.decision.words | {"why": "tokendecision"}
    home.decision.save()


def _plan(home):
    """Plan in words that stand nowhere else."""
    for row, words in ((home.plan, "tokenplace"), (home.asked, "tokenproposed")):
        row.words = {"place": words}
        row.save()
    home.point.words = {"text": "tokenagenda"}
    home.point.save()
    row = Availability.objects.get(user=home.mentees[1].user, society=home.society)
    row.said = row.said | {"address": "https://calendar.example.org/tokencalendar.ics"}
    row.busy = [["2031-07-06T05:04:03+00:00", "2031-07-06T06:04:03+00:00"]]
    row.save()


def _private(town):
    """Say things in confidence before the town has its run, so that the run knows them."""
    mine = {"society": town.society, "program": town.program, "place": 90}
    need = Domain.objects.create(key="tokenneed", name="Tokenneed", sensitive=True, **mine)
    sensitive = Domain.objects.create(key="tokensensitive", name="Tokensensitive", sensitive=True, **mine)
    Experience.objects.create(key="tokenwish", name="Tokenwish", sensitive=True, **mine)
    claim = Experience.objects.create(key="tokenclaim", name="Tokenclaim", sensitive=True, **mine)
    town.stranger = User.objects.create_user("stranger@example.org", name="Stranger")
    said = PrivateAnswers.objects.get(participant=town.cleo_asks)
    said.answers = {
        "needs": {"tokenneed": 3},
        "wishes": {"tokenwish": 3, "same:religion": 2},
        "attributes": {"religion": ["tokenattribute"]},
        "avoid": [town.stranger.code],
    }
    said.save()
    here = {"society": town.society}
    town.cleo_asks.needs.create(**here, domain=sensitive, level=2)
    for mentor in (town.ben_mentors, town.bea_mentors):
        for domain in (need, sensitive):
            Offer.objects.create(**here, participant=mentor, domain=domain, level=3)
    town.ben_mentors.claims.create(**here, experience=claim)
    shares = PrivateAnswers.objects.get(participant=town.ben_mentors)
    shares.answers = {"needs": {}, "wishes": {}, "attributes": {"religion": ["tokenattribute"]}, "avoid": []}
    shares.save()
    town.ben_mentors.consents.create(
        **here, attribute="religion", purpose="match", given_at=town.now - dt.timedelta(days=400)
    )


def _own_people(home, town):
    """Say things of somebody whom the first mentee added, and let them say some; return the tie."""
    organic = home.organic
    organic.facts = organic.facts | {"name": "tokensomebody"}
    organic.words = {"kind": "industry", "reach": "tokenreach", "sells": "tokensells", "paid_by": ""}
    organic.state, organic.confirmed_at = "confirmed", home.now
    organic.save()
    sketch = Sketch.objects.get(user=town.cleo, society=home.society)
    sketch.said = {"close": {organic.code: 4}, "knows": {organic.code: ["tokenknows"]}}
    sketch.save()
    return organic


def _feedback(home):
    """Let the first mentor say how it goes, and the first mentee keep what they said once."""
    home.said["mentor"].words = {"helped": "tokensaid", "different": "Tokensaid", "goes_on": "no"}
    home.said["mentor"].told = "tokentold"
    home.said["mentor"].save()
    home.said_once["mentee"].words = {"helped": "tokenonce"}
    home.said_once["mentee"].save()


def _look_for_each_other(home, now):
    """Say things in confidence where people look for each other."""
    home.plea.words = {"token": home.plea.words["token"], "message": "tokenrequest"}
    home.plea.save()
    no = Request(
        society=home.society, mentee=home.mentees[0], mentor=home.mentors[0], digest="0" * 64, asked_at=now,
        expires_at=now, closed_at=now, state="declined",
    )  # fmt: skip
    no.words = {"token": "tokenoldlink", "message": "tokenoldrequest", "answer": "tokenkindno"}
    no.save()
    home.talk.mentee_said, home.talk.mentor_said = {"view": "tokenviewmentee"}, {"view": "tokenviewmentor"}
    home.talk.save()
    for person, said in (
        (home.mentees[0], {"ranked": [{"mentor": home.mentors[1].user.code, "why": "tokenranking"}]}),
        (home.mentors[0], {"especially": ["tokenmark"]}),
    ):
        preference = Preference(society=home.society, participant=person)
        preference.words = said
        preference.save()


def _homes(who):
    """Return the pages on which somebody finds the introductions that wait for them."""
    return dict.fromkeys(("participant_home", "request_list", "find"), who)


def _advise(town):
    """Let the run say by itself whatever it can say."""
    for kind in ("recruit", "robustness", "stability"):
        matching.ask_advice(run=town.home.run, kind=kind, by=town.ada, now=town.home.now)
    while (advice := matching.claim_advice(town.home.now)) is not None:
        matching.perform_advice(advice)
