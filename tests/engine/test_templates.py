"""The shipped templates are what they say, and a society's own words go over them."""

import re
import textwrap
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from introducer.policy import Policy
from introducer.templates import EMPTY, Template, TemplateError, load_template, override, shipped_templates
from introducer.vocabulary import KINDS, Domain, Term, Vocabulary

#: What separates the answers of one cell unless a program says otherwise.
SEPARATORS = ";,|"

#: Fields that a file of only one side has, by what they begin with.
ONLY_MENTEES = ("need:", "wish:", "needs", "private", "team_size", "keep_seat", "rural", "no_home_program")
ONLY_MENTORS = ("offer:", "quota:", "offers", "experiences", "capacity", "min_load", "kind")

every_template = pytest.mark.parametrize("name", shipped_templates())


def bare(text: str) -> str:
    """As strict as any reader of cells may be: letters and digits alone."""
    return re.sub(r"[\W_]+", "", text.casefold())


def spellings(term: Term) -> tuple[str, ...]:
    return (term.id, term.name, *term.aliases)


def owners(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for text, owner in pairs:
        found[bare(text)].add(owner)
    return found


def shared(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    return {text: names for text, names in owners(pairs).items() if len(names) > 1}


def problems_of(template: Template, tables: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    with pytest.raises(TemplateError) as caught:
        override(template, tables)
    return caught.value.problems


# What is shipped


def test_two_templates_are_shipped() -> None:
    assert shipped_templates() == ("campus/1", "ir/1")


@every_template
def test_a_template_carries_its_name(name: str) -> None:
    assert load_template(name).vocabulary.template == name


@every_template
def test_every_spelling_of_a_list_stands_for_one_term(name: str) -> None:
    words = load_template(name).vocabulary
    for kind in KINDS:
        assert shared((text, term.id) for term in words.terms(kind) for text in spellings(term)) == {}, kind


@every_template
def test_every_spelling_within_a_domain_stands_for_one_topic(name: str) -> None:
    for domain in load_template(name).vocabulary.domains:
        assert shared((text, topic.id) for topic in domain.topics for text in spellings(topic)) == {}, domain.id


@every_template
def test_no_topic_is_spelled_like_another_domain(name: str) -> None:
    domains = load_template(name).vocabulary.domains
    taken = owners((text, domain.id) for domain in domains for text in spellings(domain))
    for domain in domains:
        for topic in domain.topics:
            for text in (topic.name, *topic.aliases):
                assert taken[bare(text)] <= {domain.id}, text


@every_template
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"stages", "attributes", "poles"}])
def test_no_word_that_a_list_may_hold_contains_a_separator(name: str, kind: str) -> None:
    terms: list[Term] = list(load_template(name).vocabulary.terms(kind))
    terms += [topic for term in terms if isinstance(term, Domain) for topic in term.topics]
    assert [text for term in terms for text in (term.name, *term.aliases) if set(text) & set(SEPARATORS)] == []


@every_template
def test_every_term_says_in_a_sentence_what_it_means(name: str) -> None:
    words = load_template(name).vocabulary
    terms = [term for kind in KINDS for term in words.terms(kind)]
    assert [term.id for term in terms if not re.fullmatch(r"[A-Z].*[.?]", term.text)] == []


@every_template
def test_every_domain_has_topics(name: str) -> None:
    assert [domain.id for domain in load_template(name).vocabulary.domains if len(domain.topics) < 3] == []


@every_template
def test_the_policy_of_a_template_is_one_and_is_neutral_on_equity(name: str) -> None:
    policy = Policy(**load_template(name).policy)
    assert policy.equity == {}
    assert policy.privacy == "experience"


@every_template
def test_nothing_outweighs_what_the_mentee_chose(name: str) -> None:
    terms = Policy(**load_template(name).policy).pair_terms
    assert max(terms, key=terms.__getitem__) == "preferred_by_mentee"


@every_template
def test_all_private_attributes_are_there_and_are_sensitive(name: str) -> None:
    attributes = load_template(name).vocabulary.attributes
    named = ["culture", "ethnicity", "religion", "gender", "marital_status", "family", "first_language"]
    assert [term.id for term in attributes] == named
    assert all(term.sensitive for term in attributes)


@every_template
@pytest.mark.parametrize("foreign", [ONLY_MENTEES, ONLY_MENTORS])
def test_a_header_text_stands_for_one_field_of_a_side(name: str, foreign: tuple[str, ...]) -> None:
    headers = load_template(name).headers
    pairs = [(text, field) for field in headers if not field.startswith(foreign) for text in headers[field]]
    assert len({field for _text, field in pairs}) > 40
    assert shared(pairs) == {}


@every_template
def test_every_header_belongs_to_a_field_of_the_words(name: str) -> None:
    template = load_template(name)
    words = template.vocabulary
    keys = {f"{family}:{key}" for family in ("need", "offer") for key in words.needs}
    keys |= {f"{family}:{key}" for family in ("wish", "quota") for key in words.wishes}
    keys |= {f"{family}:{term.id}" for family in ("attr", "consent") for term in words.attributes}
    keys |= {f"pole:{term.id}" for term in words.poles}
    assert {field for field in template.headers if ":" in field} <= keys
    assert {field for field in keys if field.startswith(("need:", "offer:", "wish:", "attr:", "pole:"))} <= set(
        template.headers
    )


@every_template
def test_no_header_is_left_with_a_placeholder(name: str) -> None:
    texts = [text for texts in load_template(name).headers.values() for text in texts]
    assert [text for text in texts if not text.strip() or "{" in text or "}" in text] == []


@every_template
def test_the_reference_shows_every_word_and_marks_the_sensitive_ones(name: str) -> None:
    text = (Path(__file__).parents[2] / "docs/reference/templates.md").read_text("utf-8")
    section = text.partition(f"## `{name}`\n")[2].partition("\n## ")[0]
    words = load_template(name).vocabulary
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines() if line[:1] == "|"]
    for domain in words.domains:
        topics = ", ".join(f"`{x.id}`" + "*" * (x.sensitive and not domain.sensitive) for x in domain.topics)
        code = [domain.code] if domain.code else []
        assert [*code, f"`{domain.id}`", domain.name, topics, "yes" if domain.sensitive else ""] in rows
    for stage in words.stages:
        assert [f"`{stage.id}`", stage.name, str(stage.rank)] in rows
    for term in words.experiences:
        assert [f"`{term.id}`", term.name, "yes" if term.sensitive else ""] in rows
    for kind in ("routes", "settings", "procedures", "roles", "attributes", "poles"):
        assert ([kind, ", ".join(f"`{term.id}`" for term in words.terms(kind))] in rows) is bool(words.terms(kind))


def test_the_how_to_shows_a_domain_that_is_understood_as_it_says() -> None:
    text = (Path(__file__).parents[2] / "docs/how-to/add-a-domain.md").read_text("utf-8")
    fences = [textwrap.dedent(part) for part in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)]
    tables = [tomllib.loads(fence) for fence in fences if "[[domains]]" in fence]
    assert [entry["id"] for table in tables for entry in table["domains"]] == ["wayfinding", "contracts"]
    own = load_template("ir/1")
    for table in tables:
        own = override(own, table)
    asked = re.findall(r"\| (How much .*?) \| (How well .*?) \|", text)
    assert len(asked) == 2
    assert {need for need, _offer in asked} <= set(own.headers["need:wayfinding"])
    assert {offer for _need, offer in asked} <= set(own.headers["offer:wayfinding"])
    assert own.vocabulary.name("contracts.visa_clauses") == "Contracts and offers: visa clauses"


# Interventional radiology


def test_ir_numbers_its_24_domains() -> None:
    domains = load_template("ir/1").vocabulary.domains
    assert [domain.code for domain in domains] == [f"D{number:02d}" for number in range(1, 25)]


def test_ir_holds_private_what_could_cost_a_person_something() -> None:
    words = load_template("ir/1").vocabulary
    assert {domain.id for domain in words.domains if domain.sensitive} == {"family_parenting", "wellbeing", "inclusion"}
    alone = {key for key, term in words.needs.items() if "." in key and term.sensitive}
    assert alone == {
        "procedural.second_victim",
        "contracts.leaving",
        "career_transition.return",
        "job_search.visa",
        "exams_boards.retaking",
        "law_ethics.whistle_blowing",
    }
    assert words.is_sensitive("family_parenting.pregnancy")


@pytest.mark.parametrize(
    ("name", "open_paths"),
    [
        (
            "ir/1",
            {
                "first_gen_college",
                "first_gen_medicine",
                "img",
                "do_path",
                "earlier_career",
                "no_home_program",
                "switched_into_ir",
                "couples_match",
                "rural_practice",
                "only_ir",
                "military_service",
                "academic_to_private",
                "private_to_academic",
                "obl_builder",
            },
        ),
        (
            "campus/1",
            {
                "first_gen",
                "transfer",
                "working_way",
                "returning",
                "from_abroad",
                "small_town",
                "changed_major",
                "graduate_school",
                "left_academia",
                "career_change",
                "founder",
                "veteran",
                "athlete",
            },
        ),
    ],
)
def test_every_path_but_these_is_sensitive(name: str, open_paths: set[str]) -> None:
    assert {term.id for term in load_template(name).vocabulary.experiences if not term.sensitive} == open_paths


@pytest.mark.parametrize(
    ("cell", "stage"),
    [
        ("PGY-2", "pgy2"),
        ("R3", "pgy4"),
        ("MS4", "ms4"),
        ("fourth-year medical student", "ms4"),
        ("early career attending", "attending_early"),
    ],
)
def test_ir_knows_how_its_people_write_their_stage(cell: str, stage: str) -> None:
    stages = load_template("ir/1").vocabulary.stages
    assert [term.id for term in stages if bare(cell) in map(bare, spellings(term))] == [stage]


@pytest.mark.parametrize("cell", ["Fellow", "Resident", "Attending"])
def test_ir_guesses_no_stage_from_a_word_that_names_no_year(cell: str) -> None:
    stages = load_template("ir/1").vocabulary.stages
    assert [term.id for term in stages if bare(cell) in map(bare, spellings(term))] == []


def stage_term(words: Vocabulary, policy: Policy, mentee: str, mentor: str) -> float:
    """The pair term ``stage``, from its formula."""
    ahead = words.ranks[mentor] - words.ranks[mentee]
    low, high = policy.stage.best
    return 1 - min(1, max(low - ahead, ahead - high, 0) / policy.stage.fade)


def test_ir_ranks_keep_attendings_in_reach_of_residents() -> None:
    template = load_template("ir/1")
    policy = Policy(**template.policy)
    attendings = ("attending_early", "attending_mid", "attending_late")
    seen = {
        mentee: [stage_term(template.vocabulary, policy, mentee, mentor) for mentor in attendings]
        for mentee in ("ms4", "pgy2", "pgy5", "attending_early")
    }
    assert seen == {
        "ms4": [0.5, 0.25, 0.0],
        "pgy2": [0.75, 0.5, 0.25],
        "pgy5": [1.0, 0.875, 0.625],
        "attending_early": [0.875, 1.0, 1.0],
    }


def test_campus_ranks_keep_old_alumni_in_reach_of_first_years() -> None:
    template = load_template("campus/1")
    policy = Policy(**template.policy)
    mentees = ("first_year", "fourth_year", "doctoral_late")
    seen = [stage_term(template.vocabulary, policy, mentee, "alumni_late") for mentee in mentees]
    assert seen == [0.25, 0.625, 1.0]


@every_template
def test_stages_stand_in_the_order_of_their_ranks(name: str) -> None:
    ranks = [stage.rank for stage in load_template(name).vocabulary.stages]
    assert ranks == sorted(ranks)


def test_ir_has_three_poles_and_campus_none() -> None:
    assert [pole.id for pole in load_template("ir/1").vocabulary.poles] == ["radiologist", "surgeon", "clinician"]
    assert load_template("campus/1").vocabulary.poles == ()


def test_campus_lets_a_team_come_from_one_university() -> None:
    assert Policy(**load_template("campus/1").policy).institution_limit == 0


# Loading


def test_an_unknown_template_is_refused_with_those_there_are_and_the_nearest() -> None:
    with pytest.raises(TemplateError, match=r"campus/1, ir/1.*nearest is 'ir/1'") as caught:
        load_template("ir/2")
    assert [problem[:2] for problem in caught.value.problems] == [("template", "ir/2")]


def test_a_name_is_no_path() -> None:
    with pytest.raises(ValueError, match="is no shipped template"):
        load_template("../templates/ir/1")


def test_the_empty_template_has_no_words_and_no_choices() -> None:
    assert Template(vocabulary=Vocabulary(), policy={}, patterns={}) == EMPTY
    assert EMPTY.headers == {}


def test_a_template_with_a_bad_policy_is_none() -> None:
    with pytest.raises(ValidationError, match="team_size"):
        Template(policy={"team_size": 9})


def test_a_pattern_for_an_unknown_family_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"nead:\* is none of need:\*"):
        Template(patterns={"nead:*": ("{name}",)})


# Headers


def test_patterns_are_written_out_for_names_and_aliases() -> None:
    words = Vocabulary(domains=(Domain(id="money", name="Money", aliases=("Finance",)),))
    template = Template(vocabulary=words, patterns={"need:*": ("Help with {name}?", "{name}")})
    assert template.headers == {"need:money": ("Help with Money?", "Money", "Help with Finance?", "Finance")}


def test_a_topic_is_named_with_its_domain() -> None:
    words = Vocabulary.model_validate(
        {
            "domains": [
                {"id": "money", "name": "Money", "topics": [{"id": "loans", "name": "Loans", "aliases": ["Debt"]}]}
            ]
        }
    )
    template = Template(vocabulary=words, patterns={"offer:*.*": ("{domain}: {name}",)})
    assert template.headers == {"offer:money.loans": ("Money: Loans", "Money: Debt")}


def test_texts_of_one_term_stand_before_those_of_all_and_none_stands_twice() -> None:
    words = Vocabulary.model_validate({"domains": [{"id": "money", "name": "Money"}]})
    template = Template(vocabulary=words, patterns={"need:*": ("{name}", "Money?"), "need:money": ("Broke?", "Money")})
    assert template.headers == {"need:money": ("Broke?", "Money", "Money?")}


# A society's own words


def test_a_new_term_is_added_at_the_end_and_gets_headers() -> None:
    own = override(load_template("ir/1"), {"domains": [{"id": "wayfinding", "name": "Finding your way"}]})
    assert own.vocabulary.domains[-1].id == "wayfinding"
    assert own.vocabulary.template == "ir/1"
    assert "need:wayfinding" in own.headers
    assert "wayfinding" in own.vocabulary.needs


def test_given_keys_win_and_the_others_stay() -> None:
    base = load_template("ir/1")
    stage = next(term for term in base.vocabulary.stages if term.id == "pgy4")
    own = override(base, {"stages": [{"id": "pgy4", "rank": 80}]}).vocabulary
    assert next(term for term in own.stages if term.id == "pgy4") == stage.model_copy(update={"rank": 80})
    assert own.ranks["pgy4"] == 80
    assert [term.id for term in own.stages] == [term.id for term in base.vocabulary.stages]


def test_topics_are_merged_by_id() -> None:
    base = load_template("ir/1")
    tables = {
        "domains": [
            {
                "id": "contracts",
                "topics": [{"id": "offer", "name": "Offer letters"}, {"id": "visa", "name": "Visa clauses"}],
            }
        ]
    }
    own = override(base, tables).vocabulary
    assert [key for key in own.needs if key.startswith("contracts.")] == [
        *[key for key in base.vocabulary.needs if key.startswith("contracts.")],
        "contracts.visa",
    ]
    assert own.name("contracts.offer") == "Contracts: offer letters"
    assert own.is_sensitive("contracts.leaving")


def test_a_program_without_a_template_brings_its_own_words() -> None:
    own = override(EMPTY, {"domains": [{"id": "a", "name": "A", "topics": [{"id": "b", "name": "B"}]}]})
    assert list(own.vocabulary.needs) == ["a", "a.b"]


def test_an_override_leaves_the_template_as_it_was() -> None:
    base = load_template("ir/1")
    before = base.model_dump_json()
    needs = list(base.vocabulary.needs)
    own = override(base, {"domains": [{"id": "contracts", "name": "Deals", "topics": [{"id": "x", "name": "X"}]}]})
    assert base.model_dump_json() == before
    assert load_template("ir/1").model_dump_json() == before
    assert list(base.vocabulary.needs) == needs != list(own.vocabulary.needs)


def test_no_tables_change_nothing() -> None:
    assert override(load_template("campus/1"), {}) == load_template("campus/1")


def test_all_that_is_wrong_is_said_at_once() -> None:
    tables = {
        "domain": [],
        "domains": [
            {"id": "contracts", "topics": [{"id": "offer", "nme": "Offers"}, {"name": "Nameless"}]},
            {"name": "No id"},
            "no table",
            {"id": "Two Words", "name": "Two words"},
            {"id": "money", "topics": {"id": "loans"}},
        ],
        "stages": {"id": "pgy1"},
        "roles": [
            {"id": "host", "name": "Host"},
            {"id": "host", "name": "Hostess"},
            {"id": "coach", "sensitve": True},
            {"id": "guide", "name": "Guide", "color": "red"},
            {"id": "silent", "name": ""},
        ],
    }
    assert problems_of(load_template("ir/1"), tables) == (
        ("domain", "", f"is no list of a vocabulary; there are {', '.join(KINDS)}"),
        ("domains", "contracts.offer", "has an unknown key 'nme'; did you mean 'name'?"),
        ("domains", "contracts.2", "has no id"),
        ("domains", "2", "has no id"),
        ("domains", "3", "has no id"),
        ("domains", "Two Words", "id: only lower-case letters, digits and underscores"),
        ("domains", "money", "needs a list of tables, each with an id"),
        ("domains", "money", "a new entry needs 'name'"),
        ("stages", "", "needs a list of tables, each with an id"),
        ("roles", "host", "stands there twice"),
        ("roles", "coach", "has an unknown key 'sensitve'; did you mean 'sensitive'?"),
        ("roles", "guide", "has an unknown key 'color'"),
        ("roles", "silent", "name: string should have at least 1 character"),
    )


def test_a_spelling_that_stands_for_another_term_is_refused() -> None:
    tables = {"stages": [{"id": "chief", "name": "Chief resident", "rank": 9, "aliases": [" r3 "]}]}
    assert problems_of(load_template("ir/1"), tables) == (
        ("stages", "chief", "' r3 ' is a spelling of 'pgy4' already"),
    )


def test_the_error_reads_as_one_line_per_problem() -> None:
    with pytest.raises(TemplateError, match=r"^roles coach: name: string should have at least 1 character$"):
        override(load_template("ir/1"), {"roles": [{"id": "coach", "name": ""}]})
