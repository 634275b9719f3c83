"""Which questions a screen asks of the warehouse: periods, comparisons, courses."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pages._ui import periods
from pages._ui.address import View
from warehouse.chinese_calendar import Aligned, a_year_before
from warehouse.metrics.metric import Cadence, Kind, Metric
from warehouse.metrics.reading import Reading
from warehouse.metrics.streaks import LOOKBACK
from warehouse.moments import day_that_ends, naive
from warehouse.scope import Grain, Question

COURSE_DAYS: dict[Grain, int] = {"day": 60, "week": 26 * 7, "month": 400}
"""How far back the trend goes at each grain."""

STATE_DAYS: dict[Grain, int] = {"day": 30, "week": 13 * 7, "month": 180}
"""The same where each point is a state that has to be restored for its own day."""

WEEKS = 13
"""Weeks of a sparkline over a long window."""

STATE_POINTS = 7
"""Points of a sparkline where each has to be restored for its own day."""


def local_day(moment: datetime, zone: str) -> date:
    """Return the calendar day in *zone* that a batch as of *moment* is about."""
    return day_that_ends(ZoneInfo(zone), naive(moment))


def now(view: View, metric: Metric, today: date) -> Question:
    """Return the question for the value on the tile.

    A metric that matures (FTFR waits 30 days) is asked for the newest days that
    are judged: "7 days" are its last 7 matured days.
    """
    start, end = _span(view.period, metric, today)
    return Question(start=start, end=end, where=view.where)


def before(view: View, reading: Reading, as_of: datetime, today: date) -> Question:
    """Return the question for the period of equal length before a reading's.

    Where today is not over, the earlier period is cut at the same hour: this
    morning is compared with yesterday morning, not with the whole of yesterday.
    """
    end = reading.period_start
    start = end - (reading.period_end - reading.period_start)
    chosen = periods.named(view.period)
    if chosen is not None and chosen.is_months:
        start = periods.as_many_months_before(chosen)
    return Question(
        start=start,
        end=end,
        as_of=as_of - (end - start) if _is_cut(reading, today) else None,
        where=view.where,
    )


def _is_cut(reading: Reading, today: date) -> bool:
    """Tell whether a period that is not over has to be compared hour by hour."""
    length = reading.period_end - reading.period_start
    return reading.period_end > today and (
        length <= timedelta(days=1) or reading.metric.kind is Kind.COUNT
    )


def year_before(
    view: View, reading: Reading, as_of: datetime, today: date
) -> tuple[Question, Aligned]:
    """Return the question for the like days of the year before, and which they are.

    A day that is not over is compared with the same hours of the other.
    """
    then = a_year_before(reading.period_start, reading.period_end)
    moment = None
    if _is_cut(reading, today):
        moment = as_of - (reading.period_start - then.start)
    question = Question(start=then.start, end=then.end, as_of=moment, where=view.where)
    return question, then


def course(view: View, reading: Reading) -> Question:
    """Return the question for the sparkline behind a reading."""
    end = reading.period_end
    days = (end - reading.period_start).days
    is_state = reading.metric.kind is Kind.STATE
    if days <= 31:
        length = STATE_POINTS if is_state else max(days, 14)
        start = end - timedelta(days=length)
        return Question(grain="day", start=start, end=end, where=view.where)
    first = end - timedelta(weeks=STATE_POINTS if is_state else WEEKS)
    monday = first - timedelta(days=first.weekday())
    return Question(grain="week", start=monday, end=end, where=view.where)


def trend(view: View, metric: Metric, grain: Grain, today: date) -> Question:
    """Return the question for the trend of one metric."""
    end = today + timedelta(days=1 - metric.window.lag_days)
    reach = STATE_DAYS if metric.kind is Kind.STATE else COURSE_DAYS
    start = end - timedelta(days=reach[grain])
    chosen = periods.named(view.period)
    if chosen is not None:
        # The chosen days are in the picture, and what led up to them.
        end = max(min(end, chosen.end), chosen.start + timedelta(days=1))
        start = min(chosen.start, end - timedelta(days=reach[grain]))
    if grain == "week":
        start -= timedelta(days=start.weekday())
    if grain == "month":
        start = start.replace(day=1)
    return Question(grain=grain, start=start, end=end, where=view.where)


def by_store(view: View, metric: Metric, today: date) -> Question:
    """Return the question for a column of the table."""
    start, end = _span(view.period, metric, today)
    return Question(by=("store_id",), start=start, end=end, where=view.where)


def arrivals(view: View, batch: Any) -> Question:
    """Return the question for the orders of the last 30 whole days, by store."""
    today = local_day(batch.as_of, batch.timezone)
    start = today - timedelta(days=30)
    return Question(by=("store_id",), start=start, end=today, where=view.where)


def days_before(view: View, reading: Reading, store_ids: tuple[str, ...]) -> Question:
    """Return the question for the single days of a reading's window and before it."""
    length = reading.period_end - reading.period_start
    where = view.where
    if store_ids:
        where = (*(w for w in where if w[0] != "store_id"), ("store_id", store_ids))
    return Question(
        by=("store_id",) if store_ids else (),
        grain="day",
        start=reading.period_end - length - LOOKBACK,
        end=reading.period_end,
        where=where,
    )


def usual_grain(metric: Metric) -> Grain:
    """Return the grain at which a metric's course is best read."""
    if metric.window.months:
        return "month"
    if metric.kind is Kind.STATE and metric.cadence is not Cadence.LIVE:
        return "week"  # Stock moves slowly, and each point is restored for its day.
    return "week" if metric.window.days > 31 else "day"


def _span(period: str, metric: Metric, today: date) -> tuple[date | None, date | None]:
    days = periods.TRAILING.get(period)
    chosen = periods.named(period)
    if chosen is not None and (chosen.is_months or not metric.window.months):
        return chosen.start, chosen.end
    if days is None or metric.window.months:
        return None, None
    end = today + timedelta(days=1 - metric.window.lag_days)
    return end - timedelta(days=days), end
