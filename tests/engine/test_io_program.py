"""``program.toml`` is checked whole: a misspelt name is a fault, never a default."""

import re

import pytest
from folders import PROGRAM, write_folder

from introducer.errors import RosterError
from introducer.io import read
from introducer.io.notes import Notes
from introducer.io.program import read_program

HEAD = 'format = 1\n[program]\nname = "P"\n'


def faults(text):
    notes = Notes()
    read_program(text.encode() if isinstance(text, str) else text, notes)
    return [(fault.column, fault.reason, fault.suggestion) for fault in notes.faults]


def program(text):
    notes = Notes()
    found = read_program(text.encode(), notes)
    assert notes.faults == []
    return found


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", "format", "format = 1"),
        ("format = 2", "format", "not a format"),
        ("format = true", "format", "not a format"),
        (HEAD + "[polcy]\n", "polcy", "'policy'"),
        (HEAD + "nmae = 1\n", "program.nmae", "'name'"),
        ("format = 1\n[program]\nname = 7", "program.name", "text in quotation marks"),
        ("format = 1\nprogram = 7", "program", "must be a table"),
        ('format = 1\n[program]\ntemplate = "ir/l"', "program.template", "'ir/1'"),
        (HEAD + '[[domains]]\nid = "Bad Id"\nname = "x"', "domains.Bad Id", "lower-case"),
        (HEAD + "domains = 3", "program.domains", "no such key"),
        ("domains = 3\n" + HEAD, "domains", "list of tables"),
        (HEAD + "[files]\nmentee = 'x.csv'", "files.mentee", "'mentees'"),
        (HEAD + "[files]\nmentees = '../x.csv'", "files.mentees", "inside the folder"),
        (HEAD + "[files]\nmentees = ''", "files.mentees", "inside the folder"),
        (HEAD + "[policy]\ncapacty = 2", "policy.capacty", "'capacity'"),
        (HEAD + "[policy.weights]\nwihs = 2", "policy.weights.wihs", "'wish'"),
        (HEAD + "[policy]\nteam_size = 6", "policy.team_size", "less than or equal to 5"),
        (HEAD + "[policy]\nteam_size = '3'", "policy.team_size", "valid integer"),
        (HEAD + "[policy]\nteam_size = true", "policy.team_size", "valid integer"),
        (HEAD + "[policy]\ncontinuity = nan", "policy.continuity", "than or equal"),
        (HEAD + "[policy.pair_terms]\nstge = 1", "policy", "stge is none of"),
        (HEAD + "[policy]\nmin_load = 3", "policy.min_load", "above the capacity of 2"),
        (HEAD + "[policy.equity]\nRural = 1.2", "policy.equity.Rural", "lower-case"),
        (HEAD + "[policy.equity]\nstage = 1.2", "policy.equity.stage", "field already"),
        (HEAD + "[import]\nduplicate = 1", "import.duplicate", "'duplicates'"),
        (HEAD + "[import]\nduplicates = 'frist'", "import.duplicates", "'first'"),
        (HEAD + "[import]\ntest_rows = '^test'", "import.test_rows", "list of patterns"),
        (HEAD + "[import]\ntest_rows = ['(']", "import.test_rows", "not a regular expression"),
        (HEAD + "[import]\nseparators = 'ab'", "import.separators", "cannot separate"),
        (HEAD + "[import]\nseparators = ''", "import.separators", "cannot separate"),
        (HEAD + "[import]\nmention_level = 4", "import.mention_level", "from 1 to 3"),
        (HEAD + "[import]\nany_count = true", "import.any_count", "whole number"),
        (HEAD + "[columns.mentee]\nid = 'x'", "columns.mentee", "'mentees'"),
        (HEAD + "[columns]\nmentees = 'x'", "columns.mentees", "must be a table"),
        ("columns = 1\n" + HEAD, "columns", "must be a table"),
        (HEAD + "[columns.mentees]\nstge = 'x'", "columns.mentees.stge", "'stage'"),
        (HEAD + "[columns.mentees]\nstage = 3", "columns.mentees.stage", "header text"),
        (HEAD + "[columns.mentees]\nstage = []", "columns.mentees.stage", "header text"),
        (HEAD + "[constants.mentors]\nsite_ = 'x'", "constants.mentors.site_", "'site'"),
        (HEAD + "[constants.mentors]\nid = 'x'", "constants.mentors.id", "cannot share one id"),
        (HEAD + "[constants.mentors]\nsite = ['x']", "constants.mentors.site", "what a cell would hold"),
        (HEAD + "[values.levels]\nx = 1", "values.levels", "'level'"),
        (HEAD + "[values]\nlevel = 1", "values.level", "must be a table"),
        (HEAD + "[values.level]\nx = 4", "values.level.x", "0, 1, 2 or 3"),
        (HEAD + "[values.level]\nx = true", "values.level.x", "0, 1, 2 or 3"),
        (HEAD + "[values.count]\nx = -1", "values.count.x", "whole number"),
        (HEAD + "[values.bool]\nx = 1", "values.bool.x", "true or false"),
        (HEAD + "[values.region]\nx = 1", "values.region.x", "text in quotation marks"),
        (HEAD + "[values.region]\nx = 'a'\nX = 'b'", "values.region.X", "twice"),
        (PROGRAM + "[values.stage]\nx = 'residnet'", "values.stage.x", "'resident'"),
        (PROGRAM + "[values.domain]\nx = 'contracts.salry'", "values.domain.x", "'contracts.salary'"),
    ],
)  # fmt: skip
def test_a_wrong_key_or_value_is_a_fault_at_its_place(text, column, says):
    found = faults(text)
    assert [(place, says in f"{reason} {hint}") for place, reason, hint in found] == [(column, True)]


def test_what_is_no_toml_is_a_fault():
    assert "this is not TOML" in faults("format = ")[0][1]
    assert faults(HEAD.encode() + "# Cléo".encode("cp1252"))[0][1] == "line 4 is not UTF-8"


def test_all_faults_of_the_file_are_told_at_once():
    text = "formt = 1\n[import]\nx = 1\n[policy]\nteam_size = 9\ncapacty = 1\n[values.levl]\n"
    assert [place for place, _reason, _hint in faults(text)] == [
        "formt", "format", "policy.team_size", "policy.capacty", "import.x", "values.levl",
    ]  # fmt: skip


def test_a_mark_at_the_beginning_is_accepted():
    assert program("\ufeff" + HEAD).name == "P"


def test_what_is_not_written_is_the_default():
    found = program(HEAD)
    assert dict(found.files) == {"mentees": "mentees.csv", "mentors": "mentors.csv", "ties": "ties.csv"}
    how = found.imports
    assert (how.duplicates, how.separators, how.test_rows) == ("error", ";,|", ())
    assert (how.mention_level, how.any_count, how.unknown_people) == (2, 5, "error")


def test_the_template_gives_words_and_policy_and_the_program_goes_over_them():
    text = 'format = 1\n[program]\ntemplate = "ir/1"\n[policy]\nteam_size = 4\nweights = { wish = 0.25 }\n'
    plain, changed = program(text.partition("[policy]")[0]), program(text)
    assert changed.vocabulary.domains
    assert (changed.policy.team_size, changed.policy.weights.wish) == (4, 0.25)
    assert changed.policy.weights.pair == plain.policy.weights.pair


def test_a_program_s_equity_replaces_the_template_s():
    text = 'format = 1\n[program]\ntemplate = "ir/1"\n[policy]\nequity = { waited = 1.5 }\n'
    found = program(text)
    assert found.policy.equity == {"waited": 1.5}
    assert "waited" in found.fields["mentees"]


def test_stages_best_is_a_list_in_toml():
    assert program(HEAD + "[policy.stage]\nbest = [1, 3]\nleast = 1\n").policy.stage.best == (1, 3)


def test_constants_are_texts_of_cells():
    text = (
        PROGRAM
        + "[constants.mentees]\nrural = true\npaused = false\nteam_size = 2\nlanguages = ['a', 'b']\nsite = ' x '"
    )
    assert program(text).constants["mentees"] == {
        "rural": "yes", "paused": "no", "team_size": "2", "languages": "a;b", "site": "x",
    }  # fmt: skip


def test_patterns_of_test_rows_look_past_case():
    (pattern,) = program(HEAD + "[import]\ntest_rows = ['^test']").imports.test_rows
    assert pattern == re.compile("^test", re.IGNORECASE)


def test_files_may_have_other_names(tmp_path):
    folder = write_folder(tmp_path, [{"id": "cleo"}], [{"id": "ben"}], extra='[files]\nmentees = "in.csv"\n')
    (folder / "mentees.csv").rename(folder / "in.csv")
    assert list(read(folder).sources) == ["in.csv", "mentors.csv", "program.toml"]


def test_a_program_that_cannot_be_used_stops_the_reading(tmp_path):
    with pytest.raises(RosterError, match="no such template"):
        read(write_folder(tmp_path, program='format = 1\n[program]\ntemplate = "x"\n'))
