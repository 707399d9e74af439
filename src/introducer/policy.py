"""How a cohort is matched: every choice that a match run depends on.

The policy is published to participants in words, printed whole in the outcome, and read
from the ``[policy]`` table of ``program.toml`` over the template's own.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

__all__ = ["LEVELS", "PAIR_TERMS", "THOUSAND", "Lottery", "Policy", "StageRule", "Weights"]

#: Largest level of a need, an offer or a wish.
LEVELS = 3

#: Terms of a pair's worth, by name. Each is in [0, 1]; ``introducer.fit`` has the formulas.
PAIR_TERMS = {
    "stage": "the mentor's stage lies as far ahead as the policy holds best",
    "setting": "settings in common",
    "route": "training routes in common",
    "procedures": "procedure lines the mentee looks for and the mentor brings",
    "roles": "roles the mentee looks for and the mentor takes on",
    "outlook": "likeness of professional identity",
    "region": "same region",
    "same_institution": "same institution",
    "other_institution": "different institutions",
    "timezone": "nearness of time zones",
    "language": "the mentee's preferred language in common",
    "preferred_by_mentee": "the mentee's rank of the mentor",
    "preferred_by_mentor": "the mentor's rank of the mentee",
}

#: Probabilities of coins are so many parts of 1: whole numbers, so that what is logged is exact.
THOUSAND = 1000

Share = Annotated[float, Field(ge=0, le=1)]
Coin = Annotated[float, Field(ge=0.2, le=0.5)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Weights(_Frozen):
    """Weights relative to all needs of a mentee together, which weigh 1.

    Parameters
    ----------
    wish : float
        All wishes of a mentee together, at most. In [0, 1]. One wish at level 3 has it whole,
        at level 1 a third of it; several share it by level.
    pair : float
        All pair terms of a tie together. In [0, 1].
    """

    wish: Share = 0.5
    pair: Share = 0.15


class StageRule(_Frozen):
    """What the stages of a pair must and should be, as mentor's rank minus mentee's rank.

    Parameters
    ----------
    least, most : int or None
        A smaller or larger difference is refused (``stage``). None: no limit.
    best : tuple of int
        From and to, both included: the differences that count as best.
    fade : int
        So many ranks outside ``best`` the term ``stage`` has fallen to 0. At least 1.
    """

    least: int | None = 0
    most: int | None = None
    best: tuple[int, int] = (1, 4)
    fade: int = Field(default=8, ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.best[0] > self.best[1]:
            raise ValueError("best: the first number must not be above the second")
        return self


class Lottery(_Frozen):
    """What is left to chance among near-ties, so that it can be learned from.

    Parameters
    ----------
    loss : float
        Expected loss, at most, as a part of the value of the outcome before the coins. In
        [0, .1]; 0 holds no lottery.
    each : float
        What any one mentee may lose by its coin, on the scale where all needs are 1. In [0, 1].
    probabilities : tuple of float
        From and to: chances of a swap, in [.2, .5] and in thousandths.
    """

    loss: float = Field(default=0.0, ge=0, le=0.1)
    each: Share = 0.1
    probabilities: tuple[Coin, Coin] = (0.2, 0.5)

    @model_validator(mode="after")
    def _in_thousandths(self) -> Self:
        least, most = self.probabilities
        if least > most:
            raise ValueError("probabilities: the first number must not be above the second")
        if any(round(p * THOUSAND) / THOUSAND != p for p in self.probabilities):
            raise ValueError("probabilities: in thousandths, such as .2 or .375")
        return self

    @property
    def thousandths(self) -> tuple[int, int]:
        """The probabilities as whole numbers of thousandths."""
        least, most = self.probabilities
        return round(least * THOUSAND), round(most * THOUSAND)


class Policy(_Frozen):
    """Every choice of a match run.

    Parameters
    ----------
    team_size : int
        Mentors a mentee may have unless their row says otherwise. 0 to 5.
    capacity, min_load : int
        Most and fewest mentees of a mentor unless their row says otherwise.
    seed : int
        The only source of chance in a run.
    floor : {"total", "leximin"} or float
        What is maximized: the total; the total of those outcomes that give everybody at least
        this share, in [0, 1], of what the own best team alone would be worth; or the same with
        the worst off raised as far as possible, then the next (``introducer.floors``).
    privacy : {"neutral", "experience", "background"}
        No wishes at all; wishes for experiences; also for shared private attributes.
    weights : Weights
    same_site : {"forbid", "allow"}
        Whether mentor and mentee of one training site may be tied.
    institution_limit : int
        Teammates from one institution, at most; 0 is no limit.
    continuity : float
        Bonus of a tie that exists already, on the scale where all needs are 1. In [0, 1].
    equity : mapping of str to float
        Weight of mentees with a flag, each in [.5, 2]; several multiply, kept in [.5, 2].
    guests : {"allow", "forbid"}
        Whether mentors of a kind other than ``member`` may be tied.
    shared_language : {"require", "prefer"}
        Whether a pair that shares none of the languages both state is refused.
    stage : StageRule
    pair_terms : mapping of str to float
        Weights of the pair terms among each other; names from ``PAIR_TERMS``.
    topic_share : float
        What an offer of the whole domain is worth for one of its topics, and the reverse.
        In [0, 1].
    fit_floor : float
        A fit below it does not count as help. In [0, 1].
    lottery : Lottery
        What is left to chance.
    solver : {"prices", "exact", "greedy"}
    gap_target : float
        The solver ``prices`` stops when it has proved this gap. In [0, 1].
    """

    team_size: int = Field(default=3, ge=0, le=5)
    capacity: int = Field(default=2, ge=0)
    min_load: int = Field(default=0, ge=0)
    seed: int = Field(default=1, ge=0, lt=2**32)
    floor: Literal["total", "leximin"] | Share = "total"
    privacy: Literal["neutral", "experience", "background"] = "experience"
    weights: Weights = Weights()
    same_site: Literal["forbid", "allow"] = "forbid"
    institution_limit: int = Field(default=1, ge=0)
    continuity: Share = 0.03
    equity: dict[str, Annotated[float, Field(ge=0.5, le=2)]] = Field(default_factory=dict)
    guests: Literal["allow", "forbid"] = "allow"
    shared_language: Literal["require", "prefer"] = "require"
    stage: StageRule = StageRule()
    pair_terms: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default_factory=lambda: {
            "stage": 3.0,
            "setting": 2.0,
            "timezone": 1.0,
            "language": 1.0,
            "preferred_by_mentee": 4.0,
            "preferred_by_mentor": 2.0,
        }
    )
    topic_share: Share = 0.75
    fit_floor: Share = 0.0
    lottery: Lottery = Lottery()
    solver: Literal["prices", "exact", "greedy"] = "prices"
    gap_target: Share = 0.0005

    @field_validator("floor", mode="before")
    @classmethod
    def _floor_is_known(cls, floor: Any) -> Any:
        if floor in ("total", "leximin"):
            return floor
        if isinstance(floor, bool) or not isinstance(floor, (int, float)) or not 0 <= floor <= 1:
            raise ValueError('this must be "total", "leximin" or a number from 0 to 1')
        return float(floor)

    @model_validator(mode="after")
    def _solver_knows_floors(self) -> Self:
        if self.solver == "greedy" and self.floor != "total":
            raise ValueError('floor: the solver "greedy" knows no floor but "total"')
        if self.lottery.loss > 0 and self.floor != "total":
            raise ValueError("floor: the coins of a lottery could break a floor; choose one of the two")
        return self

    @model_validator(mode="after")
    def _pair_terms_are_known(self) -> Self:
        unknown = sorted(set(self.pair_terms) - set(PAIR_TERMS))
        if unknown:
            raise ValueError(f"pair_terms: {', '.join(unknown)} is none of {', '.join(PAIR_TERMS)}")
        return self

    def equity_of(self, flags: frozenset[str]) -> float:
        """Return the weight of a mentee with these flags, in [.5, 2]."""
        weight = 1.0
        for flag in sorted(flags):
            weight *= self.equity.get(flag, 1.0)
        return min(2.0, max(0.5, weight))
