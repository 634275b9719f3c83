"""Facts about stock at the end of a period: what lies there, and how fast it turns."""

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa

from warehouse.store.facts.kit import (
    PART_DIMENSIONS,
    Ask,
    State,
    amount,
    flag,
    part_dimensions,
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


def _last_issues(end: date) -> sa.Subquery:
    """The day each store last issued each part."""
    moves = CONFORMED["stock_movements"]
    return (
        sa.select(
            moves.c.store_id,
            moves.c.part_number,
            sa.func.max(moves.c._day).label("last_issue"),
        )
        .where(moves.c.kind == "issue", moves.c._day < end)
        .group_by(moves.c.store_id, moves.c.part_number)
        .subquery("issued")
    )


def _first_receipts() -> sa.Subquery:
    """The day each part first came in, whichever the store."""
    moves = CONFORMED["stock_movements"]
    return (
        sa.select(moves.c.part_number, sa.func.min(moves.c._day).label("first_on"))
        .where(moves.c.kind == "receipt")
        .group_by(moves.c.part_number)
        .subquery("received")
    )


def _snapshot(ask: Ask, end: date) -> sa.Select:
    """On hand at the end: stock-outs, value, and what has not moved."""
    parts, stock = CONFORMED["parts"], _latest_stock(end, "end")
    issued, received = _last_issues(end), _first_receipts()
    first_on = sa.func.coalesce(parts.c.first_received_on, received.c.first_on)
    reserved = sa.func.coalesce(stock.c.reserved, 0)
    stocked = sa.func.coalesce(parts.c.is_stocked, sa.false())
    is_out = sa.and_(stocked, stock.c.on_hand - reserved <= 0)
    value = amount(sa.func.greatest(stock.c.on_hand, 0) * parts.c.unit_cost)

    def still(months: int) -> sa.ColumnElement:
        since = months_back(end, months)
        return sa.and_(
            sa.func.coalesce(issued.c.last_issue < since, sa.true()),
            first_on < since,
            # What is reserved (safety, recall) is kept on purpose.
            reserved <= 0,
        )

    same_sku = sa.and_(
        issued.c.store_id == stock.c.store_id,
        issued.c.part_number == stock.c.part_number,
    )
    return sa.select(
        stock.c.store_id,
        *part_dimensions(ask.wanted),
        flag(stocked).label("skus"),
        flag(is_out).label("skus_out"),
        value.label("stock_value"),
        sa.case((still(12), value), else_=0.0).label("dead_value"),
        sa.case((still(6), value), else_=0.0).label("slow_value"),
    ).select_from(
        stock.join(parts, parts.c.part_number == stock.c.part_number)
        .outerjoin(issued, same_sku)
        .outerjoin(received, received.c.part_number == stock.c.part_number)
    )


SNAPSHOT = State(
    name="stock_snapshot",
    rows=_snapshot,
    measures=("skus", "skus_out", "stock_value", "dead_value", "slow_value"),
    dimensions=PART_DIMENSIONS,
    tables=("stock_snapshots", "stock_movements", "parts"),
)


_TURNOVER_MEASURES = ("cogs", "cogs_a_day", "average_stock", "stock_now")


def _turnover(ask: Ask, end: date) -> sa.Select:
    """Cost of goods issued in twelve months, and the inventory they came from."""
    selects = (_issues(ask, end), *_month_ends(ask, end), _held(ask, end))
    return sa.select(sa.union_all(*selects).subquery("turnover"))


def _sums(
    ask: Ask, store_id: sa.ColumnElement, **known: sa.ColumnElement
) -> list[sa.ColumnElement]:
    """Return the columns of one part of the stack: *known* measures, the others 0."""
    zero = sa.cast(sa.literal(0), sa.Double)
    measures = [known.get(name, zero).label(name) for name in _TURNOVER_MEASURES]
    return [store_id, *part_dimensions(ask.wanted), *measures]


def _issues(ask: Ask, end: date) -> sa.Select:
    """What was issued in the twelve months before *end*, at cost."""
    parts, moves = CONFORMED["parts"], CONFORMED["stock_movements"]
    cost = amount(-moves.c.qty * parts.c.unit_cost)
    return (
        sa.select(*_sums(ask, moves.c.store_id, cogs=cost, cogs_a_day=cost / 365.0))
        .select_from(moves.join(parts, parts.c.part_number == moves.c.part_number))
        .where(
            moves.c.kind == "issue",
            moves.c._day >= months_back(end, 12),
            moves.c._day < end,
            moves.c.moved_at <= ask.now,
        )
    )


def _month_ends(ask: Ask, end: date) -> Iterator[sa.Select]:
    """Yield what lay there at each month end, as its part of the average."""
    parts = CONFORMED["parts"]
    spans = [
        (months_back(end, back + 1), months_back(end, back)) for back in range(POINTS)
    ]
    count = _known_points(spans)
    for back, (since, until) in enumerate(spans):
        stock = _latest_stock(until, f"m{back}", since)
        value = amount(stock.c.on_hand * parts.c.unit_cost)
        yield sa.select(
            *_sums(ask, stock.c.store_id, average_stock=value / count.c.points)
        ).select_from(
            stock.join(parts, parts.c.part_number == stock.c.part_number).join(
                count, sa.true()
            )
        )


def _known_points(spans: list[tuple[date, date]]) -> sa.Subquery:
    """How many month ends have a snapshot.

    One without any is left out of the average, not counted as 0.
    """
    taken = CONFORMED["stock_snapshots"].c.snapshot_date
    known = sum(
        sa.case(
            (sa.exists().where(taken >= since, taken < until).correlate(None), 1),
            else_=0,
        )
        for since, until in spans
    )
    return sa.select(known.label("points")).subquery("points")


def _held(ask: Ask, end: date) -> sa.Select:
    """What lies there at the end, at cost."""
    parts, last = CONFORMED["parts"], _latest_stock(end, "last")
    value = amount(last.c.on_hand * parts.c.unit_cost)
    return sa.select(*_sums(ask, last.c.store_id, stock_now=value)).select_from(
        last.join(parts, parts.c.part_number == last.c.part_number)
    )


TURNOVER = State(
    name="stock_turnover",
    rows=_turnover,
    measures=_TURNOVER_MEASURES,
    dimensions=PART_DIMENSIONS,
    tables=("stock_snapshots", "stock_movements", "parts"),
)
