"""The civil service's export is read and matched with nothing but a program file."""

import shutil
import tomllib
from pathlib import Path

import numpy as np
import pytest
from commands import command
from scipy.optimize import linear_sum_assignment

from introducer import fit, rules
from introducer.io import Reading, read
from introducer.pipeline import match
from introducer.verify import verify

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "civil-service"
EXPORT = ROOT.parent / "shared" / "data" / "mentor-match" / "large"

needs_export = pytest.mark.skipif(
    not (EXPORT / "mentees.csv").exists(),
    reason="the export of 500 + 500 is not in ../shared/data/mentor-match/large; "
    "examples/civil-service/README.md says where it is published",
)


def folder_of(people: Path, program: str, folder: Path) -> Path:
    folder.mkdir()
    shutil.copyfile(EXAMPLE / program, folder / "program.toml")
    for name in ("mentees.csv", "mentors.csv"):
        shutil.copyfile(people / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    return read(folder_of(EXPORT, "program.toml", tmp_path_factory.mktemp("civil") / "large"))


def test_the_made_up_export_holds_thirty_people_in_the_form_of_the_original() -> None:
    roster = read(EXAMPLE).roster
    assert len({person.id for person in (*roster.mentees, *roster.mentors)}) == 30
    assert len({mentee.id for mentee in roster.mentees} & {mentor.id for mentor in roster.mentors}) == 2
    assert all(person.email.endswith("@example.org") for person in (*roster.mentees, *roster.mentors))


@pytest.mark.shared
@needs_export
def test_the_made_up_export_has_the_columns_of_the_original_in_their_order() -> None:
    for name in ("mentees.csv", "mentors.csv"):
        ours, theirs = ((folder / name).read_text(encoding="utf-8").splitlines()[0] for folder in (EXAMPLE, EXPORT))
        assert ours == theirs


def test_teams_differ_from_pairs_in_the_policy_alone(tmp_path: Path) -> None:
    one, three = (
        tomllib.loads((EXAMPLE / name).read_text(encoding="utf-8")) for name in ("program.toml", "program-teams.toml")
    )
    assert three["policy"] == one["policy"] | {"team_size": 3, "capacity": 3, "institution_limit": 1}
    assert {k: v for k, v in one.items() if k != "policy"} == {k: v for k, v in three.items() if k != "policy"}
    assert read(folder_of(EXAMPLE, "program-teams.toml", tmp_path / "teams")).policy.team_size == 3


@pytest.mark.shared
@needs_export
def test_every_row_of_the_real_export_is_read(large: Reading) -> None:
    assert len(large.roster.mentees) == 500
    assert len(large.roster.mentors) == 500
    assert large.set_aside == ()
    assert all(person.stage and person.institution for person in (*large.roster.mentees, *large.roster.mentors))


@pytest.mark.shared
@needs_export
def test_a_yes_is_a_whole_wish_and_a_no_is_none(large: Reading) -> None:
    assert {tuple(mentee.wishes.items()) for mentee in large.roster.mentees} == {(), (("same:identity", 3),)}
    assert sum(bool(mentee.wishes) for mentee in large.roster.mentees) == 262


@pytest.mark.shared
@needs_export
def test_what_both_gave_to_be_matched_by_is_used(large: Reading) -> None:
    assert large.policy.privacy == "background"
    mentors = {mentor.id: mentor.attributes.get("identity", frozenset()) for mentor in large.roster.mentors}
    assert mentors["mentor.001@gov.uk"] == {"transgender", "gay", "non-binary"}
    assert sum(bool(identities) for identities in mentors.values()) == 236
    mentees = {identity for mentee in large.roster.mentees for identity in mentee.attributes.get("identity", ())}
    assert mentees == frozenset().union(*mentors.values())


@pytest.mark.shared
@needs_export
def test_one_to_three_grades_above_is_best_and_below_is_refused(large: Reading) -> None:
    assert large.policy.stage.best == (1, 3)
    assert large.policy.stage.least == 0
    ranks = large.roster.vocabulary.ranks
    assert ranks["scs4"] - ranks["aa"] == 10
    assert list(ranks.values()) == list(range(1, 12))


@pytest.mark.shared
@needs_export
@pytest.mark.parametrize(("program", "each"), [("program.toml", 1), ("program-teams.toml", 3)])
def test_everybody_is_matched_within_a_fifth_of_a_percent_and_verified(program: str, each: int, tmp_path: Path) -> None:
    folder = folder_of(EXPORT, program, tmp_path / "in")
    assert command("match", folder, "--out", tmp_path / "out").code == 0
    outcome = verify(folder, tmp_path / "out")
    assert [len(found.ties) for found in outcome.constellations] == [each] * 500
    assert outcome.certificate.scope == "all"
    assert outcome.certificate.gap <= 0.002


@pytest.mark.shared
@needs_export
def test_one_mentor_each_is_the_best_assignment(large: Reading) -> None:
    policy = large.policy
    problem = fit.problem(large.roster, policy, rules.refusals(large.roster, policy))
    table = np.full(problem.shape, -10.0)
    for i in range(problem.shape[0]):
        table[i, problem.candidates(i)] = [problem.value(i, (j,)) for j in problem.candidates(i).tolist()]
    best = table[linear_sum_assignment(table, maximize=True)].sum()
    assert match(large.roster, policy).certificate.value == pytest.approx(best, rel=1e-4)
