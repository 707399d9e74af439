"""An import on its way: what is proposed, found, refused and written."""

import datetime as dt
from pathlib import Path

import pytest
from sheet_tools import HEADER, MAPPING, PEOPLE, as_csv, as_xlsx, checked, through

from introducer_web.audit.models import Entry
from introducer_web.mail.models import Message
from introducer_web.people.imports import services, work
from introducer_web.people.models import Claim, Need, Offer, Participant, SheetImport
from introducer_web.relationships.models import Relationship
from introducer_web.tenants.models import User

#: See ``README.md`` there: the sign-up form of a civil service's network, synthetic people.
EXPORT = Path(__file__).parents[4] / "shared" / "data" / "mentor-match" / "large"


def person(town, email, role="mentee"):
    return Participant.objects.get(cohort=town.cohort, user__email=email, role=role)


def needs(who):
    return {need.key: need.level for need in who.needs.select_related("domain", "topic")}


def test_a_mapping_is_proposed_from_headers_and_cells(town, now):
    held = services.upload(
        cohort=town.cohort, what="mentees", name="a.csv", content=as_csv(PEOPLE), by=town.ada, now=now
    )
    assert held.state == "mapping"
    assert held.mapping["email"] == ["E-mail"]
    assert held.mapping["name"] == ["Full name"]
    assert held.mapping["stage"] == ["What year are you in?"]
    assert held.mapping["institution"] == ["Hospital"]
    assert held.mapping["need:contracts"] == ["need:contracts"]
    assert held.report["samples"][1] == ["Nia Adeyemi", "Oli Berg", "Pia Chen"]


def test_people_come_in_approved_with_what_they_ask(town, now):
    held = through(town, now, as_csv(PEOPLE), mapping=MAPPING)
    assert held.state == "done"
    assert held.report["counts"] == {"added": 3, "changed": 0, "same": 0, "set_aside": 0}
    assert bytes(held.sealed_sheet) == b""
    nia = person(town, "nia@example.org")
    assert (nia.state, nia.stage, nia.institution, nia.may_be_matched) == ("active", "pgy3", "Mercy", True)
    assert (nia.decided_at, nia.finished_at, nia.imported_as) == (now, None, "nia@example.org")
    assert needs(nia) == {"contracts": 3}
    assert nia.user.name == "Nia Adeyemi"
    assert not nia.user.has_usable_password()
    assert person(town, "oli@example.org").may_be_matched is False
    assert person(town, "pia@example.org").may_be_matched is False, "a blank is no agreement"
    assert not hasattr(nia, "private_answers")


def test_a_second_identical_upload_changes_nothing(town, now):
    through(town, now, as_csv(PEOPLE), mapping=MAPPING)
    before = list(Participant.objects.order_by("pk").values()), list(Need.objects.order_by("pk").values())
    held = checked(town, now, as_csv(PEOPLE))
    assert held.mapping == MAPPING, "the mapping of the same headers is remembered"
    assert held.report["counts"] == {"added": 0, "changed": 0, "same": 3, "set_aside": 0}
    services.confirm(sheet_import=held, by=town.ada, now=now)
    services.perform_now(held, now)
    assert (list(Participant.objects.order_by("pk").values()), list(Need.objects.order_by("pk").values())) == before


def test_a_workbook_says_what_the_same_csv_says(town, now):
    by_csv = checked(town, now, as_csv(PEOPLE), mapping=MAPPING)
    by_xlsx = checked(town, now, as_xlsx(PEOPLE), mapping=MAPPING)
    assert by_xlsx.sheet["entries"] == by_csv.sheet["entries"]
    assert len(by_csv.sheet["entries"]) == 3


def test_changes_are_told_field_by_field_and_written(town, now):
    through(town, now, as_csv(PEOPLE), mapping=MAPPING)
    changed = [["NIA@example.org", "Somebody Else", "pgy4", "", 1, 2, "yes"], PEOPLE[1], PEOPLE[2]]
    held = checked(town, now, as_csv(changed), mapping=MAPPING)
    assert held.report["changed"] == [
        [2, "nia@example.org", "Nia Adeyemi",
         [["stage", "pgy3", "pgy4"], ["level:contracts", 3, 1], ["level:research", 0, 2]]]
    ]  # fmt: skip
    services.confirm(sheet_import=held, by=town.ada, now=now)
    services.perform_now(held, now)
    nia = person(town, "nia@example.org")
    assert (nia.stage, nia.institution, nia.version) == ("pgy4", "Mercy", 2)
    assert needs(nia) == {"contracts": 1, "research": 2}
    assert nia.user.name == "Nia Adeyemi", "a name in an account is its owner's"


def test_a_nought_takes_a_need_back_and_a_blank_does_not(town, now):
    through(town, now, as_csv(PEOPLE), mapping=MAPPING)
    rows = [["nia@example.org", "", "", "", 0, "", ""], ["oli@example.org", "", "", "", "", "", ""]]
    through(town, now, as_csv(rows), mapping=MAPPING)
    assert needs(person(town, "nia@example.org")) == {}
    assert needs(person(town, "oli@example.org")) == {"contracts": 2, "research": 1}


def test_columns_that_are_not_mapped_leave_what_stands(town, now):
    rows = [["cleo@example.org", 2]]
    through(town, now, as_csv(rows, ["E-mail", "need:leadership"]))
    assert needs(person(town, "cleo@example.org")) == {"contracts": 3, "research": 1, "leadership": 2}


def test_a_list_of_domains_replaces_the_list(town, now):
    mapping = {"email": ["Mail"], "needs": ["Help with"]}
    through(
        town, now, as_csv([["cleo@example.org", "Leadership; Contracts (1)"]], ["Mail", "Help with"]), mapping=mapping
    )
    assert set(needs(person(town, "cleo@example.org"))) == {"contracts", "leadership"}


def test_mentors_wait_for_their_commitment_unless_it_is_stated(town, now):
    header = ["email", "name", "capacity", "offer:contracts", "experiences", "site"]
    rows = [["quin@example.org", "Quin Dahl", 3, 3, "img; visa", "Mercy residency"]]
    through(town, now, as_csv(rows, header), "mentors")
    quin = person(town, "quin@example.org", "mentor")
    assert (quin.state, quin.committed_at, quin.decided_at, quin.capacity) == ("applied", None, now, 3)
    assert quin.site.name == "Mercy residency"
    assert {offer.key: offer.level for offer in quin.offers.select_related("domain", "topic")} == {"contracts": 3}
    assert sorted(Claim.objects.filter(participant=quin).values_list("experience__key", flat=True)) == ["img", "visa"]
    through(town, now, as_csv(rows, header), "mentors", agreed=True, committed_on=dt.date(2027, 1, 5))
    quin = person(town, "quin@example.org", "mentor")
    assert (quin.state, quin.may_be_matched, quin.committed_at.date()) == ("active", True, dt.date(2027, 1, 5))
    words = Entry.objects.filter(act="people.confirm_import").order_by("-number").first().words
    assert "agreed to be matched" in words
    assert "committed on 2027-01-05" in words


def test_an_experience_that_the_sheet_no_longer_names_goes(town, now):
    header = ["email", "experiences", "offer:contracts"]
    through(town, now, as_csv([["quin@example.org", "img; visa", 3]], header), "mentors")
    through(town, now, as_csv([["quin@example.org", "visa", 0]], header), "mentors")
    quin = person(town, "quin@example.org", "mentor")
    assert list(Claim.objects.filter(participant=quin).values_list("experience__key", flat=True)) == ["visa"]
    assert not Offer.objects.filter(participant=quin).exists()


def test_what_only_a_person_can_say_is_not_read(town, now):
    header = ["email", "attr:religion", "consent:religion", "wish:img", "private", "avoid", "need:contracts"]
    rows = [["nia@example.org", "zz-faith", "yes", 3, "contracts", "ben@example.org", 2]]
    held = checked(town, now, as_csv(rows, header))
    assert set(held.mapping) == {"email", "need:contracts"}
    assert held.report["faults"] == []
    assert any(
        "only each person can say it" in notice and "attr:religion" in notice for notice in held.report["notices"]
    )
    assert "zz-faith" not in str(held.sheet["entries"])
    with pytest.raises(services.MappingIncomplete):
        services.choose_mapping(sheet_import=held, mapping={"email": ["email"], "attr:religion": ["attr:religion"]},
                                values={}, by=town.ada, now=now)  # fmt: skip


def test_agreement_from_a_sheet_does_not_overrule_a_persons_own_answer(town, now):
    Participant.objects.filter(pk=town.cleo_asks.pk).update(may_be_matched=False)
    rows = [["cleo@example.org", "yes"], ["cai@example.org", "no"]]
    held = through(town, now, as_csv(rows, ["email", "consent"]), agreed=True)
    assert person(town, "cleo@example.org").may_be_matched is False
    assert person(town, "cai@example.org").may_be_matched is False
    assert any("do not want to be matched" in notice for notice in held.report["notices"])


def test_somebody_who_left_is_not_brought_back_and_applicants_are_not_approved(town, now):
    Participant.objects.filter(pk=town.cleo_asks.pk).update(state="withdrawn", stage="pgy1")
    Participant.objects.filter(pk=town.cai_asks.pk).update(state="applied", decided_at=None, stage="pgy1")
    rows = [["cleo@example.org", "pgy5"], ["cai@example.org", "pgy5"]]
    held = checked(town, now, as_csv(rows, ["email", "stage"]))
    assert held.report["set_aside"] == [[2, "cleo@example.org", "has withdrawn"]]
    assert any("wait for an approval" in notice for notice in held.report["notices"])
    services.confirm(sheet_import=held, by=town.ada, now=now)
    services.perform_now(held, now)
    assert person(town, "cleo@example.org").stage == "pgy1"
    assert (person(town, "cai@example.org").state, person(town, "cai@example.org").stage) == ("applied", "pgy5")


def test_invitations_are_queued_once_for_new_people_alone(town, now):
    rows = [["ben@example.org", 2], ["quin@example.org", 3]]
    held = through(town, now, as_csv(rows, ["email", "capacity"]), "mentors", invite=True)
    assert held.state == "done"
    sent = Message.objects.filter(kind="imported")
    assert [message.to for message in sent] == ["quin@example.org"]
    assert "commitment" in sent[0].content["text"]
    assert sent[0].content["html"].startswith("<!doctype html>")


def test_a_domain_that_is_no_longer_asked_is_left_out_and_said(town, now):
    town.program.domains.filter(key="research").update(retired=True)
    held = through(town, now, as_csv([["nia@example.org", "Research; Contracts"]], ["email", "needs"]))
    assert set(needs(person(town, "nia@example.org"))) == {"contracts"}
    assert any("no longer asked" in notice for notice in held.report["notices"])


def test_spellings_get_a_meaning_and_the_sheet_is_read_again(town, now):
    rows = [["nia@example.org", "heaps"], ["oli@example.org", "heaps"]]
    held = checked(town, now, as_csv(rows, ["email", "need:contracts"]))
    assert held.report["spellings"] == [["level", "heaps", "need:contracts", ""]]
    assert len(held.report["faults"]) == 2
    with pytest.raises(services.FaultsRemain):
        services.confirm(sheet_import=held, by=town.ada, now=now)
    said = {"level": {"heaps": "3"}, "none": {"a": "b"}}
    services.choose_mapping(sheet_import=held, mapping=held.mapping, values=said, by=town.ada, now=now)
    services.perform_now(held, now)
    held.refresh_from_db()
    assert held.report["faults"] == []
    assert [entry["levels"] for entry in held.sheet["entries"]] == [{"contracts": 3}] * 2


def test_twenty_planted_faults_are_all_reported(town, now):
    header = ["id", "email", "name", "stage", "timezone", "team_size", "rural", "consent", "needs", "need:contracts",
              "need:research", "setting", "institution"]  # fmt: skip
    good = ["", "", "N", "pgy3", "America/Chicago", "3", "yes", "yes", "", "1", "2", "", "Mercy"]

    def row(number, **changes):
        cells = dict(zip(header, good, strict=True)) | {"id": f"P{number}", "email": f"p{number}@example.org"} | changes
        return [cells[name] for name in header]

    rows = [
        row(2, email="nowhere"), row(3, email=""), row(4, stage="wizard"), row(5, timezone="Mars/Base"),
        row(6, team_size="9"), row(7, rural="perhaps"), row(8, consent="hmm"), row(9, needs="Juggling"),
        row(10, **{"need:contracts": "7"}), row(11, **{"need:research": "heaps"}), row(12, setting="castle"),
        row(13, institution="x" * 161), row(14, email="p2x@example.org", id="P4"), row(15, email="p5@example.org"),
        row(16)[:-1], row(17, team_size="some"), row(18, id="p19", email="p19a@example.org"), row(19, id="P19"),
        row(20, name="n" * 121), row(21, **{"need:contracts": "-1"}),
        row(22, needs="Contracts (3)", **{"need:contracts": "1"}),
        row(23, email="q@example.org", id="P\u200b22"),
    ]  # fmt: skip
    held = checked(town, now, as_csv(rows, header), mapping={name: [name] for name in header})
    wrong = {fault[0] for fault in held.report["faults"]}
    assert wrong == set(range(2, 24)) - {18}, "of two ids that look alike, the second is named"
    columns = {(fault[0], fault[1]) for fault in held.report["faults"]}
    assert {(2, "email"), (4, "stage"), (5, "timezone"), (9, "needs"), (10, "need:contracts")} <= columns
    text = str(held.report["faults"])
    assert "§" not in text
    assert "[values" not in text
    assert Participant.objects.filter(cohort=town.cohort).count() == 4


def test_a_program_with_words_of_its_own_reads_them(town, now):
    town.program.domains.filter(key="research").update(name="Papers and posters", key="papers", text='A "quoted" line')
    held = through(town, now, as_csv([["nia@example.org", "Papers and posters"]], ["email", "needs"]))
    assert held.state == "done"
    assert set(needs(person(town, "nia@example.org"))) == {"papers"}


def test_existing_relationships_are_recorded_once_and_tell_nobody(town, now):
    through(town, now, as_csv([["N1", "nia@example.org"]], ["id", "email"]))
    sheet = as_csv([["N1", "BEN@example.org"], ["cleo@example.org", "bea@example.org"]], ["Mentee", "Mentor"])
    before = Message.objects.count()
    held = through(town, now, sheet, "ties")
    assert (held.state, held.report["counts"]) == ("done", {"added": 2, "same": 0})
    together = Relationship.objects.filter(state="active").order_by("mentee__user__email")
    assert [(one.mentee.user.email, one.mentor.user.email, one.seat) for one in together] == [
        ("cleo@example.org", "bea@example.org", 1), ("nia@example.org", "ben@example.org", 1)
    ]  # fmt: skip
    again = through(town, now, sheet, "ties")
    assert (again.state, again.report["counts"]) == ("done", {"added": 0, "same": 2})
    assert Relationship.objects.count() == 2
    assert Message.objects.count() == before
    assert "pairs" not in again.report


def test_relationships_that_began_since_the_dry_run_are_looked_at_again(town, now):
    sheet = as_csv([["cleo@example.org", "bea@example.org"]], ["Mentee", "Mentor"])
    one, two = checked(town, now, sheet, "ties"), checked(town, now, sheet, "ties")
    for held in (one, two):
        services.confirm(sheet_import=held, by=town.ada, now=now)
        services.perform_now(held, now)
        held.refresh_from_db()
    assert (one.state, two.state) == ("done", "checked")
    assert "Something changed" in two.report["notices"][0]
    assert two.report["counts"] == {"added": 0, "same": 1}
    assert Relationship.objects.count() == 1


def test_who_left_since_the_dry_run_is_a_fault_then(town, now):
    held = checked(town, now, as_csv([["cleo@example.org", "bea@example.org"]], ["Mentee", "Mentor"]), "ties")
    Participant.objects.filter(user__email="bea@example.org").update(state=Participant.State.WITHDRAWN)
    services.confirm(sheet_import=held, by=town.ada, now=now)
    services.perform_now(held, now)
    held.refresh_from_db()
    assert held.state == "checked"
    assert [fault[1] for fault in held.report["faults"]] == ["Mentor"]
    assert not Relationship.objects.exists()


def test_pairs_with_strangers_doubles_and_other_kinds_are_faults(town, now):
    services_before = Participant.objects.count()
    header = ["Mentee", "Mentor", "Kind"]
    rows = [
        ["cleo@example.org", "bem@example.org", ""], ["nobody", "ben@example.org", ""],
        ["cleo@example.org", "ben@example.org", "pin"], ["cai@example.org", "ben@example.org", "existing"],
        ["cai@example.org", "ben@example.org", ""],
    ]  # fmt: skip
    held = checked(town, now, as_csv(rows, header), "ties")
    assert [(fault[0], fault[1]) for fault in held.report["faults"]] == [
        (2, "Mentor"), (3, "Mentee"), (4, "Kind"), (6, "")
    ]  # fmt: skip
    assert held.report["faults"][0][4] == "Did you mean ben@example.org?"
    assert Participant.objects.count() == services_before


def test_nobody_mentors_themselves(town, now):
    through(town, now, as_csv([["ben@example.org"]], ["email"]))
    held = checked(town, now, as_csv([["ben@example.org", "ben@example.org"]], ["Mentee", "Mentor"]), "ties")
    assert [fault[3] for fault in held.report["faults"]] == ["Nobody mentors themselves."]


def test_a_mapping_without_an_address_is_refused(town, now):
    held = services.upload(
        cohort=town.cohort, what="mentees", name="a.csv", content=as_csv(PEOPLE), by=town.ada, now=now
    )
    with pytest.raises(services.MappingIncomplete, match="e-mail"):
        services.choose_mapping(sheet_import=held, mapping={"name": ["Full name"]}, values={}, by=town.ada, now=now)
    ties = services.upload(cohort=town.cohort, what="ties", name="a.csv", content=as_csv(PEOPLE), by=town.ada, now=now)
    with pytest.raises(services.MappingIncomplete, match="mentor"):
        services.choose_mapping(sheet_import=ties, mapping={"mentee": ["E-mail"]}, values={}, by=town.ada, now=now)


def test_a_closed_cohort_takes_nobody_in(town, now):
    town.cohort.is_closed = True
    with pytest.raises(services.CohortIsClosed):
        services.upload(cohort=town.cohort, what="mentees", name="a", content=as_csv(PEOPLE), by=town.ada, now=now)


def test_a_dropped_import_is_erased_and_cannot_go_on(town, now):
    held = checked(town, now, as_csv(PEOPLE), mapping=MAPPING)
    stale = SheetImport.objects.get(pk=held.pk)
    services.drop(sheet_import=held, by=town.ada, now=now)
    assert (held.state, bytes(held.sealed_sheet)) == ("dropped", b"")
    assert held.report == {"headers": HEADER}
    with pytest.raises(services.SomebodyWentOn):
        services.confirm(sheet_import=stale, by=town.ada, now=now)
    with pytest.raises(services.SomebodyWentOn):
        services.drop(sheet_import=held, by=town.ada, now=now)


def test_no_name_stands_in_the_audit(town, now):
    through(town, now, as_csv(PEOPLE), mapping=MAPPING)
    words = " ".join(Entry.objects.values_list("words", flat=True))
    assert "Nia" not in words
    assert "nia@" not in words
    assert "Wrote an import of mentees: 3 added" in words
    assert User.objects.filter(email="nia@example.org").exists()


def test_a_column_that_is_something_else_is_told_from_the_first_rows(town, now):
    rows = [[f"p{n}@example.org", f"I would like to learn, and to grow {n}"] for n in range(400)]
    held = checked(town, now, as_csv(rows, ["email", "About me"]), mapping={"email": ["email"], "needs": ["About me"]})
    assert {fault[0] for fault in held.report["faults"]} == set(range(2, 52))
    assert any("Only the first 50 rows were checked" in notice for notice in held.report["notices"])
    with pytest.raises(services.FaultsRemain):
        services.confirm(sheet_import=held, by=town.ada, now=now)


def test_a_long_reading_gives_signs_of_life(town, now, monkeypatch):
    monkeypatch.setattr(work, "SIGN", 0.001)
    held = services.upload(
        cohort=town.cohort, what="mentees", name="a.csv", content=as_csv(PEOPLE), by=town.ada, now=now
    )
    services.choose_mapping(sheet_import=held, mapping=MAPPING, values={}, by=town.ada, now=now)
    told = []
    services.check(sheet_import=held, now=now, tell=lambda done: told.append(done) or True)
    assert told.count(0) >= 1
    assert held.state == "checked"


def test_a_sheet_that_nobody_goes_on_with_is_erased_after_a_month(town, now):
    held = checked(town, now, as_csv(PEOPLE), mapping=MAPPING)
    assert not services.perform_due(now + dt.timedelta(days=29))
    assert services.perform_due(now + dt.timedelta(days=31))
    held.refresh_from_db()
    assert (held.state, bytes(held.sealed_sheet)) == ("dropped", b"")
    assert not services.perform_due(now + dt.timedelta(days=31))


def test_somebody_with_an_account_and_no_name_gets_the_name_of_the_sheet(town, now):
    User.objects.create_user("nia@example.org")
    User.objects.create_user("oli@example.org")
    through(town, now, as_csv([["oli@example.org", ""]], ["email", "name"]))
    held = through(town, now, as_csv([["nia@example.org", "Nia"], ["oli@example.org", "Oli"]], ["email", "name"]))
    assert held.report["counts"]["added"] == 1
    assert held.report["counts"]["changed"] == 1
    assert {user.name for user in User.objects.filter(email__in=("nia@example.org", "oli@example.org"))} == {
        "Nia",
        "Oli",
    }


def test_a_training_site_is_found_whatever_its_case_and_added_where_it_is_new(town, now):
    rows = [["nia@example.org", "Mercy"], ["oli@example.org", "MERCY"], ["cleo@example.org", "mercy"]]
    held = through(town, now, as_csv(rows, ["email", "site"]))
    sites = {person.site.name.casefold() for person in Participant.objects.exclude(site=None).select_related("site")}
    assert sites == {"mercy"}
    assert any("These training sites are new" in notice for notice in held.report["notices"])
    assert through(town, now, as_csv(rows, ["email", "site"])).report["counts"]["same"] == 3


def test_topics_experiences_and_flags_come_in_too(town, now):
    header = ["email", "need:contracts.offer", "need:contracts", "rural", "languages", "setting", "team_size"]
    through(town, now, as_csv([["nia@example.org", 3, 2, "yes", "Spanish; English", "academic; rural", 4]], header))
    nia = person(town, "nia@example.org")
    assert needs(nia) == {"contracts": 2, "contracts.offer": 3}
    assert (nia.rural, nia.languages, nia.team_size) == (True, ["es", "en"], 4)
    through(town, now, as_csv([["nia@example.org", 0, 1, "no", "", "", 0]], header))
    nia = person(town, "nia@example.org")
    assert needs(nia) == {"contracts": 1}
    assert (nia.rural, nia.languages, nia.team_size) == (False, ["es", "en"], 0)


def test_two_columns_for_one_field_are_told_apart_when_a_mapping_is_proposed(town, now):
    header = ["Email", "E-mail", "need:contracts", "need:unheard_of", "Pair: mentee"]
    held = services.upload(cohort=town.cohort, what="mentees", name="a", by=town.ada, now=now,
                           content=as_csv([["a@example.org", "b@example.org", 2, 3, "x"]], header))  # fmt: skip
    assert held.mapping["email"] == ["Email"]
    assert held.mapping["need:contracts"] == ["need:contracts"]
    assert "need:unheard_of" not in str(held.mapping)


def test_words_of_a_program_that_clash_are_said_and_nothing_is_proposed(town, now):
    town.program.domains.filter(key="research").update(name="Contracts")
    held = services.upload(cohort=town.cohort, what="mentees", name="a", content=as_csv(PEOPLE), by=town.ada, now=now)
    assert held.mapping == {}
    services.choose_mapping(sheet_import=held, mapping={"email": ["E-mail"]}, values={}, by=town.ada, now=now)
    services.perform_now(held, now)
    held.refresh_from_db()
    assert [(fault[0], fault[1]) for fault in held.report["faults"]] == [(0, "domains.research")]


@pytest.mark.shared
@pytest.mark.skipif(not EXPORT.is_dir(), reason="the export of 500 + 500 is not in ../shared/data/mentor-match/large")
@pytest.mark.parametrize("what", ["mentees", "mentors"])
def test_an_export_that_nobody_here_wrote_comes_in(town, now, what):
    content = (EXPORT / f"{what}.csv").read_bytes()
    held = services.upload(cohort=town.cohort, what=what, name=what, content=content, by=town.ada, now=now)
    mapping = {name: held.mapping[name] for name in ("name", "email", "institution")}
    assert mapping == {
        "name": ["first name", "last name"], "email": ["email address"], "institution": ["organisation"]
    }  # fmt: skip
    services.choose_mapping(sheet_import=held, mapping=mapping, values={}, by=town.ada, now=now)
    services.perform_now(held, now)
    held.refresh_from_db()
    assert (held.report["faults"], held.report["counts"]["added"]) == ([], 500)
    assert held.sheet["entries"][0]["name"] == f"{what.removesuffix('s')} 000"
