"""What a coordinator stumbled over: guesses that chose themselves, boxes that contradict the sheet, double faults."""

import pytest
from django.urls import reverse

import cast
from introducer_web.people.imports import services
from introducer_web.people.imports.forms import ConfirmForm, SpellingForm
from introducer_web.people.languages import language_codes, language_names
from introducer_web.people.models import Participant
from web.people_imports.sheet_tools import HEADER, MAPPING, PEOPLE, as_csv, checked, through

SHEET = """E-mail,Name,Stage,Agreed,Help with contracts,Languages
a@x.org,Ann,PGY-3,yes,3,English
b@x.org,Bo,pgy9,maybe,7,"english; Español"
c@x.org,Cy,Wizardry,no,5 stars,ES
c@x.org,Cy,PGY-3,no,2,fr
d@x.org,Di,PGY-3,,1,German
"""


def test_a_guess_is_said_and_never_chosen():
    meanings = {"domain": {"military_va": "Military and VA", "contracts": "Contracts"}}
    spellings = [["domain", "Wizardry", "Help", "military_va"], ["domain", "Contrcts", "Help", "contracts"]]
    form = SpellingForm(None, spellings=spellings, meanings=meanings)
    assert [form.fields[name].initial for name in form.fields] == [None, None]
    assert [form.fields[name].help_text for name in form.fields] == ["", "Perhaps: Contracts"]
    left = SpellingForm({}, spellings=spellings, meanings=meanings)
    assert left.is_valid()
    assert left.chosen == {}


def test_a_column_that_says_whether_they_agreed_is_proposed_as_that(town):
    held = services.upload(
        cohort=town.cohort, what="mentees", name="x.csv", content=SHEET.encode(), by=town.ada, now=town.now
    )
    assert held.mapping["consent"] == ["Agreed"]


def test_one_cause_is_one_fault_with_names_that_people_know_and_every_spelling_can_be_given_a_meaning(town):
    held = checked(town, town.now, SHEET.encode())
    faults = {(row, column): (reason, hint) for row, column, _value, reason, hint in held.report["faults"]}
    assert len(faults) == len(held.report["faults"]) == 6
    assert faults[3, "Stage"][1] == "Did you mean “PGY-7”?"
    assert ["level", "7", "Help with contracts", ""] in held.report["spellings"]
    stages = {"pgy9": "pgy7", "Wizardry": "ms1"}
    values = {"level": {"7": "3", "5 stars": "3"}, "bool": {"maybe": "no"}, "stage": stages}
    services.choose_mapping(sheet_import=held, mapping=held.mapping, by=town.ada, now=town.now, values=values)
    services.perform_now(held, town.now)
    held.refresh_from_db()
    assert [(row, column) for row, column, *_rest in held.report["faults"]] == [(5, "E-mail")]


def test_what_the_sheet_says_of_agreeing_is_counted_and_the_box_is_for_blank_cells(town):
    held = checked(town, town.now, as_csv(PEOPLE), mapping=MAPPING)
    assert held.report["consent"] == {"yes": 1, "no": 1, "blank": 1}
    form = ConfirmForm(None, sheet_import=held, today=town.now.date())
    assert str(form.fields["agreed"].label).startswith("The 1 person whose cell is blank")
    whole = [(*row[:6], "yes") for row in PEOPLE]
    held = checked(town, town.now, as_csv(whole), mapping=MAPPING)
    assert "agreed" not in ConfirmForm(None, sheet_import=held, today=town.now.date()).fields
    without = {name: headers for name, headers in MAPPING.items() if name != "consent"}
    held = checked(town, town.now, as_csv(PEOPLE), mapping=without)
    assert "when they signed up" in str(
        ConfirmForm(None, sheet_import=held, today=town.now.date()).fields["agreed"].label
    )


@pytest.mark.parametrize(("last", "offered"), [("yes", False), ("", True)])
def test_where_nothing_would_change_there_is_nothing_to_write_unless_something_can_be_stated(
    town, client, last, offered
):
    """A blank cell leaves open whether somebody agreed; that can still be stated, the rest is done."""
    rows = [(*PEOPLE[0][:6], last)]
    through(town, town.now, as_csv(rows), mapping=MAPPING)
    held = checked(town, town.now, as_csv(rows), mapping=MAPPING)
    cast.enter(client, town.ada)
    page = client.get(reverse("import_show", args=["ir", town.cohort.code, held.code])).content.decode()
    assert "Nothing would change" in page
    assert ("Write what you state" in page) == offered
    assert "Write this into the cohort" not in page


def test_a_language_is_one_however_it_is_written(town):
    header, rows = [*HEADER, "Languages"], [(*PEOPLE[0], "English; español; Klingon; EN")]
    through(town, town.now, as_csv(rows, header), mapping=MAPPING | {"languages": ["Languages"]})
    assert Participant.objects.get(user__email="nia@example.org").languages == ["en", "es", "klingon"]
    assert language_codes(["Français", "french", "FR", "中文"]) == ["fr", "zh"]
    assert language_names(["en", "it", "klingon"]) == ["English", "Italian", "Klingon"]


def test_ways_of_training_procedures_and_roles_come_in_too(town):
    header, rows = [*HEADER, "Way", "Lines"], [(*PEOPLE[0], "dr_esir", "oncology; pae")]
    through(town, town.now, as_csv(rows, header), mapping=MAPPING | {"route": ["Way"], "procedures": ["Lines"]})
    nia = Participant.objects.get(user__email="nia@example.org")
    assert (nia.routes, nia.procedures) == (["dr_esir"], ["oncology", "pae"])
    held = checked(town, town.now, as_csv(rows, header), mapping=MAPPING | {"route": ["Way"], "procedures": ["Lines"]})
    assert held.report["counts"]["same"] == 1
