"""The house rules hold in this repository, and each of them finds what it is there to find."""

import subprocess
from pathlib import Path

import pytest

import house_rules as rules

ROOT = Path(__file__).parents[1]
ENGINE = rules.sources(ROOT / "src" / "introducer")
TESTS = rules.sources(ROOT / "tests")
EVERY = [*ENGINE, *TESTS, *rules.sources(ROOT / "benchmarks"), *rules.sources(ROOT / "docs")]
#: The modules that know a clock.
COMMAND_LINE = [ROOT / "src" / "introducer" / name for name in ("cli.py", "terminal.py")]
#: A place on somebody's machine, but for its root: this file holds none either.
PLACE = "/{}/ada"
#: The words of the design that the engine stands on.
TERMS = """
    Society, Program, Cohort, Training site, Mentee, Mentor, Coordinator, Domain, Topic, Need, Offer, Experience, Wish,
    Private attribute, Conflict, Policy, Roster, Fit, Tie, Constellation, Match run, Outcome, Certificate, Reason, Pin,
    Veto, User, Participant, Publish, Relationship, Conversation, Agreement, Goal, Pulse, Message, Audit entry
"""


@pytest.fixture
def planted(tmp_path):
    """Write one made-up file and return it."""

    def write(text, name="made_up.py"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def committed():
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [path for name in told.split("\0") if name and (path := ROOT / name).is_file()]


def test_modules_are_short():
    assert rules.long_modules([*ENGINE, *rules.sources(ROOT / "benchmarks")]) == []


def test_a_long_module_is_found(planted):
    assert rules.long_modules([planted("\n" * rules.LIMIT)]) == []
    path = planted("\n" * (rules.LIMIT + 1))
    assert rules.long_modules([path]) == [f"{path.parent.name}/made_up.py: 401 lines"]


def test_the_front_door_is_what_it_lists():
    assert rules.door_faults(ROOT / "src" / "introducer" / "__init__.py") == []


@pytest.mark.parametrize(
    ("table", "listed", "seen", "fault"),
    [
        ('("Fit", "Tie")', '["Fit"]', "Fit, Tie", "Tie: not in both the table and __all__"),
        ('("Fit",)', '["Fit", "Tie"]', "Fit", "Tie: not in both the table and __all__"),
        ('("Fit",)', '["Fit", "Fit"]', "Fit", "Fit: twice in __all__"),
        ('("Fit",)', '["Fit"]', "Tie", "fit.Fit: not in both the table and what types see"),
    ],
)
def test_a_difference_at_the_front_door_is_found(planted, table, listed, seen, fault):
    types = f"if TYPE_CHECKING:\n    from introducer.fit import {seen}\n"
    assert fault in rules.door_faults(planted(f'{types}_DOOR = {{"fit": {table}}}\n__all__ = {listed}\n'))


def test_an_early_import_at_the_front_door_is_found(planted):
    door = planted('from introducer.fit import Fit\n_DOOR = {"fit": ("Fit",)}\n__all__ = ["Fit"]\n')
    assert rules.door_faults(door) == ["line 1: imports at once"]


def test_a_door_without_a_list_is_no_door(planted):
    with pytest.raises(ValueError, match="no __all__"):
        rules.door_faults(planted("_DOOR = {}\n"))


def test_the_engine_holds_no_clock_no_network_no_log_and_no_chance_without_a_seed():
    assert rules.reaches_outside(path for path in ENGINE if path not in COMMAND_LINE) == []


def test_the_command_line_holds_a_clock_and_nothing_else():
    assert {fault.partition(": ")[2] for fault in rules.reaches_outside(COMMAND_LINE)} <= {"clock: time"}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("import time", "clock: time"),
        ("from time import perf_counter", "clock: time.perf_counter"),
        ("def late():\n    import logging.config", "log: logging.config"),
        ("import urllib.request as u", "network: urllib.request"),
        ("from socket import socket", "network: socket.socket"),
        ("import random", "chance: random"),
        ("from numpy.random import rand", "chance: numpy.random.rand"),
        ("x = np.random.shuffle(y)", "chance: np.random.shuffle"),
        ("x = numpy.random.seed(1)", "chance: numpy.random.seed"),
        ("x = np.random.default_rng()", "chance: np.random.default_rng() without a seed"),
        ("x = datetime.now(UTC)", "clock or chance: datetime.now()"),
        ("x = datetime.date.today()", "clock or chance: datetime.date.today()"),
        ("x = os.urandom(8)", "clock or chance: os.urandom()"),
        ("x = hash(y)", "clock or chance: hash()"),
    ],
)
def test_what_reaches_outside_is_found(planted, line, fault):
    found = rules.reaches_outside([planted(f"{line}\n")])
    assert [text.partition(": ")[2] for text in found] == [fault]


@pytest.mark.parametrize(
    "line",
    [
        "x = np.random.default_rng(7)",
        "x = np.random.Generator(np.random.PCG64(seed))",
        "from datetime import datetime",
        "x = hashlib.sha256(y)",
        "from . import time_zones",
        "from numpy.random import Generator",
    ],
)
def test_what_stays_inside_is_welcome(planted, line):
    assert rules.reaches_outside([planted(f"{line}\n")]) == []


def test_names_are_our_words():
    # Django calls the browser of its tests a client: its names are what they are.
    ours = [path for path in EVERY if "web" not in path.parts and path.name not in {"cast.py", "mail_server.py"}]
    assert rules.not_our_words(ours) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("class HttpClient: ...", "HttpClient"),
        ("def tie_scores(): ...", "tie_scores"),
        ("async def process(): ...", "process"),
        ("def read(*, student_id): ...", "student_id"),
        ("f = lambda data: 1", "data"),
        ("class Processes: ...", "Processes"),
        ("def test(*infos, **kept): ...", "infos"),
    ],
)
def test_a_word_that_is_not_ours_is_found(planted, text, name):
    assert rules.not_our_words([planted(f"{text}\n")]) == [f"made_up.py:1: {name}"]


def test_a_module_named_by_a_word_that_is_not_ours_is_found(planted):
    assert rules.not_our_words([planted("", "fit_utils.py")]) == ["fit_utils.py:1: fit_utils"]


def test_a_longer_word_and_a_sentence_are_welcome(planted):
    assert rules.not_our_words([planted("class Database: ...\ndef test_a_student_may_ask(): ...\n")]) == []


def test_no_text_grades_a_person():
    texts = sorted((ROOT / "src").rglob("*.toml"))
    assert texts
    assert rules.graded_people([*ENGINE, *texts]) == []


@pytest.mark.parametrize(
    ("text", "name"), [('x = f"Your Score: {y}"', "made_up.py"), ("name = 'best scores'", "1.toml")]
)
def test_a_text_that_grades_a_person_is_found(planted, text, name):
    [found] = rules.graded_people([planted(f"{text}\n", name)])
    assert found.startswith(f"{name}:1: ")
    assert rules.graded_people([planted(text.replace("core", "hore"), name)]) == []


def test_every_exception_says_why():
    assert rules.bare_exceptions(EVERY) == []


@pytest.mark.parametrize(
    "said", ["noqa", "noqa: F401", "type: ignore", "type: ignore[arg-type]", "pragma: no cover", "noqa - x"]
)
def test_an_exception_without_its_reason_is_found(planted, said):
    assert len(rules.bare_exceptions([planted(f"x = 1  # {said}\n")])) == 1


@pytest.mark.parametrize(
    "said", ["noqa: F401, E501 - it is so", "type: ignore[arg-type]  # it is so", "pragma: no cover - it is so"]
)
def test_an_exception_with_its_reason_is_welcome(planted, said):
    assert rules.bare_exceptions([planted(f"x = 1  # {said}\n")]) == []


def test_no_file_names_a_package_registry(committed):
    assert len(committed) > 100
    assert rules.registry_addresses(committed) == []


@pytest.mark.parametrize("address", rules.REGISTRIES)
def test_the_address_of_a_registry_is_found(planted, address):
    path = planted(f"--index-url https://{address.upper()}/simple\n", "set.txt")
    assert rules.registry_addresses([path]) == ["set.txt:1"]


def test_no_file_names_a_place_on_a_machine(committed):
    assert rules.machine_paths(committed) == []


@pytest.mark.parametrize("root", ["home", "root", "Users", "work"])
def test_a_place_on_a_machine_is_found(planted, root):
    place = PLACE.format(root)
    assert rules.machine_paths([planted(f"see {place}\n", "page.md")]) == [f"page.md:1: see {place}"]


def test_a_folder_of_the_repository_and_a_picture_are_welcome(planted, tmp_path):
    assert rules.machine_paths([planted("docs/home/index.md, ../work/x and https://example.org/home/ada\n")]) == []
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\0" + PLACE.format("home").encode())
    assert rules.machine_paths([picture]) == []


def test_a_setting_of_the_machine_may_be_replaced(planted):
    assert rules.mocks([planted("from unittest.mock import patch\npatch.object(sys, 'argv', [])\n")]) == []


def test_every_test_can_fail():
    assert rules.tests_that_cannot_fail(TESTS) == []


def test_a_test_that_cannot_fail_is_found(planted):
    text = "def test_it():\n    run()\ndef test_that():\n    holds()\ndef holds():\n    assert run()\n"
    assert rules.tests_that_cannot_fail([planted(text)]) == ["made_up.py:1: test_it"]
    assert rules.tests_that_cannot_fail([planted("def test_it():\n    run()\n")]) == ["made_up.py:1: test_it"]
    assert rules.tests_that_cannot_fail([planted("def test_it():\n    with pytest.raises(E):\n        run()\n")]) == []


def test_collaborators_are_real():
    assert rules.mocks(TESTS) == []


@pytest.mark.parametrize(
    "line",
    [
        "from unittest.mock import MagicMock",
        "import pytest_mock",
        'patch("introducer.fit.problem", stand_in)',
        "x = mock.Mock()",
    ],
)
def test_a_stand_in_is_found(planted, line):
    assert len(rules.mocks([planted(f"{line}\n")])) == 1


@pytest.mark.parametrize("term", [term.strip() for term in TERMS.split(",")])
def test_the_glossary_has_the_term(term):
    assert rules.missing_terms((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), [term]) == []


def test_a_term_that_the_glossary_lacks_is_found():
    text = "Mentee, mentor\n: In that role.\n\nTie\nis not defined\n"
    assert rules.missing_terms(text, ["Mentor", "Mentee", "Tie"]) == ["Tie"]
