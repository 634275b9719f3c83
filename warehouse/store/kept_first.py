"""Columns that keep the earliest known version of another column (KEPT_FIRST)."""

import duckdb

from warehouse.contracts import Contract
from warehouse.store.checks import bit
from warehouse.store.giving import give
from warehouse.store.names import quoted
from warehouse.store.schema import KEPT_FIRST, KEPT_NOTES


def kept_columns(table: str) -> list[str]:
    """Return the columns of *table* that are kept, each with what is noted of it."""
    return [
        name for first in KEPT_FIRST.get(table, {}) for name in (first, *_notes(first))
    ]


def find_firsts(desk: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Make temp table `firsts` of the keys in `marked` and `replaced_now`."""
    key = ", ".join(map(quoted, contract.key))
    for first, column in KEPT_FIRST.get(contract.table, {}).items():
        names = (first, *_notes(first))
        earliest = ", ".join(
            f"first({name} order by _{first}_version, {first}) as {name}"
            for name in names
        )
        desk.execute(
            f"""
            create or replace temp table firsts as
            with known as (
                select {key}, {column} as {first}, _version_at as _{first}_version,
                    store_id as _{first}_home, _zone as _{first}_zone,
                    {_absolute(contract, column)} as _{first}_offsets
                from marked where {column} is not null
                union all by name
                select {key}, {", ".join(names)}
                from replaced_now where {first} is not null
            )
            select {key}, {earliest} from known group by {key};
            """
        )


def carry_firsts(
    con: duckdb.DuckDBPyConnection,
    desk: duckdb.DuckDBPyConnection,
    contract: Contract,
    seq: int,
) -> None:
    """Write earlier firsts into the rows that the conformed table has."""
    same = " and ".join(f"w.{quoted(k)} = t.{quoted(k)}" for k in contract.key)
    for first in KEPT_FIRST.get(contract.table, {}):
        copied = ", ".join(f"{name} = t.{name}" for name in (first, *_notes(first)))
        give(
            con,
            f"""
            update {contract.table} as w set {copied}, _seq = {seq}
            from given as t where {same}
                and (w._{first}_version is null
                    or w._{first}_version > t._{first}_version
                    or (w._{first}_version = t._{first}_version
                        and w.{first} > t.{first}))
            """,
            desk.execute("from firsts").to_arrow_table(),
        )


def _notes(first: str) -> list[str]:
    return [f"_{first}_{note}" for note in KEPT_NOTES]


def _absolute(contract: Contract, column: str) -> str:
    """Return the SQL of which moments hang on no zone: the value, its version."""
    value, updated = bit(contract, column), bit(contract, "updated_at")
    return (
        f"(case when _offsets & {value} <> 0 then 1 else 0 end) + (case when "
        f"updated_at is null or _offsets & {updated} <> 0 then 2 else 0 end)"
    )
