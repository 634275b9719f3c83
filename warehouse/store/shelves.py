"""What pages show beside readings: stores, sources, rejected rows, members inferred."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse.contracts import CONTRACTS
from warehouse.moments import aware
from warehouse.records import (
    Freshness,
    SilentStore,
    SourceState,
    Store,
)
from warehouse.scope import Rights
from warehouse.store.schema import (
    CONFORMED,
    SOURCE_MARKS,
    STORE_MARKS,
)

Fetch = Callable[[sa.Select], pd.DataFrame]

LATE_FROM = 0.75
"""A table is late from three quarters of the age its contract allows."""


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame, None for what is missing."""
    plain = frame.astype(object).where(frame.notna(), None)
    return plain.to_dict("records")


def utc(moment: Any) -> datetime | None:
    """Return a moment of the warehouse, aware; None for none."""
    if moment is None or pd.isna(moment):
        return None
    return aware(pd.Timestamp(moment).to_pydatetime())


def _within(select: sa.Select, column: sa.ColumnElement, rights: Rights) -> sa.Select:
    if rights.store_ids is None:
        return select
    return select.where(column.in_(sorted(rights.store_ids)))


def within(every: list[Any], rights: Rights) -> list[Any]:
    """Return those of *every* whose store is within rights."""
    mine = rights.store_ids
    return [one for one in every if mine is None or one.store_id in mine]


def stores(fetch: Fetch, rights: Rights, today: date) -> list[Store]:
    """Return the stores within rights; closed are those whose last day is over."""
    table = CONFORMED["stores"]
    names = [
        "store_id",
        "name",
        "name_en",
        "region",
        "city",
        "city_class",
        "store_class",
        "is_inferred",
        "closed_on",
    ]
    select = sa.select(*[table.c[n] for n in names]).order_by(
        table.c.region.nulls_last(), table.c.name, table.c.store_id
    )
    found = []
    for row in rows_of(fetch(_within(select, table.c.store_id, rights))):
        closed = row.pop("closed_on")
        is_closed = closed is not None and pd.Timestamp(closed).date() < today
        row["name"] = row["name"] or row["store_id"]
        found.append(Store(**row, is_closed=is_closed))
    return found


def sources(fetch: Fetch, as_of: datetime) -> list[SourceState]:
    """Return how far each table of each source reaches, against its limit."""
    frame = fetch(
        sa.select(SOURCE_MARKS).order_by(
            SOURCE_MARKS.c.source, SOURCE_MARKS.c.table_name
        )
    )
    return [_source(row, as_of) for row in rows_of(frame)]


def _source(row: dict[str, Any], as_of: datetime) -> SourceState:
    watermark = utc(row["watermark"])
    seconds = row["fresh_seconds"]
    has_limit = seconds is not None and CONTRACTS[row["table_name"]].event is not None
    limit = timedelta(seconds=seconds) if has_limit else None
    age = as_of - watermark if watermark else None
    unknown = row["unknown_columns"] or ""
    return SourceState(
        source=row["source"],
        table=row["table_name"],
        rows=int(row["rows"] or 0),
        watermark=watermark,
        last_delivery_at=utc(row["delivered_at"]),
        limit=limit,
        age=age,
        freshness=freshness(age, limit),
        unknown_columns=tuple(filter(None, unknown.split(";"))),
    )


def freshness(age: timedelta | None, limit: timedelta | None) -> Freshness:
    """Return how an age stands against its limit."""
    if limit is None:
        return Freshness.UNLIMITED
    if age is None:
        return Freshness.NO_DATA
    if age > limit:
        return Freshness.STALE
    return Freshness.LATE if age > limit * LATE_FROM else Freshness.FRESH


def watermarks(states: Iterable[SourceState]) -> dict[str, datetime]:
    """Return the newest watermark of each table, whichever source it came from."""
    newest: dict[str, datetime] = {}
    for state in states:
        if state.watermark is not None:
            had = newest.get(state.table, state.watermark)
            newest[state.table] = max(had, state.watermark)
    return newest


_ORDER = (
    Freshness.UNLIMITED,
    Freshness.FRESH,
    Freshness.LATE,
    Freshness.NO_DATA,
    Freshness.STALE,
)


def freshness_of(states: list[SourceState], tables: Iterable[str]) -> Freshness:
    """Return the worst freshness of some tables, each by its freshest source."""
    worst = Freshness.UNLIMITED
    for table in tables:
        found = [s.freshness for s in states if s.table == table]
        best = min(found, key=_ORDER.index, default=Freshness.UNLIMITED)
        worst = max(worst, best, key=_ORDER.index)
    return worst


def silent_stores(
    fetch: Fetch, rights: Rights, as_of: datetime, today: date
) -> list[SilentStore]:
    """Return open stores whose newest event is older than the table's limit."""
    table, mark = CONFORMED["stores"], STORE_MARKS
    select = (
        sa.select(
            table.c.store_id,
            table.c.name,
            table.c.name_en,
            mark.c.table_name,
            mark.c.watermark,
        )
        .select_from(mark.join(table, table.c.store_id == mark.c.store_id))
        .where(sa.or_(table.c.closed_on.is_(None), table.c.closed_on >= today))
        .order_by(mark.c.watermark, table.c.store_id)
    )
    found = []
    for row in rows_of(fetch(_within(select, table.c.store_id, rights))):
        limit = CONTRACTS[row["table_name"]].fresh_within
        watermark = utc(row["watermark"])
        # A store may rest for a day; twice the limit is silence.
        if limit is None or watermark is None or as_of - watermark <= 2 * limit:
            continue
        found.append(
            SilentStore(
                store_id=row["store_id"],
                name=row["name"] or row["store_id"],
                name_en=row["name_en"],
                table=row["table_name"],
                watermark=watermark,
                age=as_of - watermark,
            )
        )
    return found
