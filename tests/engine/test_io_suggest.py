"""A mapping is proposed for headers and cells that are not known; nothing bad stops it."""

import tomllib

from folders import PROGRAM, write_folder

from introducer.io import Proposal, Spelling, Suggestion, read, suggest

MENTEES = (
    "Your e-mail,First name,Last name,Your training level,How much help with contracts?,Help with family planning,"
    "Practice type,Comments\n"
    "cleo@x.org,Cleo,Doe,PGY-2,a lot,kinda,Rural practise,none\n"
    "cai@x.org,Cai,Roe,Attending,1,2,Rural practice,\n"
    "eve@x.org,Eve,Poe,Attendng,2,kinda,Islands,x\n"
)
MENTORS = "id,email,How many mentees,zone,bool\nben,ben@x.org,3-4,UTC,x\nbea,bea@x.org,2,UTC,\n"


def test_headers_and_cells_get_proposals_that_can_be_pasted(tmp_path):
    found = suggest(write_folder(tmp_path, MENTEES, MENTORS))
    tables = tomllib.loads(found.toml)
    assert tables["columns"] == {
        "mentees": {
            "id": "Your e-mail",
            "name": ["First name", "Last name"],
            "stage": "Your training level",
            "need:contracts": "How much help with contracts?",
            "need:family": "Help with family planning",
            "setting": "Practice type",
        },
        "mentors": {"capacity": "How many mentees"},
    }
    assert tables["values"] == {
        "stage": {"Attendng": "attending"},
        "setting": {"Rural practise": "rural"},
        "count": {"3-4": 3},
        "level": {},
    }
    assert '# "kinda" = ?' in found.toml
    assert '# "Islands" = ?' in found.toml
    assert found.faults == ()
    completed = found.toml.replace('# "kinda" = ?', '"kinda" = 1').replace('# "Islands" = ?', '"Islands" = ""')
    pasted = read(write_folder(tmp_path, MENTEES, MENTORS, extra=completed))
    assert [person.name for person in pasted.roster.mentees] == ["Cai Roe", "Cleo Doe", "Eve Poe"]


def test_every_proposal_has_its_reason(tmp_path):
    found = suggest(write_folder(tmp_path, MENTEES, MENTORS))
    assert all(len(proposal.fields) == len(proposal.reasons) for proposal in found.proposals)
    assert found.proposals[0].reasons[0] == "its cells are e-mail addresses, each once"
    assert Spelling("mentors.csv", "How many mentees", "count", "3-4", 3) in found.spellings


def test_a_header_with_the_name_of_a_field_in_it_says_by_what(tmp_path):
    found = suggest(write_folder(tmp_path, "id,My time zone\ncleo,UTC\n", "id\nben\n"))
    assert found.proposals == (Proposal("mentees.csv", "My time zone", ("timezone",), ("it looks like 'time zone'",)),)


def test_a_column_whose_cells_cannot_be_the_field_is_not_proposed(tmp_path):
    found = suggest(write_folder(tmp_path, "id,How many mentors\ncleo,lots\ncai,many\n", "id\nben\n"))
    assert found == Suggestion(unlike=(("mentees.csv", "How many mentors"),))


def test_an_empty_column_is_proposed_by_its_header_alone(tmp_path):
    found = suggest(write_folder(tmp_path, "id,Culture\ncleo,\n", "id,Culture\nben,Welsh\n", program=PROGRAM))
    assert "attr:culture" in found.proposals[0].fields
    assert "Welsh" not in found.toml


def test_where_email_is_mapped_already_it_is_proposed_as_the_id(tmp_path):
    found = suggest(write_folder(tmp_path, "email,name\ncleo@x.org,Cleo\n", "id\nben\n"))
    assert found.toml == '[columns.mentees]\nid = "email"\n# email = "email"\n'


def test_with_everything_known_there_is_nothing_to_propose(tmp_path):
    found = suggest(write_folder(tmp_path, [{"id": "cleo"}], [{"id": "ben"}]))
    assert (found.proposals, found.spellings, found.toml, found.faults) == ((), (), "", ())


def test_unknown_yes_and_no_zones_and_counts_are_left_to_the_reader(tmp_path):
    found = suggest(write_folder(tmp_path, "id,rural,timezone,team_size\ncleo,perhaps,Eastern,plenty\n", "id\nben\n"))
    for text in ("perhaps", "Eastern", "plenty"):
        assert f'# "{text}" = ?' in found.toml


def test_an_unknown_need_in_a_list_is_proposed_as_a_domain(tmp_path):
    found = suggest(write_folder(tmp_path, "id,needs\ncleo,Contrcts; Contrcts\n", "id\nben\n"))
    assert found.spellings == (Spelling("mentees.csv", "needs", "domain", "Contrcts", "contracts"),)


def test_files_that_cannot_be_read_at_all_are_faults(tmp_path):
    found = suggest(write_folder(tmp_path, "", "id\nben\n"))
    assert [(fault.file, fault.reason) for fault in found.faults] == [("mentees.csv", "the file is empty")]
    found = suggest(write_folder(tmp_path, program="x"))
    assert [fault.file for fault in found.faults] == ["program.toml"]
    assert suggest(tmp_path / "nowhere").faults[0].file == "program.toml"


def test_a_column_is_told_by_its_cells_and_what_is_like_nothing_is_named(tmp_path):
    mentees = "id,Topics,Favorite color\ncleo,Contracts,blue\ncai,contracts,red\n"
    found = suggest(write_folder(tmp_path, mentees, "id\nben\n"))
    assert [str(proposal) for proposal in found.proposals] == [
        "mentees.csv: the column 'Topics' may be needs (most of its cells can be read as needs)."
    ]
    assert found.unlike == (("mentees.csv", "Favorite color"),)


def test_a_spelling_says_what_it_may_mean(tmp_path):
    found = suggest(write_folder(tmp_path, "id,needs\ncleo,Contrakts\n", "id,capacity\nben,a pair\n"))
    assert sorted(map(str, found.spellings)) == [
        "mentees.csv: 'Contrakts' in the column 'needs' cannot be read as a domain; perhaps it means contracts.",
        "mentors.csv: 'a pair' in the column 'capacity' cannot be read as a count.",
    ]
