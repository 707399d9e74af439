"""The pages of an import, for the coordinator, for the outsider and for nobody."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from sheet_tools import MAPPING, PEOPLE, as_csv, as_xlsx, checked

from introducer_web.people.imports import services
from introducer_web.people.models import Participant, SheetImport


@pytest.fixture
def new_page(town):
    return reverse("import_new", args=["ir", town.cohort.code])


def page_of(held, name="import_show"):
    return reverse(name, args=["ir", held.cohort.code, held.code])


def uploaded(client, page, content, what="mentees", name="last year.csv"):
    client.post(page, {"what": what, "sheet": SimpleUploadedFile(name, content)})
    return SheetImport.objects.order_by("-pk").first()


def choices_of(held, mapping):
    of = {header: name for name, headers in mapping.items() for header in headers}
    return {f"column_{place}": of.get(header, "") for place, header in enumerate(held.report["headers"])}


def test_a_coordinator_takes_a_sheet_all_the_way(town, new_page, sign_in):
    client = sign_in(town.ada)
    assert "Nothing has been imported" in client.get(new_page).content.decode()
    held = uploaded(client, new_page, as_xlsx(PEOPLE), name="last year.xlsx")
    mapping = client.get(page_of(held)).content.decode()
    assert "Nia Adeyemi · Oli Berg · Pia Chen" in mapping
    assert "3 rows" in mapping
    answer = client.post(page_of(held, "import_mapping"), choices_of(held, MAPPING))
    assert (answer.status_code, answer.url) == (302, page_of(held))
    dry = client.get(page_of(held)).content.decode()
    assert "Would be added" in dry
    assert "nia@example.org" in dry
    assert not Participant.objects.filter(user__email="nia@example.org").exists(), "nothing is written yet"
    held.refresh_from_db()
    client.post(page_of(held, "import_confirm"), {"turn": held.turn, "agreed": "on"})
    assert "Written: 3 people added, 0 changed, 0 as they were." in client.get(page_of(held)).content.decode()
    assert Participant.objects.get(user__email="pia@example.org").may_be_matched
    assert "last year.xlsx" in client.get(new_page).content.decode()


def test_existing_relationships_come_in_and_are_seen_by_both(town, new_page, sign_in):
    client = sign_in(town.ada)
    sheet = as_csv([["cleo@example.org", "ben@example.org"]], ["Mentee", "Mentor"])
    for said, then in (
        ("1 existing relationship can be taken in", "1 existing relationship was taken in."),
        ("1 relationship is known already", "0 existing relationships were taken in. 1 was known already."),
    ):
        held = uploaded(client, new_page, sheet, what="ties")
        client.post(page_of(held, "import_mapping"), choices_of(held, held.mapping))
        assert said in client.get(page_of(held)).content.decode()
        held.refresh_from_db()
        client.post(page_of(held, "import_confirm"), {"turn": held.turn})
        assert then in client.get(page_of(held)).content.decode()
    for who, other in ((town.cleo, "ben@example.org"), (town.ben, "cleo@example.org")):
        person = Participant.objects.get(user=who, cohort=town.cohort)
        home = sign_in(who).get(reverse("participant_home", args=["ir", person.code])).content.decode()
        assert f"mailto:{other}" in home


def test_faults_stand_on_the_page_and_in_a_file(town, new_page, sign_in):
    client = sign_in(town.ada)
    rows = [["nia@example.org", "=cmd()"], ["oli@example.org", "heaps"], ["nowhere", "2"]]
    held = uploaded(client, new_page, as_csv(rows, ["email", "need:contracts"]))
    client.post(page_of(held, "import_mapping"), {"column_0": "email", "column_1": "need:contracts"})
    page = client.get(page_of(held)).content.decode()
    assert "3 cells or rows cannot be read, in 3 rows" in page
    assert "This is no e-mail address." in page
    answer = client.get(page_of(held, "import_faults"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8-sig")
    assert text.count("\r\n") == 4
    assert '"\'=cmd()"' in text
    spelled = client.post(page_of(held, "import_spellings"), {"spelling_0": "", "spelling_1": "3"}, follow=True)
    assert "2 cells or rows" in spelled.content.decode()
    none = client.post(page_of(held, "import_spellings"), {"spelling_0": ""}, follow=True)
    assert "Choose what at least one of the spellings means" in none.content.decode()


def test_what_would_change_stands_on_the_page_and_in_a_file(town, sign_in, now):
    rows = [["cleo@example.org", "pgy5", 0, "Hope", "yes"], ["x@example.org", "pgy1", 1, "", ""]]
    held = checked(town, now, as_csv(rows, ["email", "stage", "need:research", "institution", "rural"]))
    client = sign_in(town.ada)
    page = client.get(page_of(held)).content.decode()
    assert "Stage of career: PGY-3 → PGY-5" in page
    assert "Help asked: Research" in page
    assert "Rural place: no → yes" in page
    file = client.get(page_of(held, "import_changes")).content.decode("utf-8-sig")
    assert '"2","cleo@example.org","changed","Stage of career","PGY-3","PGY-5"' in file
    assert '"3","x@example.org","added"' in file


def test_a_second_look_at_the_mapping_is_possible_and_nothing_new_is_said(town, sign_in, now):
    held = checked(town, now, as_csv([["cleo@example.org"]], ["email"]))
    client = sign_in(town.ada)
    assert "Nothing would change: 1 person is as they were." in client.get(page_of(held)).content.decode()
    assert "What the columns are" in client.get(page_of(held) + "?step=mapping").content.decode()


def test_another_field_asks_for_the_full_list(town, new_page, sign_in):
    client = sign_in(town.ada)
    held = uploaded(client, new_page, as_csv([["nia@example.org", "pgy3"]], ["email", "Whatever"]))
    first = client.get(page_of(held)).content.decode()
    assert "Another field" in first
    assert "need:finance" not in first
    answer = client.post(page_of(held, "import_mapping"), {"column_0": "email", "column_1": "more"})
    assert answer.status_code == 200
    assert "need:finance" in answer.content.decode()
    assert "Now choose from the full list" in answer.content.decode()
    refused = client.post(page_of(held, "import_mapping"), {"column_0": "", "column_1": "stage"})
    assert "Say which column holds the e-mail addresses" in refused.content.decode()
    invented = client.post(page_of(held, "import_mapping"), {"column_0": "email", "column_1": "attr:religion"})
    assert invented.status_code == 200
    held.refresh_from_db()
    assert held.state == "mapping"


def test_what_cannot_be_read_is_said_beside_the_field(town, new_page, sign_in):
    client = sign_in(town.ada)
    for content, words in ((b"%PDF-1.7", "This is a PDF"), (b"", "The file is empty"), (b"a,b\n", "no row under")):
        answer = client.post(new_page, {"what": "mentees", "sheet": SimpleUploadedFile("a.csv", content)})
        assert words in answer.content.decode()
    large = SimpleUploadedFile("a.csv", b"x" * (11 * 2**20))
    assert "larger than 10 MB" in client.post(new_page, {"what": "mentees", "sheet": large}).content.decode()
    assert not SheetImport.objects.exists()


def test_a_large_sheet_is_left_to_a_worker_and_shows_its_progress(town, new_page, sign_in):
    client = sign_in(town.ada)
    rows = [[f"p{number}@example.org", "pgy3"] for number in range(301)]
    held = uploaded(client, new_page, as_csv(rows, ["email", "stage"]))
    client.post(page_of(held, "import_mapping"), {"column_0": "email", "column_1": "stage"})
    page = client.get(page_of(held)).content.decode()
    assert "is being checked" in page
    assert 'http-equiv="refresh"' in page
    assert '<progress value="0" max="301"' in page
    now = held.uploaded_at
    assert services.perform_due(now)
    assert not services.perform_due(now)
    held.refresh_from_db()
    assert (held.state, held.progress) == ("checked", 301)
    client.post(page_of(held, "import_confirm"), {"turn": held.turn})
    assert "is being written" in client.get(page_of(held)).content.decode()
    assert services.perform_due(now)
    assert Participant.objects.filter(cohort=town.cohort, role="mentee").count() == 303


def test_confirming_what_somebody_else_checked_anew_is_refused(town, sign_in, now):
    held = checked(town, now, as_csv(PEOPLE), mapping=MAPPING)
    answer = sign_in(town.ada).post(page_of(held, "import_confirm"), {"turn": held.turn - 1}, follow=True)
    assert "Somebody went on with this import meanwhile" in answer.content.decode()
    held.refresh_from_db()
    assert held.state == "checked"


def test_a_commitment_cannot_lie_in_the_future(town, sign_in, now):
    held = checked(town, now, as_csv([["q@example.org", 2]], ["email", "capacity"]), "mentors")
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)
    answer = sign_in(town.ada).post(page_of(held, "import_confirm"), {"turn": held.turn, "committed_on": tomorrow})
    assert "This day is still to come." in answer.content.decode()


def test_an_import_is_dropped_and_says_so(town, sign_in, now):
    held = checked(town, now, as_csv(PEOPLE), mapping=MAPPING)
    client = sign_in(town.ada)
    assert "was dropped" in client.post(page_of(held, "import_drop"), follow=True).content.decode()
    assert "The import was dropped" in client.get(page_of(held)).content.decode()
    for name in ("import_drop", "import_mapping", "import_spellings", "import_confirm"):
        answer = client.post(page_of(held, name), {"turn": held.turn}, follow=True)
        assert answer.status_code == 200
        assert "error" in answer.content.decode()
    held.refresh_from_db()
    assert held.state == "dropped"


def test_relationships_are_taken_in_without_choices(town, sign_in, now):
    held = checked(town, now, as_csv([["cleo@example.org", "ben@example.org"]], ["mentee", "mentor"]), "ties")
    client = sign_in(town.ada)
    page = client.get(page_of(held)).content.decode()
    assert "1 existing relationship can be taken in" in page
    assert "agreed to be matched" not in page
    client.post(page_of(held, "import_confirm"), {"turn": held.turn})
    assert "1 existing relationship was taken in" in client.get(page_of(held)).content.decode()


@pytest.mark.parametrize("who", ["dov", "ben", "cleo", "rae", None])
def test_to_everybody_else_an_import_is_not_there(town, client, sign_in, now, who):
    held = checked(town, now, as_csv(PEOPLE), mapping=MAPPING)
    if who:
        sign_in(getattr(town, who))
    pages = [reverse("import_new", args=["ir", town.cohort.code])]
    pages += [page_of(held, name) for name in ("import_show", "import_faults", "import_changes")]
    for page in pages:
        assert client.get(page).status_code == 404
    for name in ("import_mapping", "import_spellings", "import_confirm", "import_drop"):
        assert client.post(page_of(held, name), {"turn": held.turn}).status_code == 404
    held.refresh_from_db()
    assert held.state == "checked"


def test_an_import_of_another_cohort_or_society_is_not_there(town, sign_in, now):
    held = checked(town, now, as_csv(PEOPLE), mapping=MAPPING)
    foreign = reverse("import_show", args=["abroad", town.cohort_abroad.code, held.code])
    assert sign_in(town.dov).get(foreign).status_code == 404
    assert sign_in(town.ada).get(reverse("import_show", args=["ir", held.cohort.code, "x" * 22])).status_code == 404


def test_pages_ask_the_database_as_often_for_many_rows_as_for_few(town, sign_in, now):
    client = sign_in(town.ada)
    asked, sizes = [], []
    for number in (3, 300):
        rows = [[f"p{n}@example.org", f"Name {n}", "heaps" if number == 300 else 2] for n in range(number)]
        held = checked(town, now, as_csv(rows, ["email", "name", "need:contracts"]))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(page_of(held))
        asked.append(len(queries))
        sizes.append(len(page.content))
    assert max(asked) <= 15
    assert max(sizes) < 100_000, sizes


def test_a_wide_sheet_has_a_light_page(town, sign_in, now):
    client = sign_in(town.ada)
    header = ["email", *(f"How would you rate your {n}th question of this long questionnaire?" for n in range(80))]
    held = services.upload(cohort=town.cohort, what="mentees", name="w.csv", by=town.ada, now=now,
                           content=as_csv([["a@example.org", *["some answer"] * 80]], header))  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        page = client.get(page_of(held))
    assert len(page.content) < 100_000
    assert len(queries) <= 15


def test_sheets_are_not_read_back_from_the_upload(town, new_page, sign_in):
    client = sign_in(town.ada)
    answer = client.post(new_page, {"what": "mentees"})
    assert "This field is required" in answer.content.decode()
    assert client.post(new_page, {"what": "x", "sheet": io.BytesIO(b"a,b\n1,2\n")}).status_code == 200


def test_spellings_of_every_kind_are_offered_what_they_may_mean(town, sign_in, now):
    header = ["email", "stage", "setting", "rural", "team_size", "needs", "need:contracts", "timezone"]
    rows = [
        ["nia@example.org", "xx1", "xx2", "xx3", "xx4", "xx5", "xx6", "xx7"],
        ["cai@example.org", *["" for _ in range(7)]],
    ]
    held = checked(town, now, as_csv(rows, header), mapping={name: [name] for name in header})
    page = sign_in(town.ada).get(page_of(held)).content.decode()
    for meaning in ("PGY-3", "Academic", ">yes<", ">7<", "Contracts", "3: a lot"):
        assert meaning in page
    mentors = checked(town, now, as_csv([["q@example.org", "xx8"]], ["email", "experiences"]), "mentors",
                      {"email": ["email"], "experiences": ["experiences"]})  # fmt: skip
    name = escape(town.program.experiences.get(key="visa").name)
    assert name in sign_in(town.ada).get(page_of(mentors)).content.decode()


def test_while_a_sheet_is_checked_its_spellings_cannot_be_changed(town, sign_in, now):
    held = checked(town, now, as_csv([["nia@example.org", "heaps"]], ["email", "need:contracts"]))
    services.choose_mapping(sheet_import=held, mapping=held.mapping, values={}, by=town.ada, now=now)
    answer = sign_in(town.ada).post(page_of(held, "import_spellings"), {"spelling_0": "3"}, follow=True)
    assert "Somebody went on with this import meanwhile" in answer.content.decode()


def test_of_two_who_map_at_once_the_second_is_told(town, sign_in, now):
    held = services.upload(cohort=town.cohort, what="mentees", name="a", content=as_csv(PEOPLE), by=town.ada, now=now)
    client = sign_in(town.ada)

    def first(go_on, sql, params, many, context):
        if sql.startswith('UPDATE "people_sheetimport"'):
            sql = sql.replace("WHERE", "WHERE 1 = 0 AND")  # as if the other one had been there just before
        return go_on(sql, params, many, context)

    with connection.execute_wrapper(first):
        answer = client.post(page_of(held, "import_mapping"), choices_of(held, MAPPING))
    assert answer.status_code == 302
    assert "Somebody went on with this import meanwhile" in client.get(page_of(held)).content.decode()


def test_somebody_who_left_is_named_in_the_file_of_changes(town, sign_in, now):
    Participant.objects.filter(pk=town.cleo_asks.pk).update(state="withdrawn")
    held = checked(town, now, as_csv([["cleo@example.org", "pgy5"]], ["email", "stage"]))
    client = sign_in(town.ada)
    assert "A sheet does not bring back somebody who left." in client.get(page_of(held)).content.decode()
    file = client.get(page_of(held, "import_changes")).content.decode("utf-8-sig")
    assert '"2","cleo@example.org","left as it is","has withdrawn"' in file


def test_very_many_unknown_columns_offer_short_lists(town, sign_in, now):
    header = ["email", *(f"Field {n} of the old system" for n in range(60))]
    held = services.upload(cohort=town.cohort, what="mentees", name="w", by=town.ada, now=now,
                           content=as_csv([["a@example.org", *["zz"] * 60]], header))  # fmt: skip
    page = sign_in(town.ada).get(page_of(held))
    assert len(page.content) < 50_000
