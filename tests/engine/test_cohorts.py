"""Synthetic cohorts: as calibrated as they say, as clustered as they say, and always the same."""

from __future__ import annotations

import ast
import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from introducer import cohorts, templates
from introducer.cohorts import asks, chance, figures, names, rates
from introducer.io import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from introducer.cohorts import Cohort
    from introducer.cohorts.figures import Figure
    from introducer.io import Reading

LARGE = 6_000
FILES = ("program.toml", "mentees.csv", "mentors.csv", "ties.csv", "calibration.md")


@pytest.fixture(scope="module")
def large() -> Cohort:
    return cohorts.simulate(LARGE, 4_000, seed=7)


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    folder = tmp_path_factory.mktemp("cohort")
    cohorts.write(cohorts.simulate(400, 240, seed=3), folder)
    return read(folder)


def written(cohort: Cohort, folder: Path) -> dict[str, bytes]:
    cohorts.write(cohort, folder)
    return {name: (folder / name).read_bytes() for name in FILES}


def shares(cells: Sequence[str]) -> dict[str, float]:
    count = Counter(cells)
    return {key: number / len(cells) for key, number in count.items()}


def close(found: float, share: float, number: int, *, sigmas: float = 4.0) -> bool:
    """Whether a share found among so many lies within binomial chance of the true one."""
    return abs(found - share) <= sigmas * math.sqrt(share * (1 - share) / number) + 1e-12


def told(cohort_side: Mapping[str, Sequence[str]], attribute: str, where: Sequence[bool]) -> list[str]:
    return [cell for cell, ours in zip(cohort_side[f"attr:{attribute}"], where, strict=True) if cell and ours]


def test_regions_follow_their_shares(large: Cohort) -> None:
    total = sum(figures.REGIONS.value.values())
    for side in (large.mentees, large.mentors):
        found = shares(side["region"])
        for region, share in figures.REGIONS.value.items():
            assert close(found[region], share / total, len(side["region"]))


def test_students_residents_and_attendings_follow_their_shares(large: Cohort) -> None:
    ranks = templates.load_template("ir/1").vocabulary.ranks
    stages = [ranks[stage] for stage in large.mentees["stage"]]
    kinds = figures.MENTEE_KINDS.value
    assert close(sum(rank <= 4 for rank in stages) / LARGE, kinds["student"], LARGE)
    assert close(sum(4 < rank < 12 for rank in stages) / LARGE, kinds["resident"], LARGE)
    assert close(sum(rank == 12 for rank in stages) / LARGE, kinds["early"], LARGE)
    assert close(sum(rank == 14 for rank in stages) / LARGE, kinds["established"], LARGE)


def test_classes_of_integrated_residents_grow_from_the_oldest_to_the_youngest(large: Cohort) -> None:
    years = Counter(
        stage
        for stage, route in zip(large.mentees["stage"], large.mentees["route"], strict=True)
        if route == "integrated_ir" and stage.startswith("pgy")
    )
    assert close(years["pgy1"] / years.total(), 50 / 950, years.total())
    assert years["pgy2"] > years["pgy6"] > years["pgy1"]


def test_women_follow_the_share_of_their_stage_among_those_who_tell(large: Cohort) -> None:
    stages = large.mentees["stage"]
    groups = (
        (large.mentees, [s[:2] in {"ms", "pr", "re"} for s in stages], figures.WOMEN_STUDENTS.value),
        (large.mentees, [s.startswith("pgy") for s in stages], figures.WOMEN_RESIDENTS.value),
        (large.mentors, [s == "attending_early" for s in large.mentors["stage"]], figures.WOMEN_EARLY.value),
        (large.mentors, [s[:3] in {"att", "ret"} for s in large.mentors["stage"]], figures.WOMEN_ATTENDINGS.value),
    )
    for side, where, share in groups:
        answers = told(side, "gender", where)
        known = share * (1 - figures.OTHER_GENDER.value)
        assert len(answers) > 500
        assert close(answers.count("woman") / len(answers), known, len(answers))


@pytest.mark.parametrize(
    ("side", "figure"), [("mentees", figures.ETHNICITY_RESIDENTS), ("mentors", figures.ETHNICITY_ATTENDINGS)]
)
def test_first_answers_on_ethnicity_follow_their_shares(large: Cohort, side: str, figure: Figure[Any]) -> None:
    columns = getattr(large, side)
    apart = [stage[:3] != "pgy" or side == "mentees" for stage in columns["stage"]]
    answers = [cell.split("; ")[0] for cell in told(columns, "ethnicity", apart)]
    found = shares(answers)
    for ethnicity, share in figure.value.items():
        assert close(found.get(ethnicity, 0.0), share, len(answers))


def test_some_give_two_answers_on_ethnicity(large: Cohort) -> None:
    answers = [cell for cell in large.mentees["attr:ethnicity"] if cell]
    assert 0 < sum("; " in cell for cell in answers) / len(answers) < figures.SECOND_ETHNICITY.value


@pytest.mark.parametrize("attribute", [term.id for term in templates.load_template("ir/1").vocabulary.attributes])
def test_optional_fields_are_told_by_as_many_as_assumed_and_consent_is_asked_of_these_alone(
    large: Cohort, attribute: str
) -> None:
    share = figures.DISCLOSE_OPEN.value if attribute in {"gender", "ethnicity"} else figures.DISCLOSE_CLOSE.value
    tells = [bool(cell) for cell in large.mentees[f"attr:{attribute}"]]
    consents = large.mentees[f"consent:{attribute}"]
    assert close(sum(tells) / LARGE, share, LARGE)
    assert [bool(cell) for cell in consents] == tells
    assert close(consents.count("yes") / sum(tells), figures.CONSENT_TO_USE.value, sum(tells))


def test_settings_of_attendings_follow_their_shares(large: Cohort) -> None:
    settings = [
        cell.split("; ")[0]
        for cell, stage in zip(large.mentors["setting"], large.mentors["stage"], strict=True)
        if stage[:3] in {"att", "ret"}
    ]
    found = shares(settings)
    assert close(found["academic"], figures.SETTINGS.value["academic"], len(settings))
    assert close(found["hybrid"], figures.SETTINGS.value["hybrid"], len(settings))
    for setting, share in figures.PRIVATE_SETTINGS.value.items():
        assert close(found.get(setting, 0.0), share, len(settings))


def test_rural_and_solo_attendings_follow_their_shares_and_may_speak_to_it(large: Cohort) -> None:
    attending = [
        (cell.split("; "), speaks.split("; "))
        for cell, stage, speaks in zip(
            large.mentors["setting"], large.mentors["stage"], large.mentors["experiences"], strict=True
        )
        if stage[:3] in {"att", "ret"}
    ]
    for code, path, share in (
        ("rural", "rural_practice", figures.RURAL_ATTENDINGS.value),
        ("solo", "only_ir", figures.SOLO_ATTENDINGS.value),
    ):
        there = [speaks for settings, speaks in attending if code in settings]
        assert close(len(there) / len(attending), share, len(attending))
        assert close(sum(path in speaks for speaks in there) / len(there), figures.SPEAK_OF_PATH.value, len(there))
        assert not any(path in speaks for settings, speaks in attending if code not in settings)


def test_research_is_wanted_by_as_many_as_found_no_research_mentor(large: Cohort) -> None:
    columns = [cells for name, cells in large.mentees.items() if name.startswith("need:research")]
    asked = sum(any(row) for row in zip(*columns, strict=True))
    # People of one place answer alike: more spread than a binomial, by the design effect of the largest places.
    assert close(asked / LARGE, figures.NEEDS.value["research"][0], LARGE, sigmas=12.0)


def test_offers_follow_the_setting(large: Cohort) -> None:
    def share(domain: str, codes: set[str]) -> float:
        asked = [
            any(large.mentors[name][j] for name in large.mentors if name.split(".")[0] == f"offer:{domain}")
            for j, cell in enumerate(large.mentors["setting"])
            if cell.split("; ")[0] in codes and large.mentors["stage"][j][:3] == "att"
        ]
        return sum(asked) / len(asked)

    assert share("contracts", {"private_ir_dr"}) > 2 * share("contracts", {"academic"})
    assert share("business_billing", {"obl"}) > 2 * share("business_billing", {"academic"})
    assert share("research", {"academic"}) > 4 * share("research", {"private_ir_dr"})


def test_guests_offer_money_and_leadership_and_no_procedures(large: Cohort) -> None:
    rows = [j for j, kind in enumerate(large.mentors["kind"]) if kind != "member"]
    assert {large.mentors["kind"][j] for j in rows} == {"adviser", "industry", "administrator"}
    offered = Counter(domain for domain in rates.MENTOR_OFFERS for j in rows if large.mentors[f"offer:{domain}"][j])
    assert offered["finance"] > 30
    assert offered["leadership"] > 30
    assert not any(large.mentors["procedures"][j] or large.mentors["stage"][j] for j in rows)


def test_some_mentors_are_mentees_too_and_are_the_same_person(large: Cohort) -> None:
    both = {identity: i for i, identity in enumerate(large.mentees["id"])}
    twice = [(both[identity], j) for j, identity in enumerate(large.mentors["id"]) if identity in both]
    assert len(twice) > 100
    for name in (
        "name",
        "email",
        "stage",
        "institution",
        "site",
        "region",
        "attr:gender",
        "consent:gender",
        "languages",
    ):
        assert all(large.mentees[name][i] == large.mentors[name][j] for i, j in twice)


@pytest.mark.parametrize("seats", [0.25, 0.4, 0.6, 1.1])
@pytest.mark.parametrize(("mentees", "mentors"), [(5, 3), (20, 12), (120, 80), (1000, 600), (300, 20)])
def test_seats_are_met_within_two_percent(mentees: int, mentors: int, seats: float) -> None:
    cohort = cohorts.simulate(mentees, mentors, seats=seats, seed=11)
    assert cohort.capacity / cohort.demand == pytest.approx(seats, rel=0.02, abs=0.5 / cohort.demand)
    if mentees >= 20:
        assert cohort.capacity / cohort.demand == pytest.approx(seats, rel=0.02)


def test_mentors_take_one_to_four_by_default_and_mostly_up_to_three() -> None:
    found = Counter(cohorts.simulate(1000, 600, seed=2).mentors["capacity"])
    assert set(found) == {"1", "2", "3", "4"}
    assert found["4"] < 0.25 * 600


@pytest.mark.parametrize("profile", ["neutral", "experience", "background"])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path, profile: Any) -> None:
    first, second, third = (
        written(cohorts.simulate(60, 40, seed=seed, profile=profile), tmp_path / str(n))
        for n, seed in enumerate((5, 5, 6))
    )
    assert first == second
    assert all(first[name] != third[name] for name in FILES)


def test_writing_twice_into_one_folder_leaves_what_was_written_last(tmp_path: Path) -> None:
    written(cohorts.simulate(60, 40, seed=5), tmp_path)
    assert written(cohorts.simulate(9, 6, seed=5), tmp_path) == written(
        cohorts.simulate(9, 6, seed=5), tmp_path / "new"
    )


def test_the_profile_changes_what_is_asked_and_nothing_else() -> None:
    background, experience, neutral = (
        cohorts.simulate(60, 40, seed=5, profile=profile) for profile in ("background", "experience", "neutral")
    )
    for side in ("mentees", "mentors"):
        full, some, none = (getattr(cohort, side) for cohort in (background, experience, neutral))
        assert all(full[name] == cells for name, cells in some.items())
        assert all(full[name] == cells for name, cells in none.items())
        assert {name.split(":")[0] for name in full.keys() - some.keys()} <= {"attr", "consent", "wish"}
        assert all(name.startswith(("attr:", "consent:", "wish:same:")) for name in full.keys() - some.keys())
        assert not any(name.startswith("wish:") for name in none)
    assert background.ties == experience.ties == neutral.ties


def likeness(columns: Sequence[NDArray[Any]], groups: NDArray[Any]) -> float:
    """Variance between groups of the mean answers, over all domains, in units of what chance alone gives."""
    answers = np.array([[bool(cell) for cell in cells] for cells in columns], dtype=float).T
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    means = answers.mean(axis=0)
    between = sum(len(rows) * (answers[rows].mean(axis=0) - means) ** 2 for rows in members) / (len(members) - 1)
    return float((between / (means * (1 - means))).mean())


@pytest.mark.parametrize(("side", "prefix"), [("mentees", "need:"), ("mentors", "offer:")])
def test_people_of_one_institution_are_more_alike_than_people_shuffled(side: str, prefix: str) -> None:
    rng = np.random.default_rng(1)
    for clustered in (True, False):
        columns = getattr(cohorts.simulate(4_000, 3_000, seed=4, clustered=clustered), side)
        # Residents of one program, attendings of one department: other differences are no likeness of a place.
        rows = zip(columns["stage"], columns["setting"], strict=True)
        senior = ("pgy4", "pgy5", "pgy6", "pgy7")
        alike = np.array([s in senior if side == "mentees" else s[:3] == "att" and w == "academic" for s, w in rows])
        cells = [np.array(own)[alike] for name, own in columns.items() if name.startswith(prefix) and "." not in name]
        groups = np.array(columns["institution"])[alike]
        shuffled = [likeness(cells, rng.permutation(groups)) for _ in range(20)]
        assert (likeness(cells, groups) > max(shuffled) + 0.05) is clustered


def test_institutions_lie_in_one_region_and_sites_in_one_institution(large: Cohort) -> None:
    for side in (large.mentees, large.mentors):
        regions = dict(zip(side["institution"], side["region"], strict=True))
        assert all(regions[place] == region for place, region in zip(side["institution"], side["region"], strict=True))
        sites = zip(side["site"], side["institution"], strict=True)
        assert all(site.startswith(place) for site, place in sites if site)


def test_without_clusters_institutions_reach_across_regions() -> None:
    mentees = cohorts.simulate(400, 240, seed=4, clustered=False).mentees
    regions: dict[str, set[str]] = {}
    for place, region in zip(mentees["institution"], mentees["region"], strict=True):
        regions.setdefault(place, set()).add(region)
    assert max(map(len, regions.values())) > 1


def test_every_resident_has_a_site_of_their_own_track_and_nobody_else_has_one(large: Cohort) -> None:
    ends = {
        "integrated_ir": "integrated IR residency",
        "independent_ir": "independent IR residency",
        "dr_esir": "DR/ESIR residency",
    }
    rows = zip(large.mentees["stage"], large.mentees["route"], large.mentees["site"], strict=True)
    for stage, route, site in rows:
        assert site.endswith(ends[route]) if stage.startswith("pgy") else not site


def test_mentors_who_teach_share_sites_with_those_who_train_there(large: Cohort) -> None:
    assert len(set(large.mentees["site"]) & set(large.mentors["site"]) - {""}) > 50


def test_the_folder_is_read_without_a_mapping_a_notice_or_a_row_set_aside(reading: Reading) -> None:
    assert len(reading.roster.mentees) == 400
    assert len(reading.roster.mentors) == 240
    assert reading.notices == ()
    assert reading.set_aside == ()
    assert reading.policy.privacy == "background"
    assert reading.roster.vocabulary.template == "ir/1"


@pytest.mark.parametrize(("mentees", "mentors"), [(1, 1), (5, 3), (3, 40)])
def test_a_tiny_cohort_is_read_as_well(tmp_path: Path, mentees: int, mentors: int) -> None:
    cohorts.write(cohorts.simulate(mentees, mentors, seed=2), tmp_path)
    assert len(read(tmp_path).roster.mentees) == mentees


def test_everything_that_is_special_about_some_occurs(reading: Reading) -> None:
    roster = reading.roster
    assert {tie.kind for tie in roster.ties} == {"conflict", "veto", "pin", "existing", "prefer"}
    assert {tie.by for tie in roster.ties if tie.kind == "prefer"} == {"mentee", "mentor"}
    for people in (roster.mentees, roster.mentors):
        assert any(person.paused for person in people)
        assert any(not person.consent for person in people)
        assert any(person.avoid for person in people)
    assert any(mentee.evaluators for mentee in roster.mentees)
    assert any(mentee.private for mentee in roster.mentees)
    assert {mentee.keep_seat for mentee in roster.mentees} == {"", "local", "outside"}
    assert {flag for mentee in roster.mentees for flag in mentee.flags} == {"rural", "no_home_program"}
    assert any("." in key for mentee in roster.mentees for key in mentee.needs)
    assert any(key.startswith("same:") for mentee in roster.mentees for key in mentee.wishes)
    assert any(mentor.quotas for mentor in roster.mentors)
    assert any(mentor.min_load for mentor in roster.mentors)
    assert all(mentee.needs for mentee in roster.mentees)
    assert all(mentor.offers for mentor in roster.mentors)


def test_evaluators_teach_where_the_resident_trains(reading: Reading) -> None:
    mentors = {mentor.id: mentor for mentor in reading.roster.mentors}
    named = [(mentee, mentors[other]) for mentee in reading.roster.mentees for other in mentee.evaluators]
    assert all(mentee.site == mentor.site for mentee, mentor in named)


def test_quotas_are_for_paths_that_few_can_speak_to(reading: Reading) -> None:
    mentors = reading.roster.mentors
    for mentor in mentors:
        for path in mentor.quotas:
            assert path in mentor.experiences
            assert sum(path in other.experiences for other in mentors) < figures.RARE.value * len(mentors)


@pytest.mark.parametrize("seed", range(6))
def test_pins_and_lower_loads_can_be_met_together(tmp_path: Path, seed: int) -> None:
    cohort = cohorts.simulate(150, 90, seats=0.4, seed=seed)
    cohorts.write(cohort, tmp_path)
    roster = read(tmp_path).roster
    pins = [(tie.mentee, tie.mentor) for tie in roster.ties if tie.kind == "pin"]
    assert pins
    assert len({mentee for mentee, _ in pins}) == len({mentor for _, mentor in pins}) == len(pins)
    loads = [mentor for mentor in roster.mentors if mentor.min_load]
    assert loads
    spoken = {tie.mentee for tie in roster.ties} | {other for mentor in roster.mentors for other in mentor.avoid}
    spoken |= {mentee.id for mentee in roster.mentees if mentee.avoid or mentee.evaluators}
    ranks = roster.vocabulary.ranks
    for mentor in loads:
        open_to = [
            mentee
            for mentee in roster.mentees
            if mentee.id not in spoken
            and mentee.consent
            and not mentee.paused
            and mentee.institution != mentor.institution
            and ranks[mentee.stage] < ranks[mentor.stage]
        ]
        assert len(open_to) >= len(loads)
        assert mentor.consent
        assert not mentor.paused
        assert mentor.capacity


def test_no_pair_is_said_to_be_two_things() -> None:
    ties = [(tie["mentee"], tie["mentor"]) for tie in cohorts.simulate(800, 500, seed=9).ties]
    assert len(set(ties)) == len(ties)


def test_nobody_can_be_written_to(large: Cohort) -> None:
    addresses = [*large.mentees["email"], *large.mentors["email"]]
    assert all(address.endswith("@example.org") and address.isascii() for address in addresses)
    assert len(set(large.mentees["email"])) == LARGE
    assert names.mailbox("Bjørn Núñez", 3) == "bjorn.nunez.3@example.org"


def test_every_figure_is_used_is_named_after_itself_and_has_a_source_or_says_that_it_has_none() -> None:
    folder = Path(cohorts.__file__).parent
    used = {
        node.attr
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "figures"
    }
    for figure in figures.FIGURES:
        assert getattr(figures, figure.name.upper()) is figure
        assert figure.name.upper() in used
        assert figure.unit
        assert figure.source
        assert figure.is_calibrated or figures.UNCALIBRATED in figure.source
    assert {figure.is_calibrated for figure in figures.FIGURES} == {True, False}


def test_every_figure_stands_beside_the_files_and_those_without_a_source_at_the_top_of_the_program(
    tmp_path: Path,
) -> None:
    cohorts.write(cohorts.simulate(9, 6, seed=5), tmp_path)
    listed = (tmp_path / "calibration.md").read_text(encoding="utf-8")
    comment = (tmp_path / "program.toml").read_text(encoding="utf-8").partition("format = 1")[0].replace("\n# ", " ")
    for figure in figures.FIGURES:
        row = next(line for line in listed.splitlines() if line.startswith(f"| {figure.name} |"))
        assert row.endswith(f"| {figure.source} |")
        assert (f" {figure.name}," in comment or f" {figure.name}." in comment) is not figure.is_calibrated
    assert "women_residents | 0.223 |" in listed
    assert "clusters" not in comment


def test_a_cohort_without_clusters_says_so(tmp_path: Path) -> None:
    cohorts.write(cohorts.simulate(9, 6, seed=5, clustered=False), tmp_path)
    assert "without clusters" in (tmp_path / "program.toml").read_text(encoding="utf-8")


def test_the_tables_use_the_words_of_the_template() -> None:
    words = templates.load_template("ir/1").vocabulary
    domains = {term.id for term in words.domains}
    assert set(rates.MENTEE_NEEDS) == set(rates.MENTOR_OFFERS) == domains
    assert set(rates.PROCEDURE_SHARES) == {term.id for term in words.procedures}
    placed = {"rural_practice", "only_ir", "no_home_program"}
    assert set(rates.PATHS) == {term.id for term in words.experiences} - placed
    assert set(figures.POLES.value) == {term.id for term in words.poles}
    assert set(figures.ROLES.value) <= {term.id for term in words.roles}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"mentees": 0}, "mentees: 0 is below 1"),
        ({"mentors": 0}, "mentors: 0 is below 1"),
        ({"seed": -1}, "seed: -1 is below 0"),
        ({"seats": 0.0}, "seats"),
        ({"seats": math.inf}, "seats"),
        ({"seats": math.nan}, "seats"),
        ({"profile": "open"}, "'open' is none of neutral, experience, background"),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        cohorts.simulate(**({"mentees": 5, "mentors": 3} | wrong))


def test_numbers_are_spread_to_any_total_and_a_total_out_of_reach_is_refused() -> None:
    rng = np.random.default_rng(1)
    for total in (0, 3, 10, 17, 40, 100):
        assert chance.spread(rng, {1: 0.5, 2: 0.5}, 10, total).sum() == total
    with pytest.raises(ValueError, match="cannot sum to 9"):
        chance.fill(rng, np.array([1, 1]), 0, 4, 9)


def test_people_of_one_place_agree_by_the_likeness_and_rates_are_kept() -> None:
    rng = np.random.default_rng(1)
    place = np.repeat(np.arange(20_000), 2)
    given = asks.answers(rng, np.full((40_000, 1), 0.3), place, 0.25)[:, 0]
    assert close(given.mean(), 0.3, 40_000, sigmas=5.0)
    assert np.corrcoef(given[::2], given[1::2])[0, 1] == pytest.approx(0.25, abs=0.03)
