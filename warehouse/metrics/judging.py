"""The colour of a value (kpis.md §17): a pure decision, in one place."""

import math

from warehouse.metrics.metric import Cadence, Direction, Metric, Status, Thresholds


def judge(
    metric: Metric,
    lines: Thresholds | None,
    value: float | None,
    n: int,
    interval: tuple[float, float] | None,
    *,
    is_over: bool = False,
) -> Status:
    """Return the colour of *value* under *lines*; *is_over* tells a broken ceiling.

    Too few is grey. Better than or equal to the green line is green. Red only
    beyond the red line, and only when the 95 % interval excludes the green line:
    8 of 10 is amber, 40 of 50 is red at the same 80 %. Where a metric has no
    interval (a mean, a count) its lines decide alone. Legal and safety metrics need
    neither sample nor interval: any event is red. Beyond its ceiling a value is red
    whatever its lines.
    """
    if value is None or lines is None:
        return Status.NONE
    if metric.cadence is Cadence.SAFETY:
        interval = None
    elif n < metric.minimum_n:
        return Status.GREY
    if is_over:
        return Status.RED
    if _within(metric.direction, lines, value):
        return Status.GREEN
    if _beyond(metric.direction, lines, value) and _excludes_green(
        metric.direction, lines, value, interval
    ):
        return Status.RED
    return Status.AMBER


def bounds(low: float | None, high: float | None) -> tuple[float, float]:
    """Return the interval of a percentile; a side that few cases leave open has none.

    Above 20 cases nobody knows the upper bound of a P90, and below 36 nobody knows it
    within 95 %: an open side excludes nothing.
    """
    return -math.inf if low is None else low, math.inf if high is None else high


def _within(direction: Direction, lines: Thresholds, value: float) -> bool:
    if direction is Direction.HIGHER:
        return value >= lines.green
    if direction is Direction.LOWER:
        return value <= lines.green
    return lines.green <= value <= lines.green_high


def _beyond(direction: Direction, lines: Thresholds, value: float) -> bool:
    if direction is Direction.HIGHER:
        return value < lines.red
    if direction is Direction.LOWER:
        return value > lines.red
    return value < lines.red or value > lines.red_high


def _excludes_green(
    direction: Direction,
    lines: Thresholds,
    value: float,
    interval: tuple[float, float] | None,
) -> bool:
    if interval is None:
        return True
    low, high = interval
    if direction is Direction.HIGHER:
        return high < lines.green
    if direction is Direction.LOWER:
        return low > lines.green
    return high < lines.green if value < lines.green else low > lines.green_high
