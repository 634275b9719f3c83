"""How a number spreads: over weekdays and hours, and over the lengths of durations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from warehouse.behind import Bin, HourCell
from warehouse.metrics import Interval, Kind, Metric
from warehouse.metrics.statistics import percentile, restricted_mean
from warehouse.scope import Question, Rights
from warehouse.store.behind import marked
from warehouse.store.facts import TIMES
from warehouse.store.schema import CONFORMED, FCT_ORDERS

if TYPE_CHECKING:
    from warehouse.store.asking import Asker

BINS = 24
"""Bars of a distribution, at most; the last one holds all that is longer."""

STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480, 720, 1440)
"""Widths of a bar that a reader can add up, in the metric's unit."""

_REACH = 0.95
"""The bars reach as far as this share of the durations."""

BY_CHECKIN_HOUR = frozenset({"checkins", "receptions", *TIMES})
"""Facts whose rows belong to the hour of check-in."""


def has_hours(one: Metric) -> bool:
    """Tell whether a metric's rows belong to an hour of the day."""
    is_time = one.kind in (Kind.RATIO, Kind.COUNT, Kind.TIME)
    return is_time and one.fact in {*BY_CHECKIN_HOUR, "demand"}


def hours(
    asker: Asker, metric_id: str, question: Question, rights: Rights
) -> list[HourCell]:
    """Return a metric by weekday (1 = Monday) and local hour; empty where it has none.

    The hour is that of check-in, or of the request of a part.
    """
    asked = asker.asked(metric_id, question)
    one = asked.metric
    if not asked.is_fed or not has_hours(one):
        return []
    rows = marked(asker, asked, rights).subquery("b")
    weekday = sa.cast(sa.func.isodow(rows.c.day), sa.Integer).label("weekday")
    source, hour = _hour(one, rows)
    if one.kind is Kind.TIME:
        select = sa.select(weekday, hour, rows.c.top, rows.c.is_closed)
        return _cells_of_times(one, asker.fetch(select.select_from(source)))
    select = (
        sa.select(
            weekday,
            hour,
            sa.func.sum(rows.c.top).label("top"),
            sa.func.sum(rows.c.bottom).label("bottom"),
        )
        .select_from(source)
        .group_by(sa.text("1"), sa.text("2"))
    )
    return [_cell(one, row) for row in asker.fetch(select).itertuples()]


def _hour(one: Metric, rows: Any) -> tuple[sa.FromClause, sa.ColumnElement]:
    """Return the rows joined to what tells their hour, and that hour."""
    if one.fact == "demand":
        asked = CONFORMED["part_requests"]
        local = sa.func.timezone(
            asked.c._zone, sa.func.timezone("UTC", asked.c.requested_at)
        )
        joined = rows.join(asked, asked.c.request_id == rows.c.row_request_id)
        return joined, sa.cast(sa.func.hour(local), sa.Integer).label("hour")
    orders = FCT_ORDERS
    joined = rows.join(orders, orders.c.work_order_id == rows.c.row_work_order_id)
    hour = sa.func.floor(orders.c.checkin_minute / 60)
    return joined, sa.cast(hour, sa.Integer).label("hour")


def _cell(one: Metric, row: Any) -> HourCell:
    top = 0.0 if pd.isna(row.top) else float(row.top)
    bottom = None if pd.isna(row.bottom) else float(row.bottom)
    if one.denominator is None:
        value, n = top, top
    else:
        value, n = (top / bottom if bottom else None), bottom or 0.0
        if value is not None and one.interval is Interval.NPS:
            value *= 100
    return HourCell(weekday=row.weekday, hour=row.hour, value=value, n=round(n))


def _cells_of_times(one: Metric, frame: pd.DataFrame) -> list[HourCell]:
    cells = []
    for (weekday, hour), part in frame.groupby(["weekday", "hour"]):
        lengths = part["top"].to_numpy(dtype=float)
        closed = part["is_closed"].to_numpy(dtype=bool)
        if one.quantile is None:
            value = restricted_mean(lengths, closed)
        else:
            value = percentile(lengths, closed, one.quantile).value
        cells.append(
            HourCell(weekday=int(weekday), hour=int(hour), value=value, n=lengths.size)
        )
    return cells


def durations(
    asker: Asker, metric_id: str, question: Question, rights: Rights
) -> list[Bin]:
    """Return how durations spread, closed and running apart; empty for other kinds."""
    asked = asker.asked(metric_id, question)
    if not asked.is_fed or asked.metric.kind is not Kind.TIME:
        return []
    rows = marked(asker, asked, rights).subquery("b")
    frame = asker.fetch(sa.select(rows.c.top, rows.c.is_closed))
    lengths = frame["top"].to_numpy(dtype=float)
    if not lengths.size:
        return []
    width = bar_width(float(np.quantile(lengths, _REACH)))
    edges = np.array([*np.arange(0, BINS) * width, np.inf])
    closed = frame["is_closed"].to_numpy(dtype=bool)
    ended, _ = np.histogram(lengths[closed], edges)
    running, _ = np.histogram(lengths[~closed], edges)
    bins = [
        Bin(
            low=float(edges[i]),
            high=None if i == BINS - 1 else float(edges[i + 1]),
            closed=int(ended[i]),
            running=int(running[i]),
        )
        for i in range(BINS)
    ]
    while len(bins) > 1 and not bins[-1].closed + bins[-1].running:
        bins.pop()
    return bins


def bar_width(reach: float) -> float:
    """Return the smallest width whose bars reach as far as *reach*."""
    for step in STEPS:
        if step * (BINS - 1) >= reach:
            return float(step)
    return float(STEPS[-1] * np.ceil(reach / STEPS[-1] / (BINS - 1)))
