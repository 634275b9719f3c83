"""A fact about stock: SKU-days, and the ones on which nothing was available.

A nightly snapshot tells the balance at the end of its day, movements change it in
between: a shelf that was empty from ten to four is empty on that day, though both
snapshots around it look well.
"""

import sqlalchemy as sa

from warehouse.store.facts.kit import PART_DIMENSIONS, Ask, Fact, after, flag
from warehouse.store.schema import CONFORMED, STORE_DAYS


def _local(moment: sa.ColumnElement, zone: sa.ColumnElement) -> sa.ColumnElement:
    return sa.func.timezone(zone, sa.func.timezone("UTC", moment), type_=sa.DateTime)


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


def _events(ask: Ask, anchors: sa.Subquery) -> sa.Subquery:
    """Nights that set a SKU's balance, and movements that change it."""
    moves, stock = CONFORMED["stock_movements"], _stocked_snapshots()
    same_night = sa.and_(
        anchors.c.store_id == stock.c.store_id,
        anchors.c.part_number == stock.c.part_number,
        stock.c.snapshot_date >= anchors.c.since,
    )
    nothing = sa.cast(sa.null(), sa.Double)
    nights = (
        sa.select(
            stock.c.store_id,
            stock.c.part_number,
            _next_midnight(stock.c.snapshot_date).label("happened_at"),
            sa.literal(0).label("place"),
            stock.c.on_hand,
            stock.c.reserved,
            sa.cast(sa.literal(0), sa.Double).label("qty"),
        )
        .select_from(stock.join(anchors, same_night))
        .where(*([stock.c.snapshot_date < ask.end] if ask.end else []))
    )
    same_sku = sa.and_(
        anchors.c.store_id == moves.c.store_id,
        anchors.c.part_number == moves.c.part_number,
        moves.c._day >= anchors.c.since,
    )
    changes = (
        sa.select(
            moves.c.store_id,
            moves.c.part_number,
            _local(moves.c.moved_at, moves.c._zone).label("happened_at"),
            sa.literal(1).label("place"),
            nothing.label("on_hand"),
            nothing.label("reserved"),
            moves.c.qty,
        )
        .select_from(moves.join(anchors, same_sku))
        .where(
            moves.c.moved_at <= ask.now,
            *([moves.c._day < ask.end] if ask.end else []),
        )
    )
    # The first snapshot is reckoned back to the morning of its own day.
    first_day = (
        sa.select(moves.c.store_id, moves.c.part_number, moves.c._day, moves.c.qty)
        .where(moves.c.moved_at <= ask.now)
        .subquery("first_day_moves")
    )
    moved = sa.func.coalesce(sa.func.sum(first_day.c.qty), 0)
    dawn_stock = _stocked_snapshots()
    dawns = (
        sa.select(
            dawn_stock.c.store_id,
            dawn_stock.c.part_number,
            _midnight(dawn_stock.c.snapshot_date).label("happened_at"),
            sa.literal(0).label("place"),
            (dawn_stock.c.on_hand - moved).label("on_hand"),
            dawn_stock.c.reserved,
            sa.cast(sa.literal(0), sa.Double).label("qty"),
        )
        .select_from(
            dawn_stock.join(
                anchors,
                sa.and_(
                    anchors.c.store_id == dawn_stock.c.store_id,
                    anchors.c.part_number == dawn_stock.c.part_number,
                    anchors.c.first_day == dawn_stock.c.snapshot_date,
                    anchors.c.since == anchors.c.first_day,
                ),
            ).outerjoin(
                first_day,
                sa.and_(
                    first_day.c.store_id == dawn_stock.c.store_id,
                    first_day.c.part_number == dawn_stock.c.part_number,
                    first_day.c._day == dawn_stock.c.snapshot_date,
                ),
            )
        )
        .group_by(
            dawn_stock.c.store_id,
            dawn_stock.c.part_number,
            dawn_stock.c.snapshot_date,
            dawn_stock.c.on_hand,
            dawn_stock.c.reserved,
        )
    )
    return sa.union_all(nights, changes, dawns).subquery("events")


def _empty_spans(ask: Ask, anchors: sa.Subquery) -> sa.Subquery:
    """Spans in which a SKU had nothing available."""
    events = _events(ask, anchors)
    sku = [events.c.store_id, events.c.part_number]
    order = [events.c.happened_at, events.c.place]
    anchored = sa.select(
        events,
        sa.func.count(events.c.on_hand)
        .over(partition_by=sku, order_by=order, rows=(None, 0))
        .label("anchor"),
    ).subquery("anchored")
    group = [anchored.c.store_id, anchored.c.part_number, anchored.c.anchor]
    steps = [anchored.c.happened_at, anchored.c.place]
    balance = sa.func.first_value(anchored.c.on_hand - anchored.c.reserved).over(
        partition_by=group, order_by=steps
    ) + sa.func.sum(anchored.c.qty).over(
        partition_by=group, order_by=steps, rows=(None, 0)
    )
    states = (
        sa.select(
            anchored.c.store_id,
            anchored.c.part_number,
            anchored.c.happened_at,
            sa.func.lead(anchored.c.happened_at)
            .over(
                partition_by=[anchored.c.store_id, anchored.c.part_number],
                order_by=steps,
            )
            .label("until"),
            balance.label("available"),
            anchored.c.anchor,
        )
    ).subquery("states")
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


def _sku_days(ask: Ask) -> sa.Select:
    days, parts = STORE_DAYS, CONFORMED["parts"]
    anchors = _anchors(ask)
    empty = _empty_spans(ask, anchors)
    today = sa.cast(
        _local(ask.now, sa.func.coalesce(CONFORMED["stores"].c._zone, "UTC")), sa.Date
    )
    spine = (
        sa.select(
            days.c.day,
            days.c.store_id,
            anchors.c.part_number,
            sa.func.max(flag(empty.c.happened_at.is_not(None))).label("was_out"),
        )
        .select_from(
            days.join(
                anchors,
                sa.and_(
                    anchors.c.store_id == days.c.store_id,
                    days.c.day >= anchors.c.first_day,
                ),
            )
            .join(
                CONFORMED["stores"], CONFORMED["stores"].c.store_id == days.c.store_id
            )
            .outerjoin(
                empty,
                sa.and_(
                    empty.c.store_id == anchors.c.store_id,
                    empty.c.part_number == anchors.c.part_number,
                    empty.c.happened_at < _next_midnight(days.c.day),
                    sa.func.coalesce(empty.c.until > _midnight(days.c.day), sa.true()),
                ),
            )
        )
        .where(days.c.day <= today, *ask.days(days.c.day))
        .group_by(days.c.day, days.c.store_id, anchors.c.part_number)
        .subquery("sku_days")
    )
    chosen = [parts.c[name] for name in PART_DIMENSIONS if name in ask.wanted]
    return sa.select(
        spine.c.day,
        spine.c.store_id,
        *chosen,
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
