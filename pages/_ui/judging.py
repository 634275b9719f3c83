"""A value beside its lines: the target in words, the distance to it, the change."""

from pages._ui import format as fmt
from warehouse.metrics.metric import Direction, Metric, Thresholds
from warehouse.metrics.reading import Reading
from warehouse.text import Language


def target_text(metric: Metric, lines: Thresholds | None, language: Language) -> str:
    """Return the green line with its sense: "≥ 90.0%", "≤ 3.0%", "60.0–75.0%"."""
    if lines is None:
        return ""
    green = str(fmt.of(metric, lines.green, language))
    if metric.direction is Direction.BAND:
        return f"{green}–{fmt.of(metric, lines.green_high, language)}"
    return f"{'≥' if metric.direction is Direction.HIGHER else '≤'} {green}"


def red_text(metric: Metric, lines: Thresholds | None, language: Language) -> str:
    """Return the red line with its sense: what is beyond it is red."""
    if lines is None:
        return ""
    red = str(fmt.of(metric, lines.red, language))
    if metric.direction is Direction.BAND:
        return f"< {red} / > {fmt.of(metric, lines.red_high, language)}"
    return f"{'<' if metric.direction is Direction.HIGHER else '>'} {red}"


def distance(
    value: float | None, metric: Metric, lines: Thresholds | None
) -> float | None:
    """Return value minus target; within a band there is no distance."""
    if value is None or lines is None:
        return None
    if metric.direction is not Direction.BAND:
        return value - lines.green
    if value < lines.green:
        return value - lines.green
    return max(0.0, value - (lines.green_high or lines.green))


def shortfall(reading: Reading) -> float:
    """Return how far beyond the target a value is, in widths of the amber band.

    Minutes, shares and scores become comparable; 0 means on target.
    """
    lines = reading.thresholds
    gap = distance(reading.value, reading.metric, lines)
    if gap is None or lines is None:
        return 0.0
    if reading.metric.direction is Direction.HIGHER:
        gap = -gap
    elif reading.metric.direction is Direction.BAND:
        gap = abs(gap)
    width = abs(lines.green - lines.red) or abs(lines.green) or 1.0
    return max(0.0, gap) / width


def is_beyond_red(reading: Reading) -> bool:
    """Tell whether a value lies beyond its red line, whatever its colour."""
    lines, value = reading.thresholds, reading.value
    if lines is None or value is None:
        return False
    if reading.metric.direction is Direction.HIGHER:
        return value < lines.red
    if reading.metric.direction is Direction.LOWER:
        return value > lines.red
    return value < lines.red or value > (lines.red_high or lines.red)


def is_better(change: float, metric: Metric, reading: Reading) -> bool | None:
    """Tell whether a change went the good way; None where there is no good way."""
    if not change or reading.value is None:
        return None
    if metric.direction is Direction.BAND:
        lines = reading.thresholds
        now = distance(reading.value, metric, lines)
        before = distance(reading.value - change, metric, lines)
        if now is None or before is None or abs(now) == abs(before):
            return None
        return abs(now) < abs(before)
    if not metric.thresholds:
        return None
    return (change > 0) is (metric.direction is Direction.HIGHER)
