"""Preview, publish, answer: each person told once, nobody told what is confidential, seats never exceeded."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

import cast
from introducer_web.lib.errors import DomainError
from introducer_web.mail.models import Message
from introducer_web.mail.services import send_due
from introducer_web.matching import services as matching
from introducer_web.people.models import Conflict, Consent
from introducer_web.programs.models import Domain
from introducer_web.relationships import services
from introducer_web.relationships.models import Introduction, Publication, Relationship

State = Relationship.State
Answer = Introduction.Answer


def run_of(town):
    run = services.request_run(cohort=town.cohort, by=town.ada, now=town.now)
    matching.perform_run(matching.claim_run(town.now))
    run.refresh_from_db()
    return run


@pytest.fixture
def matched(town):
    town.run = run_of(town)
    return town


@pytest.fixture
def published(matched):
    matched.publication = services.publish(run=matched.run, by=matched.ada, now=matched.now)
    return matched


def sides(mentee, mentor):
    relationship = Relationship.objects.get(mentee=mentee, mentor=mentor)
    return relationship, *(relationship.introductions.get(side=side) for side in ("mentee", "mentor"))


def say(introduction, answer, now=cast.NOON, **more):
    return services.answer_introduction(introduction=introduction, answer=answer, now=now, **more)


def kinds():
    return sorted(Message.objects.exclude(state="dropped").values_list("kind", flat=True))


def test_nobody_is_told_before_publishing(matched):
    assert not Message.objects.exists()
    assert len(services.preview(matched.run, matched.now).ties) == 4


def test_publishing_tells_both_sides_of_each_tie_once(published):
    assert published.publication.ties == 4
    assert kinds() == ["introduction_mentee"] * 4 + ["introduction_mentor"] * 4
    with pytest.raises(services.NothingToPublish):
        services.publish(run=published.run, by=published.ada, now=published.now)
    assert Message.objects.count() == 8


def test_the_preview_shows_the_mails_that_are_sent(matched):
    shown = services.preview(matched.run, matched.now)
    mails = [mail for tie in shown.ties for mail in services.tie_mails(tie)]
    services.publish(run=matched.run, by=matched.ada, now=matched.now, seen=shown.seen)
    sent = {(message.to, message.content["subject"]) for message in Message.objects.all()}
    assert sent == {(mail["to"], mail["subject"]) for mail in mails}


def test_waves(matched):
    shown = services.preview(matched.run, matched.now)
    first = services.publish(run=matched.run, by=matched.ada, now=matched.now, only={shown.ties[0].code})
    second = services.publish(run=matched.run, by=matched.ada, now=matched.now)
    assert [(first.wave, first.ties), (second.wave, second.ties)] == [(1, 1), (2, 3)]


def test_what_changed_since_the_preview_stops_the_publishing(matched):
    seen = services.preview(matched.run, matched.now).seen
    matched.bea_mentors.paused_until = matched.now.date() + dt.timedelta(days=30)
    matched.bea_mentors.save()
    with pytest.raises(services.PreviewIsStale, match="Nobody was told anything"):
        services.publish(run=matched.run, by=matched.ada, now=matched.now, seen=seen)
    assert not Relationship.objects.exists()


def changed(town, what):
    cleo = town.cleo_asks
    if what == "withdrawn":
        cleo.state = "withdrawn"
    elif what == "no consent":
        cleo.may_be_matched = False
    elif what == "paused":
        cleo.paused_until = town.now.date() + dt.timedelta(days=9)
    elif what == "changed":
        cleo.version += 1
    cleo.save()
    if what == "vetoed":
        for mentor in (town.ben_mentors, town.bea_mentors):
            matching.order_tie(kind="veto", mentee=cleo, mentor=mentor, words="", by=town.ada, now=town.now)
    if what == "conflict":
        for mentor in (town.ben, town.bea):
            row = Conflict(society=town.society, user_a=town.cleo, user_b=mentor, recorded_at=town.now)
            row.facts = {"source": "relative", "words": "cousins"}
            row.save()


@pytest.mark.parametrize("what", ["withdrawn", "no consent", "paused", "changed", "vetoed", "conflict"])
def test_who_changed_after_the_run_is_left_out_with_the_reason_and_nobody_else(matched, what):
    changed(matched, what)
    shown = services.preview(matched.run, matched.now)
    assert {tie.mentee.user.name for tie, why in shown.left_out if why} == {"Cleo Marsh"}
    assert "cousins" not in str([why for _tie, why in shown.left_out])
    assert {tie.mentee.user.name for tie in shown.ties} == {"Cai Lindqvist"}
    publication = services.publish(run=matched.run, by=matched.ada, now=matched.now)
    assert all(row["why"] for row in publication.left_out)


def test_only_the_newest_run_is_published(matched):
    run_of(matched)
    with pytest.raises(services.RunIsSuperseded):
        services.publish(run=matched.run, by=matched.ada, now=matched.now)


def test_a_later_run_keeps_what_is_lived_and_publishes_the_rest(published):
    again = run_of(published)
    with pytest.raises(services.NothingToPublish):
        services.publish(run=again, by=published.ada, now=published.now)


def test_both_agree_and_learn_how_to_reach_each_other(published):
    relationship, mentee, mentor = sides(published.cleo_asks, published.ben_mentors)
    services.write_first_message(introduction=mentee, text="Dear Ben, my own words.")
    say(mentor, Answer.ACCEPTED)
    relationship.refresh_from_db()
    assert relationship.state == State.INTRODUCED
    say(mentee, Answer.ACCEPTED)
    relationship.refresh_from_db()
    assert (relationship.state, relationship.seat) == (State.ACTIVE, 1)
    mails = {message.to: message.content for message in Message.objects.filter(kind="both_agreed")}
    assert "ben@example.org" in mails["cleo@example.org"]["text"]
    assert "Dear Ben, my own words." in mails["ben@example.org"]["text"]
    assert mails["ben@example.org"]["headers"] == {"Reply-To": "cleo@example.org"}
    assert say(mentee, Answer.ACCEPTED).answer == Answer.ACCEPTED, "the same button twice changes nothing"
    with pytest.raises(services.AnswerIsFinal):
        say(mentee, Answer.DECLINED)


def test_a_no_needs_no_reason_and_ends_it_for_both(published):
    relationship, mentee, mentor = sides(published.cleo_asks, published.ben_mentors)
    say(mentor, Answer.DECLINED)
    relationship.refresh_from_db()
    assert relationship.state == State.DECLINED
    with pytest.raises(services.AnswerIsFinal):
        say(mentee, Answer.ACCEPTED)
    known = services.known_of(published.cohort)
    assert (published.cleo_asks.code, published.ben_mentors.code) in known.ended


def test_a_mentee_reads_how_soon_a_mentor_usually_answers(published, client):
    relationship, mentee, mentor = sides(published.cleo_asks, published.ben_mentors)
    cast.edit(published.ben_mentors, answers_within=7)
    pages = [client.get(f"/a/{each.words['token']}/").content.decode() for each in (mentee, mentor)]
    assert ["Usually answers within" in page for page in pages] == [True, False]
    Relationship.objects.filter(pk=relationship.pk).update(state="active", seat=1)
    cast.enter(client, published.cleo)
    home = client.get(reverse("participant_home", args=["ir", published.cleo_asks.code])).content.decode()
    assert "Usually answers within a week." in home


def test_a_pause_comes_with_the_no(published):
    _relationship, _mentee, mentor = sides(published.cleo_asks, published.ben_mentors)
    until = published.now.date() + dt.timedelta(days=60)
    say(mentor, Answer.DECLINED, pause_until=until)
    published.ben_mentors.refresh_from_db()
    assert published.ben_mentors.paused_until == until


def test_a_question_waits_behind_the_link_of_the_other_side(published):
    _relationship, mentee, mentor = sides(published.cleo_asks, published.ben_mentors)
    with pytest.raises(DomainError, match="Write what"):
        say(mentor, Answer.ASKED, question="  ")
    say(mentor, Answer.ASKED, question="Which contract is it?")
    (told,) = Message.objects.filter(kind="asked_first")
    assert told.to == "cleo@example.org"
    assert "Which contract" not in str(told.content)
    assert mentee.words["token"] in told.content["text"]


def test_a_link_dies_after_three_weeks(published):
    _relationship, mentee, _mentor = sides(published.cleo_asks, published.ben_mentors)
    with pytest.raises(services.LinkIsDead, match="expired"):
        say(mentee, Answer.ACCEPTED, now=published.now + dt.timedelta(days=21))


def test_an_answer_that_is_none_is_refused(published):
    _relationship, mentee, _mentor = sides(published.cleo_asks, published.ben_mentors)
    with pytest.raises(DomainError):
        say(mentee, "perhaps")


def test_a_recalled_introduction_is_over(published):
    relationship, mentee, mentor = sides(published.cleo_asks, published.ben_mentors)
    Message.objects.filter(key=f"introduction:{mentor.code}").update(state="sent")
    services.recall(relationship=relationship, by=published.ada, now=published.now)
    with pytest.raises(services.LinkIsDead):
        say(mentee, Answer.ACCEPTED)
    assert [message.to for message in Message.objects.filter(kind="recalled")] == ["ben@example.org"]
    assert Message.objects.get(key=f"introduction:{mentee.code}").state == "dropped"
    with pytest.raises(services.AlreadyEnded):
        services.recall(relationship=relationship, by=published.ada, now=published.now)


def test_a_swap_that_is_settled_after_a_decline_ends_nothing_that_never_began(published):
    relationship, _mentee, _mentor = sides(published.cleo_asks, published.ben_mentors)
    request = services.request_swap(relationship=relationship, by=published.cleo, now=published.now)
    Relationship.objects.filter(pk=relationship.pk).update(state="declined", ended_at=published.now)
    services.settle_swap(request=request, end=True, by=published.ada, now=published.now)
    relationship.refresh_from_db()
    assert relationship.state == "declined"


def test_a_swap_is_asked_for_once_and_settled_once(published):
    relationship, _mentee, _mentor = sides(published.cleo_asks, published.ben_mentors)
    request = services.request_swap(relationship=relationship, by=published.cleo, now=published.now)
    with pytest.raises(services.AlreadyRequested):
        services.request_swap(relationship=relationship, by=published.cleo, now=published.now)
    services.settle_swap(request=request, end=True, by=published.ada, now=published.now)
    relationship.refresh_from_db()
    assert relationship.state == State.ENDED
    with pytest.raises(services.AlreadyEnded):
        services.settle_swap(request=request, end=False, by=published.ada, now=published.now)
    with pytest.raises(services.AlreadyEnded):
        services.request_swap(relationship=relationship, by=published.cleo, now=published.now)


def test_a_home_leads_to_no_link_that_has_expired(published, client):
    row = Introduction.objects.filter(side="mentor", relationship__mentor=published.ben_mentors).first()
    cast.enter(client, published.ben)
    home = reverse("participant_home", args=["ir", published.ben_mentors.code])
    link = f"/a/{row.words['token']}/"
    assert link in client.get(home).content.decode()
    Introduction.objects.update(expires_at=timezone.now() - dt.timedelta(days=1))
    page = client.get(home).content.decode()
    assert link not in page
    assert "not answered in time" in page


def test_existing_relationships_take_a_seat_and_tell_nobody(town):
    pairs = [(town.cleo_asks, town.ben_mentors), (town.cai_asks, town.ben_mentors)]
    made = services.record_existing(cohort=town.cohort, pairs=pairs, by=town.ada, now=town.now)
    assert [row.seat for row in made] == [1, 2]
    assert services.record_existing(cohort=town.cohort, pairs=pairs, by=town.ada, now=town.now) == []
    assert not Message.objects.exists()


def test_the_digest_names_what_waits_once_a_week_and_one_click_ends_it(published, client):
    later = published.now + dt.timedelta(days=8)
    services.send_digests(published.now)
    assert not Message.objects.filter(kind="digest").exists()
    services.send_digests(later)
    services.send_digests(later + dt.timedelta(hours=1))
    digests = list(Message.objects.filter(kind="digest").order_by("to"))
    assert [mail.to for mail in digests] == [f"{name}@example.org" for name in ("bea", "ben", "cai", "cleo")]
    content = digests[1].content
    assert content["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = content["headers"]["List-Unsubscribe"].strip("<>").partition("8000")[2]
    assert client.get(path).status_code == 200
    published.ben_mentors.refresh_from_db()
    assert published.ben_mentors.wants_digest
    assert client.post(path).status_code == 200
    published.ben_mentors.refresh_from_db()
    assert not published.ben_mentors.wants_digest
    assert client.get("/stop/somebody-elses/").status_code == 404


def test_a_digest_comes_by_day_and_to_nobody_who_is_paused_or_has_left(published):
    cast.edit(published.bea_mentors, paused_until=published.now.date() + dt.timedelta(days=20))
    cast.edit(published.cai_asks, state="withdrawn")
    night = published.now.replace(hour=9) + dt.timedelta(days=8)  # three o'clock in Chicago
    services.send_digests(night)
    digests = Message.objects.filter(kind="digest").order_by("to")
    assert [mail.to for mail in digests] == ["ben@example.org", "cleo@example.org"]
    assert {mail.not_before for mail in digests} == {night.replace(hour=14)}


SECRETS = ["tokenfaith", "tokencousin", "tokenwhy"]


def test_what_is_confidential_is_in_no_mail_and_on_no_page_of_the_other_side(town, client):
    answers = town.cleo_asks.private_answers
    answers.answers = {
        "needs": {"inclusion": 3}, "wishes": {"lgbtq": 3, "same:religion": 3},
        "attributes": {"religion": ["tokenfaith"]}, "avoid": [town.bea.code],
    }  # fmt: skip
    answers.save()
    given = {"society": town.society, "attribute": "religion", "purpose": "match", "given_at": town.now}
    Consent.objects.create(participant=town.cleo_asks, **given)
    row = Conflict(society=town.society, user_a=town.cai, user_b=town.bea, recorded_at=town.now)
    row.facts = {"source": "relative", "words": "tokencousin"}
    row.save()
    matching.order_tie(kind="pin", mentee=town.cleo_asks, mentor=town.ben_mentors, words="tokenwhy", by=town.ada,
                       now=town.now)  # fmt: skip
    services.publish(run=run_of(town), by=town.ada, now=town.now)
    shown = [str(message.content) for message in Message.objects.all()]
    links = [f"/a/{introduction.words['token']}/" for introduction in Introduction.objects.all()]
    shown += [client.get(link).content.decode() for link in links]
    assert len(shown) >= 4
    for text in shown:
        assert not any(secret in text for secret in SECRETS)
        assert "Inclusion" not in text, "a sensitive domain is in no mail and on no page of another"
        assert "LGBTQ" not in text


@pytest.mark.usefixtures("published")
def test_a_get_changes_nothing(client):
    before = list(Introduction.objects.order_by("pk").values_list("answer", "answered_at", "sealed"))
    for introduction in Introduction.objects.all():
        page = client.get(f"/a/{introduction.words['token']}/")
        assert page.status_code == 200
        assert b"example.org" not in page.content.replace(b"ada@example.org", b""), "no address before both agreed"
    assert before == list(Introduction.objects.order_by("pk").values_list("answer", "answered_at", "sealed"))


def test_answering_by_the_link(published, client):
    relationship, mentee, mentor = sides(published.cleo_asks, published.ben_mentors)
    paths = [f"/a/{each.words['token']}/" for each in (mentee, mentor)]
    assert client.post(paths[0] + "message/", {"message": "My own words"}).status_code == 302
    assert client.post(paths[0], {"answer": "asked", "question": ""}).status_code == 409
    assert client.post(paths[0], {"answer": "maybe"}).status_code == 409
    assert client.post(paths[0], {"answer": "accepted"}, follow=True).status_code == 200
    assert b"You said yes" in client.get(paths[0]).content
    client.post(paths[1], {"answer": "accepted"})
    page = client.get(paths[0]).content
    assert b"ben@example.org" in page
    assert b"My own words" in page
    relationship.refresh_from_db()
    assert relationship.state == State.ACTIVE


def test_after_a_no_the_other_side_reads_calm_words_and_not_who_said_it(published, client):
    _relationship, mentee, mentor = sides(published.cleo_asks, published.ben_mentors)
    client.post(f"/a/{mentor.words['token']}/", {"answer": "declined"})
    other = client.get(f"/a/{mentee.words['token']}/").content.decode()
    assert "says nothing about you" in other
    assert "declin" not in other.lower()
    assert b"Nobody is told a reason" in client.get(f"/a/{mentor.words['token']}/").content


def test_a_link_that_is_none_is_not_found(client, db):  # noqa: ARG001 - the database has to be there
    assert client.get("/a/nothing/").status_code == 404


def test_publications_are_counted_by_wave(published):
    assert Publication.objects.get(run=published.run).wave == 1


def test_a_name_stands_in_a_subject_as_it_is_written(matched):
    matched.ben.name = "Pat O'Brien & Sons"
    matched.ben.save()
    services.publish(run=matched.run, by=matched.ada, now=matched.now)
    subjects = [message.content["subject"] for message in Message.objects.filter(kind="introduction_mentee")]
    assert any("Pat O'Brien & Sons" in subject for subject in subjects)
    assert not any("&#" in subject or "&amp;" in subject for subject in subjects)


def test_a_mail_of_a_run_that_a_newer_one_took_over_leads_to_the_runs(matched, sign_in):
    tie = services.preview(matched.run, matched.now).ties[0]
    page = reverse("publish_mail", args=["ir", matched.cohort.code, matched.run.code, tie.code])
    client = sign_in(matched.ada)
    assert client.get(page).status_code == 200
    run_of(matched)
    answer = client.get(page)
    assert answer.url == reverse("run_list", args=["ir", matched.cohort.code])


class TestCorrecting:
    """An introduction that waits can name other things; it goes out once more, and the first links end."""

    @pytest.fixture
    def waiting(self, published):
        send_due(published.now)
        published.waiting, *published.sides = sides(published.cleo_asks, published.ben_mentors)
        published.tokens = [side.words["token"] for side in published.sides]
        return published

    def correct(self, town, needs=("research",)):
        services.correct(relationship=town.waiting, needs=needs, by=town.ada, now=town.now + dt.timedelta(hours=1))
        for side in town.sides:
            side.refresh_from_db()
        town.waiting.refresh_from_db()

    def test_both_get_it_once_more_with_new_links(self, waiting, client):
        self.correct(waiting)
        assert waiting.waiting.needs == ["research"]
        mails = {message.kind: message.content["text"] for message in Message.objects.filter(state="queued")}
        assert mails.keys() == {"introduction_mentee", "introduction_mentor"}
        for text in mails.values():
            assert "takes the place of the introduction that you got before" in text
            assert "Research" in text
            assert "Contracts" not in text
        for token, side in zip(waiting.tokens, waiting.sides, strict=True):
            assert client.get(f"/a/{token}/").status_code == 404
            assert client.get(f"/a/{side.words['token']}/").status_code == 200
        assert "Research" in waiting.sides[0].words["first_message"], "nobody had edited the first draft"

    def test_what_was_answered_and_written_stays(self, waiting):
        services.write_first_message(introduction=waiting.sides[0], text="Dear Ben, my own words.")
        say(waiting.sides[1], Answer.ACCEPTED)
        self.correct(waiting)
        assert waiting.sides[1].answer == Answer.ACCEPTED
        assert waiting.sides[0].words["first_message"] == "Dear Ben, my own words."

    def test_one_that_had_not_left_goes_out_once(self, published):
        published.waiting, *published.sides = sides(published.cleo_asks, published.ben_mentors)
        self.correct(published)
        mine = Message.objects.filter(to="cleo@example.org", kind="introduction_mentee")
        cleo = mine.values_list("state", flat=True)
        assert sorted(cleo) == ["dropped", "queued", "queued"], "the other mentor's introduction is untouched"

    def test_withdrawing_after_a_correction_tells_who_was_told(self, waiting):
        self.correct(waiting)
        services.recall(relationship=waiting.waiting, by=waiting.ada, now=waiting.now)
        assert Message.objects.filter(kind="recalled").count() == 2
        assert not Message.objects.filter(state="queued", kind__startswith="introduction").exists()

    def test_only_open_needs_that_are_not_sensitive_can_be_named(self, waiting):
        Domain.objects.filter(key="research").update(sensitive=True)
        with pytest.raises(DomainError, match="what the mentee asks for now"):
            self.correct(waiting)
        assert [need.key for need in services.may_be_named(waiting.waiting)] == ["contracts"]

    def test_an_agreed_one_is_not_corrected(self, waiting):
        for side in waiting.sides:
            say(side, Answer.ACCEPTED)
        with pytest.raises(services.NothingToCorrect):
            self.correct(waiting)

    def test_the_page(self, waiting, client):
        cast.enter(client, waiting.ada)
        page = reverse("relationship_correct", args=["ir", waiting.cohort.code, waiting.waiting.code])
        assert 'value="contracts" checked' in client.get(page).content.decode()
        assert client.post(page, {"need": ["research"]}).status_code == 302
        waiting.waiting.refresh_from_db()
        assert waiting.waiting.needs == ["research"]
