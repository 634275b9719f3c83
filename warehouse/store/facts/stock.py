"""Facts about stock at the end of a period: what lies there, and how fast it turns."""

from datetime import date, timedelta

import sqlalchemy as sa

from warehouse.store.facts.kit import (
    PART_DIMENSIONS,
    Ask,
    State,
    amount,
    flag,
)
from warehouse.store.schema import CONFORMED

POINTS = 13
"""Month ends that an average inventory is made of, the first and last included."""


def months_back(day: date, months: int) -> date:
    """Return the day *months* earlier; a day that month lacks becomes its last."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(1)).day
    return date(year, month + 1, min(day.day, last))


def _latest_stock(before: date, label: str, since: date | None = None) -> sa.Subquery:
    """The newest nightly snapshot of each store before a day (and not before one)."""
    stock = CONFORMED["stock_snapshots"]
    not_before = [] if since is None else [stock.c.snapshot_date >= since]
    newest = (
        sa.select(
            stock.c.store_id, sa.func.max(stock.c.snapshot_date).label("taken_on")
        )
        .where(stock.c.snapshot_date < before, *not_before)
        .group_by(stock.c.store_id)
        .subquery(f"newest_{label}")
    )
    return (
        sa.select(
            stock.c.store_id,
            stock.c.part_number,
            stock.c.on_hand,
            stock.c.reserved,
        )
        .select_from(
            stock.join(
                newest,
                sa.and_(
                    newest.c.store_id == stock.c.store_id,
                    newest.c.taken_on == stock.c.snapshot_date,
                ),
            )
        )
        .subquery(f"stock_{label}")
    )


def _part_columns(wanted: frozenset[str]) -> list[sa.ColumnElement]:
    parts = CONFORMED["parts"]
    return [parts.c[name] for name in PART_DIMENSIONS if name in wanted]


def _snapshot(ask: Ask, end: date) -> sa.Select:
    """On hand at the end: stock-outs, value, and what has not moved."""
    parts, moves = CONFORMED["parts"], CONFORMED["stock_movements"]
    stock = _latest_stock(end, "end")
    issued = (
        sa.select(
            moves.c.store_id,
            moves.c.part_number,
            sa.func.max(moves.c._day).label("last_issue"),
        )
        .where(moves.c.kind == "issue", moves.c._day < end)
        .group_by(moves.c.store_id, moves.c.part_number)
        .subquery("issued")
    )
    stocked = sa.func.coalesce(parts.c.is_stocked, sa.false())
    available = stock.c.on_hand - sa.func.coalesce(stock.c.reserved, 0)
    value = amount(sa.func.greatest(stock.c.on_hand, 0) * parts.c.unit_cost)

    received = (
        sa.select(moves.c.part_number, sa.func.min(moves.c._day).label("first_on"))
        .where(moves.c.kind == "receipt")
        .group_by(moves.c.part_number)
        .subquery("received")
    )
    first_on = sa.func.coalesce(parts.c.first_received_on, received.c.first_on)

    def still(months: int) -> sa.ColumnElement:
        since = months_back(end, months)
        return sa.and_(
            sa.func.coalesce(issued.c.last_issue < since, sa.true()),
            first_on < since,
            # What is reserved (safety, recall) is kept on purpose.
            sa.func.coalesce(stock.c.reserved, 0) <= 0,
        )

    source = stock.join(parts, parts.c.part_number == stock.c.part_number).outerjoin(
        issued,
        sa.and_(
            issued.c.store_id == stock.c.store_id,
            issued.c.part_number == stock.c.part_number,
        ),
    )
    source = source.outerjoin(received, received.c.part_number == stock.c.part_number)
    return sa.select(
        stock.c.store_id,
        *_part_columns(ask.wanted),
        flag(stocked).label("skus"),
        flag(sa.and_(stocked, available <= 0)).label("skus_out"),
        value.label("stock_value"),
        sa.case((still(12), value), else_=0.0).label("dead_value"),
        sa.case((still(6), value), else_=0.0).label("slow_value"),
    ).select_from(source)


SNAPSHOT = State(
    name="stock_snapshot",
    rows=_snapshot,
    measures=("skus", "skus_out", "stock_value", "dead_value", "slow_value"),
    dimensions=PART_DIMENSIONS,
    tables=("stock_snapshots", "stock_movements", "parts"),
)


def _turnover(ask: Ask, end: date) -> sa.Select:
    """Cost of goods issued in twelve months, and the inventory they came from."""
    parts, moves = CONFORMED["parts"], CONFORMED["stock_movements"]
    wanted = _part_columns(ask.wanted)
    zero = sa.cast(sa.literal(0), sa.Double)
    issued_cost = amount(-moves.c.qty * parts.c.unit_cost)
    cost = (
        sa.select(
            moves.c.store_id,
            *wanted,
            issued_cost.label("cogs"),
            (issued_cost / 365.0).label("cogs_a_day"),
            zero.label("average_stock"),
            zero.label("stock_now"),
        )
        .select_from(moves.join(parts, parts.c.part_number == moves.c.part_number))
        .where(
            moves.c.kind == "issue",
            moves.c._day >= months_back(end, 12),
            moves.c._day < end,
            moves.c.moved_at <= ask.now,
        )
    )
    spans = [
        (months_back(end, back + 1), months_back(end, back)) for back in range(POINTS)
    ]
    taken = CONFORMED["stock_snapshots"].c.snapshot_date
    # A month end without any snapshot is left out of the average, not counted as 0.
    known_points = sum(
        sa.case(
            (sa.exists().where(taken >= since, taken < until).correlate(None), 1),
            else_=0,
        )
        for since, until in spans
    )
    count = sa.select(known_points.label("points")).subquery("points")
    points = []
    for back, (since, until) in enumerate(spans):
        stock = _latest_stock(until, f"m{back}", since)
        value = amount(stock.c.on_hand * parts.c.unit_cost)
        points.append(
            sa.select(
                stock.c.store_id,
                *wanted,
                zero.label("cogs"),
                zero.label("cogs_a_day"),
                (value / count.c.points).label("average_stock"),
                zero.label("stock_now"),
            ).select_from(
                stock.join(parts, parts.c.part_number == stock.c.part_number).join(
                    count, sa.true()
                )
            )
        )
    last = _latest_stock(end, "last")
    now_value = amount(last.c.on_hand * parts.c.unit_cost)
    held = sa.select(
        last.c.store_id,
        *wanted,
        zero.label("cogs"),
        zero.label("cogs_a_day"),
        zero.label("average_stock"),
        now_value.label("stock_now"),
    ).select_from(last.join(parts, parts.c.part_number == last.c.part_number))
    return sa.select(sa.union_all(cost, *points, held).subquery("turnover"))


TURNOVER = State(
    name="stock_turnover",
    rows=_turnover,
    measures=("cogs", "cogs_a_day", "average_stock", "stock_now"),
    dimensions=PART_DIMENSIONS,
    tables=("stock_snapshots", "stock_movements", "parts"),
)
