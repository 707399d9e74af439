"""Headers find their fields by name, by the program's texts, by the template's."""

import pytest
from folders import PROGRAM, write_folder

from introducer import templates
from introducer.errors import RosterError
from introducer.io import read

TEMPLATE = 'format = 1\n[program]\ntemplate = "ir/1"\n'


def reading(folder, mentees, mentors="id\nben\n", program=PROGRAM, extra=""):
    return read(write_folder(folder, mentees, mentors, program=program, extra=extra))


def faults(folder, mentees, **kwargs):
    with pytest.raises(RosterError) as caught:
        reading(folder, mentees, **kwargs)
    return [(fault.file, fault.row, fault.column, fault.reason, fault.suggestion) for fault in caught.value.faults]


def test_a_header_is_found_by_name_then_by_the_program_then_by_the_template(tmp_path):
    found = reading(
        tmp_path,
        "id,What  YEAR are you in,Time Zone,Where are you\ncleo,MS-3,UTC,Kyiv\n",
        program=TEMPLATE,
        extra='[columns.mentees]\nstage = "What year are you in?"\nregion = "Where are you?"\n',
    )
    assert found.columns["mentees"]["stage"] == ("What  YEAR are you in",)
    assert found.columns["mentees"]["region"] == ("Where are you",)
    assert (found.roster.mentees[0].stage, found.roster.mentees[0].region) == ("ms3", "Kyiv")


def test_the_template_knows_headers_of_usual_forms(tmp_path):
    domain = templates.load_template("ir/1").vocabulary.domains[0]
    found = reading(tmp_path, f'ID,"How much help would you like with {domain.name}?"\ncleo,2\n', program=TEMPLATE)
    assert found.roster.mentees[0].needs == {domain.id: 2}


def test_one_column_may_feed_several_fields(tmp_path):
    found = reading(
        tmp_path, "Mail\nCleo@X.org\n", extra='[columns.mentees]\nid = "mail"\nemail = "mail"\nname = "mail"\n'
    )
    cleo = found.roster.mentees[0]
    assert (cleo.id, cleo.email, cleo.name) == ("cleo@x.org", "Cleo@X.org", "Cleo@X.org")


def test_a_name_of_several_columns_is_joined_in_the_order_of_the_program(tmp_path):
    found = reading(
        tmp_path, "id,last,first\ncleo,Doe,Cleo\ncai,,Cai\n", extra='[columns.mentees]\nname = ["first", "last"]\n'
    )
    assert [person.name for person in found.roster.mentees] == ["Cai", "Cleo Doe"]


def test_lists_of_several_columns_are_joined(tmp_path):
    found = reading(
        tmp_path,
        "id,setting,More settings\ncleo,rural,academic center\n",
        extra='[columns.mentees]\nsetting = "More settings"\n',
    )
    assert found.roster.mentees[0].settings == {"rural", "academic"}


def test_of_alternatives_the_first_that_a_row_fills_counts(tmp_path):
    found = reading(
        tmp_path,
        "id,Stage A,Stage B\ncai,resident,attending\ncleo,,attending\n",
        extra='[columns.mentees]\nstage = ["Stage A", "Stage B", "Stage of last year"]\n',
    )
    assert [person.stage for person in found.roster.mentees] == ["resident", "attending"]


def test_the_program_may_name_what_is_a_field_already(tmp_path):
    assert reading(tmp_path, "id\ncleo\n", extra='[columns.mentees]\nid = "id"\n').columns["mentees"] == {"id": ("id",)}


def test_a_part_of_a_name_that_the_file_lacks_is_told(tmp_path):
    found = reading(tmp_path, "id,first\ncleo,Cleo\n", extra='[columns.mentees]\nname = ["first", "lsat"]\n')
    assert "mentees.csv: no column is called 'lsat'; name was read from the others." in found.notices


def test_two_columns_of_one_field_are_a_fault_unless_the_program_names_both(tmp_path):
    (fault,) = faults(tmp_path, "id,stage,Year\ncleo,resident,\n", extra='[columns.mentees]\nstage = "Year"\n')
    assert fault[:3] == ("mentees.csv", 1, "stage")
    assert fault[4] == 'Say which comes first: [columns.mentees] stage = ["Year", "stage"].'
    (fault,) = faults(tmp_path, "id,need:contracts,NEED:contracts\ncleo,1,2\n")
    assert '"need:contracts" = [' in fault[4]


def test_a_text_of_the_program_that_no_header_has_is_a_fault_with_the_nearest(tmp_path):
    (fault,) = faults(tmp_path, "id,Which year\ncleo,x\n", extra='[columns.mentees]\nstage = "Which yaer"\n')
    assert fault == (
        "program.toml", 0, "columns.mentees.stage", "mentees.csv has no such column", "Did you mean 'Which year'?",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("header", "suggestion"),
    [
        ("need:contrcts", "Did you mean 'need:contracts'?"),
        ("Wish:first_gem", "Did you mean 'wish:first_gen'?"),
        ("attr:cultur", "Did you mean 'attr:culture'?"),
        ("consent:cultur", "Did you mean 'consent:culture'?"),
        ("quota:first_gem", "Did you mean 'quota:first_gen'?"),
        ("pole:clinic", "Did you mean 'pole:clinician'?"),
    ],
)
def test_a_misspelt_field_is_a_fault_with_the_nearest(tmp_path, header, suggestion):
    assert faults(tmp_path, f"id,{header}\ncleo,1\n") == [
        ("mentees.csv", 1, header, "this looks like a field, and there is no such one", suggestion)
    ]


def test_a_field_of_a_program_without_such_words_says_so(tmp_path):
    (fault,) = faults(tmp_path, "id,need:x\ncleo,1\n", program="format = 1\n")
    assert fault[4] == "No field of this program begins with 'need:'."


def test_other_headers_are_left_out_and_told(tmp_path):
    found = reading(tmp_path, "id,Timestamp,offer:contracts,,Wish: why?\ncleo,now,3,x,y\n")
    assert found.notices == (
        "mentees.csv: these columns are no fields and were not read: 'Timestamp', 'offer:contracts', 'Wish: why?'.",
        "mentees.csv: column 4 has no header and was not read.",
    )


def test_without_an_id_the_column_of_addresses_is_proposed(tmp_path):
    (fault,) = faults(tmp_path, "Your e-mail,name\na@x.org,b\n")
    assert fault[3:] == (
        "no column is the id",
        'Name the column that tells people apart: [columns.mentees] id = "Your e-mail".',
    )


def test_a_constant_beside_a_column_is_a_fault(tmp_path):
    (fault,) = faults(tmp_path, "id,site\ncleo,x\n", extra='[constants.mentees]\nsite = "y"\n')
    assert fault[:3] == ("program.toml", 0, "constants.mentees.site")
