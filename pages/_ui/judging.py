"""A value beside its lines: the target in words, the distance to it, the change."""

import math

from pages._ui import format as fmt
from warehouse.metrics import basis
from warehouse.metrics.metric import Direction, Metric, Thresholds
from warehouse.metrics.reading import Reading
from warehouse.metrics.standing import distance
from warehouse.text import Language

FINEST = 2
"""Decimals that a value may get beyond its unit's, to stand on its own side."""


def shown(reading: Reading, language: Language) -> fmt.Shown:
    """Return a value with the decimals that keep it on its own side of every line.

    89.96 % under a line of 90 % is not shown as 90.0 %: it is amber, and looks it.
    """
    return fmt.of(reading.metric, reading.value, language, finer=finer(reading))


def gap_text(reading: Reading, language: Language) -> str:
    """Return the distance to the target, as fine as the value; empty on no target."""
    gap = distance(reading.value, reading.metric, reading.thresholds)
    if not gap:
        return ""
    unit = reading.metric.unit
    return str(fmt.difference(gap, unit, language, finer=finer(reading)))


def finer(reading: Reading) -> int:
    """Return how many more decimals *reading* needs than its unit usually has."""
    value, unit = reading.value, reading.metric.unit
    if value is None or reading.thresholds is None or not math.isfinite(value):
        return 0
    sides = _sides(value, reading)
    for more in range(FINEST):
        if _sides(fmt.rounded(value, unit, finer=more), reading) == sides:
            return more
    return FINEST


def _sides(value: float, reading: Reading) -> tuple[bool, ...]:
    """Tell for each line whether *value* is on its good side."""
    lines, way = reading.thresholds, reading.metric.direction
    if way is Direction.LOWER:
        return value <= lines.green, value <= lines.red
    low = value >= lines.green, value >= lines.red
    if way is Direction.HIGHER:
        return low
    tops = (lines.green_high, lines.red_high)
    return *low, *(value <= top for top in tops if top is not None)


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


def follows(reading: Reading | None) -> bool:
    """Tell whether the lines of a reading are made from data, or would be."""
    lines = reading.thresholds if reading else None
    return lines is not None and lines.basis is not None


def basis_word(reading: Reading, language: Language) -> str:
    """Return in a few words what the lines rest on; empty where they are declared."""
    lines = reading.thresholds
    if lines is None or lines.basis is None:
        return ""
    return basis.short(lines.basis)[language]


def basis_text(reading: Reading, language: Language) -> str:
    """Return what the lines rest on; empty where they are declared."""
    lines = reading.thresholds
    if lines is None or lines.basis is None:
        return ""

    def amount(number: float) -> str:
        return str(fmt.of(reading.metric, number, language))

    return basis.sentence(lines.basis, amount)[language]


def promise_text(reading: Reading, language: Language) -> str:
    """Return how the promised times were kept; empty where there is no such ceiling."""
    promise = reading.promise
    return basis.promised(promise)[language] if promise else ""


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
