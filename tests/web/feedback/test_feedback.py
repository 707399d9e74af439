"""How it goes: said for oneself, told the other one in chosen words or not, asked for in time, seen by nobody else."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.urls import reverse

import cast
from introducer_web.audit.models import Entry
from introducer_web.conversations import services as conversations
from introducer_web.conversations.services import IsOver, NothingWritten
from introducer_web.feedback import services
from introducer_web.feedback.models import Feedback
from introducer_web.lib import crypto
from introducer_web.mail import services as mail
from introducer_web.mail.models import Message
from introducer_web.people.models import Participant
from introducer_web.relationships import services as relationships
from introducer_web.relationships.models import Relationship
from introducer_web.site.subject import erase_person, export_person

DAY = dt.timedelta(days=1)
SAID = {"useful": 2, "helped": "The mock interview.", "different": "Shorter mails.", "goes_on": "yes"}


@pytest.fixture
def together(town):
    town.two = relationships.record_existing(
        cohort=town.cohort, pairs=[(town.cleo_asks, town.ben_mentors)], by=town.ada, now=town.now
    )[0]
    Message.objects.all().delete()
    return town


def give(town, person, said=None, now=cast.NOON):
    last = Feedback.objects.filter(author=person).order_by("-given_at", "-pk").first()
    return services.give(
        relationship=town.two, person=person, said=said or SAID, seen=last.code if last else "", now=now
    )  # fmt: skip


def address(town, person, name="feedback_list", *more):
    return reverse(name, args=["ir", person.code, town.two.code, *more])


def two(client, town, person):
    return client.get(reverse("conversation_list", args=["ir", person.code, town.two.code])).content.decode()


def talk(town, now=cast.NOON):
    conversations.log_conversation(relationship=town.two, person=town.cleo_asks, on=now.date(), by=town.cleo, now=now)
    town.two.refresh_from_db()


def whom(town, now):
    return [(each.person.user.name, each.since) for each in services.due(now=now, cohort=town.cohort)]


class TestWhenItIsAsked:
    def test_both_are_asked_once_they_have_talked_and_every_ninety_days(self, together):
        assert whom(together, cast.NOON + DAY) == []
        talk(together, cast.NOON + 2 * DAY)
        assert {name for name, _since in whom(together, cast.NOON + 3 * DAY)} == {"Cleo Marsh", "Ben Castellanos"}
        give(together, together.cleo_asks, now=cast.NOON + 3 * DAY)
        assert [name for name, _since in whom(together, cast.NOON + 92 * DAY)] == ["Ben Castellanos"]
        assert whom(together, cast.NOON + 93 * DAY)[1] == ("Cleo Marsh", cast.NOON + 93 * DAY)

    def test_who_has_not_talked_is_asked_after_thirty_days(self, together):
        assert whom(together, cast.NOON + 29 * DAY) == []
        then = cast.NOON + 30 * DAY
        assert set(whom(together, then)) == {("Cleo Marsh", then), ("Ben Castellanos", then)}

    def test_who_leaves_it_out_is_asked_again_later(self, together):
        talk(together)
        services.leave_out(relationship=together.two, person=together.cleo_asks, seen="", now=cast.NOON)
        assert [name for name, _since in whom(together, cast.NOON + DAY)] == ["Ben Castellanos"]
        assert len(whom(together, cast.NOON + 90 * DAY)) == 2

    def test_nobody_is_asked_who_pauses_has_withdrawn_or_is_of_what_has_ended(self, together):
        talk(together)
        Participant.objects.filter(pk=together.cleo_asks.pk).update(paused_until=(cast.NOON + 5 * DAY).date())
        Participant.objects.filter(pk=together.ben_mentors.pk).update(state="withdrawn")
        assert whom(together, cast.NOON + DAY) == []
        assert len(whom(together, cast.NOON + 5 * DAY)) == 1
        Relationship.objects.filter(pk=together.two.pk).update(state="ended", seat=None, ended_at=cast.NOON)
        assert whom(together, cast.NOON + 90 * DAY) == []

    def test_the_page_and_the_reminder_say_the_same(self, together):
        for days in range(0, 130, 7):
            now = cast.NOON + days * DAY
            if days == 14:
                talk(together, now)
            if days == 28:
                give(together, together.cleo_asks, now=now)
            asked = {each.person.pk for each in services.due(now=now, cohort=together.cohort)}
            for person in (together.cleo_asks, together.ben_mentors):
                last = Feedback.objects.filter(author=person).order_by("-pk").first()
                said = services.is_due(relationship=together.two, last=last.given_at if last else None, now=now)
                assert said == (person.pk in asked), (days, person)

    @pytest.mark.parametrize("n", [2, 3])
    def test_it_is_found_in_one_query_however_many_there_are(self, together, django_assert_num_queries, n):
        pairs = [(together.cai_asks, together.ben_mentors), (together.cai_asks, together.bea_mentors)][: n - 1]
        relationships.record_existing(cohort=together.cohort, pairs=pairs, by=together.ada, now=together.now)
        with django_assert_num_queries(1):
            assert len(services.due(now=cast.NOON + 40 * DAY, cohort=together.cohort)) == 2 * n


class TestSayingIt:
    def test_a_tap_is_enough_and_it_is_for_oneself(self, client, together):
        talk(together)
        cast.enter(client, together.cleo)
        page = two(client, together, together.cleo_asks)
        assert address(together, together.cleo_asks) in page
        assert "waits for you" in page
        page = client.post(address(together, together.cleo_asks), {"useful": "2", "seen": ""}, follow=True)
        assert "Kept. You alone can read it." in page.content.decode()
        assert Feedback.objects.get().words == {"useful": 2}
        assert "waits for you" not in two(client, together, together.cleo_asks)
        cast.enter(client, together.ben)
        for name in ("feedback_list", "feedback_show"):
            more = () if name == "feedback_list" else (Feedback.objects.get().code,)
            answer = client.get(address(together, together.ben_mentors, name, *more))
            assert answer.status_code == (404 if more else 200)
            assert "quite" not in answer.content.decode().split("What you said before")[-1]

    def test_nothing_is_no_answer_and_not_this_time_is_one(self, client, together):
        talk(together)
        cast.enter(client, together.cleo)
        here = address(together, together.cleo_asks)
        answer = client.post(here, {"helped": "  ", "seen": ""})
        assert answer.status_code == 422
        assert "a single tap is enough" in answer.content.decode()
        assert (
            "asked again in three months" in client.post(here, {"later": "y", "seen": ""}, follow=True).content.decode()
        )
        assert Feedback.objects.get().left_out
        assert "waits for you" not in two(client, together, together.cleo_asks)
        with pytest.raises(NothingWritten):
            services.give(relationship=together.two, person=together.ben_mentors, said={}, seen="", now=cast.NOON)

    def test_two_windows_give_it_once_and_no_word_is_lost(self, client, together):
        cast.enter(client, together.cleo)
        here = address(together, together.cleo_asks)
        posted = {"useful": "2", "helped": "The mock interview.", "seen": ""}
        assert client.post(here, posted).status_code == 302
        answer = client.post(here, posted | {"helped": "And the second window."})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "in another window already" in page
        assert "And the second window.</textarea>" in page
        assert Feedback.objects.count() == 1

    def test_a_patient_is_warned_of(self, client, together):
        cast.enter(client, together.cleo)
        here = address(together, together.cleo_asks)
        posted = {"helped": "How you spoke with Mrs. Alvarez", "different": "DOB 03/14/1951", "seen": ""}
        answer = client.post(here, posted)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "<mark>Mrs. Alvarez</mark>" in page
        assert "<mark>03/14/1951</mark>" in page
        assert not Feedback.objects.exists()
        agreed = page.split('name="agreed" value="')[1].split('"')[0]
        assert client.post(here, posted | {"agreed": agreed}).status_code == 302

    def test_its_author_sees_how_it_went_over_time(self, client, together):
        for days, words in ((0, "At first."), (90, "Later on.")):
            give(together, together.cleo_asks, {"helped": words}, now=cast.NOON + days * DAY)
        cast.enter(client, together.cleo)
        mine = reverse("feedback_mine", args=["ir", together.cleo_asks.code])
        for page in (client.get(address(together, together.cleo_asks)), client.get(mine)):
            text = page.content.decode()
            assert text.index("Later on.") < text.index("At first.")

    def test_before_both_agreed_there_is_nothing_to_say(self, client, together):
        Relationship.objects.filter(pk=together.two.pk).update(state="introduced", seat=None)
        with pytest.raises(IsOver):
            give(together, together.cleo_asks)
        cast.enter(client, together.cleo)
        assert client.get(address(together, together.cleo_asks)).status_code == 404


class TestTellingIt:
    def test_one_tells_what_one_chose_to_and_nothing_else(self, client, together):
        row = give(together, together.cleo_asks)
        cast.enter(client, together.cleo)
        show = address(together, together.cleo_asks, "feedback_show", row.code)
        page = client.get(show).content.decode()
        assert "What helps me: The mock interview.\n\nWhat I would like us to try: Shorter mails.</textarea>" in page
        assert "It would help me if we …" in page
        assert "Told." in client.post(show, {"words": "Could we write less?"}, follow=True).content.decode()
        [message] = Message.objects.filter(kind="feedback_told")
        assert message.to == "ben@example.org"
        assert message.about == ""
        told = json.dumps(message.content)
        assert "write less" not in told
        assert address(together, together.ben_mentors) in told
        cast.enter(client, together.ben)
        assert "Cleo Marsh told you something" in two(client, together, together.ben_mentors)
        page = client.get(address(together, together.ben_mentors)).content.decode()
        assert "Could we write less?" in page
        for word in ("mock interview", "Shorter mails", "yes, as it is</dd>", "quite</dd>"):
            assert word not in page
        assert Feedback.objects.get().read_at is None, "who looks at a page changes nothing"
        read = address(together, together.ben_mentors, "feedback_read", row.code)
        assert client.post(read).status_code == 302
        assert "told you something" not in two(client, together, together.ben_mentors)
        message.refresh_from_db()
        assert message.state == "dropped", "who has read it needs no mail about it"

    def test_it_can_be_changed_or_taken_back_until_it_is_read(self, client, together):
        row = give(together, together.cleo_asks)
        services.tell(feedback=row, text="Could we write less?", now=cast.NOON)
        services.tell(feedback=row, text="Could we write a bit less?", now=cast.NOON + DAY)
        assert Message.objects.filter(kind="feedback_told").count() == 1
        cast.enter(client, together.cleo)
        show = address(together, together.cleo_asks, "feedback_show", row.code)
        assert "Taken back." in client.post(show, {"back": "y"}, follow=True).content.decode()
        assert Message.objects.get(kind="feedback_told").state == "dropped"
        row.refresh_from_db()
        assert (row.told, row.told_at) == ("", None)
        services.tell(feedback=row, text="Could we write less?", now=cast.NOON + 2 * DAY)
        assert Message.objects.filter(kind="feedback_told", state="queued").count() == 1
        services.mark_read(feedback=row, now=cast.NOON + 3 * DAY)
        with pytest.raises(services.WasRead):
            services.untell(feedback=row)
        with pytest.raises(services.WasRead):
            services.tell(feedback=row, text="Otherwise", now=cast.NOON + 3 * DAY)
        assert "read by now" in client.post(show, {"back": "y"}, follow=True).content.decode()
        assert client.post(show, {"words": "Otherwise"}).status_code == 422
        assert "Could we write less?" in client.get(show).content.decode()

    def test_what_is_taken_back_at_the_same_moment_is_not_marked_read(self, together):
        row = give(together, together.cleo_asks)
        services.tell(feedback=row, text="Could we write less?", now=cast.NOON)
        services.untell(feedback=row)
        assert services.mark_read(feedback=row, now=cast.NOON) is False
        row.refresh_from_db()
        assert row.read_at is None

    def test_nobody_is_told_at_night(self, together):
        night = dt.datetime(2027, 1, 13, 3, tzinfo=dt.UTC)
        services.tell(feedback=give(together, together.cleo_asks), text="Less?", now=night)
        assert mail.send_due(night) == 0
        assert mail.send_due(dt.datetime(2027, 1, 13, 14, tzinfo=dt.UTC)) == 1

    def test_what_was_taken_back_or_read_by_the_morning_is_not_told_by_mail(self, together):
        night, morning = (dt.datetime(2027, 1, 13, hour, tzinfo=dt.UTC) for hour in (3, 14))
        row = give(together, together.cleo_asks)
        services.tell(feedback=row, text="Less?", now=night)
        Feedback.objects.filter(pk=row.pk).update(read_at=night)
        assert mail.send_due(morning) == 0
        assert Message.objects.get(kind="feedback_told").state == "dropped"

    def test_after_the_end_it_is_said_for_oneself_alone(self, client, together):
        row = give(together, together.cleo_asks)
        Relationship.objects.filter(pk=together.two.pk).update(state="ended", seat=None, ended_at=cast.NOON)
        with pytest.raises(IsOver):
            services.tell(feedback=row, text="One more thing", now=cast.NOON)
        give(together, together.cleo_asks, {"helped": "It was good."}, now=cast.NOON + DAY)
        cast.enter(client, together.cleo)
        show = client.get(address(together, together.cleo_asks, "feedback_show", row.code)).content.decode()
        assert "<textarea" not in show

    def test_what_is_told_names_no_patient_unawares(self, client, together):
        row = give(together, together.cleo_asks)
        cast.enter(client, together.cleo)
        show = address(together, together.cleo_asks, "feedback_show", row.code)
        answer = client.post(show, {"words": "When you helped Mrs. Alvarez"})
        assert answer.status_code == 422
        assert "<mark>Mrs. Alvarez</mark>" in answer.content.decode()
        assert Feedback.objects.get().told_at is None


class TestWhoSeesIt:
    def test_nobody_but_the_two_finds_a_page_of_it(self, client, together):
        row = give(together, together.cleo_asks)
        services.tell(feedback=row, text="Could we write less?", now=cast.NOON)
        for user in (together.ada, together.rae, together.dov, together.cai):
            cast.enter(client, user)
            for person in (together.cleo_asks, together.ben_mentors):
                for name, more in (("feedback_list", ()), ("feedback_show", (row.code,))):
                    assert client.get(address(together, person, name, *more)).status_code == 404
                assert client.post(address(together, person, "feedback_read", row.code)).status_code == 404
                assert client.get(reverse("feedback_mine", args=["ir", person.code])).status_code == 404
        cast.enter(client, together.cleo)
        assert client.post(address(together, together.cleo_asks, "feedback_read", row.code)).status_code == 404

    def test_coordinators_see_no_mail_and_no_act_of_it(self, client, together):
        before = Entry.objects.count()
        services.tell(feedback=give(together, together.cleo_asks), text="Less?", now=cast.NOON)
        assert Entry.objects.count() == before
        cast.enter(client, together.ada, second_factor=True)
        page = client.get(reverse("message_list", args=["ir", together.cohort.code])).content.decode()
        assert "ben@example.org" not in page

    def test_it_opens_for_its_author_in_that_relationship_alone(self, together):
        row = give(together, together.cleo_asks)
        Feedback.objects.filter(pk=row.pk).update(author=together.ben_mentors)
        with pytest.raises(crypto.Broken):
            Feedback.objects.get().words  # noqa: B018 - reading opens


class TestItsEnd:
    def test_what_is_deleted_is_gone_with_what_was_told_and_its_mail(self, client, together):
        row = give(together, together.cleo_asks)
        services.tell(feedback=row, text="Less?", now=cast.NOON)
        cast.enter(client, together.cleo)
        show = address(together, together.cleo_asks, "feedback_show", row.code)
        assert "Deleted." in client.post(show, {"remove": "y"}, follow=True).content.decode()
        assert not Feedback.objects.exists()
        assert Message.objects.get(kind="feedback_told").state == "dropped"
        with pytest.raises(services.WasRead):
            services.tell(feedback=row, text="Less?", now=cast.NOON)

    def test_the_other_one_goes_and_ones_own_stays(self, client, together):
        give(together, together.ben_mentors, {"helped": "His words."})
        mine = give(together, together.cleo_asks)
        services.tell(feedback=mine, text="Less?", now=cast.NOON)
        erase_person(together.ben, now=cast.NOON)
        [row] = Feedback.objects.all()
        assert (row.words, row.relationship) == (SAID, None)
        with zipfile.ZipFile(io.BytesIO(export_person(together.cleo, cast.NOON))) as archive:
            [copied] = json.loads(archive.read("feedback.json"))
        assert (copied["words"], copied["told"]) == (SAID, "Less?")
        cast.enter(client, together.cleo)
        here = reverse("feedback_mine", args=["ir", together.cleo_asks.code])
        page = client.get(here).content.decode()
        assert "The mock interview." in page
        assert "has deleted their account" in page
        client.post(reverse("feedback_remove", args=["ir", together.cleo_asks.code, row.code]))
        assert not Feedback.objects.exists()
