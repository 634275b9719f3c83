"""Facts about parts: demand lines, and orders that needed parts."""

import sqlalchemy as sa

from warehouse.store.facts.kit import (
    ORDER_DIMENSIONS,
    PART_DIMENSIONS,
    Ask,
    Fact,
    amount,
    flag,
    order_dimensions,
    part_dimensions,
    with_details,
)
from warehouse.store.schema import CONFORMED, FCT_ORDERS


def _demand(ask: Ask) -> sa.Select:
    asked, parts = CONFORMED["part_requests"], CONFORMED["parts"]
    stocked = sa.func.coalesce(parts.c.is_stocked, sa.false())
    fast = sa.and_(stocked, parts.c.abc_class == "A")
    filled = asked.c.qty_filled_first >= asked.c.qty_requested
    units = sa.func.least(asked.c.qty_filled_first, asked.c.qty_requested)
    return (
        sa.select(
            asked.c._day.label("day"),
            asked.c.store_id,
            *part_dimensions(ask.wanted),
            flag(fast).label("lines_fast"),
            flag(sa.and_(fast, filled)).label("lines_fast_filled"),
            flag(sa.and_(fast, sa.not_(filled))).label("lines_fast_missed"),
            flag(stocked).label("lines_stocked"),
            flag(sa.and_(stocked, filled)).label("lines_stocked_filled"),
            flag(sa.and_(stocked, sa.not_(filled))).label("lines_stocked_missed"),
            flag(sa.true()).label("lines"),
            flag(filled).label("lines_filled"),
            amount(sa.case((stocked, asked.c.qty_requested))).label("units_stocked"),
            amount(sa.case((stocked, units))).label("units_stocked_filled"),
        )
        .select_from(asked.join(parts, parts.c.part_number == asked.c.part_number))
        .where(asked.c.requested_at <= ask.now)
    )


DEMAND = Fact(
    name="demand",
    rows=_demand,
    measures=(
        "lines_fast",
        "lines_fast_filled",
        "lines_fast_missed",
        "lines_stocked",
        "lines_stocked_filled",
        "lines_stocked_missed",
        "lines",
        "lines_filled",
        "units_stocked",
        "units_stocked_filled",
    ),
    dimensions=PART_DIMENSIONS,
    tables=("part_requests", "parts"),
)


def _kits(ask: Ask) -> sa.Select:
    """One row an order that asked for parts, on the day of its first request."""
    now, wanted = ask.now, ask.wanted
    asked, orders = CONFORMED["part_requests"], FCT_ORDERS
    missing = flag(asked.c.qty_filled_first < asked.c.qty_requested)
    kit = (
        sa.select(
            asked.c.work_order_id,
            sa.func.min(asked.c._day).label("day"),
            sa.func.min(asked.c.store_id).label("store_id"),
            sa.func.sum(missing).label("missing"),
        )
        .where(asked.c.requested_at <= now, asked.c.work_order_id.is_not(None))
        .group_by(asked.c.work_order_id)
        .having(*ask.days(sa.func.min(asked.c._day)))
        .subquery("kit")
    )
    source: sa.FromClause = kit
    dimensions: list = []
    if wanted:
        source = kit.outerjoin(orders, orders.c.work_order_id == kit.c.work_order_id)
        source = with_details(source, wanted)
        dimensions = order_dimensions(wanted)
    return sa.select(
        kit.c.day,
        kit.c.store_id,
        *dimensions,
        flag(sa.true()).label("orders_with_parts"),
        flag(kit.c.missing == 0).label("orders_complete"),
    ).select_from(source)


KITS = Fact(
    name="kits",
    rows=_kits,
    measures=("orders_with_parts", "orders_complete"),
    dimensions=ORDER_DIMENSIONS,
    tables=("part_requests", "work_orders"),
)
