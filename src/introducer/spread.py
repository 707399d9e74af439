"""Prices, and how the worth of an outcome is spread: parts of ``introducer.outcome``, which names them too."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FairLottery", "Fairness", "Group", "Plain", "Prices", "Raised", "Step"]


@dataclass(frozen=True, slots=True)
class Prices:
    """The dual side of an outcome; any non-negative numbers prove a bound.

    Attributes
    ----------
    capacity, min_load : tuple of float
        By mentor: price of a seat, and of the duty to fill one.
    quota : tuple of float
        By quota, in the order of ``Problem.quota_mentors``.
    """

    capacity: tuple[float, ...]
    min_load: tuple[float, ...]
    quota: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One level to which everybody could be raised who had not been held back before.

    Attributes
    ----------
    level : float
        Share that all of them have.
    above : float
        No outcome gives all of them so much; infinite where that was not proved.
    prices : Prices or None
        The proof: at these prices they cannot all pay for it.
    """

    level: float
    above: float
    prices: Prices | None


@dataclass(frozen=True, slots=True)
class FairLottery:
    """The proof of what a lottery over outcomes could give everybody on average, at best.

    Attributes
    ----------
    weights : tuple of float
        By mentee, 0 to 1.
    prices : Prices
    """

    weights: tuple[float, ...]
    prices: Prices


@dataclass(frozen=True, slots=True)
class Raised:
    """Floors as they were found: with the teams, all that a checker needs.

    Attributes
    ----------
    levels : tuple of float
        By mentee: the share that is owed; 0 for those who are left out.
    steps : tuple of Step
        From the lowest level up.
    plain_teams, plain_prices
        The outcome without floors that this one is compared with.
    lottery : FairLottery or None
        What no lottery can give everybody; None where it was not computed.
    """

    levels: tuple[float, ...]
    steps: tuple[Step, ...]
    plain_teams: tuple[tuple[int, ...], ...]
    plain_prices: Prices
    lottery: FairLottery | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Mentees with something in common: how many, and the mean of their shares with its 95 % interval."""

    name: str
    members: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Plain:
    """The outcome without floors: certified value and bound, and who has more and who less than in it.

    Attributes
    ----------
    minimum : float or None
        Its least share.
    gained, lost : tuple of int
        Mentees whose team is worth more, and less, under the floors.
    """

    value: float
    bound: float
    minimum: float | None
    gained: tuple[int, ...]
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fairness:
    """How the worth is spread. A share is worth by what the own best team alone would be worth.

    Attributes
    ----------
    shares : tuple of (float or None)
        By mentee; None for those who are left out.
    left_out : tuple of int
        Mentees for whom nobody is eligible, or who asked for nothing.
    minimum, fifth, gini : float or None
        Least share, 5th percentile and Gini coefficient; None without shares.
    groups : tuple of Group
        Groups that are too small are not among them.
    raised : Raised or None
        The floors; None where the total alone is maximized.
    stuck : tuple of int
        Mentees who are proved to be unable to have more than their level, one by one.
    plain : Plain or None
        What the floors are compared with.
    lottery : float or None
        No lottery over outcomes gives everybody an expected share above it; None where that was not computed.
    """

    shares: tuple[float | None, ...]
    left_out: tuple[int, ...]
    minimum: float | None
    fifth: float | None
    gini: float | None
    groups: tuple[Group, ...]
    raised: Raised | None = None
    stuck: tuple[int, ...] = ()
    plain: Plain | None = None
    lottery: float | None = None

    @property
    def ceiling(self) -> float | None:
        """What the least share is proved to be below; None where nothing was proved."""
        proved = self.raised is not None and self.raised.steps and self.raised.steps[0].prices is not None
        return self.raised.steps[0].above if self.raised is not None and proved else None
