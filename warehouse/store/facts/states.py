"""Facts that are true at a moment: who waits now, what lies in stock, who is known.

They are not summed over days: a period's reading is the state at its end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from warehouse.store import checks
from warehouse.store.facts.kit import (
    ORDER_DIMENSIONS,
    PART_DIMENSIONS,
    Ask,
    after,
    amount,
    at,
    flag,
    known,
    order_dimensions,
    seconds_between,
    with_details,
)
from warehouse.store.facts.times import worked_seconds
from warehouse.store.schema import CONFORMED, FCT_ORDERS, PERSONS

POINTS = 13
"""Month ends that an average inventory is made of, the first and last included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Rows that are true at a moment.

    *rows* takes what is asked (`ask.now` is the moment) and the day that the period
    ends before; it returns `store_id`, the wanted dimensions and the measures.
    *largest* names measures of which the greatest counts, not the sum.
    """

    name: str
    rows: Callable[[Ask, date], sa.Select]
    measures: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    tables: tuple[str, ...]
    largest: frozenset[str] = frozenset()
    has_store: bool = True


def _in_shop(ask: Ask, _: date) -> sa.Select:
    orders = FCT_ORDERS
    now = ask.now
    ready = known(orders.c.ready_notified_at, now)
    start = sa.func.greatest(orders.c.appointment_at, orders.c.checkin_at)
    worked = worked_seconds(ask, start, now)
    at_work = sa.func.coalesce(worked.c.seconds, 0)
    waits = sa.and_(
        orders.c.waiting_on_site,
        orders.c.order_type.in_(("repair", "maintenance")),
        ready.is_(None),
    )
    return (
        sa.select(
            orders.c.store_id,
            *order_dimensions(ask.wanted),
            flag(sa.true()).label("in_progress"),
            flag(waits).label("waiting"),
            sa.case(
                (
                    sa.and_(waits, start <= now),
                    sa.func.greatest(seconds_between(start, now) - at_work, 0) / 60.0,
                )
            ).label("waiting_minutes"),
        )
        .select_from(
            with_details(
                orders.outerjoin(
                    worked, worked.c.work_order_id == orders.c.work_order_id
                ),
                ask.wanted,
            )
        )
        .where(
            orders.c.checkin_at <= now,
            orders.c.status != "cancelled",
            known(orders.c.delivered_at, now).is_(None),
            sa.not_(
                sa.and_(
                    orders.c.status == "closed", orders.c.delivered_at.is_(None)
                )
            ),
        )
    )


IN_SHOP = State(
    name="in_shop",
    rows=_in_shop,
    measures=("in_progress", "waiting", "waiting_minutes"),
    largest=frozenset({"waiting_minutes"}),
    dimensions=ORDER_DIMENSIONS,
    tables=("work_orders",),
)


def months_back(day: date, months: int) -> date:
    """Return the day *months* earlier; a day that month lacks becomes its last."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(1)).day
    return date(year, month + 1, min(day.day, last))


def _latest_stock(
    before: date, label: str, since: date | None = None
) -> sa.Subquery:
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
    source = source.outerjoin(
        received, received.c.part_number == stock.c.part_number
    )
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


def _customers(ask: Ask, _: date) -> sa.Select:
    """Customer records: is the phone usable, and how many records are one person."""
    people, persons = CONFORMED["customers"], PERSONS
    bare = sa.literal_column(checks.bare_phone("customers.phone"))
    shared = (
        sa.select(bare.label("phone"))
        .where(people.c.phone.is_not(None))
        .group_by(bare)
        .having(sa.func.count(people.c.name.distinct()) > 5)
        .subquery("shared")
    )
    wrong = sa.literal_column(checks.phone_wrong("customers.phone"))
    bad = sa.or_(people.c.phone.is_(None), wrong, shared.c.phone.is_not(None))
    return (
        sa.select(
            sa.literal(None).label("store_id"),
            *([people.c.source_system] if "source_system" in ask.wanted else []),
            *([people.c.city] if "city" in ask.wanted else []),
            flag(bad).label("phones_wrong"),
            flag(sa.true()).label("customer_ids"),
            flag(persons.c.is_first).label("persons"),
            flag(sa.not_(persons.c.is_first)).label("duplicate_ids"),
        )
        .select_from(
            people.outerjoin(shared, shared.c.phone == bare).outerjoin(
                persons,
                sa.and_(
                    persons.c.source_system == people.c.source_system,
                    persons.c.source_customer_id == people.c.source_customer_id,
                ),
            )
        )
        .where(
            sa.func.coalesce(people.c.created_at <= ask.now, sa.true()),
            sa.not_(people.c.is_inferred),
        )
    )


CUSTOMERS = State(
    name="customer_records",
    rows=_customers,
    measures=("phones_wrong", "customer_ids", "persons", "duplicate_ids"),
    dimensions=("source_system",),
    tables=("customers",),
    has_store=False,
)

STATES: dict[str, State] = {
    state.name: state for state in (IN_SHOP, SNAPSHOT, TURNOVER, CUSTOMERS)
}


def partner_months(now: datetime, zone: str) -> sa.Select:
    """Delivered orders of each partner and month, with ratings and complaints.

    A complaint counts against the month its order was delivered in, when it was
    received within 30 days; so a month is final 30 days after its end.
    """
    orders, said = CONFORMED["partner_orders"], CONFORMED["complaints"]
    moment = at(now)
    month = sa.func.date_trunc(
        "month",
        sa.func.timezone(zone, sa.func.timezone("UTC", orders.c.delivered_at)),
    )
    complained = (
        sa.select(
            said.c.partner_order_id, sa.func.min(said.c.received_at).label("said_at")
        )
        .where(said.c.received_at <= moment, said.c.partner_order_id.is_not(None))
        .group_by(said.c.partner_order_id)
        .subquery("complained")
    )
    limit = after(orders.c.delivered_at, days=30)
    return (
        sa.select(
            orders.c.partner_id,
            sa.cast(month, sa.Date).label("month"),
            sa.func.count().label("orders"),
            sa.func.count(orders.c.rating).label("ratings"),
            sa.func.sum(orders.c.rating).label("rating_sum"),
            sa.func.sum(flag(complained.c.said_at <= limit)).label("complaints"),
        )
        .select_from(
            orders.outerjoin(
                complained,
                complained.c.partner_order_id == orders.c.partner_order_id,
            )
        )
        .where(
            orders.c.delivered_at <= moment,
            sa.func.coalesce(orders.c.status, "").not_in(("cancelled", "canceled")),
        )
        .group_by(orders.c.partner_id, sa.text("2"))
        .order_by(orders.c.partner_id, sa.text("2"))
    )
