"""A fact about stock: SKU-days, and the ones on which nothing was available.

A nightly snapshot tells the balance at the end of its day, movements change it in
between: a shelf that was empty from ten to four is empty on that day, though both
snapshots around it look well.
"""

import sqlalchemy as sa

from warehouse.store.facts.kit import (
    PART_DIMENSIONS,
    Ask,
    Fact,
    after,
    flag,
    local,
    part_dimensions,
)
from warehouse.store.schema import CONFORMED, STORE_DAYS


def _midnight(day: sa.ColumnElement) -> sa.ColumnElement:
    return sa.cast(day, sa.DateTime)


def _next_midnight(day: sa.ColumnElement) -> sa.ColumnElement:
    return after(_midnight(day), days=1)


def _stocked_snapshots() -> sa.Subquery:
    stock, parts = CONFORMED["stock_snapshots"], CONFORMED["parts"]
    return (
        sa.select(
            stock.c.store_id,
            stock.c.part_number,
            stock.c.snapshot_date,
            stock.c.on_hand,
            sa.func.coalesce(stock.c.reserved, 0).label("reserved"),
        )
        .select_from(stock.join(parts, parts.c.part_number == stock.c.part_number))
        .where(parts.c.is_stocked)
        .subquery("stocked")
    )


def _anchors(ask: Ask) -> sa.Subquery:
    """First snapshot of each SKU, and the newest before the days asked for."""
    stock = _stocked_snapshots()
    first = sa.func.min(stock.c.snapshot_date)
    since = first
    if ask.start is not None:
        earlier = sa.case((stock.c.snapshot_date < ask.start, stock.c.snapshot_date))
        since = sa.func.coalesce(sa.func.max(earlier), first)
    return (
        sa.select(
            stock.c.store_id,
            stock.c.part_number,
            first.label("first_day"),
            since.label("since"),
        )
        .group_by(stock.c.store_id, stock.c.part_number)
        .subquery("anchors")
    )


def _same_sku(one: sa.FromClause, other: sa.FromClause) -> sa.ColumnElement:
    return sa.and_(
        one.c.store_id == other.c.store_id, one.c.part_number == other.c.part_number
    )


def _events(ask: Ask, anchors: sa.Subquery) -> sa.Subquery:
    """Nights that set a SKU's balance, and movements that change it."""
    selects = (_nights(ask, anchors), _changes(ask, anchors), _dawns(ask, anchors))
    return sa.union_all(*selects).subquery("events")


def _nights(ask: Ask, anchors: sa.Subquery) -> sa.Select:
    """Return the balance that each snapshot found, at the midnight that ends its day.

    *place* orders what happens at the same moment: the count comes first.
    """
    stock = _stocked_snapshots()
    counted = sa.and_(
        _same_sku(anchors, stock), stock.c.snapshot_date >= anchors.c.since
    )
    return (
        sa.select(
            stock.c.store_id,
            stock.c.part_number,
            _next_midnight(stock.c.snapshot_date).label("happened_at"),
            sa.literal(0).label("place"),
            stock.c.on_hand,
            stock.c.reserved,
            sa.cast(sa.literal(0), sa.Double).label("qty"),
        )
        .select_from(stock.join(anchors, counted))
        .where(*ask.before(stock.c.snapshot_date))
    )


def _changes(ask: Ask, anchors: sa.Subquery) -> sa.Select:
    """Return the movements since each SKU's anchor; they count nothing themselves."""
    moves = CONFORMED["stock_movements"]
    moved = sa.and_(_same_sku(anchors, moves), moves.c._day >= anchors.c.since)
    nothing = sa.cast(sa.null(), sa.Double)
    return (
        sa.select(
            moves.c.store_id,
            moves.c.part_number,
            local(moves.c.moved_at, moves.c._zone).label("happened_at"),
            sa.literal(1).label("place"),
            nothing.label("on_hand"),
            nothing.label("reserved"),
            moves.c.qty,
        )
        .select_from(moves.join(anchors, moved))
        .where(moves.c.moved_at <= ask.now, *ask.before(moves.c._day))
    )


def _dawns(ask: Ask, anchors: sa.Subquery) -> sa.Select:
    """Return each SKU's first snapshot, reckoned back to the morning of its own day."""
    stock, moves = _stocked_snapshots(), CONFORMED["stock_movements"]
    moved = (
        sa.select(moves.c.store_id, moves.c.part_number, moves.c._day, moves.c.qty)
        .where(moves.c.moved_at <= ask.now)
        .subquery("first_day_moves")
    )
    is_first = sa.and_(
        _same_sku(anchors, stock),
        anchors.c.first_day == stock.c.snapshot_date,
        anchors.c.since == anchors.c.first_day,
    )
    that_day = sa.and_(_same_sku(moved, stock), moved.c._day == stock.c.snapshot_date)
    change = sa.func.coalesce(sa.func.sum(moved.c.qty), 0)
    return (
        sa.select(
            stock.c.store_id,
            stock.c.part_number,
            _midnight(stock.c.snapshot_date).label("happened_at"),
            sa.literal(0).label("place"),
            (stock.c.on_hand - change).label("on_hand"),
            stock.c.reserved,
            sa.cast(sa.literal(0), sa.Double).label("qty"),
        )
        .select_from(stock.join(anchors, is_first).outerjoin(moved, that_day))
        .group_by(
            stock.c.store_id,
            stock.c.part_number,
            stock.c.snapshot_date,
            stock.c.on_hand,
            stock.c.reserved,
        )
    )


def _balances(events: sa.Subquery) -> sa.Subquery:
    """What was available after each event, until the next one.

    An event rests on the newest count before it: *anchor* numbers the counts.
    """
    sku = [events.c.store_id, events.c.part_number]
    anchored = sa.select(
        events,
        sa.func.count(events.c.on_hand)
        .over(
            partition_by=sku,
            order_by=[events.c.happened_at, events.c.place],
            rows=(None, 0),
        )
        .label("anchor"),
    ).subquery("anchored")
    sku = [anchored.c.store_id, anchored.c.part_number]
    group, order = [*sku, anchored.c.anchor], [anchored.c.happened_at, anchored.c.place]
    counted = sa.func.first_value(anchored.c.on_hand - anchored.c.reserved)
    moved = sa.func.sum(anchored.c.qty)
    until = sa.func.lead(anchored.c.happened_at).over(partition_by=sku, order_by=order)
    available = counted.over(partition_by=group, order_by=order) + moved.over(
        partition_by=group, order_by=order, rows=(None, 0)
    )
    return sa.select(
        *sku,
        anchored.c.happened_at,
        until.label("until"),
        available.label("available"),
        anchored.c.anchor,
    ).subquery("states")


def _empty_spans(ask: Ask, anchors: sa.Subquery) -> sa.Subquery:
    """Spans in which a SKU had nothing available."""
    states = _balances(_events(ask, anchors))
    return (
        sa.select(
            states.c.store_id,
            states.c.part_number,
            states.c.happened_at,
            states.c.until,
        )
        .where(states.c.available <= 0, states.c.anchor > 0)
        .subquery("empty_spans")
    )


def _spine(ask: Ask) -> sa.Subquery:
    """Days of each SKU from its first snapshot on, and whether it ran out on them."""
    days, stores = STORE_DAYS, CONFORMED["stores"]
    anchors = _anchors(ask)
    empty = _empty_spans(ask, anchors)
    today = sa.cast(local(ask.now, sa.func.coalesce(stores.c._zone, "UTC")), sa.Date)
    is_counted = sa.and_(
        anchors.c.store_id == days.c.store_id, days.c.day >= anchors.c.first_day
    )
    is_empty = sa.and_(
        _same_sku(empty, anchors),
        empty.c.happened_at < _next_midnight(days.c.day),
        sa.func.coalesce(empty.c.until > _midnight(days.c.day), sa.true()),
    )
    return (
        sa.select(
            days.c.day,
            days.c.store_id,
            anchors.c.part_number,
            sa.func.max(flag(empty.c.happened_at.is_not(None))).label("was_out"),
        )
        .select_from(
            days.join(anchors, is_counted)
            .join(stores, stores.c.store_id == days.c.store_id)
            .outerjoin(empty, is_empty)
        )
        .where(days.c.day <= today, *ask.days(days.c.day))
        .group_by(days.c.day, days.c.store_id, anchors.c.part_number)
        .subquery("sku_days")
    )


def _sku_days(ask: Ask) -> sa.Select:
    spine, parts = _spine(ask), CONFORMED["parts"]
    return sa.select(
        spine.c.day,
        spine.c.store_id,
        *part_dimensions(ask.wanted),
        flag(sa.true()).label("sku_days"),
        spine.c.was_out.label("sku_days_out"),
    ).select_from(spine.join(parts, parts.c.part_number == spine.c.part_number))


SKU_DAYS = Fact(
    name="sku_days",
    rows=_sku_days,
    measures=("sku_days", "sku_days_out"),
    dimensions=PART_DIMENSIONS,
    tables=("stock_snapshots", "stock_movements", "parts"),
    has_mart=False,
)
