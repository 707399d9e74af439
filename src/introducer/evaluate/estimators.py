"""Estimates of a mean result, with errors that come from the coins alone.

For unit k let p_k be the probability that it came about, q_k that under the target, y_k its result,
``N = sum_k q_k`` over everything the target would do, and ``S`` the part of N that has p_k > 0.

1. **Horvitz-Thompson** [1]_: ``(1 / N) sum_{k came about} (q_k / p_k) y_k``, without bias.
   **Hájek** [2]_: the same with ``(S / N) / sum_{k came about} q_k / p_k`` in place of ``1 / N``:
   nearly without bias, and steadier, because a result that all share no longer adds to the error.
2. **What is not known.** The part ``1 - S / N`` beyond the support, and missing results, may be
   anything from the smallest to the largest possible result: each estimate has a low and a high end
   [3]_, which are one number where all is known.
3. **Variance.** Coins are independent, so variances add over coins. With influences u_k (y_k for
   Horvitz-Thompson, y_k less the mean for Hájek, times q_k and the norm of 1), coin c adds

       X_c = sum_{k of the side that came} u_k / p_c      with p_c the probability of that side.

   Where the target would do something on one side alone, ``X_c^2 (1 - p_c)`` is its variance without
   bias. Where it would on both, only one of two results can ever be seen; then ``(X_c - m_c)^2``
   is not too small on average, whatever m_c [4]_: m_c is what X_c would be on average if all
   results were equal to the mean. For Hájek, a result lies nearer to a mean that it is part of: its
   influence is divided by 1 less the part that its coin has in the mean, as in [5]_.
4. **Interval.** From the low end less t errors to the high end plus t errors, t of Student's
   distribution with ``(sum_c V_c)^2 / sum_c V_c^2`` degrees of freedom, V_c being what coin c adds:
   fewer than in [6]_, since here each V_c rests on one observation.
5. **Difference** of target and own lottery: the same with ``u_k`` of the one less ``u_k`` of the
   other. Missing results go to its low end as small where they count for the target and as large
   where they count against it, and the reverse.

.. [1] Horvitz D. G., Thompson D. J., A generalization of sampling without replacement from a finite
   universe, JASA 47 (1952) 663-685.
.. [2] Hájek J., comment in Godambe V. P., Sprott D. A. (eds.), Foundations of statistical
   inference, 1971, 236.
.. [3] Saveski M., Jecmen S., Shah N. B., Ugander J., Counterfactual evaluation of peer-review
   assignment policies, NeurIPS 2023.
.. [4] Aronow P. M., Samii C., Estimating average causal effects under general interference, with
   application to a social network experiment, Annals of Applied Statistics 11 (2017) 1912-1947.
.. [5] MacKinnon J. G., White H., Some heteroskedasticity-consistent covariance matrix estimators with
   improved finite sample properties, Journal of Econometrics 29 (1985) 305-325.
.. [6] Satterthwaite F. E., An approximate distribution of estimates of variance components,
   Biometrics Bulletin 2 (1946) 110-114.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from introducer.evaluate.design import Units

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Span = tuple[float, float] | None

__all__ = ["ESTIMATORS", "Estimate", "difference", "mean"]

ESTIMATORS = ("horvitz_thompson", "hajek")


@dataclass(frozen=True)
class Estimate:
    """One number and how sure it is.

    Attributes
    ----------
    of : {"own", "target", "difference"}
        Mean result under the outcome's own lottery, under the target, or the second less the first.
    estimator : {"horvitz_thompson", "hajek"}
    low, high : float
        Its ends; equal where everything is known.
    errors : tuple of float
        Standard error of each end.
    freedom : tuple of float
        Degrees of freedom of each error; 0 where there is none.
    interval : tuple of float
    """

    of: str
    estimator: str
    low: float
    high: float
    errors: tuple[float, float]
    freedom: tuple[float, float]
    interval: tuple[float, float]


@dataclass(frozen=True)
class _Sum:
    """An estimate as a sum over what came about.

    Attributes
    ----------
    factors : (K,)
        What each result is multiplied by, 0 where it did not come about.
    beyond : float
        What the unknown result of all that is beyond the support is multiplied by.
    shares : (K,)
        ``q_k`` times the norm, whether it came about or not: how much each unit counts.
    centered : bool
        Whether the mean is taken off each result before its error is computed.
    """

    factors: Floats
    beyond: float
    shares: Floats
    centered: bool


def mean(units: Units, of: str, estimator: str, span: Span, level: float) -> Estimate:
    """Estimate the mean result under the target, or under the outcome's own lottery.

    Parameters
    ----------
    of : {"own", "target"}
    estimator : {"horvitz_thompson", "hajek"}
    span : smallest and largest possible result, needed where something is not known
    level : of the interval, in (0, 1)
    """
    terms = [(_sum(units, of, estimator), 1.0)]
    return _estimate(units, of, estimator, terms, span, level)


def difference(units: Units, estimator: str, span: Span, level: float) -> Estimate:
    """Estimate the mean result under the target less that under the own lottery; parameters as of ``mean``."""
    terms = [(_sum(units, "target", estimator), 1.0), (_sum(units, "own", estimator), -1.0)]
    return _estimate(units, "difference", estimator, terms, span, level)


def _sum(units: Units, of: str, estimator: str) -> _Sum:
    q = units.targets if of == "target" else units.propensities
    beyond = units.beyond if of == "target" else 0.0
    whole = float(q.sum()) + beyond
    weights = np.where(units.happened, q / units.propensities, 0.0)
    hajek = estimator == "hajek"
    norm = (1 - beyond / whole) / float(weights.sum()) if hajek else 1 / whole
    return _Sum(norm * weights, beyond / whole, norm * q, hajek)


def _estimate(
    units: Units, of: str, estimator: str, terms: list[tuple[_Sum, float]], span: Span, level: float
) -> Estimate:
    ends, margins = [], []
    factors = sum((sign * each.factors for each, sign in terms), np.zeros(len(units.results)))
    beyond = sum(sign * each.beyond for each, sign in terms)
    for small, large in ((span or (0.0, 0.0)), (span or (0.0, 0.0))[::-1]):
        missing = np.where(units.happened, np.where(factors >= 0, small, large), 0.0)
        results = np.where(np.isnan(units.results), missing, units.results)
        ends.append(float(factors @ results) + beyond * (small if beyond >= 0 else large))
        parts = _variances(units, results, terms)
        total = float(parts.sum())
        freedom = total**2 / float(parts @ parts) if total else 0.0
        margins.append((math.sqrt(total), freedom, _quantile(level, freedom) * math.sqrt(total)))
    (low_error, low_freedom, low_margin), (high_error, high_freedom, high_margin) = margins
    return Estimate(
        of=of,
        estimator=estimator,
        low=ends[0],
        high=ends[1],
        errors=(low_error, high_error),
        freedom=(low_freedom, high_freedom),
        interval=(ends[0] - low_margin, ends[1] + high_margin),
    )


def _quantile(level: float, freedom: float) -> float:
    return float(stdtrit(freedom, (1 + level) / 2)) if freedom else 0.0


def _variances(units: Units, results: Floats, terms: list[tuple[_Sum, float]]) -> Floats:
    """Return what each coin adds to the variance."""
    tossed = units.coins >= 0
    came = tossed & units.happened
    count = int(units.coins.max(initial=-1)) + 1

    def by_coin(values: Floats, where: Mask) -> Floats:
        return np.bincount(units.coins[where], values[where], minlength=count).astype(np.float64)

    influence, expected, counts = np.zeros(len(results)), np.zeros(len(results)), np.zeros(len(results))
    for each, sign in terms:
        total = float(each.factors.sum())
        average = float(each.factors @ results) / total if total else 0.0
        counts += each.shares
        if each.centered:
            part = np.zeros(len(results))
            part[came] = (by_coin(each.factors, came) / total)[units.coins[came]]
            influence += sign * each.shares * (results - average) / np.where(part < 1, 1 - part, 1.0)
        else:
            influence += sign * each.shares * results
            expected += sign * each.shares * average
    chances = np.ones(count)
    chances[units.coins[came]] = units.propensities[came]
    drawn = by_coin(influence, came) / chances
    both = (by_coin(counts, came) > 0) & (by_coin(counts, tossed & ~came) > 0)
    return np.where(both, (drawn - by_coin(expected, tossed)) ** 2, drawn**2 * (1 - chances))
