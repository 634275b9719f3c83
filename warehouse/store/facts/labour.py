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
    local,
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


def _labour(ask: Ask) -> sa.Select:
    """Clocks and attendance, stacked: utilisation divides one by the other."""
    stacked = sa.union_all(_worked(ask), _attended(ask))
    return sa.select(stacked.subquery("labour"))


def _worked(ask: Ask) -> sa.Select:
    """Clocked and billed hours of each job clock, in its technician's store."""
    now, orders = ask.now, FCT_ORDERS
    clocks, people = CONFORMED["job_clocks"], CONFORMED["technicians"]
    out = known(clocks.c.clock_out_at, now)
    # A clock that nobody stopped ends with the work at the latest.
    until = sa.func.coalesce(out, sa.func.least(orders.c.work_done_at, now))
    clocked = sa.func.greatest(seconds_between(clocks.c.clock_in_at, until) / _HOUR, 0)
    billed = sa.case((out.is_not(None), clocks.c.billed_hours))
    return (
        sa.select(
            clocks.c._day.label("day"),
            sa.func.coalesce(people.c.store_id, orders.c.store_id).label("store_id"),
            *_technician(ask, clocks),
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


def _attended(ask: Ask) -> sa.Select:
    """Hours of attendance; a shift that is planned has not been attended."""
    shifts, people = CONFORMED["attendance"], CONFORMED["technicians"]
    return (
        sa.select(
            shifts.c.work_date.label("day"),
            people.c.store_id,
            *_technician(ask, shifts),
            *_zero("clocked_hours", "billed_hours"),
            amount(shifts.c.attended_hours).label("attended_hours"),
            *row_keys(ask, "attendance", technician=shifts.c.technician_id),
        )
        .select_from(
            shifts.join(people, people.c.technician_id == shifts.c.technician_id)
        )
        .where(
            shifts.c.work_date <= sa.cast(local(ask.now, shifts.c._zone), sa.Date),
            *ask.days(shifts.c.work_date),
        )
    )


def _technician(ask: Ask, rows: sa.Table) -> list[sa.ColumnElement]:
    return [rows.c.technician_id] if "technician_id" in ask.wanted else []


LABOUR = Fact(
    name="labour",
    rows=_labour,
    measures=("clocked_hours", "billed_hours", "attended_hours"),
    dimensions=("technician_id",),
    tables=("job_clocks", "attendance", "technicians", "work_orders"),
    settles=(0,),
)


_BAY_MEASURES = (
    "bay_worked_hours",
    "bay_occupied_hours",
    "bay_open_hours",
    "bays_open",
    "completed",
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


def _bay_hours(ask: Ask) -> sa.Select:
    """Hours with a technician at work, hours with a car, and hours there are."""
    selects = (_bays_worked(ask), _bays_occupied(ask), _completed(ask), _bays(ask))
    return sa.select(sa.union_all(*selects).subquery("bay_hours"))


def _bays_worked(ask: Ask) -> sa.Select:
    segments = FCT_WORK_SEGMENTS
    until = sa.func.coalesce(known(segments.c.ended_at, ask.now), ask.now)
    worked = _clipped(
        ask,
        segments,
        segments.c.store_id,
        segments.c.started_at,
        until,
        "bay_worked_hours",
    ).where(segments.c.started_at <= ask.now)
    return worked.add_columns(*row_keys(ask, "work", order=segments.c.work_order_id))


def _bays_occupied(ask: Ask) -> sa.Select:
    now, orders = ask.now, FCT_ORDERS
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
    return occupied.add_columns(*row_keys(ask, "in_bay", order=orders.c.work_order_id))


def _completed(ask: Ask) -> sa.Select:
    orders = FCT_ORDERS
    return sa.select(
        orders.c.work_done_day.label("day"),
        orders.c.store_id,
        *_zero(*_BAY_MEASURES[:-1]),
        amount(flag(sa.true())).label("completed"),
        *row_keys(ask, "completed", order=orders.c.work_order_id),
    ).where(
        orders.c.work_done_at <= ask.now,
        orders.c.status != "cancelled",
        *ask.days(orders.c.work_done_day),
    )


def _bays(ask: Ask) -> sa.Select:
    """The hours that bays were open, up to now on the day of now."""
    days = STORE_DAYS
    open_until = sa.func.least(days.c.closes_at, ask.now)
    hours = sa.func.greatest(seconds_between(days.c.opens_at, open_until), 0) / _HOUR
    return sa.select(
        days.c.day,
        days.c.store_id,
        *_zero("bay_worked_hours", "bay_occupied_hours"),
        amount(hours * days.c.bays).label("bay_open_hours"),
        amount(days.c.bays).label("bays_open"),
        *_zero("completed"),
        *row_keys(ask, "open_day"),
    ).where(days.c.is_open, days.c.opens_at <= ask.now, *ask.days(days.c.day))


BAY_HOURS = Fact(
    name="bay_hours",
    rows=_bay_hours,
    measures=_BAY_MEASURES,
    tables=("job_clocks", "work_orders", "stores", "calendar"),
    settles=(0,),
)


def _dispatched(ask: Ask) -> sa.Select:
    """One row a dispatched order: right the first time, or re-assigned."""
    orders, sent = FCT_ORDERS, _first_dispatches(ask)
    source = sent.join(orders, orders.c.work_order_id == sent.c.work_order_id)
    who = [sent.c.dispatched_to.label("technician_id")]
    return sa.select(
        sent.c.day,
        orders.c.store_id,
        *order_dimensions(ask.wanted - {"technician_id"}),
        *(who if "technician_id" in ask.wanted else []),
        flag(sa.true()).label("dispatched"),
        flag(sent.c.wrong == 0).label("dispatched_right"),
    ).select_from(with_details(source, ask.wanted))


def _first_dispatches(ask: Ask) -> sa.Subquery:
    """Each order's first day and technician, and whether any dispatch was wrong."""
    sent, orders, clocked = CONFORMED["dispatches"], FCT_ORDERS, _first_clocks(ask)
    started = sa.func.coalesce(clocked.c.started_at, orders.c.bay_in_at)
    first_to = sa.func.arg_min(sent.c.technician_id, sent.c.dispatched_at)
    source = sent.join(
        orders, orders.c.work_order_id == sent.c.work_order_id
    ).outerjoin(clocked, clocked.c.work_order_id == sent.c.work_order_id)
    return (
        sa.select(
            orders.c.work_order_id,
            sa.func.min(sent.c._day).label("day"),
            sa.func.max(flag(_is_wrong(ask.now, started))).label("wrong"),
            first_to.label("dispatched_to"),
        )
        .select_from(source)
        .where(sent.c.dispatched_at <= ask.now, orders.c.status != "cancelled")
        .group_by(orders.c.work_order_id)
        .having(*ask.days(sa.func.min(sent.c._day)))
        .subquery("per_order")
    )


def _first_clocks(ask: Ask) -> sa.Subquery:
    clocks = CONFORMED["job_clocks"]
    return (
        sa.select(
            clocks.c.work_order_id,
            sa.func.min(clocks.c.clock_in_at).label("started_at"),
        )
        .where(clocks.c.clock_in_at <= ask.now, *ask.since(clocks.c._day))
        .group_by(clocks.c.work_order_id)
        .subquery("first_clock")
    )


def _is_wrong(now: Moment, started: sa.ColumnElement) -> sa.ColumnElement:
    """A dispatch was wrong if it was taken back before work began, or for skill."""
    sent = CONFORMED["dispatches"]
    moved = known(sent.c.reassigned_at, now)
    reason = sa.func.lower(sa.func.coalesce(sent.c.reassign_reason, ""))
    for_skill = sa.or_(reason.like("%skill%"), reason.like("%技能%"))
    return sa.and_(
        moved.is_not(None), sa.or_(started.is_(None), moved < started, for_skill)
    )


DISPATCHED = Fact(
    name="dispatched",
    rows=_dispatched,
    measures=("dispatched", "dispatched_right"),
    dimensions=ORDER_DIMENSIONS,
    tables=("dispatches", "work_orders", "job_clocks"),
    settles=(0,),
)
