"""How far an axis reaches: far enough for what matters, not for one odd value."""

from collections.abc import Sequence
from statistics import quantiles

from warehouse.metrics.metric import Metric, Thresholds, Unit
from warehouse.metrics.reading import Reading

ENOUGH = 8
"""Values from which on an odd one can be told from the rest."""

FAR = 4.0
"""A value this many times the spread of the rest above them is out of the picture."""

ROOM = 0.12
"""Of the reach, left free above and below."""


def ceiling(values: Sequence[float], also: Sequence[float] = ()) -> float | None:
    """Return where the axis ends below odd values; None where none are odd.

    One repair that lasted a week would press a course of hours into a line. The nine
    tenths that lie together set the scale, and *also*, which must be seen.
    """
    if len(values) < ENOUGH:
        return None
    deciles = quantiles(values, n=10, method="inclusive")
    body = [*(v for v in values if v <= deciles[-1]), *also]
    low, high = min(body), max(body)
    if low == high:
        return None  # A level line has no shape that could be pressed.
    end = high + FAR / 4 * (high - low)
    return end if max(values) > high + FAR * (high - low) else None


def reach(
    points: Sequence[Reading], lines: Thresholds | None, metric: Metric
) -> tuple[float, float]:
    """Return the ends of the axis: values, lines, and what is near of the intervals."""
    values = [r.value for r in points if r.value is not None]
    drawn = _known(lines)
    drawn += [line for r in points if _follows(r) for line in _known(r.thresholds)]
    shown = [*values, *drawn]
    if not shown:
        return 0.0, 1.0
    end = None if metric.unit is Unit.SHARE else ceiling(values, drawn)
    low, high = min(shown), max(shown) if end is None else end
    room = (high - low) * ROOM or abs(high) * 0.1 or 1.0
    low, high = low - room, high + (room if end is None else 0.0)
    if end is None:
        low, high = _with_intervals(points, low, high)
    if metric.unit is Unit.SHARE:
        high = min(high, max(1.0, *shown) + 0.005)
    if metric.unit is not Unit.SCORE and min(shown) >= 0:
        low = max(low, 0.0)
    return low, high


def _with_intervals(
    points: Sequence[Reading], low: float, high: float
) -> tuple[float, float]:
    """Return the ends moved out to the intervals, by half the reach at most."""
    more = (high - low) / 2
    lows = [r.ci_low for r in points if r.ci_low is not None]
    highs = [r.ci_high for r in points if r.ci_high is not None]
    bottom = min(lows, default=low)
    top = max(highs, default=high)
    return min(low, max(bottom, low - more)), max(high, min(top, high + more))


def _follows(point: Reading) -> bool:
    """Tell whether a point has lines of its own, made from data."""
    return point.thresholds is not None and point.thresholds.basis is not None


def _known(lines: Thresholds | None) -> list[float]:
    if lines is None:
        return []
    every = (lines.green, lines.red, lines.green_high, lines.red_high)
    return [line for line in every if line is not None]
