"""A mentee asks, a mentor answers: once, with a seat, in words that nobody else reads."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.finding import services
from introducer_web.finding.models import FirstTalk, Listing, Request
from introducer_web.mail.models import Message
from introducer_web.matching import services as matching
from introducer_web.people import services as people
from introducer_web.people.models import PrivateAnswers
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship
from introducer_web.site.subject import erase_person, export_person

WORDS = "I would like to learn about contracts."


def ask(town, mentee=None, mentor=None, now=None, words=WORDS):
    mentee, mentor = mentee or town.cleo_asks, mentor or town.ben_mentors
    return services.ask(mentee=mentee, mentor=mentor, message=words, by=mentee.user, now=now or town.now)


def answer(town, request, said="accepted", **more):
    return services.answer_request(request=request, answer=said, now=more.pop("now", town.now), **more)


def mails(kind):
    return [(row.to, row.content["subject"]) for row in Message.objects.filter(kind=kind).order_by("pk")]


def test_who_asks_and_is_told_yes_has_begun_with_a_seat(town):
    asked = ask(town)
    assert mails("request_new") == [("ben@example.org", "Cleo Marsh asks you to be a mentor")]
    answer(town, asked)
    lived = Relationship.objects.get()
    assert (lived.state, lived.seat, lived.needs, lived.tie) == ("active", 1, ["contracts"], None)
    assert {to for to, _subject in mails("both_agreed")} == {"cleo@example.org", "ben@example.org"}
    assert all(WORDS in row.content["text"] for row in Message.objects.filter(kind="both_agreed"))
    asked.refresh_from_db()
    assert (asked.state, asked.relationship) == ("accepted", lived)


def test_the_words_are_in_no_mail_about_the_request_and_in_no_entry(town):
    answer(town, ask(town), "declined", words="Not this year.")
    said = " ".join(str(row.content) for row in Message.objects.all())
    said += " ".join(entry.words for entry in Entry.objects.all())
    assert "contracts." not in said
    assert "Not this year" not in said


def test_the_same_answer_twice_is_one_and_another_one_is_refused(town):
    asked = ask(town)
    answer(town, asked)
    answer(town, asked)
    assert Relationship.objects.count() == 1
    with pytest.raises(services.RequestIsClosed):
        answer(town, asked, "declined")


def test_a_no_is_told_kindly_and_is_not_asked_again(town):
    asked = ask(town)
    answer(town, asked, "declined", words="Ask me in a year.")
    assert mails("request_declined") == [("cleo@example.org", "Ben Castellanos cannot take it on this time")]
    with pytest.raises(services.AlreadyAsked, match="could not say yes"):
        ask(town)


def test_a_pause_comes_with_a_no(town):
    until = town.now.date() + dt.timedelta(days=60)
    answer(town, ask(town), "declined", pause_until=until)
    town.ben_mentors.refresh_from_db()
    assert town.ben_mentors.paused_until == until


def test_one_is_open_between_two_and_three_are_open_at_once(town):
    ask(town)
    with pytest.raises(services.AlreadyAsked, match="asked already"):
        ask(town)
    ask(town, mentor=town.bea_mentors)
    more = [cast.participant(town, user, "mentor", offers={"contracts": 1}) for user in (town.ada, town.rae)]
    ask(town, mentor=more[0])
    with pytest.raises(services.TooManyOpen, match="Take one back"):
        ask(town, mentor=more[1])


def test_ten_in_a_week_are_enough(town):
    for k in range(10):
        asked = ask(town, mentor=(town.ben_mentors, town.bea_mentors)[k % 2])
        services.withdraw(request=asked, by=town.cleo, now=town.now)
    with pytest.raises(services.TooManyOpen, match="Wait a little"):
        ask(town)


def test_the_last_seat_is_given_once_and_the_other_is_told_so(town):
    people.save_about(participant=town.ben_mentors, capacity=1, now=town.now)
    cai = cast.edit(town.cai_asks, institution="")
    both = [ask(town), ask(town, mentee=cai)]
    answer(town, both[0])
    with pytest.raises(relationships.NoSeatLeft):
        answer(town, both[1])
    both[1].refresh_from_db()
    assert (both[1].state, Relationship.objects.count()) == ("open", 1)


def test_a_team_that_is_full_asks_nobody_and_a_yes_that_comes_late_is_refused(town):
    people.save_about(participant=town.cleo_asks, team_size=1, now=town.now)
    town.cleo_asks.refresh_from_db()
    both = [ask(town), ask(town, mentor=town.bea_mentors)]
    answer(town, both[0])
    with pytest.raises(relationships.TeamIsFull):
        answer(town, both[1])
    with pytest.raises(relationships.TeamIsFull):
        ask(town, mentor=cast.participant(town, town.ada, "mentor", offers={"contracts": 1}))


def _avoid(town):
    row = PrivateAnswers.objects.get(participant=town.ben_mentors)
    row.answers = {"avoid": [town.cleo.code]}
    row.save()


def _conflict(town):
    people.record_conflict(
        society=town.society, user_a=town.ben, user_b=town.cleo, source="evaluator", words="", by=town.ada, now=town.now
    )


def _block(town):
    people.block(society=town.society, by=town.ben, other=town.cleo, now=town.now)


def _pause(town):
    cast.edit(town.ben_mentors, paused_until=town.now.date() + dt.timedelta(days=3))


def _seats(town):
    cast.edit(town.ben_mentors, capacity=0)


def _unlisted(town):
    Listing.objects.create(society=town.society, participant=town.ben_mentors, is_listed=False)


def _language(town):
    cast.edit(town.ben_mentors, languages=["es"])


def _home(town):
    cast.edit(town.bea_mentors, institution=town.ben_mentors.institution)
    relationships.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.bea_mentors)], by=town.ada, now=town.now
    )


@pytest.mark.parametrize("cause", [_block, _pause, _seats, _unlisted, _language, _home])
def test_whatever_is_in_the_way_is_said_in_the_same_words(town, cause):
    cause(town)
    with pytest.raises(services.CannotBeAsked) as refused:
        ask(town)
    assert str(refused.value) == (
        "Ben Castellanos cannot be asked just now. That says nothing about you; choose somebody else."
    )
    assert not Request.objects.exists()


def _rather_not(town):
    FirstTalk.objects.create(society=town.society, mentee=town.cleo_asks, mentor=town.ben_mentors, proposed_at=town.now)
    talk = FirstTalk.objects.select_related("society").get()
    talk.mentor_said = {"view": "rather_not"}
    talk.save()


def _veto(town):
    matching.order_tie(kind="veto", mentee=town.cleo_asks, mentor=town.ben_mentors, words="", by=town.ada, now=town.now)


@pytest.mark.parametrize("cause", [_avoid, _conflict, _rather_not, _veto])
def test_a_confidential_reason_is_not_found_out_by_asking(town, sign_in, cause):
    """For the mentee it is a request that nobody answers; the mentor learns of nothing, not from a copy either."""
    cause(town)
    asked = ask(town)
    assert (asked.state, asked.is_held) == ("open", True)
    assert not mails("request_new")
    cleo, place = sign_in(town.cleo), reverse("request_list", args=["ir", town.cleo_asks.code])
    assert "Ben Castellanos" in cleo.get(place).content.decode()
    ben = sign_in(town.ben)
    for name in ("participant_home", "request_list"):
        page = ben.get(reverse(name, args=["ir", town.ben_mentors.code])).content.decode()
        assert "Cleo" not in page
        assert "mentee asked you" not in page
    assert b"who-asked-whom" not in export_person(town.ben, now=town.now)
    copy = zipfile.ZipFile(io.BytesIO(export_person(town.cleo, now=town.now)))
    told = json.loads(copy.read("who-asked-whom.json"))[0]
    assert told["message"] == asked.words["message"]
    assert "is_held" not in told
    assert services.requests_due(asked.expires_at)
    assert mails("request_expired") == [("cleo@example.org", "No answer came from Ben Castellanos")]


def test_a_fact_that_came_meanwhile_is_in_the_way_of_a_yes(town):
    asked = ask(town)
    _conflict(town)
    with pytest.raises(services.RequestIsClosed, match="cannot begin just now"):
        answer(town, asked)
    assert not Relationship.objects.exists()


def test_who_was_introduced_meanwhile_answers_there(town):
    asked = ask(town)
    Relationship.objects.create(
        society=town.society, cohort=town.cohort, mentee=town.cleo_asks, mentor=town.ben_mentors, began_at=town.now
    )
    with pytest.raises(relationships.AlreadyTogether):
        answer(town, asked)


def test_a_program_that_introduces_by_itself_takes_no_request(town):
    cast.edit(town.program, requests=False)
    with pytest.raises(services.RequestsAreOff):
        ask(town)


def test_what_nobody_answers_expires_once_and_both_are_told(town):
    asked = ask(town)
    later = town.now + dt.timedelta(days=14, minutes=1)
    assert not services.requests_due(later - dt.timedelta(days=1))
    assert services.requests_due(later)
    assert not services.requests_due(later)
    asked.refresh_from_db()
    assert asked.state == "expired"
    assert {to for to, _subject in mails("request_expired")} == {"cleo@example.org", "ben@example.org"}
    with pytest.raises(services.RequestIsClosed):
        answer(town, asked, now=later)
    ask(town, now=later)  # it says nothing about either: one may ask again


def test_a_request_between_two_who_are_kept_apart_ends_without_a_word(client, town):
    ask(town)
    people.block(society=town.society, by=town.cleo, other=town.ben, now=town.now)
    cast.enter(client, town.ben)
    page = client.get(reverse("request_list", args=["ir", town.ben_mentors.code])).content.decode()
    assert "Cleo Marsh" not in page
    assert services.requests_due(town.now + services.OPEN_FOR)
    assert Request.objects.get().state == "withdrawn"
    assert mails("request_expired") == []


def test_a_link_whose_time_is_over_begins_nothing_before_the_worker_comes(town):
    asked = ask(town)
    with pytest.raises(services.RequestIsClosed, match="expired"):
        answer(town, asked, now=town.now + dt.timedelta(days=15))


def test_who_pauses_leaves_requests_waiting_and_the_mentee_is_told_once(town):
    asked = ask(town)
    until = town.now.date() + dt.timedelta(days=30)
    people.pause(participant=town.ben_mentors, until=until, by=town.ben, now=town.now)
    assert services.requests_due(town.now)
    assert not services.requests_due(town.now)
    assert [to for to, _subject in mails("request_waits")] == ["cleo@example.org"]
    assert not services.requests_due(town.now + dt.timedelta(days=20))
    asked.refresh_from_db()
    assert asked.state == "open"
    assert asked.expires_at.date() == until + dt.timedelta(days=14)
    assert services.requests_due(town.now + dt.timedelta(days=46))
    asked.refresh_from_db()
    assert asked.state == "expired"


def test_a_side_that_leaves_ends_what_is_open_and_the_other_is_told(town):
    ask(town)
    people.withdraw(participant=town.ben_mentors, now=town.now)
    assert services.requests_due(town.now)
    assert [to for to, _subject in mails("request_expired")] == ["cleo@example.org"]


def test_what_is_taken_back_is_over_and_its_mail_stays_where_it_is(town):
    asked = ask(town)
    services.withdraw(request=asked, by=town.cleo, now=town.now)
    assert Message.objects.get(kind="request_new").state == Message.State.DROPPED
    with pytest.raises(services.RequestIsClosed):
        services.withdraw(request=asked, by=town.cleo, now=town.now)
    with pytest.raises(services.RequestIsClosed):
        answer(town, asked)


def test_a_mentee_asks_on_a_page_and_the_mentor_answers_behind_the_link(client, town):
    cast.enter(client, town.cleo)
    address = reverse("find_mentor", args=["ir", town.cleo_asks.code, town.ben_mentors.code])
    page = client.get(address).content.decode()
    assert "I would like your view on Contracts" in page
    assert "ben@example.org" not in page
    assert client.post(address, {"message": " "}).status_code == 422
    page = client.post(address, {"message": "tokenmine"}, follow=True).content.decode()
    assert "Asked. You get a mail" in page
    assert "Ben Castellanos" in page
    token = Request.objects.get().words["token"]
    assert token not in page
    client.logout()
    link = reverse("request_answer", args=[token])
    page = client.get(link).content.decode()
    assert "tokenmine" in page
    assert "cleo@example.org" not in page
    assert client.post(link, {"answer": "perhaps"}).status_code == 409
    page = client.post(link, {"answer": "accepted"}, follow=True).content.decode()
    assert "cleo@example.org" in page
    assert client.get(reverse("request_answer", args=["x" * 43])).status_code == 404


def test_words_that_may_say_who_a_patient_is_are_warned_of_and_sent_all_the_same(client, town):
    cast.enter(client, town.cleo)
    address = reverse("find_mentor", args=["ir", town.cleo_asks.code, town.ben_mentors.code])
    words = "My patient John Smith, MRN 12345678, bled."
    answer = client.post(address, {"message": words})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Might this say who a patient is?" in page
    assert not Request.objects.exists()
    agreed = page.partition('name="agreed" value="')[2].partition('"')[0]
    assert client.post(address, {"message": words, "agreed": agreed}).status_code == 302
    assert Request.objects.get().words["message"] == words


def test_words_with_a_no_are_read_by_the_mentee_alone(client, town):
    asked = ask(town)
    link = reverse("request_answer", args=[asked.words["token"]])
    assert "Thank you for saying so" in client.post(
        link, {"answer": "declined", "words": "tokenanswered"}, follow=True
    ).content.decode()  # fmt: skip
    for user, person, sees in ((town.cleo, town.cleo_asks, True), (town.ben, town.ben_mentors, False)):
        cast.enter(client, user)
        page = client.get(reverse("request_list", args=["ir", person.code])).content.decode()
        assert ("tokenanswered" in page) is sees
    cast.enter(client, town.ada, second_factor=True)
    page = client.get(reverse("finding_list", args=["ir", town.cohort.code])).content.decode()
    assert "Cleo Marsh" in page
    assert "declined" in page.casefold()
    assert "tokenanswered" not in page
    assert asked.words["token"] not in page


def test_the_homes_lead_there_and_say_what_waits(client, town):
    cast.enter(client, town.cleo)
    home = reverse("participant_home", args=["ir", town.cleo_asks.code])
    assert "Find a mentor" in client.get(home).content.decode()
    services.ask(mentee=town.cleo_asks, mentor=town.ben_mentors, message="x", by=town.cleo, now=dt.datetime.now(dt.UTC))
    assert "1 of your requests waits." in client.get(home).content.decode()
    cast.enter(client, town.ben)
    page = client.get(reverse("participant_home", args=["ir", town.ben_mentors.code])).content.decode()
    assert "1 mentee asked you." in page


def test_whom_somebody_keeps_away_finds_them_nowhere(client, town):
    people.block(society=town.society, by=town.ben, other=town.cleo, now=town.now)
    cast.enter(client, town.cleo)
    assert (
        client.get(reverse("find_mentor", args=["ir", town.cleo_asks.code, town.ben_mentors.code])).status_code == 404
    )
    page = client.get(reverse("find_mentors", args=["ir", town.cleo_asks.code])).content.decode()
    assert "Ben Castellanos" not in page
    assert "Bea Okafor" in page


def test_nobody_finds_the_requests_of_another(client, town):
    asked = ask(town)
    cast.enter(client, town.cai)
    own = reverse("request_withdraw", args=["ir", town.cai_asks.code, asked.code])
    assert client.post(own).status_code == 404
    assert client.get(reverse("request_list", args=["ir", town.cleo_asks.code])).status_code == 404
    cast.enter(client, town.ben)
    assert client.get(reverse("find", args=["ir", town.ben_mentors.code])).status_code == 404
    assert client.post(reverse("request_withdraw", args=["ir", town.ben_mentors.code, asked.code])).status_code == 404


def test_who_leaves_for_good_takes_the_requests_along_and_gets_a_copy_without_the_words(town):
    ask(town, words="tokenmine")
    with zipfile.ZipFile(io.BytesIO(export_person(town.ben, town.now))) as copied:
        files = {name: copied.read(name).decode() for name in copied.namelist()}
    assert "Cleo Marsh" in files["who-asked-whom.json"]
    assert "tokenmine" not in "".join(files.values())
    erase_person(town.cleo, now=town.now)
    assert not Request.objects.exists()
