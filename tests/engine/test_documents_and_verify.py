import csv
import io
import json
import shutil
from typing import Any

import pytest
from commands import FILES, MENTEES, MENTORS, command, contents, small
from folders import PROGRAM, write_folder
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import VOCABULARY, outcome

import introducer
from introducer.errors import Refused
from introducer.io import documents
from introducer.io.redaction import gap_at_most
from introducer.outcome import Gap
from introducer.report import page
from introducer.roster import Mentee, Mentor, Roster
from introducer.verify import reopen, verify


@pytest.fixture(scope="module")
def matched(tmp_path_factory):
    """Return an input folder and its outcome, which nobody changes."""
    folder = small(tmp_path_factory.mktemp("matched") / "in")
    assert command("match", folder, "--out", folder.parent / "out").code == 0
    return folder, folder.parent / "out"


@pytest.fixture
def copy(matched, tmp_path):
    """Return the input and a copy of the outcome that may be edited."""
    folder, out = matched
    return folder, shutil.copytree(out, tmp_path / "out")


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def refused(folder, out, *words):
    said = command("verify", folder, out)
    assert said.code == 5, said
    assert "Traceback" not in said.words
    assert "Unexpected:" not in said.words
    for word in words:
        assert word in said.words
    return said


# What is written, and read again


def test_an_outcome_that_was_not_edited_is_verified(matched):
    said = command("verify", *matched)
    assert said.code == 0
    assert said.out.startswith("Verified: 3 ties, value ")
    assert "scope all." in said.out


def test_what_verify_takes_from_an_outcome_is_what_was_written(matched):
    found, stored = verify(*matched), documents.read_outcome(matched[1])
    mentees, mentors = found.roster.mentees, found.roster.mentors
    teams, prices = documents.teams_and_prices(
        stored.teams, stored.prices, [m.id for m in mentees], [m.id for m in mentors], documents.quota_keys(mentors)
    )
    assert teams == tuple(tuple(tie.mentor for tie in own.ties) for own in found.constellations)
    assert prices == found.prices
    assert (stored.seed, stored.reproducible, stored.previous) == (1, True, frozenset())


def test_the_tables_hold_what_the_format_says(matched):
    text = {name: (matched[1] / name).read_text("utf-8") for name in FILES}
    ties, mentees, mentors = (rows(text[name]) for name in FILES[:3])
    assert list(ties[0]) == ["mentee", "mentor", "worth", "marginal", "pair", "domains", "wishes", "reasons"]
    assert [(row["mentee"], row["mentor"]) for row in ties] == [("cai", "ben"), ("cleo", "bea"), ("cy", "bea")]
    assert ties[1]["domains"] == "contracts;family"
    assert ties[1]["wishes"] == "parent"
    assert [row["uncovered"] for row in mentees] == ["contracts:full", "", "billing:full"]
    for row in mentees:
        own = sum(float(tie["worth"]) for tie in ties if tie["mentee"] == row["mentee"])
        assert own == float(row["value"]) <= float(row["alone"])
    assert [(row["mentor"], row["load"], row["capacity"]) for row in mentors] == [("bea", "2", "2"), ("ben", "1", "1")]
    assert rows(text["set_aside.csv"]) == [
        {"file": "mentees.csv", "row": "5", "reason": "test row: name or e-mail fits '^test'"}
    ]
    document = json.loads(text["outcome.json"])
    assert document["value"] == sum(float(row["value"]) for row in mentees)
    assert document["gap"] == (document["bound"] - document["value"]) / document["bound"]
    assert document["engine_version"] == introducer.__version__
    assert (document["n_mentees"], document["n_mentors"], document["n_ties"]) == (3, 2, 3)
    assert json.loads(text["run.json"])["seconds"] > 0


def test_whoever_weighs_more_or_less_is_listed(tmp_path):
    folder = small(tmp_path / "in", policy="equity = { rural = 1.5 }")
    assert command("match", folder, "--out", tmp_path / "out").code == 0
    assert json.loads((tmp_path / "out" / "outcome.json").read_text("utf-8"))["equity"] == {"cai": 1.5}
    assert command("verify", folder, tmp_path / "out").code == 0


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\0=1", "＝1+1", "＋1", "－1", "＠x", " =1+1", "\u3000=1"],
)
def test_a_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(cell):
    assert documents._neutral(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["cleo", "a=b", "contracts;billing", "", "cleo@example.org", "'=x"])
def test_other_cells_are_written_as_they_are(cell):
    written = str(documents._table(["a", "b"], lambda: [[cell, -0.5]]))
    assert list(csv.reader(io.StringIO(written, newline="")))[1] == [cell, "-0.5"]


def test_ids_that_look_like_formulas_are_neutral_in_tables_and_verified(tmp_path):
    mentees = [{"id": "=cmd|' /C calc'!A0", "need:contracts": 3}, {"id": "@cai", "need:billing": 3}]
    folder = small(tmp_path / "in", mentees=mentees, mentors=[{"id": "+ben", "offer:contracts": 3, "offer:billing": 1}])
    assert command("match", folder, "--out", tmp_path / "out").code == 0
    for name in FILES[:4]:
        for row in csv.reader(io.StringIO((tmp_path / "out" / name).read_text("utf-8"), newline="")):
            assert not any(cell.startswith(("=", "+", "@")) for cell in row)
    assert "'=cmd|' /C calc'!A0" in (tmp_path / "out" / "mentees.csv").read_text("utf-8")
    assert command("verify", folder, tmp_path / "out").code == 0


def test_a_reopened_outcome_has_the_account_of_its_teams(matched):
    account, found = reopen(*matched)
    assert account.teams == ((1,), (0,), (0,))
    assert account.loads.tolist() == list(found.loads)
    assert found == verify(*matched)


# Edits of an outcome


def a_digit(text):
    place = next(k for k in range(len(text) - 1, -1, -1) if text[k].isdigit())
    return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]


def a_line_dropped(text):
    return "".join(text.splitlines(keepends=True)[:-1])


def a_line_added(text):
    return text + text.splitlines(keepends=True)[-1]


def lines_swapped(text):
    lines = text.splitlines(keepends=True)
    return "".join([lines[1], lines[0], *lines[2:]])


def a_blank_line(text):
    return text + "\n"


def other_line_ends(text):
    return text.replace("\n", "\r\n")


def a_mark_in_front(text):
    return "\ufeff" + text


def nothing_left(text):
    return text[:0]


EDITS = (
    a_digit,
    a_line_dropped,
    a_line_added,
    lines_swapped,
    a_blank_line,
    other_line_ends,
    a_mark_in_front,
    nothing_left,
)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
@pytest.mark.parametrize("name", FILES)
def test_an_edit_of_any_file_is_refused_by_name(copy, name, edit):
    path = copy[1] / name
    before = path.read_bytes().decode("utf-8")
    path.write_bytes(edit(before).encode("utf-8"))
    assert path.read_bytes().decode("utf-8") != before
    refused(*copy, name, "The outcome does not follow from its input.")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_or_no_text_or_a_folder_is_refused_by_name(copy, name):
    path = copy[1] / name
    path.write_bytes(b"\xff\xfe" + path.read_bytes())
    refused(*copy, name)
    path.unlink()
    refused(*copy, name)
    path.mkdir()
    refused(*copy, name)


def test_the_place_and_the_first_difference_of_a_long_line_are_named(copy):
    path = copy[1] / "report.html"
    path.write_text(path.read_text("utf-8").replace("Bea", "Mae", 1), "utf-8")
    said = refused(*copy, "report.html, line ")
    shown, follows = said.err.split(", and ")
    assert "Mae" in shown
    assert "Bea" in follows


def test_every_file_that_differs_is_named_at_once(copy):
    for name in ("ties.csv", "mentors.csv", "run.json"):
        (copy[1] / name).unlink()
    refused(*copy, "ties.csv is missing.", "mentors.csv is missing.", "run.json is missing")


def put(key, value):
    def change(document):
        place = document
        for name in key.split(".")[:-1]:
            place = place[name]
        place[key.split(".")[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put("teams.cai", ["bea", "ben"]), "bea"),
        (put("teams.cy", ["ben"]), "ben"),
        (put("teams.cai", ["ben", "ben"]), "cai"),
        (put("teams.cai", ["nobody"]), "'nobody' is no mentor of the input."),
        (put("teams.cai", []), "ties.csv, line 2"),
        (put("teams.dov", ["ben"]), "'dov' has a team and is no mentee of the input."),
        (put("teams", {}), "ties.csv, line 2"),
        (put("prices.capacity.bea", 0.25), "mentors.csv, line 2"),
        (put("prices.capacity.bea", -1), "price"),
        (put("prices.capacity.dov", 1), "'dov' is no mentor of the input."),
        (put("prices.min_load", {"rae": 1}), "'rae' is no mentor of the input."),
        (put("prices.min_load", {"ben": 0.5}), "outcome.json, line "),
        (put("prices.quota", [["ben", "parent", 1]]), "'ben' has no quota for 'parent'."),
        (put("prices.quota", [["ben", "first_gen", 0.5]]), "outcome.json, line "),
        (put("seed", 2), "report.html"),
        (put("seed", 1.5), "outcome.json"),
        (put("policy.team_size", 3), "outcome.json"),
        (put("reproducible", False), "report.html"),
        (put("previous", [["cai", "ben"]]), "ties.csv"),
        (put("value", 1.0), "outcome.json"),
        (put("inputs_sha256", "0"), "outcome.json"),
        (put("a_key_more", 1), "outcome.json"),
        (put("format", 2), "outcome.json has format 2, and this program reads 1."),
        (put("redacted", True), "The outcome is redacted"),
        (put("teams", ["cai"]), "outcome.json is no outcome"),
        (put("teams.cai", 3), "outcome.json is no outcome"),
        (put("previous", [["cai"]]), "outcome.json is no outcome"),
        (put("seed", None), "outcome.json is no outcome"),
        (put("prices.capacity.bea", 10**400), "outcome.json is no outcome"),
        (put("prices.capacity.bea", 1e308), "The price 1e+308 (capacity, 'bea') is more than anything is worth."),
        (put("prices.quota", [["ben", "first_gen", 1e308]]), "is more than anything is worth."),
        (put("teams.\ud800", []), "outcome.json is no JSON document"),
        (put("previous", [["\ud800", "ben"]]), "outcome.json is no JSON document"),
        (put("teams.a\x1bb", []), r"'a\x1bb' has a team"),
        (lambda document: document.pop("prices"), "outcome.json is no outcome: KeyError at 'prices'."),
    ],
)
def test_a_thoughtful_edit_of_the_outcome_is_refused(copy, change, words):
    path = copy[1] / "outcome.json"
    document = json.loads(path.read_text("utf-8"))
    change(document)
    document.pop("sha256", None)
    try:
        path.write_text(documents.sealed(document), "utf-8")
    except UnicodeEncodeError:
        path.write_text(json.dumps(document), "utf-8")
    refused(*copy, words)


@pytest.mark.parametrize("pair", [["cai", "bea"], ["somebody", "who left"]])
def test_an_earlier_tie_that_was_written_in_is_refused_though_it_changes_no_team(copy, pair):
    path = copy[1] / "outcome.json"
    document = json.loads(path.read_text("utf-8"))
    document["previous"] = [pair]
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    refused(*copy, "outcome.json, line ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "outcome.json is no JSON document"),
        ("[" * 100_000, "outcome.json is no JSON document"),
        ("[]", "outcome.json is no outcome"),
        ("null", "outcome.json is no outcome"),
        ("{}", "outcome.json is no outcome: KeyError at 'format'."),
    ],
)
def test_what_is_no_outcome_is_said_to_be_none(copy, text, words):
    (copy[1] / "outcome.json").write_text(text, "utf-8")
    refused(*copy, words)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_price_without_end_is_refused(copy, number):
    path = copy[1] / "outcome.json"
    document = json.loads(path.read_text("utf-8"))
    document["prices"]["capacity"]["bea"] = "here"
    path.write_text(json.dumps(document, indent=1).replace('"here"', number), "utf-8")
    refused(*copy, "price")


@pytest.mark.parametrize(
    "text", ["", "[]", "3", '{"seconds": 1}', '{"sha256": "0"}', '{"a": NaN, "sha256": 0}', "[" * 100_000]
)
def test_a_record_of_the_run_without_its_digest_is_refused(copy, text):
    (copy[1] / "run.json").write_text(text, "utf-8")
    refused(*copy, "run.json was edited: its digest does not fit.")


def test_seconds_that_were_made_shorter_are_refused(copy):
    path = copy[1] / "run.json"
    document = json.loads(path.read_text("utf-8"))
    document["seconds"] = 0.001
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    refused(*copy, "run.json was edited: its digest does not fit.")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("mentees.csv", "Cleo", "Clea"),
        ("mentees.csv", "cai,Cai,resident,3", "cai,Cai,resident,1"),
        ("mentors.csv", "Ben", "Ken"),
        ("program.toml", "team_size = 2", "team_size = 1"),
        ("program.toml", "format = 1", "format = 1  # a remark"),
        ("mentees.csv", "test1", "test2"),
    ],
)
def test_an_input_that_was_edited_after_the_match_is_refused(matched, tmp_path, name, old, new):
    folder = shutil.copytree(matched[0], tmp_path / "in")
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")
    refused(folder, matched[1], "outcome.json")


def test_an_input_without_somebody_of_the_outcome_is_refused_with_all_names(matched, tmp_path):
    folder = small(tmp_path / "in", mentees=MENTEES[1:], mentors=MENTORS[:1])
    refused(folder, matched[1], "'cai' has a team and is no mentee", "'ben' is no mentor")


def test_an_input_that_cannot_be_read_is_bad_input_to_verify_too(matched, tmp_path):
    folder = small(tmp_path / "in", mentees=[{"id": "cai", "need:contracts": 9}])
    said = command("verify", folder, matched[1])
    assert said.code == 3
    assert "mentees.csv, row 2, column 'need:contracts'" in said.err


def test_teams_and_prices_of_nobody_are_zero_and_empty():
    nothing: dict[str, Any] = {"capacity": {}, "min_load": {}, "quota": {}}
    teams, prices = documents.teams_and_prices({}, nothing, ["cai"], ["ben"], [("ben", "parent")])
    assert teams == ((),)
    assert prices == introducer.outcome.Prices((0.0,), (0.0,), (0.0,))


def test_a_missing_outcome_is_told_by_its_file(tmp_path):
    with pytest.raises(Refused, match=r"outcome\.json cannot be read: No such file"):
        documents.read_outcome(tmp_path)


# Redaction

WORDS = """
[[domains]]
id = "tokprivate"
name = "Tokprivatename"
topics = [{ id = "toktopic", name = "Toktopicname", sensitive = true }]

[[experiences]]
id = "tokpath"
name = "Tokpathname"

[[attributes]]
id = "tokattribute"
name = "Tokattributename"

[policy]
privacy = "background"
team_size = 2
capacity = 4
equity = { rural = 1.25 }

[import]
test_rows = ["^test"]
"""
#: Must stand nowhere in a redacted outcome. Ids of people do stand there.
TOKENS = ("tokprivate", "toktopic", "tokpath", "tokattribute", "tokvalue", "toknote", "tokmail", "family", "salary")
CODES = ("avoid", "conflict", "evaluator", "quota", "refused", "confidential", "full", "continuity", "culture", "first")


def discreet(folder, *, hidden=True):
    """Write a cohort in which teams are the same with and without its hidden parts.

    Rex has no seat, so that what stands between him and others moves nobody.
    """
    secret: dict[object, dict[str, object]] = {
        "cleo": {
            "need:tokprivate": 3,
            "need:contracts.salary": 3,
            "private": "tokprivate; contracts.salary",
            "wish:tokpath": 3,
            "wish:same:tokattribute": 2,
            "attr:tokattribute": "tokvalue",
            "consent:tokattribute": "yes",
            "avoid": "rex",
            "rural": "yes",
        },
        "cai": {"need:family": 3, "need:tokprivate.toktopic": 2, "wish:first_gen": 1, "evaluators": "rex"},
        "bea": {
            "experiences": "tokpath; first_gen",
            "attr:tokattribute": "tokvalue",
            "consent:tokattribute": "yes",
            "quota:tokpath": 1,
            "offer:tokprivate.toktopic": 1,
        },
    }
    mentees = [
        {
            "id": "cleo",
            "email": "tokmail@example.org",
            "need:contracts.leave": 2,
            "need:contracts": 1,
            "need:billing": 1,
        },
        {"id": "cai", "need:billing": 2},
        {"id": "test1", "name": "test tokmail", "need:billing": 2},
    ]
    mentors = [
        {"id": "bea", "offer:contracts": 2, "offer:tokprivate": 3, "offer:family": 2},
        {"id": "ben", "offer:contracts": 1, "offer:contracts.salary": 3},
        {"id": "rex", "offer:billing": 3, "capacity": 0},
    ]
    ties = [{"kind": "existing", "mentee": "cleo", "mentor": "bea", "note": "toknote"}]
    if hidden:
        mentees, mentors = ([row | secret.get(row["id"], {}) for row in side] for side in (mentees, mentors))
        ties += [{"kind": "conflict", "mentee": "cai", "mentor": "rex", "note": "toknote"}]
    return write_folder(folder, mentees, mentors, ties, program=PROGRAM + WORDS)


@pytest.fixture(scope="module")
def redacted(tmp_path_factory):
    """Return the folder of: the input, its redacted outcome, its full outcome."""
    place = tmp_path_factory.mktemp("redacted")
    folder = discreet(place / "in")
    assert command("match", folder, "--out", place / "open", "--redacted").code == 0
    assert command("match", folder, "--out", place / "full").code == 0
    return place


def test_no_token_of_anything_hidden_stands_in_any_redacted_file(redacted):
    for name in FILES:
        text = (redacted / "open" / name).read_text("utf-8").casefold()
        if name == "report.html":
            text = text.partition("</style>")[2]
        assert [token for token in TOKENS if token in text] == [], name
        if name.endswith(".csv"):
            assert [code for code in CODES if code in text] == [], name
    full = " ".join((redacted / "full" / name).read_text("utf-8").casefold() for name in FILES)
    # The tokens are in the full outcome, so looking for them means something.
    assert {token for token in TOKENS if token not in full} == {"tokvalue", "toknote", "tokmail"}


def test_a_redacted_outcome_is_the_same_whatever_is_hidden_while_teams_are_the_same(redacted, tmp_path):
    folder = discreet(tmp_path / "in", hidden=False)
    assert command("match", folder, "--out", tmp_path / "open", "--redacted").code == 0
    assert command("match", folder, "--out", tmp_path / "full").code == 0
    assert contents(tmp_path / "open") == contents(redacted / "open")
    told = [
        (redacted / "full" / "mentees.csv").read_text("utf-8"),
        (tmp_path / "full" / "mentees.csv").read_text("utf-8"),
    ]
    assert "refused(" in told[0]
    assert "refused(" not in told[1]


OPEN, SECRET = ("contracts", "research", "talk"), ("research.grants", "clinic", "family")
LEVELS = st.dictionaries(st.sampled_from(OPEN), st.integers(1, 3))
HIDDEN = st.fixed_dictionaries(
    {
        "needs": st.dictionaries(st.sampled_from(SECRET), st.integers(1, 3)),
        "wishes": st.dictionaries(st.sampled_from(["rural_path", "same:culture"]), st.integers(1, 3)),
        "flags": st.sets(st.sampled_from(["rural", "no_home_program"])).map(frozenset),
        "avoid": st.sets(st.sampled_from(["o0", "o1"])).map(frozenset),
        "attributes": st.sampled_from([{}, {"culture": frozenset({"a"})}]),
        "cause": st.sampled_from([("full", ""), ("refused", "avoid"), ("refused", "quota"), ("team_spent", "")]),
        "price": st.floats(0, 1),
        "refused": st.integers(0, 50),
    }
)


def shown(asked, teams, offers, hidden):
    """Return all redacted texts of an outcome with these open parts, these teams and these hidden parts."""
    kept = ("wishes", "flags", "avoid", "attributes")
    mentees = tuple(
        Mentee(
            id=f"e{i}", needs=own | hidden["needs"], private=frozenset(hidden["needs"]), **{k: hidden[k] for k in kept}
        )
        for i, own in enumerate(asked)
    )
    mentors = tuple(Mentor(id=f"o{j}", offers=own) for j, own in enumerate(offers))
    offered = {key for own in offers for key in own}
    found = outcome(
        Roster("Made up", VOCABULARY, mentees, mentors),
        {f"e{i}": [f"o{j}" for j in team if j < len(offers)] for i, team in enumerate(teams)},
        causes={key: Gap(key, *hidden["cause"]) for key in offered},
        prices={"o0": hidden["price"]},
        refusals={"avoid": hidden["refused"], "stage": 50 - hidden["refused"]},
    )
    files = documents.outcome_files(found, (), {"mentees.csv": str(hidden)}, redacted=True)
    return {name: str(pieces) for name, pieces in files.items()}, page(found, redacted=True)


@settings(max_examples=40, deadline=None)
@given(
    asked=st.lists(LEVELS, min_size=1, max_size=3),
    teams=st.lists(st.sets(st.integers(0, 1)), max_size=3),
    offers=st.lists(LEVELS, max_size=2),
    first=HIDDEN,
    second=HIDDEN,
)
def test_a_redacted_outcome_is_a_function_of_teams_and_of_what_was_said_openly(asked, teams, offers, first, second):
    teams = teams[: len(asked)]
    assert shown(asked, teams, offers, first) == shown(asked, teams, offers, second)


def test_redacted_tables_say_who_is_tied_to_whom_and_which_open_needs_stay_open(redacted):
    ties, mentees, mentors = (rows((redacted / "open" / name).read_text("utf-8")) for name in FILES[:3])
    assert {tuple(row.values())[2:] for row in ties} == {("",) * 6}
    assert [(row["mentee"], row["mentor"]) for row in ties] == [
        ("cai", "bea"), ("cai", "ben"), ("cleo", "bea"), ("cleo", "ben"),
    ]  # fmt: skip
    assert [tuple(row.values()) for row in mentees] == [
        ("cai", "2", "", "", "", "billing:not_told"),
        ("cleo", "2", "", "", "", "billing:not_told"),
    ]
    assert [tuple(row.values()) for row in mentors] == [
        ("bea", "2", "4", ""),
        ("ben", "2", "4", ""),
        ("rex", "0", "0", ""),
    ]


def test_a_redacted_outcome_says_that_nobody_offers_an_open_need(tmp_path):
    folder = small(tmp_path / "in", mentors=MENTORS[:1])
    assert command("match", folder, "--out", tmp_path / "out", "--redacted").code == 0
    uncovered = {row["mentee"]: row["uncovered"] for row in rows((tmp_path / "out" / "mentees.csv").read_text("utf-8"))}
    assert uncovered["cai"].startswith("billing:no_offer")


def test_a_redacted_document_ends_after_what_everybody_may_know(redacted):
    document = json.loads((redacted / "open" / "outcome.json").read_text("utf-8"))
    assert list(document) == [
        "format", "engine_version", "redacted", "seed", "policy", "n_mentees", "n_mentors", "n_ties", "gap", "scope",
        "reproducible",
    ]  # fmt: skip


def test_a_redacted_outcome_is_refused_with_a_sentence(redacted):
    refused(redacted / "in", redacted / "open", "The outcome is redacted: it leaves out what is needed here.")


@pytest.mark.parametrize(
    ("gap", "stated"), [(0.0, 0.0005), (1e-7, 0.0005), (0.0005, 0.0005), (0.00051, 0.001), (0.0123, 0.0125), (1.0, 1.0)]
)
def test_a_redacted_gap_is_rounded_up_to_half_a_thousandth(gap, stated):
    assert gap_at_most(gap) == stated
