"""Which questions a screen asks of the warehouse: periods, comparisons, courses."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pages._ui.address import View
from warehouse.metrics.metric import Kind, Metric
from warehouse.metrics.reading import Reading
from warehouse.scope import Grain, Question

DAYS = {"today": 1, "7d": 7, "30d": 30, "90d": 90}

COURSE_DAYS: dict[Grain, int] = {"day": 60, "week": 26 * 7, "month": 400}
"""How far back the trend goes at each grain."""

STATE_DAYS: dict[Grain, int] = {"day": 30, "week": 13 * 7, "month": 180}
"""The same where each point is a state that has to be restored for its own day."""

WEEKS = 13
"""Weeks of a sparkline over a long window."""

STATE_POINTS = 7
"""Points of a sparkline where each has to be restored for its own day."""


def local_day(moment: datetime, zone: str) -> date:
    """Return the calendar day of a UTC moment in *zone*."""
    return moment.astimezone(ZoneInfo(zone)).date()


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
    length = reading.period_end - reading.period_start
    is_cut = reading.period_end > today and (
        length <= timedelta(days=1) or reading.metric.kind is Kind.COUNT
    )
    return Question(
        start=reading.period_start - length,
        end=reading.period_start,
        as_of=as_of - length if is_cut else None,
        where=view.where,
    )


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
    if grain == "week":
        start -= timedelta(days=start.weekday())
    if grain == "month":
        start = start.replace(day=1)
    return Question(grain=grain, start=start, end=end, where=view.where)


def by_store(view: View, metric: Metric, today: date) -> Question:
    """Return the question for a column of the table."""
    start, end = _span(view.period, metric, today)
    return Question(by=("store_id",), start=start, end=end, where=view.where)


def usual_grain(metric: Metric) -> Grain:
    """Return the grain at which a metric's course is best read."""
    if metric.window.months:
        return "month"
    return "week" if metric.window.days > 31 else "day"


def _span(period: str, metric: Metric, today: date) -> tuple[date | None, date | None]:
    days = DAYS.get(period)
    if days is None or metric.window.months:
        return None, None
    end = today + timedelta(days=1 - metric.window.lag_days)
    return end - timedelta(days=days), end
