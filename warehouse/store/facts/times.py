"""Facts about time: rows of seconds, closed or still running (kpis.md §3).

A duration that still runs at *now* is censored: it is at least this long. A stamp
that is missing although a later one is known is not open, it is unknown: no row.
"""

from collections.abc import Callable

import sqlalchemy as sa

from warehouse.store.facts.cells import cell_columns
from warehouse.store.facts.kit import (
    ORDER_DIMENSIONS,
    Ask,
    Moment,
    after,
    known,
    order_dimensions,
    seconds_between,
    with_details,
)
from warehouse.store.schema import CONFORMED, FCT_ORDERS, FCT_WORK_SEGMENTS

Rows = Callable[[Ask], sa.Select]

_O = FCT_ORDERS.c


def _start() -> sa.ColumnElement:
    """Waiting starts at the appointment, or at check-in if that is later."""
    return sa.func.greatest(_O.appointment_at, _O.checkin_at)


def _still_open(now: Moment, *later: str) -> sa.ColumnElement:
    """The order is under way, and none of the *later* stamps is known."""
    passed = [known(_O[name], now).is_(None) for name in (*later, "delivered_at")]
    ended = sa.and_(_O.status == "closed", _O.delivered_at.is_(None))
    return sa.and_(*passed, sa.not_(ended))


def _base(
    now: Moment,
    wanted: frozenset[str],
    seconds: sa.ColumnElement,
    closed: sa.ColumnElement,
    *conditions: sa.ColumnElement,
    source: sa.FromClause = FCT_ORDERS,
    types: tuple[str, ...] = ("repair", "maintenance"),
) -> sa.Select:
    return (
        sa.select(
            _O.checkin_day.label("day"),
            _O.store_id,
            *order_dimensions(wanted),
            *cell_columns(now, wanted),
            sa.func.greatest(seconds, 0).label("seconds"),
            closed.label("is_closed"),
        )
        .select_from(with_details(source, wanted))
        .where(
            _O.checkin_at <= now,
            _O.status != "cancelled",
            _O.order_type.in_(types),
            *conditions,
        )
    )


def _between(
    now: Moment,
    wanted: frozenset[str],
    start: sa.ColumnElement,
    end: sa.ColumnElement,
    *later: str,
) -> sa.Select:
    """Rows from *start* to *end*, or still running at *now*."""
    start, ended = known(start, now), known(end, now)
    running = sa.and_(ended.is_(None), _still_open(now, *later))
    seconds = seconds_between(start, sa.func.coalesce(ended, now))
    return _base(
        now,
        wanted,
        seconds,
        ended.is_not(None),
        start.is_not(None),
        sa.or_(ended.is_not(None), running),
    )


def _writeup(ask: Ask) -> sa.Select:
    now, wanted = ask.now, ask.wanted
    later = ("bay_in_at", "work_done_at", "ready_notified_at")
    # Written up before the appointment's hour: nobody waited.
    ended = known(_O.writeup_at, now)
    start = sa.case(
        (ended.is_not(None), sa.func.least(_start(), ended)), else_=_start()
    )
    return _between(now, wanted, start, _O.writeup_at, *later)


def _bay(ask: Ask) -> sa.Select:
    now, wanted = ask.now, ask.wanted
    later = ("work_done_at", "ready_notified_at")
    return _between(now, wanted, _O.writeup_at, _O.bay_in_at, *later)


def _handover(ask: Ask) -> sa.Select:
    now, wanted = ask.now, ask.wanted
    return _between(now, wanted, _O.ready_notified_at, _O.delivered_at)


def _in_shop(ask: Ask) -> sa.Select:
    now, wanted = ask.now, ask.wanted
    return _between(now, wanted, _O.checkin_at, _O.ready_notified_at)


def _parts(ask: Ask) -> sa.Select:
    """Time in pauses for parts, of the orders that had one."""
    now, wanted = ask.now, ask.wanted
    pauses = CONFORMED["pauses"]
    ended = known(pauses.c.ended_at, now)
    each = seconds_between(pauses.c.started_at, sa.func.coalesce(ended, now))
    total = (
        sa.select(
            pauses.c.work_order_id,
            sa.func.sum(each).label("seconds"),
        )
        .where(pauses.c.reason == "parts", pauses.c.started_at <= now)
        .group_by(pauses.c.work_order_id)
        .subquery("parts_pauses")
    )
    source = FCT_ORDERS.join(total, total.c.work_order_id == _O.work_order_id)
    # Until the work is done the car may have to wait for parts again.
    done = sa.not_(_still_open(now, "work_done_at", "ready_notified_at"))
    return _base(now, wanted, total.c.seconds, done, source=source)


def worked_seconds(
    ask: Ask,
    since: sa.ColumnElement,
    until: sa.ColumnElement,
    *only: sa.ColumnElement,
) -> sa.Subquery:
    """Seconds of work on each order between two moments of it.

    *only* narrows the orders: nobody need add up the work on all the others.
    """
    segments = FCT_WORK_SEGMENTS
    begun = sa.func.greatest(segments.c.started_at, since)
    ended = sa.func.least(sa.func.coalesce(segments.c.ended_at, until), until)
    return (
        sa.select(
            segments.c.work_order_id,
            sa.func.sum(sa.func.greatest(seconds_between(begun, ended), 0)).label(
                "seconds"
            ),
        )
        .select_from(
            segments.join(
                FCT_ORDERS, FCT_ORDERS.c.work_order_id == segments.c.work_order_id
            )
        )
        .where(
            segments.c.started_at <= ask.now,
            *ask.since(segments.c.day),
            *ask.days(_O.checkin_day),
            *only,
        )
        .group_by(segments.c.work_order_id)
        .subquery("worked")
    )


def _customer_wait(ask: Ask) -> sa.Select:
    """Time on site in which nobody worked on the car."""
    now, wanted = ask.now, ask.wanted
    ready = known(_O.ready_notified_at, now)
    start = _start()
    until = sa.func.coalesce(ready, now)
    worked = worked_seconds(ask, start, until)
    seconds = seconds_between(start, until) - sa.func.coalesce(worked.c.seconds, 0)
    source = FCT_ORDERS.outerjoin(worked, worked.c.work_order_id == _O.work_order_id)
    return _base(
        now,
        wanted,
        seconds,
        ready.is_not(None),
        _O.waiting_on_site,
        sa.or_(ready.is_not(None), sa.and_(start <= now, _still_open(now))),
        source=source,
    )


def _repair(ask: Ask) -> sa.Select:
    """Bay to work done, closed hours taken out; same-day general repairs only."""
    now = ask.now
    done = known(_O.work_done_at, now)
    since = sa.func.greatest(_O.bay_in_at, _O.opens_at)
    until = sa.func.least(sa.func.coalesce(done, now), _O.closes_at)
    shut = _shut_seconds(ask, since, until)
    open_hours = sa.func.greatest(seconds_between(since, until), 0)
    same_day = sa.or_(
        sa.and_(done.is_not(None), _O.work_done_day == _O.checkin_day),
        sa.and_(
            done.is_(None), _still_open(now, "ready_notified_at"), _O.day_ends_at > now
        ),
    )
    return _base(
        now,
        ask.wanted,
        open_hours - sa.func.coalesce(shut.c.seconds, 0),
        done.is_not(None),
        _O.bay_in_at <= now,
        same_day,
        source=FCT_ORDERS.outerjoin(shut, shut.c.work_order_id == _O.work_order_id),
        types=("repair",),
    )


def _shut_seconds(
    ask: Ask, since: sa.ColumnElement, until: sa.ColumnElement
) -> sa.Subquery:
    """Seconds between two moments of each order in which its store was closed."""
    pauses = CONFORMED["pauses"]
    # A pause that is not over lasts as long as the order does.
    done = sa.func.coalesce(known(_O.work_done_at, ask.now), ask.now)
    ended = sa.func.coalesce(pauses.c.ended_at, done)
    inside = seconds_between(
        sa.func.greatest(pauses.c.started_at, since), sa.func.least(ended, until)
    )
    return (
        sa.select(
            pauses.c.work_order_id,
            sa.func.sum(sa.func.greatest(inside, 0)).label("seconds"),
        )
        .select_from(
            pauses.join(
                FCT_ORDERS, FCT_ORDERS.c.work_order_id == pauses.c.work_order_id
            )
        )
        .where(
            pauses.c.reason == "closed",
            pauses.c.started_at <= ask.now,
            *ask.days(_O.checkin_day),
        )
        .group_by(pauses.c.work_order_id)
        .subquery("shut")
    )


TIMES: dict[str, Rows] = {
    "wait_writeup": _writeup,
    "wait_bay": _bay,
    "wait_parts": _parts,
    "wait_handover": _handover,
    "cust_wait_total": _customer_wait,
    "repair_duration": _repair,
    "tat_in_shop": _in_shop,
}
TIME_DIMENSIONS = ORDER_DIMENSIONS


def survival_rows(ask: Ask) -> sa.Select:
    """Days until the same problem came back, of visits too young to be judged.

    A visit sent off unfixed failed at once.
    """
    now, wanted = ask.now, ask.wanted
    unfixed = sa.or_(
        sa.func.coalesce(_O.parts_pending, sa.false()),
        sa.func.coalesce(_O.redo_before_leaving, sa.false()),
    )
    back = known(_O.comeback_at, now)
    seconds = sa.case(
        (unfixed, 0.0),
        else_=seconds_between(_O.delivered_at, sa.func.coalesce(back, now)),
    )
    return (
        sa.select(
            _O.delivered_day.label("day"),
            _O.store_id,
            *order_dimensions(wanted),
            seconds.label("seconds"),
            sa.or_(unfixed, back.is_not(None)).label("is_closed"),
        )
        .select_from(with_details(FCT_ORDERS, wanted))
        .where(
            _O.delivered_at <= now,
            after(_O.delivered_at, days=30) > now,
            _O.is_visit,
            _O.status == "closed",
            sa.not_(_O.is_comeback),
        )
    )
