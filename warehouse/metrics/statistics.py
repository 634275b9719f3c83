"""Intervals and percentiles, as kpis.md §1, §3 and §7 define them."""

import math
from dataclasses import dataclass

import numpy as np

Z_95 = 1.959964
"""Two-sided 95 % of the normal distribution, as kpis.md writes it."""

_SLACK = 1e-12
"""Float noise of a product of survival factors."""


def wilson(successes: float, n: float) -> tuple[float, float] | None:
    """Return the 95 % Wilson interval of a share; None for an empty sample."""
    if n <= 0:
        return None
    share = successes / n
    centre = share + Z_95**2 / (2 * n)
    spread = Z_95 * math.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n * n))
    scale = 1 + Z_95**2 / n
    low, high = (centre - spread) / scale, (centre + spread) / scale
    return max(0.0, low), min(1.0, high)


def nps_margin(promoters: float, detractors: float, n: float) -> float | None:
    """Return the 95 % margin of an NPS, in points.

    One answer is added to each of the three classes: the plain formula would give
    ±0 for 30 promoters of 30.
    """
    if n <= 0:
        return None
    total = n + 3
    high, low = (promoters + 1) / total, (detractors + 1) / total
    variance = (high + low - (high - low) ** 2) / total
    return 100 * Z_95 * math.sqrt(variance)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A percentile with its 95 % bounds; a bound is None where data do not reach."""

    value: float | None
    low: float | None = None
    high: float | None = None


def percentile(
    durations: np.ndarray, is_closed: np.ndarray, quantile: float
) -> Estimate:
    """Return a percentile of durations of which some still run.

    *durations* (n,) floats; *is_closed* (n,) booleans. Without open items: linear
    interpolation (`quantile_cont`). With open items: the Kaplan-Meier curve, the
    first closed duration at which at most 1 − *quantile* survive; where the curve
    does not come down so far the value is None and *low* the last known bound. What
    still runs will last longer than it has, so the lower bound of the durations seen
    is one of the true ones too; an upper one is not known.
    """
    if durations.size == 0:
        return Estimate(None)
    if is_closed.all():
        ordered = np.sort(durations)
        low, high = order_statistic_bounds(ordered, quantile)
        return Estimate(float(np.quantile(ordered, quantile)), low, high)
    times, survival = kaplan_meier(durations, is_closed)
    reached = np.flatnonzero(survival <= 1 - quantile + _SLACK)
    if reached.size == 0:
        return Estimate(None, float(durations.max()))
    low, _ = order_statistic_bounds(np.sort(durations), quantile)
    return Estimate(float(times[reached[0]]), low)


def kaplan_meier(
    durations: np.ndarray, is_closed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the closed durations in order and the share that survives each.

    An item that was last seen running at a moment is at risk at that moment.
    """
    times = np.unique(durations[is_closed])
    at_risk = durations.size - np.searchsorted(np.sort(durations), times, side="left")
    closed = np.sort(durations[is_closed])
    ends = np.searchsorted(closed, times, side="right")
    starts = np.searchsorted(closed, times, side="left")
    return times, np.cumprod(1 - (ends - starts) / at_risk)


def restricted_mean(durations: np.ndarray, is_closed: np.ndarray) -> float | None:
    """Return the mean; with open items the area under the Kaplan-Meier curve.

    The mean of the closed alone would leave out the longest. The area ends at the
    longest duration seen, so it is still a lower bound where that one is open.
    """
    if durations.size == 0:
        return None
    if is_closed.all():
        return float(durations.mean())
    times, survival = kaplan_meier(durations, is_closed)
    edges = np.concatenate([[0.0], times, [durations.max()]])
    heights = np.concatenate([[1.0], survival])
    return float(np.sum(np.diff(edges) * heights))


def survival_at(
    durations: np.ndarray, is_closed: np.ndarray, horizon: float
) -> float | None:
    """Return the Kaplan-Meier share that survives *horizon*; None without rows."""
    if durations.size == 0:
        return None
    times, survival = kaplan_meier(durations, is_closed)
    reached = np.flatnonzero(times <= horizon)
    return float(survival[reached[-1]]) if reached.size else 1.0


def order_statistic_bounds(
    ordered: np.ndarray, quantile: float
) -> tuple[float | None, float | None]:
    """Return the 95 % bounds of a percentile from the ranks around it.

    The ranks leave at most 2.5 % of a binomial on each side: P90 of 36 values has
    no upper bound below the largest, P90 of 60 lies between ranks 49 and 59.
    """
    n = ordered.size
    if n == 0:
        return None, None
    first, share = _binomial_cdf(n, quantile)
    below = np.flatnonzero(share <= 0.025)
    above = np.flatnonzero(share >= 0.975)
    low = float(ordered[first + below[-1]]) if below.size else None
    rank = first + int(above[0]) + 1 if above.size else n + 1
    return low, float(ordered[rank - 1]) if rank <= n else None


_EXACT = 5000
"""Samples below this size are counted out; larger ones are as good as normal."""

_LOG_FACTORIALS = np.array([math.lgamma(i + 1) for i in range(_EXACT)])


def _binomial_cdf(n: int, quantile: float) -> tuple[int, np.ndarray]:
    """Return P(at most k of n lie below the quantile), and the first k it is told of.

    Before that it is nearly 0, after the last nearly 1.
    """
    if n >= _EXACT:
        return _normal_cdf(n, quantile)
    k = np.arange(n + 1)
    logs = _LOG_FACTORIALS[: n + 1]
    log_choose = logs[n] - logs - logs[::-1]
    terms = log_choose + k * math.log(quantile) + (n - k) * math.log1p(-quantile)
    return 0, np.cumsum(np.exp(terms))


def _normal_cdf(n: int, quantile: float) -> tuple[int, np.ndarray]:
    """Return the same of a large n, four standard deviations to each side."""
    spread = math.sqrt(n * quantile * (1 - quantile))
    first = max(0, math.floor(n * quantile - 4 * spread))
    last = min(n, math.ceil(n * quantile + 4 * spread))
    k = np.arange(first, last + 1)
    scaled = (k + 0.5 - n * quantile) / spread
    return first, 0.5 * (1 + np.vectorize(math.erf)(scaled / math.sqrt(2)))
