"""Control charts tell a change of a metric from its usual variation (kpis.md §17).

The colour of a value says whether it meets its target; this says whether it moved. Two
independent marks. Shares get a p-chart whose limits follow each point's own n, widened
by Laney's multiplier where the points vary more than counting alone explains. Averages
get an XmR chart. There is no trend rule: sources differ on how many points make one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from warehouse.metrics.metric import Interval, Kind, Metric
from warehouse.metrics.reading import Reading

MINIMUM_BASELINE = 12
"""Points that limits are made of, at least."""

RUN = 8

XMR_FACTOR = 2.66
"""3 ÷ d2 for ranges of two points, as kpis.md writes it."""

D2 = 1.128
"""Mean range of two normal values, in standard deviations."""


class Signal(StrEnum):
    """Why a point counts as a change."""

    OUTSIDE = "outside"
    """Beyond 3 σ."""
    RUN = "run"
    """The eighth in a row (or a later one) on one side of the centre."""
    NEAR = "near"
    """Two of three beyond 2 σ on the same side, this one among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of a chart; *sigma* is None where the point has no limits."""

    value: float | None
    sigma: float | None
    low: float | None
    high: float | None
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Centre and limits of a course, and the signals in it.

    *multiplier* is Laney's (1 for an XmR chart); *baseline* is the number of points
    the limits were made of.
    """

    kind: str
    centre: float
    multiplier: float
    baseline: int
    points: tuple[Point, ...]

    @property
    def changed(self) -> tuple[int, ...]:
        """The places of the points with a signal."""
        return tuple(i for i, point in enumerate(self.points) if point.signals)


def p_chart(
    tops: Sequence[float | None],
    bottoms: Sequence[float | None],
    *,
    baseline: Sequence[bool] | None = None,
) -> Chart | None:
    """Return the chart of shares top ÷ bottom; None with too short a baseline.

    *baseline* tells which points the limits are made of (all, when it is None). A
    point without a denominator has no limits and neither ends nor lengthens a run.
    """
    shares = [
        top / bottom if top is not None and bottom else None
        for top, bottom in zip(tops, bottoms, strict=True)
    ]
    used = _used(shares, baseline)
    if len(used) < MINIMUM_BASELINE:
        return None
    centre = sum(tops[i] for i in used) / sum(bottoms[i] for i in used)  # type: ignore[misc]
    plain = [
        math.sqrt(centre * (1 - centre) / bottom) if share is not None else None
        for share, bottom in zip(shares, bottoms, strict=True)
    ]
    scores = [(shares[i] - centre) / plain[i] for i in used if plain[i]]  # type: ignore[operator]
    multiplier = max(1.0, _mean_range(scores) / D2)
    sigmas = [None if one is None else one * multiplier for one in plain]
    return _chart("p", shares, centre, sigmas, (0.0, 1.0), multiplier, len(used))


def xmr_chart(
    values: Sequence[float | None], *, baseline: Sequence[bool] | None = None
) -> Chart | None:
    """Return the chart of averages; None with too short a baseline."""
    used = _used(values, baseline)
    if len(used) < MINIMUM_BASELINE:
        return None
    known = [values[i] for i in used]
    centre = math.fsum(known) / len(known)  # type: ignore[arg-type]
    sigma = XMR_FACTOR * _mean_range(known) / 3  # type: ignore[arg-type]
    sigmas = [None if value is None else sigma for value in values]
    limits = (-math.inf, math.inf)
    return _chart("xmr", values, centre, sigmas, limits, 1.0, len(used))


def control(metric: Metric, series: Sequence[Reading]) -> Chart | None:
    """Return the chart of a metric's course; None where there can be none.

    Provisional points get limits and signals but are no part of the baseline: their
    values may still change. A state or a tier has no independent points.
    """
    if metric.kind is Kind.TIER:
        return None
    firm = [not reading.is_provisional for reading in series]
    if metric.kind is Kind.RATIO and metric.interval is Interval.WILSON:
        tops = [reading.numerator for reading in series]
        bottoms = [reading.denominator for reading in series]
        return p_chart(tops, bottoms, baseline=firm)
    return xmr_chart([reading.value for reading in series], baseline=firm)


def _used(values: Sequence[float | None], baseline: Sequence[bool] | None) -> list[int]:
    return [
        i
        for i, value in enumerate(values)
        if value is not None and (baseline is None or baseline[i])
    ]


def _mean_range(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.0
    ranges = (abs(b - a) for a, b in pairwise(values))
    return math.fsum(ranges) / (len(values) - 1)


def _chart(
    kind: str,
    values: Sequence[float | None],
    centre: float,
    sigmas: Sequence[float | None],
    legal: tuple[float, float],
    multiplier: float,
    baseline: int,
) -> Chart:
    found = _signals(values, centre, sigmas)
    points = tuple(
        Point(
            value=value,
            sigma=sigma,
            low=None if sigma is None else max(legal[0], centre - 3 * sigma),
            high=None if sigma is None else min(legal[1], centre + 3 * sigma),
            signals=found[i],
        )
        for i, (value, sigma) in enumerate(zip(values, sigmas, strict=True))
    )
    return Chart(
        kind=kind,
        centre=centre,
        multiplier=multiplier,
        baseline=baseline,
        points=points,
    )


def _signals(
    values: Sequence[float | None], centre: float, sigmas: Sequence[float | None]
) -> list[tuple[Signal, ...]]:
    """Return the signals at each place; points without limits are passed over."""
    found: list[tuple[Signal, ...]] = [() for _ in values]
    sides: list[int] = []
    far: list[int] = []
    for i, (value, sigma) in enumerate(zip(values, sigmas, strict=True)):
        if value is None or sigma is None:
            continue
        # Float noise of a sum must not make a point that sits on a line leave it.
        gap = value - centre
        slack = 1e-12 * max(1.0, abs(centre))
        side = (gap > slack) - (gap < -slack)
        sides.append(side)
        far.append(side if abs(gap) > 2 * sigma + slack else 0)
        marks = []
        if abs(gap) > 3 * sigma + slack:
            marks.append(Signal.OUTSIDE)
        if side and sides[-RUN:] == [side] * RUN:
            marks.append(Signal.RUN)
        if far[-1] and far[-3:].count(far[-1]) >= 2:
            marks.append(Signal.NEAR)
        found[i] = tuple(marks)
    return found
