"""What was set aside, inferred or restated: the network's own book of its data.

Who may not see every store sees none of it: a rejected row may name no store, or a
wrong one.
"""

from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse.contracts import CONTRACTS
from warehouse.contracts.contract import Privacy
from warehouse.records import Inferred, RejectedRow, RejectGroup, Restatement
from warehouse.scope import Rights
from warehouse.store.checks import what_is_right
from warehouse.store.masks import HIDDEN
from warehouse.store.members import DIMENSIONS
from warehouse.store.schema import CONFORMED, FINDINGS, REJECTS, RESTATEMENTS
from warehouse.store.shelves import Fetch, rows_of, utc

_GROUPS = sa.table(
    "reject_groups",
    *[
        sa.column(name)
        for name in ("source", "table_name", "column_name", "rule", "rows", "example")
    ],
)


def _is_withheld(rights: Rights) -> bool:
    return rights.store_ids is not None


def _told(row: dict[str, Any], name: str, rights: Rights) -> Any:
    """Return a rejected value, unless its column is beyond the reader's level."""
    contract = CONTRACTS.get(row["table_name"])
    names = contract.column_names if contract else ()
    column = row["column_name"] or ""
    # A value without a column is a whole line, and may hold anything.
    level = contract.column(column).privacy if column in names else Privacy.SENSITIVE
    return row[name] if level <= rights.privacy or row[name] is None else HIDDEN


def reject_groups(fetch: Fetch, rights: Rights) -> list[RejectGroup]:
    """Return why rows are set aside, and what was found in spite of which they load."""
    if _is_withheld(rights):
        return []
    found = [
        _group({**row, "severity": "reject"}, rights)
        for row in rows_of(fetch(sa.select(_GROUPS)))
    ]
    names = ("source", "table_name", "column_name", "rule", "severity")
    keys = [FINDINGS.c[name] for name in names]
    select = sa.select(
        *keys,
        sa.func.sum(FINDINGS.c.rows).label("rows"),
        sa.func.min(FINDINGS.c.example).label("example"),
    ).group_by(*keys)
    found += [_group(row, rights) for row in rows_of(fetch(select))]
    weight = {"reject": 0, "blank": 1, "warn": 2}
    return sorted(found, key=lambda g: (weight.get(g.severity, 3), -g.rows))


def _group(row: dict[str, Any], rights: Rights) -> RejectGroup:
    return RejectGroup(
        source=row["source"],
        table=row["table_name"],
        column=row["column_name"] or "",
        rule=row["rule"],
        severity=row["severity"],
        rows=int(row["rows"]),
        example=_told(row, "example", rights),
        right=what_is_right(row["table_name"], row["column_name"], row["rule"]),
    )


def rejected_rows(fetch: Fetch) -> int:
    """Return how many rows are set aside, however many reasons each has."""
    rows = sa.select(REJECTS.c.piece, REJECTS.c.line).distinct().subquery()
    return int(fetch(sa.select(sa.func.count().label("n")).select_from(rows))["n"][0])


def rejects(
    fetch: Fetch,
    rights: Rights,
    *,
    source: str | None,
    table: str | None,
    rule: str | None,
    limit: int,
    offset: int,
) -> list[RejectedRow]:
    """Return rows set aside, one for each reason."""
    if _is_withheld(rights):
        return []
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
            value=_told(row, "value", rights),
            batch_id=row["batch_id"],
        )
        for row in rows_of(fetch(select.limit(limit).offset(offset)))
    ]


def inferred(fetch: Fetch, rights: Rights) -> list[Inferred]:
    """Return how many members of each table nobody has described."""
    found = []
    if _is_withheld(rights):
        return found
    for name in DIMENSIONS:
        table = CONFORMED[name]
        key = table.c[CONTRACTS[name].key[0]]
        frame = fetch(sa.select(key.label("id")).where(table.c.is_inferred))
        if len(frame):
            ids = sorted(map(str, frame["id"]))
            is_open = CONTRACTS[name].column(key.name).privacy <= rights.privacy
            shown = tuple(ids[:5]) if is_open else (HIDDEN,)
            found.append(Inferred(table=name, members=len(ids), examples=shown))
    return found


def restatements(fetch: Fetch, rights: Rights, limit: int) -> list[Restatement]:
    """Return what late rows restated, by batch and table."""
    if _is_withheld(rights):
        return []
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
            restated_at=utc(row["restated_at"]),
            table=row["table_name"],
            first_day=pd.Timestamp(row["first_day"]).date(),
            last_day=pd.Timestamp(row["last_day"]).date(),
            days=int(row["days"]),
            rows=int(row["rows"]),
        )
        for row in rows_of(fetch(select))
    ]
