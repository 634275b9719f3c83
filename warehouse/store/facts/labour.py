"""Facts about people and bays: clocked, billed and attended hours, bay hours."""

import sqlalchemy as sa

from warehouse.store.facts.kit import (
    ORDER_DIMENSIONS,
    Ask,
    Fact,
    Moment,
    amount,
    flag,
    known,
    order_dimensions,
    row_keys,
    seconds_between,
    with_details,
)
from warehouse.store.schema import (
    CONFORMED,
    FCT_ORDERS,
    FCT_WORK_SEGMENTS,
    STORE_DAYS,
)

_HOUR = 3600.0


def _zero(*names: str) -> list[sa.ColumnElement]:
    return [sa.cast(sa.literal(0), sa.Double).label(name) for name in names]


def _clock_keys(ask: Ask) -> list[sa.ColumnElement]:
    c = CONFORMED["job_clocks"].c
    return row_keys(
        ask,
        "clock",
        row_id=c.clock_id,
        order=c.work_order_id,
        technician=c.technician_id,
    )


def _day_of(now: Moment, zone: sa.ColumnElement) -> sa.ColumnElement:
    """Return the local day of *now* in each row's zone."""
    return sa.cast(sa.func.timezone(zone, sa.func.timezone("UTC", now)), sa.Date)


def _labour(ask: Ask) -> sa.Select:
    """Clocks and attendance, stacked: utilisation divides one by the other."""
    now, wanted = ask.now, ask.wanted
    clocks, people = CONFORMED["job_clocks"], CONFORMED["technicians"]
    attendance = CONFORMED["attendance"]
    orders = FCT_ORDERS
    out = known(clocks.c.clock_out_at, now)
    # A clock that nobody stopped ends with the work at the latest.
    until = sa.func.coalesce(out, sa.func.least(orders.c.work_done_at, now))
    clocked = sa.func.greatest(seconds_between(clocks.c.clock_in_at, until) / _HOUR, 0)
    billed = sa.case((out.is_not(None), clocks.c.billed_hours))
    who = "technician_id" in wanted
    worked = (
        sa.select(
            clocks.c._day.label("day"),
            sa.func.coalesce(people.c.store_id, orders.c.store_id).label("store_id"),
            *([clocks.c.technician_id] if who else []),
            amount(clocked).label("clocked_hours"),
            amount(billed).label("billed_hours"),
            *_zero("attended_hours"),
            *_clock_keys(ask),
        )
        .select_from(
            clocks.outerjoin(
                people, people.c.technician_id == clocks.c.technician_id
            ).outerjoin(orders, orders.c.work_order_id == clocks.c.work_order_id)
        )
        .where(clocks.c.clock_in_at <= now, *ask.days(clocks.c._day))
    )
    attended = (
        sa.select(
            attendance.c.work_date.label("day"),
            people.c.store_id,
            *([attendance.c.technician_id] if who else []),
            *_zero("clocked_hours", "billed_hours"),
            amount(attendance.c.attended_hours).label("attended_hours"),
            *row_keys(ask, "attendance", technician=attendance.c.technician_id),
        )
        .select_from(
            attendance.join(
                people, people.c.technician_id == attendance.c.technician_id
            )
        )
        # A shift that is planned has not been attended.
        .where(
            attendance.c.work_date <= _day_of(now, attendance.c._zone),
            *ask.days(attendance.c.work_date),
        )
    )
    return sa.select(sa.union_all(worked, attended).subquery("labour"))


LABOUR = Fact(
    name="labour",
    rows=_labour,
    measures=("clocked_hours", "billed_hours", "attended_hours"),
    dimensions=("technician_id",),
    tables=("job_clocks", "attendance", "technicians", "work_orders"),
    settles=(0,),
)


def _clipped(
    ask: Ask,
    source: sa.FromClause,
    store_id: sa.ColumnElement,
    since: sa.ColumnElement,
    until: sa.ColumnElement,
    measure: str,
) -> sa.Select:
    """Hours of a span that fall into opening hours, day by day.

    What stands in a bay at night takes nothing from the hours there are.
    """
    days = STORE_DAYS
    inside = seconds_between(
        sa.func.greatest(since, days.c.opens_at), sa.func.least(until, days.c.closes_at)
    )
    measures = {name: sa.cast(sa.literal(0), sa.Double) for name in _BAY_MEASURES}
    measures[measure] = amount(inside / _HOUR)
    return (
        sa.select(
            days.c.day, days.c.store_id, *[m.label(n) for n, m in measures.items()]
        )
        .select_from(
            source.join(
                days,
                sa.and_(
                    days.c.store_id == store_id,
                    days.c.is_open,
                    days.c.opens_at < until,
                    days.c.closes_at > since,
                ),
            )
        )
        .where(*ask.days(days.c.day))
    )


_BAY_MEASURES = (
    "bay_worked_hours",
    "bay_occupied_hours",
    "bay_open_hours",
    "bays_open",
    "completed",
)


def _bay_hours(ask: Ask) -> sa.Select:
    """Hours with a technician at work, hours with a car, and hours there are."""
    now = ask.now
    segments, orders, days = FCT_WORK_SEGMENTS, FCT_ORDERS, STORE_DAYS
    worked = _clipped(
        ask,
        segments,
        segments.c.store_id,
        segments.c.started_at,
        sa.func.coalesce(known(segments.c.ended_at, now), now),
        "bay_worked_hours",
    ).where(segments.c.started_at <= now)
    worked = worked.add_columns(*row_keys(ask, "work", order=segments.c.work_order_id))
    left = sa.func.coalesce(
        known(orders.c.ready_notified_at, now), known(orders.c.delivered_at, now), now
    )
    has_end = sa.or_(
        orders.c.status == "open",
        orders.c.ready_notified_at.is_not(None),
        orders.c.delivered_at.is_not(None),
    )
    occupied = _clipped(
        ask, orders, orders.c.store_id, orders.c.bay_in_at, left, "bay_occupied_hours"
    ).where(orders.c.bay_in_at <= now, orders.c.status != "cancelled", has_end)
    in_bay = row_keys(ask, "in_bay", order=orders.c.work_order_id)
    occupied = occupied.add_columns(*in_bay)
    completed = sa.select(
        orders.c.work_done_day.label("day"),
        orders.c.store_id,
        *_zero(*_BAY_MEASURES[:-1]),
        amount(flag(sa.true())).label("completed"),
        *row_keys(ask, "completed", order=orders.c.work_order_id),
    ).where(
        orders.c.work_done_at <= now,
        orders.c.status != "cancelled",
        *ask.days(orders.c.work_done_day),
    )
    open_until = sa.func.least(days.c.closes_at, now)
    hours = sa.func.greatest(seconds_between(days.c.opens_at, open_until), 0) / _HOUR
    there = sa.select(
        days.c.day,
        days.c.store_id,
        *_zero("bay_worked_hours", "bay_occupied_hours"),
        amount(hours * days.c.bays).label("bay_open_hours"),
        amount(days.c.bays).label("bays_open"),
        *_zero("completed"),
        *row_keys(ask, "open_day"),
    ).where(days.c.is_open, days.c.opens_at <= now, *ask.days(days.c.day))
    every = sa.union_all(worked, occupied, completed, there)
    return sa.select(every.subquery("bay_hours"))


BAY_HOURS = Fact(
    name="bay_hours",
    rows=_bay_hours,
    measures=_BAY_MEASURES,
    tables=("job_clocks", "work_orders", "stores", "calendar"),
    settles=(0,),
)


def _dispatched(ask: Ask) -> sa.Select:
    """One row a dispatched order: right the first time, or re-assigned."""
    now, wanted = ask.now, ask.wanted
    sent, orders = CONFORMED["dispatches"], FCT_ORDERS
    clocks = CONFORMED["job_clocks"]
    moved = known(sent.c.reassigned_at, now)
    reason = sa.func.lower(sa.func.coalesce(sent.c.reassign_reason, ""))
    for_skill = sa.or_(reason.like("%skill%"), reason.like("%技能%"))
    first_clock = (
        sa.select(
            clocks.c.work_order_id,
            sa.func.min(clocks.c.clock_in_at).label("started_at"),
        )
        .where(clocks.c.clock_in_at <= now, *ask.since(clocks.c._day))
        .group_by(clocks.c.work_order_id)
        .subquery("first_clock")
    )
    started = sa.func.coalesce(first_clock.c.started_at, orders.c.bay_in_at)
    wrong = sa.and_(
        moved.is_not(None),
        sa.or_(started.is_(None), moved <= started, for_skill),
    )
    per_order = (
        sa.select(
            orders.c.work_order_id,
            sa.func.min(sent.c._day).label("day"),
            sa.func.max(flag(wrong)).label("wrong"),
            sa.func.arg_min(sent.c.technician_id, sent.c.dispatched_at).label(
                "dispatched_to"
            ),
        )
        .select_from(
            sent.join(orders, orders.c.work_order_id == sent.c.work_order_id).outerjoin(
                first_clock, first_clock.c.work_order_id == sent.c.work_order_id
            )
        )
        .where(sent.c.dispatched_at <= now, orders.c.status != "cancelled")
        .group_by(orders.c.work_order_id)
        .having(*ask.days(sa.func.min(sent.c._day)))
        .subquery("per_order")
    )
    source = with_details(
        per_order.join(orders, orders.c.work_order_id == per_order.c.work_order_id),
        wanted,
    )
    plain = frozenset(wanted - {"technician_id"})
    who = [per_order.c.dispatched_to.label("technician_id")]
    return sa.select(
        per_order.c.day,
        orders.c.store_id,
        *order_dimensions(plain),
        *(who if "technician_id" in wanted else []),
        flag(sa.true()).label("dispatched"),
        flag(per_order.c.wrong == 0).label("dispatched_right"),
    ).select_from(source)


DISPATCHED = Fact(
    name="dispatched",
    rows=_dispatched,
    measures=("dispatched", "dispatched_right"),
    dimensions=ORDER_DIMENSIONS,
    tables=("dispatches", "work_orders", "job_clocks"),
    settles=(0,),
)
