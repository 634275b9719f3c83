"""What a reading says to a rule: beyond the trigger, past the clear line, or between.

The colour is the tile's own (`warehouse/metrics/judging.py`): a threshold is judged in
one place. Only the clear line is added here.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from warehouse.alerts.alert import Observation, Rule, Seen, Severity, Timing
from warehouse.metrics import basis
from warehouse.metrics.judging import judge
from warehouse.metrics.metric import Direction, Metric, Status, Thresholds, Unit
from warehouse.metrics.reading import Reading
from warehouse.metrics.spc import control

ABSENT = Observation(seen=Seen.ABSENT)
NONE_THERE = Observation(seen=Seen.CLEAR)


def observe(rule: Rule, reading: Reading | None) -> Observation:
    """Return what a threshold rule sees in a reading."""
    if reading is None or reading.value is None:
        return NONE_THERE if rule.absent_is_none else ABSENT
    seen = look(
        rule,
        reading.metric,
        reading.thresholds,
        reading.value,
        reading.n,
        reading.status,
    )
    return replace(seen, note=basis.note(reading))


def observe_ceiling(
    rule: Rule,
    reading: Reading | None,
    judged_as: Metric,
    lines: Thresholds | None,
    today: Reading | None = None,
) -> Observation:
    """Return what a wait of this moment says under the lines of another metric.

    One case is enough: there is no sample of which to be sure. *today* is the day's
    reading of that metric: its lines hold, and a customer who waits past the promised
    time is beyond every line.
    """
    if reading is None or reading.value is None:
        return NONE_THERE
    n = max(reading.n, judged_as.minimum_n)
    lines = today.thresholds if today is not None else lines
    promise = today.promise if today is not None else None
    is_over = promise is not None and promise.running > 0
    status = judge(judged_as, lines, reading.value, n, None, is_over=is_over)
    seen = look(rule, judged_as, lines, reading.value, reading.n, status)
    return seen if today is None else replace(seen, note=basis.note(today))


def look(
    rule: Rule,
    metric: Metric,
    lines: Thresholds | None,
    value: float,
    n: int,
    status: Status,
) -> Observation:
    """Return what *value*, judged as *status* by *lines*, says to a rule."""
    if lines is None or status is Status.NONE:
        return Observation(seen=Seen.BETWEEN, value=value, n=n)
    if status is Status.GREY:
        return Observation(seen=Seen.FEW, value=value, n=n)
    is_red = rule.severity is Severity.RED
    breaching = (Status.RED,) if is_red else (Status.RED, Status.AMBER)
    if status in breaching:
        seen = Seen.BREACH
    elif (is_red and status is Status.GREEN) or is_past_clear(
        metric, lines, value, rule
    ):
        seen = Seen.CLEAR
    else:
        seen = Seen.BETWEEN
    return Observation(
        seen=seen,
        value=value,
        n=n,
        line=trigger(metric, lines, value, is_red=is_red),
        target=nearest(metric, lines.green, lines.green_high, value),
        lines_from=lines.valid_from.isoformat(),
    )


def trigger(metric: Metric, lines: Thresholds, value: float, *, is_red: bool) -> float:
    """Return the line that a rule fires beyond: of a band, the nearer one."""
    if is_red:
        return nearest(metric, lines.red, lines.red_high, value)
    return nearest(metric, lines.green, lines.green_high, value)


def nearest(metric: Metric, low: float, high: float | None, value: float) -> float:
    """Return the line of a band on the side of *value*; the only line otherwise."""
    if metric.direction is not Direction.BAND or high is None:
        return low
    return low if value < (low + high) / 2 else high


def is_past_clear(metric: Metric, lines: Thresholds, value: float, rule: Rule) -> bool:
    """Whether a value is far enough on the good side of the trigger line."""
    is_red = rule.severity is Severity.RED
    low = lines.red if is_red else lines.green
    if metric.direction is Direction.HIGHER:
        return value > clear_line(metric, low, rule.timing, +1)
    if metric.direction is Direction.LOWER:
        return value < clear_line(metric, low, rule.timing, -1)
    high = lines.red_high if is_red else lines.green_high
    middle = (low + high) / 2
    inner_low = min(low + deadband(metric, low, rule.timing), middle)
    inner_high = max(high - deadband(metric, high, rule.timing), middle)
    return inner_low <= value <= inner_high


def deadband(metric: Metric, line: float, timing: Timing) -> float:
    """Return how far the clear line lies from the trigger line."""
    if timing.dead_points is not None and metric.unit is Unit.SHARE:
        return timing.dead_points
    return abs(line) * timing.dead_share


def clear_line(metric: Metric, line: float, timing: Timing, sign: int) -> float:
    """Return the line that must be passed to recover; it can always be passed.

    Close to the best value there is (100 %, 0 minutes) it lies half-way to it: an
    alert that no performance could end would be a trap.
    """
    best = math.inf
    if sign < 0:
        best = -100.0 if metric.unit is Unit.SCORE else 0.0
    elif metric.unit is Unit.SHARE:
        best = 1.0
    elif metric.unit is Unit.SCORE:
        best = 100.0
    wanted = line + sign * deadband(metric, line, timing)
    if math.isinf(best):
        return wanted
    half = (line + best) / 2
    if (best - line) * sign <= 0:
        return line - sign * 1e-9
    return min(wanted, half) if sign > 0 else max(wanted, half)


def observe_signal(metric: Metric, series: Sequence[Reading]) -> Observation:
    """Return what a control chart says about the newest point of a course."""
    if not series or series[-1].value is None:
        return ABSENT
    newest = series[-1]
    chart = control(metric, series)
    if chart is None or newest.n < metric.minimum_n:
        return Observation(seen=Seen.FEW, value=newest.value, n=newest.n)
    point = chart.points[-1]
    worse = (
        newest.value > chart.centre
        if metric.direction is Direction.LOWER
        else newest.value < chart.centre
    )
    line = point.high if metric.direction is Direction.LOWER else point.low
    return Observation(
        seen=Seen.BREACH if point.signals and worse else Seen.CLEAR,
        value=newest.value,
        n=newest.n,
        line=line,
        target=chart.centre,
        note=",".join(point.signals) if worse else "",
    )
