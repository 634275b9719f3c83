"""Facts about work orders: check-ins, deliveries, promises, appointments."""

import sqlalchemy as sa

from warehouse.store.facts.kit import (
    ORDER_DIMENSIONS,
    Ask,
    Fact,
    Moment,
    after,
    flag,
    is_cancelled,
    known,
    order_dimensions,
    with_details,
)
from warehouse.store.schema import CONFORMED, FCT_ORDERS

_TABLES = ("work_orders", "work_order_lines", "complaints", "appointments", "stores")
_WAITING_TYPES = ("repair", "maintenance")
CUT_OFF_MINUTE = 15 * 60
"""Check-ins before 15:00 can be expected to leave the same day (kpis.md §3)."""
GRACE_MINUTES = 15


def _from(wanted: frozenset[str]) -> tuple[sa.FromClause, sa.FromClause]:
    orders = FCT_ORDERS
    return orders, with_details(orders, wanted)


def _checkins(ask: Ask) -> sa.Select:
    now, wanted = ask.now, ask.wanted
    orders, source = _from(wanted)
    kept = orders.c.status != "cancelled"
    repair = sa.and_(orders.c.order_type == "repair", kept)
    known_mode = orders.c.entry_mode.is_not(None)
    before_cut_off = sa.and_(
        orders.c.checkin_minute < CUT_OFF_MINUTE,
        orders.c.order_type.in_(_WAITING_TYPES),
        kept,
        orders.c.day_ends_at <= now,
    )
    ready_same_day = known(orders.c.ready_notified_at, now) < orders.c.day_ends_at
    return (
        sa.select(
            orders.c.checkin_day.label("day"),
            orders.c.store_id,
            *order_dimensions(wanted),
            flag(kept).label("arrived"),
            flag(repair).label("repair_checkins"),
            flag(sa.and_(repair, orders.c.is_comeback)).label("comeback_checkins"),
            flag(before_cut_off).label("same_day_judged"),
            flag(sa.and_(before_cut_off, ready_same_day)).label("same_day_ready"),
            flag(sa.and_(known_mode, kept)).label("entered"),
            *[
                flag(sa.and_(orders.c.entry_mode == mode, kept)).label(
                    f"entered_{mode}"
                )
                for mode in ("live", "backfilled", "paper")
            ],
        )
        .select_from(source)
        .where(orders.c.checkin_at <= now)
    )


CHECKINS = Fact(
    name="checkins",
    rows=_checkins,
    measures=(
        "arrived",
        "repair_checkins",
        "comeback_checkins",
        "same_day_judged",
        "same_day_ready",
        "entered",
        "entered_live",
        "entered_backfilled",
        "entered_paper",
    ),
    dimensions=ORDER_DIMENSIONS,
    tables=_TABLES,
    settles=(0, 1),
)


def visit_failed(now: Moment) -> sa.ColumnElement:
    """A visit failed: same-problem return in 30 days, or sent off unfixed."""
    orders = FCT_ORDERS
    return sa.or_(
        sa.func.coalesce(orders.c.comeback_at <= now, sa.false()),
        sa.func.coalesce(orders.c.parts_pending, sa.false()),
        sa.func.coalesce(orders.c.redo_before_leaving, sa.false()),
    )


def is_closed_visit() -> sa.ColumnElement:
    """A visit that can be judged: closed, delivered, with a customer's complaint."""
    orders = FCT_ORDERS
    return sa.and_(
        orders.c.is_visit,
        orders.c.status == "closed",
        orders.c.delivered_at.is_not(None),
    )


def _deliveries(ask: Ask) -> sa.Select:
    now, wanted = ask.now, ask.wanted
    orders, source = _from(wanted)
    closed = is_closed_visit()
    index = sa.and_(closed, sa.not_(orders.c.is_comeback))
    mature = after(orders.c.delivered_at, days=30) <= now
    fixed = sa.not_(visit_failed(now))
    delivered = orders.c.status != "cancelled"
    complained = known(orders.c.complained_at, now).is_not(None)
    return (
        sa.select(
            orders.c.delivered_day.label("day"),
            orders.c.store_id,
            *order_dimensions(wanted),
            flag(delivered).label("delivered"),
            flag(sa.and_(index, mature)).label("index_matured"),
            flag(sa.and_(index, mature, fixed)).label("index_fixed"),
            flag(sa.and_(index, sa.not_(mature))).label("index_immature"),
            flag(sa.and_(closed, mature)).label("visits_matured"),
            flag(sa.and_(closed, mature, fixed)).label("visits_fixed"),
            flag(sa.and_(closed, sa.not_(mature))).label("visits_immature"),
            flag(sa.and_(delivered, mature)).label("delivered_matured"),
            flag(sa.and_(delivered, complained)).label("complained"),
            flag(sa.and_(delivered, sa.not_(mature))).label("delivered_immature"),
        )
        .select_from(source)
        .where(orders.c.delivered_at <= now)
    )


DELIVERIES = Fact(
    name="deliveries",
    rows=_deliveries,
    measures=(
        "delivered",
        "index_matured",
        "index_fixed",
        "index_immature",
        "visits_matured",
        "visits_fixed",
        "visits_immature",
        "delivered_matured",
        "complained",
        "delivered_immature",
    ),
    dimensions=ORDER_DIMENSIONS,
    tables=_TABLES,
    settles=(0, 30),
)


def _promises(ask: Ask) -> sa.Select:
    now, wanted = ask.now, ask.wanted
    orders, source = _from(wanted)
    due = orders.c.first_promised_at <= now
    ready = known(orders.c.ready_notified_at, now)
    return (
        sa.select(
            orders.c.promised_day.label("day"),
            orders.c.store_id,
            *order_dimensions(wanted),
            flag(due).label("promises_due"),
            flag(sa.and_(due, ready <= orders.c.first_promised_at)).label(
                "promises_kept"
            ),
            flag(sa.not_(due)).label("promises_ahead"),
        )
        .select_from(source)
        .where(
            orders.c.checkin_at <= now,
            orders.c.first_promised_at.is_not(None),
            orders.c.status != "cancelled",
        )
    )


PROMISES = Fact(
    name="promises",
    rows=_promises,
    measures=("promises_due", "promises_kept", "promises_ahead"),
    dimensions=ORDER_DIMENSIONS,
    tables=_TABLES,
    settles=(0,),
)


def _bookings(ask: Ask) -> sa.Select:
    """Appointments on their day, with the arrival they led to.

    An order that was cancelled later shows that the customer came.
    """
    booked, arrival = CONFORMED["appointments"], _arrivals(ask)
    source = booked.outerjoin(
        arrival, arrival.c.appointment_id == booked.c.appointment_id
    )
    if ask.wanted:
        source = source.outerjoin(
            FCT_ORDERS, FCT_ORDERS.c.work_order_id == arrival.c.work_order_id
        )
    came = known(arrival.c.checkin_at, ask.now)
    latest = after(booked.c.appointment_at, minutes=GRACE_MINUTES)
    due = latest <= ask.now
    return (
        sa.select(
            booked.c._day.label("day"),
            booked.c.store_id,
            *order_dimensions(ask.wanted),
            flag(due).label("appointments_due"),
            flag(sa.and_(due, came.is_not(None))).label("appointments_came"),
            flag(sa.and_(due, came <= latest)).label("appointments_on_time"),
            flag(sa.and_(due, came.is_(None))).label("appointments_missed"),
        )
        .select_from(with_details(source, ask.wanted))
        .where(sa.not_(is_cancelled(booked.c.status)), sa.not_(booked.c.is_inferred))
    )


def _arrivals(ask: Ask) -> sa.Subquery:
    """The first order that each appointment led to."""
    orders = CONFORMED["work_orders"]
    asked = CONFORMED["appointments"].alias("asked")
    first = sa.func.arg_min(orders.c.work_order_id, orders.c.checkin_at)
    return (
        sa.select(
            orders.c.appointment_id,
            sa.func.min(orders.c.checkin_at).label("checkin_at"),
            first.label("work_order_id"),
        )
        .select_from(
            orders.join(asked, asked.c.appointment_id == orders.c.appointment_id)
        )
        .where(*ask.days(asked.c._day))
        .group_by(orders.c.appointment_id)
        .subquery("arrival")
    )


APPOINTMENTS = Fact(
    name="appointments",
    rows=_bookings,
    measures=(
        "appointments_due",
        "appointments_came",
        "appointments_on_time",
        "appointments_missed",
    ),
    dimensions=ORDER_DIMENSIONS,
    tables=("appointments", "work_orders", "work_order_lines"),
    settles=(0, 1),
)


def _receptions(ask: Ask) -> sa.Select:
    """Check-ins with an appointment, on the check-in day: were they taken in time."""
    orders, now = FCT_ORDERS, ask.now
    start = sa.func.greatest(orders.c.appointment_at, orders.c.checkin_at)
    due = after(start, minutes=GRACE_MINUTES) <= now
    served = known(orders.c.writeup_at, now) <= after(start, minutes=GRACE_MINUTES)
    return (
        sa.select(
            orders.c.checkin_day.label("day"),
            orders.c.store_id,
            *order_dimensions(ask.wanted),
            flag(due).label("receptions_due"),
            flag(sa.and_(due, served)).label("receptions_on_time"),
        )
        .select_from(with_details(orders, ask.wanted))
        .where(
            orders.c.checkin_at <= now,
            orders.c.appointment_at.is_not(None),
            orders.c.status != "cancelled",
        )
    )


RECEPTIONS = Fact(
    name="receptions",
    rows=_receptions,
    measures=("receptions_due", "receptions_on_time"),
    dimensions=ORDER_DIMENSIONS,
    tables=_TABLES,
    settles=(0, 1),
)
