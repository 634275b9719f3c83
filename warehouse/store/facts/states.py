"""Facts that are true at a moment: who waits now, what lies in stock, who is known.

They are not summed over days: a period's reading is the state at its end.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa

from warehouse.store import checks
from warehouse.store.facts import stock
from warehouse.store.facts.kit import (
    ORDER_DIMENSIONS,
    Ask,
    State,
    flag,
    known,
    order_dimensions,
    seconds_between,
    with_details,
)
from warehouse.store.facts.times import worked_seconds
from warehouse.store.schema import CONFORMED, FCT_ORDERS, PERSONS


def _in_shop(ask: Ask, _: date) -> sa.Select:
    orders = FCT_ORDERS
    now = ask.now
    ready = known(orders.c.ready_notified_at, now)
    start = sa.func.greatest(orders.c.appointment_at, orders.c.checkin_at)
    is_here = (
        orders.c.checkin_at <= now,
        # Not `known(…)`: a scan passes over days on which every order was delivered.
        sa.or_(orders.c.delivered_at.is_(None), orders.c.delivered_at > now),
        orders.c.status != "cancelled",
        sa.not_(sa.and_(orders.c.status == "closed", orders.c.delivered_at.is_(None))),
    )
    waits = sa.and_(
        orders.c.waiting_on_site,
        orders.c.order_type.in_(("repair", "maintenance")),
        ready.is_(None),
    )
    source: sa.FromClause = orders
    waited: sa.ColumnElement = sa.cast(sa.null(), sa.Double)
    if ask.reads("waiting_minutes"):
        worked = worked_seconds(ask, start, now, *is_here)
        source = orders.outerjoin(
            worked, worked.c.work_order_id == orders.c.work_order_id
        )
        at_work = sa.func.coalesce(worked.c.seconds, 0)
        waited = sa.func.greatest(seconds_between(start, now) - at_work, 0)
    return (
        sa.select(
            orders.c.store_id,
            *order_dimensions(ask.wanted),
            flag(sa.true()).label("in_progress"),
            flag(waits).label("waiting"),
            sa.case((sa.and_(waits, start <= now), waited / 60.0)).label(
                "waiting_minutes"
            ),
        )
        .select_from(with_details(source, ask.wanted))
        .where(*is_here)
    )


IN_SHOP = State(
    name="in_shop",
    rows=_in_shop,
    measures=("in_progress", "waiting", "waiting_minutes"),
    peaks=frozenset({"waiting_minutes"}),
    dimensions=ORDER_DIMENSIONS,
    tables=("work_orders",),
)


def _customers(ask: Ask, _: date) -> sa.Select:
    """Customer records: is the phone usable, and how many records are one person."""
    people, persons = CONFORMED["customers"], PERSONS
    # A record that came since the last matching counts as a person of its own.
    alone = people.c.source_system + " " + people.c.source_customer_id
    person = sa.func.coalesce(persons.c.person_id, alone)
    arrived = sa.func.coalesce(people.c.created_at <= ask.now, sa.true())
    bare = sa.literal_column(checks.bare_phone("customers.phone"))
    shared = (
        sa.select(bare.label("phone"))
        .where(people.c.phone.is_not(None), arrived)
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
            person.label("person_id"),
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
        .where(arrived, sa.not_(people.c.is_inferred))
    )


def _persons(rows: Any) -> sa.ColumnElement:
    """Count persons, not records: one person may be known to several systems."""
    return sa.func.count(rows.c.person_id.distinct())


CUSTOMERS = State(
    name="customer_records",
    rows=_customers,
    measures=("phones_wrong", "customer_ids", "persons", "duplicate_ids"),
    dimensions=("source_system",),
    tables=("customers",),
    totals={
        "persons": _persons,
        "duplicate_ids": lambda rows: sa.func.count(rows.c.person_id) - _persons(rows),
    },
    has_store=False,
)

STATES: dict[str, State] = {
    state.name: state for state in (IN_SHOP, stock.SNAPSHOT, stock.TURNOVER, CUSTOMERS)
}
