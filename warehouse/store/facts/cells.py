"""What sets a wait beside like waits: its hour, and the time that was promised."""

from enum import IntEnum

import sqlalchemy as sa
from sqlalchemy.sql.expression import ColumnElement

from warehouse.store.facts.kit import Moment, known
from warehouse.store.schema import FCT_ORDERS

CELL = "cell"
"""Wanted of a time: the columns `cell_hour` and `cell_promise`."""


class Promised(IntEnum):
    """How a case stands to the first promised time of its order."""

    NOT_GIVEN = -1
    KEPT = 0
    """Ready by then, or the time has not come."""
    PAST = 1
    RUNNING = 2
    """Past, and still not ready."""


def cell_columns(now: Moment, wanted: frozenset[str]) -> list[ColumnElement]:
    """Return the local hour of check-in and a `Promised`, if wanted."""
    if CELL not in wanted:
        return []
    order = FCT_ORDERS.c
    ready, promised = known(order.ready_notified_at, now), order.first_promised_at
    promise = sa.case(
        (promised.is_(None), Promised.NOT_GIVEN.value),
        (sa.func.coalesce(ready, now) <= promised, Promised.KEPT.value),
        (ready.is_not(None), Promised.PAST.value),
        else_=Promised.RUNNING.value,
    )
    hour = sa.cast(sa.func.floor(order.checkin_minute / 60), sa.Integer)
    return [
        sa.func.coalesce(hour, -1).label("cell_hour"),
        promise.label("cell_promise"),
    ]
