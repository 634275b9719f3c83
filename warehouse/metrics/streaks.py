"""Since when a value is off its target: the window of the value, moved back day by day.

A tile shows a value over a window (30 days, say). Judged day by day the same metric
flickers, so its run is that of the whole window: on which day did the window that
ended then turn red, and stay so until now?
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from warehouse.metrics.judging import judge
from warehouse.metrics.metric import Interval, Kind, Metric, Status
from warehouse.metrics.reading import Reading
from warehouse.metrics.statistics import wilson

LOOKBACK = timedelta(days=90)
"""So far back a run is followed."""

OFF_TARGET = frozenset({Status.RED, Status.AMBER})

SILENT = frozenset({Status.GREY, Status.NONE})


@dataclass(frozen=True, slots=True)
class Run:
    """The first day of the present run; *is_longer*: it began before what is known."""

    since: date
    is_longer: bool


def is_summed(metric: Metric) -> bool:
    """Tell whether windows of *metric* can be summed from its days."""
    judged = metric.interval in {Interval.WILSON, Interval.NONE}
    return metric.kind is Kind.RATIO and judged


def run_of_windows(days: Sequence[Reading], now: Reading) -> Run | None:
    """Return the run that *now* ends, from readings of single days.

    *days* are readings of single days of one scope, in any order, days without rows
    left out. The run is of red windows where *now* is red, else of windows off
    target. Windows with too few cases neither end it nor begin it.
    """
    wanted = frozenset({Status.RED}) if now.status is Status.RED else OFF_TARGET
    if now.status not in wanted or not days:
        return None
    sums = {d.period_start: (d.numerator or 0.0, d.denominator or 0.0) for d in days}
    length = now.period_end - now.period_start
    first_known = min(sums)
    top = sum(sums.get(_on(now.period_start, n), (0, 0))[0] for n in range(length.days))
    bottom = sum(
        sums.get(_on(now.period_start, n), (0, 0))[1] for n in range(length.days)
    )
    last, since = _on(now.period_end, -1), None
    oldest = last - LOOKBACK
    while last > oldest and last - length + timedelta(days=1) >= first_known:
        status = _judged(now, top, bottom)
        if status in wanted:
            since = last
        elif status not in SILENT:
            return None if since is None else Run(since, is_longer=False)
        leaves = sums.get(last, (0.0, 0.0))
        enters = sums.get(last - length, (0.0, 0.0))
        top, bottom = top - leaves[0] + enters[0], bottom - leaves[1] + enters[1]
        last -= timedelta(days=1)
    return None if since is None else Run(since, is_longer=True)


def run_of_points(points: Sequence[Reading]) -> Run | None:
    """Return the run off target that lasts until the last of *points*.

    For values that cannot be summed, such as percentiles: each point is judged alone.
    """
    judged = [p for p in points if p.value is not None and p.status not in SILENT]
    first, is_longer = None, True
    for point in reversed(judged):
        if point.status not in OFF_TARGET:
            is_longer = False
            break
        first = point.period_start
    return None if first is None else Run(first, is_longer)


def _judged(now: Reading, top: float, bottom: float) -> Status:
    if bottom <= 0:
        return Status.NONE
    metric = now.metric
    interval = None
    if metric.interval is Interval.WILSON:
        interval = wilson(min(top, bottom), bottom)
    return judge(metric, now.thresholds, top / bottom, round(bottom), interval)


def _on(day: date, days: int) -> date:
    return day + timedelta(days=days)
