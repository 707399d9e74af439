"""Outcomes for tests, made without a solver: who helps whom is said, the rest follows."""

from __future__ import annotations

from typing import Any

from introducer.criteria import Fits
from introducer.fit import capacities
from introducer.outcome import Certificate, Constellation, Fairness, Gap, Outcome, Prices, Reason, Tie
from introducer.policy import Policy
from introducer.roster import Mentee, Mentor, Roster
from introducer.vocabulary import Domain, Stage, Term, Vocabulary

VOCABULARY = Vocabulary(
    template="test/1",
    domains=(
        Domain(id="contracts", name="Contracts"),
        Domain(id="research", name="Research", topics=(Term(id="grants", name="Grants"),)),
        Domain(id="talk", name="Patient communication"),
        Domain(id="clinic", name="Clinic building"),
        Domain(id="family", name="Family and parenting", sensitive=True),
    ),
    stages=(Stage(id="resident", name="Resident", rank=3), Stage(id="attending", name="Attending", rank=8)),
    experiences=(Term(id="rural_path", name="Rural practice"), Term(id="first_in_family", name="First generation")),
    attributes=(Term(id="culture", name="Culture"),),
)


def outcome(
    roster: Roster,
    teams: dict[str, list[str]],
    *,
    policy: Policy | None = None,
    causes: dict[str, Gap] | None = None,
    prices: dict[str, float] | None = None,
    refusals: dict[str, int] | None = None,
    bound: float | None = None,
    scope: str = "all",
    reproducible: bool = True,
    fairness: Fairness | None = None,
) -> Outcome:
    """Return the outcome in which each mentee (id) has these mentors (ids).

    A need that nobody of the team covers has the cause given for its key, else ``full`` where
    somebody offers it and ``no_offer`` where nobody does.
    """
    policy = policy or Policy()
    fits = Fits(roster, policy)
    found = tuple(
        _constellation(roster, fits, i, [roster.mentor_index[j] for j in teams.get(mentee.id, [])], causes or {})
        for i, mentee in enumerate(roster.mentees)
    )
    value = sum(constellation.value for constellation in found)
    bound = value if bound is None else bound
    count = len(roster.mentees)
    return Outcome(
        roster=roster,
        policy=policy,
        teams=tuple(tuple(tie.mentor for tie in own.ties) for own in found),
        constellations=found,
        loads=tuple(sum(j in {tie.mentor for tie in c.ties} for c in found) for j in range(len(roster.mentors))),
        capacities=tuple(capacities(roster, policy)),
        prices=Prices(
            tuple((prices or {}).get(mentor.id, 0.0) for mentor in roster.mentors), (0.0,) * len(roster.mentors)
        ),
        certificate=Certificate(
            value, bound, scope, ((bound - value) / max(1, count),) * count, (0.0,) * len(roster.mentors)
        ),
        fairness=fairness or Fairness((1.0,) * count, (), 1.0, 1.0, 0.0, ()),
        refusals=refusals or {},
        reproducible=reproducible,
    )


def _constellation(roster: Roster, fits: Fits, i: int, team: list[int], causes: dict[str, Gap]) -> Constellation:
    mentee = roster.mentees[i]
    team = sorted(team)
    best: dict[str, float] = {}
    reasons: dict[int, list[Reason]] = {j: [] for j in team}
    weights = fits.criteria(i)
    for key, weight in weights.items():
        own = {j: float(fits.of(i, key)[j]) for j in team}
        best[key] = max(own.values(), default=0.0)
        if best[key]:
            j = next(j for j in team if own[j] == best[key])
            reasons[j].append(Reason(key, weight * best[key]))
    ties = tuple(_tie(i, j, reasons[j]) for j in team)
    open_needs = [key for key in sorted(mentee.needs) if not best[f"need:{key}"]]
    total = sum(weights[f"need:{key}"] for key in mentee.needs)
    met = sum(weights[f"need:{key}"] * best[f"need:{key}"] for key in mentee.needs)
    value = sum(tie.worth for tie in ties)
    return Constellation(
        mentee=i,
        ties=ties,
        value=value,
        alone=value,
        coverage=met / total if total else 1.0,
        fits={key.partition(":")[2]: fit for key, fit in best.items()},
        gaps=tuple(causes.get(key) or Gap(key, _cause(roster, fits, i, key)) for key in open_needs),
    )


def _cause(roster: Roster, fits: Fits, i: int, key: str) -> str:
    return "full" if roster.mentors and fits.of(i, f"need:{key}").any() else "no_offer"


def _tie(i: int, j: int, reasons: list[Reason]) -> Tie:
    worth = sum(reason.worth for reason in reasons)
    keys = {
        kind: tuple(r.code.partition(":")[2] for r in reasons if r.code.startswith(kind)) for kind in ("need", "wish")
    }
    return Tie(i, j, worth, worth, 0.0, keys["need"], keys["wish"], tuple(reasons))


def cast() -> Roster:
    """Return Ben and Bea, who mentor, and Cleo and Cai, who asked; nobody offers contracts."""
    return Roster(
        "Society of Made-up People 2027",
        VOCABULARY,
        mentees=(
            Mentee(
                id="cleo",
                name="Cleo Martín",
                stage="resident",
                needs={"contracts": 2, "talk": 3, "family": 3, "research.grants": 1},
                private=frozenset({"family"}),
                wishes={"rural_path": 3, "same:culture": 2},
                flags=frozenset({"rural"}),
            ),
            Mentee(id="cai", name="Cai Thompson", needs={"contracts": 3, "clinic": 2}),
        ),
        mentors=(
            Mentor(id="bea", name="Bea Okafor", offers={"talk": 3, "family": 2}, experiences=frozenset({"rural_path"})),
            Mentor(id="ben", name="Ben Castellanos", offers={"clinic": 3, "research": 2}, capacity=3),
        ),
    )


def many(mentees: int, mentors: int, **changes: Any) -> Outcome:
    """Return a cohort of any size in which needs, offers and teams follow from the place in the list."""
    keys = ("contracts", "research", "talk", "clinic", "research.grants")
    roster = Roster(
        "A larger cohort",
        VOCABULARY,
        mentees=tuple(
            Mentee(
                id=f"e{i:04}", name=f"Mentee {i}", needs={keys[(i + k) % 5]: 1 + (i + k) % 3 for k in range(1 + i % 4)}
            )
            for i in range(mentees)
        ),
        mentors=tuple(
            Mentor(id=f"o{j:04}", name=f"Mentor {j}", offers={keys[(j + k) % 4 + 1]: 1 + j % 3 for k in range(2)})
            for j in range(mentors)
        ),
    )
    teams = (
        {
            f"e{i:04}": [f"o{j:04}" for j in sorted({(i * 7 + k * 3) % mentors for k in range(i % 4)})]
            for i in range(mentees)
        }
        if mentors
        else {}
    )
    return outcome(roster, teams, **changes)
