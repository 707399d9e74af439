"""The rules that hold the documents are seen to fail: each is run on a copy in which one thing is wrong."""

import shutil
from pathlib import Path

import pytest

import test_architecture
import test_docs

ROOT = Path(__file__).parents[1]
#: A page, what stands there, what stands there in the copy, and the rule that must not pass (name, arguments).
WRONG = [
    (
        "docs/reference/commands.md",
        "--time-budget",
        "--budget",
        "every_command_and_option_is_in_the_reference match --time-budget",
    ),
    (
        "docs/reference/commands.md",
        "`introducer check ",
        "`introducer look ",
        "every_command_and_option_is_in_the_reference check --suggest",
    ),
    ("docs/reference/policy.md", "`continuity`", "`habit`", "every_field_of_the_policy_is_in_the_reference continuity"),
    ("docs/reference/policy.md", "| .03 |", "| .04 |", "defaults_of_the_policy_stand_in_the_reference"),
    ("docs/reference/api.md", "introducer.Roster", "introducer.Crew", "the_front_door_is_in_the_reference Roster"),
    ("docs/reference/output.md", "`veto`", "`ban`", "each_refusal_code_is_in_the_reference veto"),
    ("docs/reference/output.md", "\n| `guest` |", "\n| `quota` |\n| `guest` |", "refusal_codes_stand_in_their_order"),
    ("docs/reference/output.md", "`full`", "`busy`", "each_cause_is_in_the_reference full"),
    ("docs/reference/output.md", "`marginal`", "`margin`", "each_column_of_an_outcome_is_in_the_reference _TIES"),
    ("docs/reference/input.md", "[values", "[spellings", "each_table_of_a_program_is_in_the_reference"),
    ("docs/explanation/model.md", "`timezone`", "`clocks`", "every_pair_term_has_its_formula"),
    ("docs/index.md", "\nglossary\n", "\n", "every_page_below_docs_is_in_the_index"),
    ("docs/references.bib", "@", "@misc{nobody,\n title = {Never cited}}\n@", "every_reference_that_is_cited_is_there"),
    (
        "ARCHITECTURE.md",
        "src/introducer/certify",
        "src/introducer/proof",
        "the_architecture_names_each_layer_of_the_engine",
    ),
]


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Point the rules at a copy of the documents and return its folder."""
    left_out = shutil.ignore_patterns("_build", "images")
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=left_out)
    for page in [*ROOT.glob("*.md"), ROOT / "pyproject.toml"]:
        shutil.copy(page, tmp_path)
    pages = [tmp_path / path.relative_to(ROOT) for path in test_docs.PAGES if "examples" not in path.parts]
    monkeypatch.setattr(test_docs, "PAGES", pages)
    for module in (test_docs, test_architecture):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


def rule(named):
    """Run a rule by its name and arguments."""
    name, *words = named.split()
    module = test_docs if hasattr(test_docs, f"test_{name}") else test_architecture
    getattr(module, f"test_{name}")(*words)


@pytest.mark.parametrize("named", sorted({named for *_, named in WRONG}))
def test_the_copy_keeps_the_rule(copy, named):
    assert copy.is_dir()
    rule(named)


@pytest.mark.parametrize(("page", "right", "wrong", "named"), WRONG)
def test_a_page_with_one_thing_wrong_breaks_its_rule(copy, page, right, wrong, named):
    text = (copy / page).read_text(encoding="utf-8")
    assert right in text
    (copy / page).write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(AssertionError):
        rule(named)


def test_a_link_that_leads_nowhere_breaks_its_rule(copy):
    page = copy / "docs" / "index.md"
    page.write_text("[see](nowhere.md)", encoding="utf-8")
    with pytest.raises(AssertionError):
        test_docs.test_relative_links_lead_somewhere(page)


def test_a_path_that_is_not_there_breaks_its_rule(copy):
    (copy / "CONTRIBUTING.md").write_text("see src/introducer/nowhere.py", encoding="utf-8")
    with pytest.raises(AssertionError):
        test_architecture.test_each_path_that_a_page_names_exists("CONTRIBUTING.md")
