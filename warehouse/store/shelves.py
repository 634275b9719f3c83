"""What pages show beside readings: stores, sources, rejected rows, members inferred."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse.contracts import CONTRACTS
from warehouse.records import (
    Freshness,
    Inferred,
    RejectedRow,
    RejectGroup,
    Restatement,
    SilentStore,
    SourceState,
    Store,
)
from warehouse.scope import Rights
from warehouse.store.checks import what_is_right
from warehouse.store.members import DIMENSIONS
from warehouse.store.schema import (
    CONFORMED,
    FINDINGS,
    REJECTS,
    RESTATEMENTS,
    SOURCE_MARKS,
    STORE_MARKS,
)

Fetch = Callable[[sa.Select], pd.DataFrame]

LATE_FROM = 0.75
"""A table is late from three quarters of the age its contract allows."""

_GROUPS = sa.table(
    "reject_groups",
    *[
        sa.column(name)
        for name in ("source", "table_name", "column_name", "rule", "rows", "example")
    ],
)


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return plain.to_dict("records")


def _utc(moment: Any) -> datetime | None:
    if moment is None or pd.isna(moment):
        return None
    return pd.Timestamp(moment).to_pydatetime().replace(tzinfo=timezone.utc)


def _within(select: sa.Select, column: sa.ColumnElement, rights: Rights) -> sa.Select:
    if rights.store_ids is None:
        return select
    return select.where(column.in_(sorted(rights.store_ids)))


def stores(fetch: Fetch, rights: Rights, as_of: datetime) -> list[Store]:
    """Return the stores within rights."""
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
    for row in _rows(fetch(_within(select, table.c.store_id, rights))):
        closed = row.pop("closed_on")
        is_closed = closed is not None and pd.Timestamp(closed).date() < as_of.date()
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
    return [_source(row, as_of) for row in _rows(frame)]


def _source(row: dict[str, Any], as_of: datetime) -> SourceState:
    watermark = _utc(row["watermark"])
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
        last_delivery_at=_utc(row["delivered_at"]),
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


def silent_stores(fetch: Fetch, rights: Rights, as_of: datetime) -> list[SilentStore]:
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
        .where(
            sa.or_(table.c.closed_on.is_(None), table.c.closed_on >= as_of.date()),
        )
        .order_by(mark.c.watermark, table.c.store_id)
    )
    found = []
    for row in _rows(fetch(_within(select, table.c.store_id, rights))):
        limit = CONTRACTS[row["table_name"]].fresh_within
        watermark = _utc(row["watermark"])
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


def reject_groups(fetch: Fetch) -> list[RejectGroup]:
    """Return why rows are set aside, and what was found in spite of which they load."""
    found = [
        RejectGroup(
            source=row["source"],
            table=row["table_name"],
            column=row["column_name"] or "",
            rule=row["rule"],
            severity="reject",
            rows=int(row["rows"]),
            example=row["example"],
            right=what_is_right(row["table_name"], row["column_name"], row["rule"]),
        )
        for row in _rows(fetch(sa.select(_GROUPS)))
    ]
    names = ("source", "table_name", "column_name", "rule", "severity")
    keys = [FINDINGS.c[name] for name in names]
    select = sa.select(
        *keys,
        sa.func.sum(FINDINGS.c.rows).label("rows"),
        sa.func.min(FINDINGS.c.example).label("example"),
    ).group_by(*keys)
    found += [
        RejectGroup(
            source=row["source"],
            table=row["table_name"],
            column=row["column_name"] or "",
            rule=row["rule"],
            severity=row["severity"],
            rows=int(row["rows"]),
            example=row["example"],
            right=what_is_right(row["table_name"], row["column_name"], row["rule"]),
        )
        for row in _rows(fetch(select))
    ]
    weight = {"reject": 0, "blank": 1, "warn": 2}
    return sorted(found, key=lambda g: (weight.get(g.severity, 3), -g.rows))


def rejected_rows(fetch: Fetch) -> int:
    """Return how many rows are set aside, however many reasons each has."""
    rows = sa.select(REJECTS.c.piece, REJECTS.c.line).distinct().subquery()
    return int(fetch(sa.select(sa.func.count().label("n")).select_from(rows))["n"][0])


def rejects(
    fetch: Fetch,
    *,
    source: str | None,
    table: str | None,
    rule: str | None,
    limit: int,
    offset: int,
) -> list[RejectedRow]:
    """Return rows set aside, one for each reason."""
    select = sa.select(REJECTS).order_by(
        REJECTS.c.piece.desc(), REJECTS.c.line, REJECTS.c.column_name, REJECTS.c.rule
    )
    chosen = {"source": source, "table_name": table, "rule": rule}
    for name, value in chosen.items():
        if value is not None:
            select = select.where(REJECTS.c[name] == value)
    return [
        RejectedRow(
            source=row["source"],
            file=row["file"],
            line=None if row["line"] is None else int(row["line"]),
            table=row["table_name"],
            column=row["column_name"],
            rule=row["rule"],
            value=row["value"],
            batch_id=row["batch_id"],
        )
        for row in _rows(fetch(select.limit(limit).offset(offset)))
    ]


def inferred(fetch: Fetch) -> list[Inferred]:
    """Return how many members of each table nobody has described."""
    found = []
    for name in DIMENSIONS:
        table = CONFORMED[name]
        key = table.c[CONTRACTS[name].key[0]]
        frame = fetch(sa.select(key.label("id")).where(table.c.is_inferred))
        if len(frame):
            ids = sorted(map(str, frame["id"]))
            found.append(
                Inferred(table=name, members=len(ids), examples=tuple(ids[:5]))
            )
    return found


def restatements(fetch: Fetch, limit: int) -> list[Restatement]:
    """Return what late rows restated, by batch and table."""
    table = RESTATEMENTS
    keys = [table.c.batch_id, table.c.restated_at, table.c.table_name]
    select = (
        sa.select(
            *keys,
            sa.func.min(table.c.day).label("first_day"),
            sa.func.max(table.c.day).label("last_day"),
            sa.func.count(table.c.day.distinct()).label("days"),
            sa.func.sum(table.c.rows).label("rows"),
        )
        .group_by(*keys)
        .order_by(table.c.restated_at.desc(), table.c.table_name)
        .limit(limit)
    )
    return [
        Restatement(
            batch_id=row["batch_id"],
            restated_at=_utc(row["restated_at"]),
            table=row["table_name"],
            first_day=pd.Timestamp(row["first_day"]).date(),
            last_day=pd.Timestamp(row["last_day"]).date(),
            days=int(row["days"]),
            rows=int(row["rows"]),
        )
        for row in _rows(fetch(select))
    ]
