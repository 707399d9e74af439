"""Rows become mentees and mentors, and cells are read in documented forms alone."""

import hashlib

import pytest
from folders import PROGRAM, write_folder

from introducer.errors import RosterError
from introducer.io import SetAside, read

NO_WORDS = 'format = 1\n[[domains]]\nid = "contracts"\nname = "Contracts"\n'
BACKGROUND = '[policy]\nprivacy = "background"\n'


def reading(folder, mentees=(), mentors=(), *, program=PROGRAM, extra=""):
    return read(write_folder(folder, mentees, mentors, program=program, extra=extra))


def mentee(folder, extra="", program=PROGRAM, **cells):
    found = reading(folder, [{"id": "cleo", **cells}], program=program, extra=extra)
    return found.roster.mentees[0]


def mentor(folder, extra="", **cells):
    return reading(folder, (), [{"id": "ben", **cells}], extra=extra).roster.mentors[0]


def fault(folder, side="mentees", extra="", program=PROGRAM, **cells):
    people = {side: [{"id": "cleo", **cells}]}
    with pytest.raises(RosterError) as caught:
        reading(folder, **people, extra=extra, program=program)
    (found,) = caught.value.faults
    return found


def test_a_row_without_answers_takes_every_default(tmp_path):
    cleo = mentee(tmp_path, name="", stage="", setting="", team_size="", paused="", **{"need:contracts": ""})
    assert (cleo.needs, cleo.stage, cleo.settings, cleo.team_size, cleo.paused, cleo.consent) == (
        {}, "", frozenset(), None, False, True,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["Yes", "y", "TRUE", "1", "x", "on", "checked", "sí", "ja", "oui"])
def test_yes_in_several_spellings(tmp_path, text):
    assert mentee(tmp_path, rural=text, paused=text).flags == {"rural"}


@pytest.mark.parametrize("text", ["No", "n", "false", "0", "off", ""])
def test_no_in_several_spellings(tmp_path, text):
    assert mentee(tmp_path, rural=text).flags == frozenset()


def test_a_flag_of_the_policy_is_a_column(tmp_path):
    assert mentee(tmp_path, extra="[policy]\nequity = { waited = 1.5 }\n", waited="x", rural="no").flags == {"waited"}


@pytest.mark.parametrize("text", ["PGY-2", "pgy 2", "Resident", "résident"])
def test_a_stage_is_read_by_code_name_or_alias(tmp_path, text):
    assert mentee(tmp_path, stage=text).stage == "resident"


def test_where_a_program_has_no_list_text_is_taken_as_it_is(tmp_path):
    cleo = mentee(tmp_path, program=NO_WORDS, stage="Grade  7", setting="Rural; Remote")
    assert (cleo.stage, cleo.settings) == ("grade 7", {"rural", "remote"})


def test_the_spellings_of_the_program_go_first(tmp_path):
    cleo = mentee(
        tmp_path,
        extra='[values.level]\n"a lot" = 1\n[values.stage]\nfellow = "attending"\n[values.setting]\nanywhere = ""\n'
        '[values.region]\nNY = "New York"\n[values.timezone]\nEastern = "America/New_York"\nnone = ""\n'
        '[values.seat]\nnearby = "local"\n[values.bool]\n"I agree" = true\n[values.count]\nplenty = 4\n',
        **{"need:contracts": "A lot", "stage": "Fellow", "setting": "anywhere, rural", "region": "NY"},
        timezone="eastern", keep_seat="Nearby", rural="i agree", team_size="plenty",
    )  # fmt: skip
    assert (cleo.needs, cleo.stage, cleo.settings, cleo.region) == (
        {"contracts": 1},
        "attending",
        {"rural"},
        "New York",
    )
    assert (cleo.timezone, cleo.keep_seat, cleo.flags, cleo.team_size) == ("America/New_York", "local", {"rural"}, 4)
    assert mentee(tmp_path, extra='[values.timezone]\nnone = ""\n', timezone="none").timezone == ""


def test_an_answer_that_holds_a_separator_is_recognized_whole(tmp_path):
    ben = mentor(tmp_path, experiences="First generation, Parent in training, or soon to be,first_gen")
    assert ben.experiences == {"first_gen", "parent"}
    assert mentee(tmp_path, needs="Billing, coding and audits, Contracts").needs == {"billing": 2, "contracts": 2}


def test_an_id_that_holds_a_separator_is_recognized_whole(tmp_path):
    found = reading(tmp_path, [{"id": "Doe, Cleo", "avoid": "Roe, Ben, Bea"}], [{"id": "Roe, Ben"}, {"id": "Bea"}])
    assert found.roster.mentees[0].avoid == {"Roe, Ben", "Bea"}


def test_separators_are_the_program_s_and_a_line_break_is_always_one(tmp_path):
    cleo = mentee(tmp_path, extra='[import]\nseparators = "/"\n', languages="English, British/Welsh\nIrish/ /")
    assert cleo.languages == ("english, british", "welsh", "irish")


def test_needs_may_be_one_list_with_or_without_levels(tmp_path):
    cleo = mentee(tmp_path, needs="Contracts (a lot); Salary: 1; contracts.leave = 0; family")
    assert cleo.needs == {"contracts": 3, "contracts.salary": 1, "family": 2}
    assert mentee(tmp_path, extra="[import]\nmention_level = 3\n", needs="family").needs == {"family": 3}


def test_a_level_of_its_own_column_goes_before_a_mention(tmp_path):
    assert mentee(tmp_path, needs="family; contracts: 1", **{"need:family": 1, "need:contracts": 1}).needs == {
        "contracts": 1,
        "family": 1,
    }


def test_two_levels_of_one_need_are_a_fault(tmp_path):
    assert fault(tmp_path, needs="family: 3", **{"need:family": 1}).reason == "family has two levels: 1 and 3"
    assert fault(tmp_path, needs="family: 3; Family planning: 1").reason == "family has two levels: 3 and 1"


def test_an_answer_may_mean_no_need(tmp_path):
    extra = '[values.domain]\n"none of these" = ""\n'
    assert mentee(tmp_path, extra=extra, needs="None of these; none of these: 2").needs == {}


def test_a_program_without_domains_has_no_list_of_needs(tmp_path):
    assert fault(tmp_path, program="format = 1\n", needs="contracts").reason == "this program has no domains"


def test_an_unknown_need_suggests_the_nearest(tmp_path):
    found = fault(tmp_path, needs="Contrcts (2)")
    assert (found.reason, found.suggestion) == (
        "'Contrcts (2)' is no domain or topic of this program",
        'Did you mean \'contracts\'? Or say what it means: [values.domain] "Contrcts (2)" = "contracts"',
    )


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"keep_seat": "near"}, "'near' is neither local nor outside"),
        ({"timezone": "New Yrok"}, "'New Yrok' is no IANA time zone"),
        ({"timezone": "??"}, "'??' is no IANA time zone"),
        ({"pole:clinician": "101"}, "'101' is no number from 0 to 100"),
        ({"pole:clinician": "many"}, "'many' is no number from 0 to 100"),
        ({"team_size": "=2"}, "'=2' is no count"),
        ({"team_size": "20000"}, "a count is at most 10,000"),
        ({"stage": "zzz"}, "'zzz' is no stage of this program"),
        ({"need:contracts": "2.5"}, "a level is 0, 1, 2 or 3, not 2.5"),
    ],
)
def test_what_cannot_be_read_is_a_fault(tmp_path, cells, reason):
    assert fault(tmp_path, **cells).reason == reason


def test_a_city_is_enough_to_suggest_its_zone(tmp_path):
    assert fault(tmp_path, timezone="New Yrok").suggestion == "Did you mean 'America/New_York'?"
    assert fault(tmp_path, timezone="??").suggestion == "For instance 'America/Chicago'."


def test_an_unlimited_count_is_read_as_the_program_says_and_told(tmp_path):
    found = reading(tmp_path, (), [{"id": "ben", "capacity": "Any"}, {"id": "bea", "capacity": "up to 3"}])
    assert [person.capacity for person in found.roster.mentors] == [3, 5]
    assert found.notices == (
        "mentees.csv: no rows.",
        "mentors.csv, column 'capacity': 'Any' was read as 5 ([import] any_count) (in 1 cell).",
        "mentors.csv, column 'capacity': 'up to 3' was read as 3 (in 1 cell).",
    )


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    assert mentee(tmp_path, name="=HYPERLINK(1)", institution="+x").name == "=HYPERLINK(1)"


def test_the_points_of_the_poles_become_shares(tmp_path):
    cleo = mentee(tmp_path, **{"pole:clinician": "75 %", "pole:scientist": 25.0})
    assert cleo.outlook == {"clinician": 0.75, "scientist": 0.25}
    assert mentee(tmp_path, **{"pole:clinician": "99"}).outlook == {"clinician": 1.0}
    assert mentee(tmp_path, **{"pole:clinician": ""}).outlook == {}


def test_a_mentor_has_what_only_mentors_have(tmp_path):
    ben = mentor(tmp_path, capacity="2.0", min_load="one", kind="Industry", offers="billing", **{"quota:first_gen": 0})
    assert (ben.capacity, ben.min_load, ben.kind, ben.offers, ben.quotas) == (
        2, 1, "industry", {"billing": 2}, {"first_gen": 0},
    )  # fmt: skip
    assert mentor(tmp_path, kind="").kind == "member"


def test_a_capacity_below_the_policy_s_least_load_is_a_fault(tmp_path):
    found = fault(tmp_path, "mentors", extra="[policy]\nmin_load = 1\n", capacity="0")
    assert (found.column, found.reason) == ("capacity", "the capacity is below the policy's min_load of 1")
    assert mentor(tmp_path, extra="[policy]\nmin_load = 1\n", capacity="0", min_load="0").min_load == 0


def test_private_needs_are_keys_that_were_asked(tmp_path):
    assert mentee(tmp_path, needs="family", private="Family planning").private == {"family"}


def test_attributes_are_kept_only_with_consent_and_under_the_profile(tmp_path):
    cells = {"attr:culture": "Welsh; English", "consent:culture": "yes"}
    assert mentee(tmp_path, extra=BACKGROUND, **cells).attributes == {"culture": {"welsh", "english"}}
    assert mentee(tmp_path, extra=BACKGROUND, **cells | {"consent:culture": ""}).attributes == {}
    assert mentee(tmp_path, extra=BACKGROUND, **{"attr:culture": "Welsh"}).attributes == {}
    assert mentee(tmp_path, **cells).attributes == {}


def test_constants_stand_for_what_the_form_did_not_ask(tmp_path):
    extra = (
        BACKGROUND
        + '[constants.mentees]\n"consent:culture" = true\n"attr:culture" = "Welsh"\nstage = "PGY-2"\nsite = ""\n'
    )
    cleo = mentee(tmp_path, extra=extra)
    assert (cleo.attributes, cleo.stage) == ({"culture": {"welsh"}}, "resident")
    assert mentee(tmp_path, extra=extra.replace("true", "false")).attributes == {}


def test_a_constant_that_cannot_be_read_is_one_fault_of_the_program(tmp_path):
    with pytest.raises(RosterError) as caught:
        reading(tmp_path, [{"id": "cleo"}, {"id": "cai"}], extra='[constants.mentees]\nstage = "zzz"\n')
    assert [(x.file, x.column, x.value) for x in caught.value.faults] == [
        ("program.toml", "constants.mentees.stage", "zzz")
    ]


def test_a_constant_that_does_not_go_with_a_row_is_told_at_the_row(tmp_path):
    found = fault(tmp_path, extra='[constants.mentees]\nprivate = "billing"\n')
    assert (found.file, found.row, found.column, found.value) == ("mentees.csv", 2, "private", "billing")


@pytest.mark.parametrize(
    ("profile", "wishes"),
    [("neutral", {}), ("experience", {"first_gen": 2}), ("background", {"first_gen": 2, "same:culture": 1})],
)
def test_wishes_are_read_as_far_as_the_profile_goes(tmp_path, profile, wishes):
    cells = {"wish:first_gen": 2, "wish:same:culture": 1, "wish:parent": 0}
    assert mentee(tmp_path, extra=f'[policy]\nprivacy = "{profile}"\n', **cells).wishes == wishes


def test_wishes_that_are_not_read_are_told_once_and_counted_from_ten_people_on(tmp_path):
    people = [{"id": f"m{n}", "wish:same:culture": 1, "attr:culture": "x" if n else ""} for n in range(10)]
    found = reading(tmp_path, people, [{"id": "ben"}])
    assert found.notices == (
        "mentees.csv: wishes were not read under the profile 'experience': wish:same:culture. They concern 10 people.",
        "mentees.csv: private attributes were not read under the profile 'experience': attr:culture.",
    )


def test_test_rows_are_set_aside_whatever_stands_in_them(tmp_path):
    found = reading(
        tmp_path,
        [
            {"id": "1", "name": "Test test", "stage": "zzz"},
            {"id": "test@x.org", "name": "Cleo"},
            {"id": "test4", "name": "Cai", "email": "cai@x.org"},
            {"id": "5", "name": "Dov", "email": "TEST@x.org"},
        ],
        [{"id": "ben"}],
        extra='[import]\ntest_rows = ["^test"]\n',
    )
    assert [person.id for person in found.roster.mentees] == ["test4"]
    assert found.set_aside == tuple(
        SetAside("mentees.csv", row, "test row: name or e-mail fits '^test'") for row in (2, 3, 5)
    )


@pytest.mark.parametrize(("how", "kept", "aside"), [("first", "A", [3, 4]), ("last", "C", [2, 3])])
def test_of_duplicates_one_counts_and_the_others_are_set_aside(tmp_path, how, kept, aside):
    rows = [{"id": "Cleo@x.org", "name": "A"}, {"id": "cleo@X.org", "name": "B", "stage": "zzz"}]
    if how == "last":
        rows.append({"id": "cleo@x.org", "name": "C"})
    else:
        rows.append({"id": "CLEO@x.org", "name": "C", "stage": "zzz"})
    found = reading(tmp_path, rows, extra=f'[import]\nduplicates = "{how}"\n')
    assert [person.name for person in found.roster.mentees] == [kept]
    assert [row.row for row in found.set_aside] == aside
    assert found.set_aside[0].reason == f"same id as row {2 if how == 'first' else 4}; the {how} one counts"


def test_an_id_of_two_lines_is_a_fault(tmp_path):
    with pytest.raises(RosterError, match="an id is one line"):
        reading(tmp_path, [{"id": "cl\neo"}])


def test_ids_that_look_alike_in_both_files_are_a_fault_and_equal_ones_are_one_person(tmp_path):
    assert reading(tmp_path, [{"id": "ben"}], [{"id": "ben"}]).roster.mentors[0].id == "ben"
    with pytest.raises(RosterError, match=r"mentors\.csv, row 2, column 'id': the id looks like 'ben' in mentees\.csv"):
        reading(tmp_path, [{"id": "ben"}], [{"id": "Ben"}])


def test_different_people_with_one_address_are_told(tmp_path):
    found = reading(tmp_path, [{"id": "a", "email": "x@y.org"}, {"id": "b", "email": "X@y.org"}], [{"id": "ben"}])
    assert found.notices == ("mentees.csv: rows 2, 3 have one e-mail address and different ids.",)


def test_unknown_people_may_be_ignored_and_are_not_named(tmp_path):
    found = reading(
        tmp_path, [{"id": "cleo", "avoid": "Dov; ben"}], [{"id": "ben"}], extra='[import]\nunknown_people = "ignore"\n'
    )
    assert found.roster.mentees[0].avoid == {"ben"}
    assert found.notices == (
        "mentees.csv, column 'avoid': a cell names somebody who is in neither file, and was left out (in 1 cell).",
    )


def test_blank_consents_are_told_unless_the_program_says_what_they_mean(tmp_path):
    people = [{"id": "cleo", "consent": ""}, {"id": "cai", "consent": "no"}]
    found = reading(tmp_path, people, [{"id": "ben"}])
    assert [person.consent for person in found.roster.mentees] == [False, True]
    assert "1 blank cells of consent count as yes" in found.notices[0]
    found = reading(tmp_path, people, [{"id": "ben"}], extra='[values.bool]\n"" = false\n')
    assert ([person.consent for person in found.roster.mentees], found.notices) == ([False, False], ())
    assert reading(tmp_path, people[1:], [{"id": "ben"}]).notices == ()


def test_the_checksums_are_of_the_bytes_read(tmp_path):
    found = reading(tmp_path, [{"id": "cleo"}], [{"id": "ben"}])
    assert list(found.sources) == ["mentees.csv", "mentors.csv", "program.toml"]
    for name, checksum in found.sources.items():
        assert checksum == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()


def test_an_unreadable_need_is_one_fault_though_it_was_private(tmp_path):
    with pytest.raises(RosterError) as raised:
        read(write_folder(tmp_path, "id,need:contracts,private\ncleo,very very much,contracts\n", "id\nben\n"))
    assert [fault.column for fault in raised.value.faults] == ["need:contracts"]
