"""Members that rows refer to: inferred where unknown, and their zone where it moved."""

import duckdb

from warehouse.contracts import CONTRACTS, Contract, Kind
from warehouse.store.checks import bit
from warehouse.store.names import literal, quoted

DIMENSIONS = ("stores", "technicians", "vehicles", "parts", "partners")
"""Tables whose members are inferred. Facts are not: a line waits for its order."""


def infer_members(
    con: duckdb.DuckDBPyConnection, seq: int, zone: str
) -> dict[str, int]:
    """Add a member for each id that changed rows refer to and nothing describes.

    Returns how many were added to each table; totals stay whole, and the member's
    own row fills it in when it arrives.
    """
    added = {}
    for parent in DIMENSIONS:
        key = CONTRACTS[parent].key[0]
        wanted = [
            f"select {quoted(column.name)} as id from {child.table} "
            f"semi join changed_{child.table} using ({_keys(child)})"
            for child in CONTRACTS.values()
            for column in child.columns
            if column.references == parent
        ]
        count = con.execute(
            f"""
            insert into {parent} ({quoted(key)}, _zone, _seq, is_inferred)
            select distinct id, {literal(zone)}, {seq}, true
            from ({" union ".join(wanted)}) as w
            where id is not null
                and id not in (select {quoted(key)} from {parent})
            """
        ).fetchone()[0]
        if count:
            added[parent] = count
    return added


def _keys(contract: Contract) -> str:
    return ", ".join(map(quoted, contract.key))


def rezone(con: duckdb.DuckDBPyConnection, seq: int, zone: str) -> None:
    """Read offset-less times again where their store's zone became known or moved.

    Leaves temp table `rezoned_stores`: stores whose zone or opening hours changed.
    """
    con.execute(
        f"""
        create or replace temp table rezoned_stores as
        select s.store_id, coalesce(s.timezone, {literal(zone)}) as zone
        from stores as s inner join replaced_stores as r using (store_id)
        where (s.timezone, s.opens_at, s.closes_at)
            is distinct from (r.timezone, r.opens_at, r.closes_at)
        """
    )
    for contract in CONTRACTS.values():
        for source, key, condition in _homes(contract):
            _read_again(con, contract, f"({source})", key, condition, seq)


def _read_again(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    source: str,
    key: str,
    condition: str,
    seq: int,
) -> None:
    """Move a table's offset-less times to the zone that *source* gives by *key*."""
    times = ", ".join(
        f"{quoted(name)} = case when t._offsets & {bit(contract, name)} <> 0 "
        f"then t.{quoted(name)} else timezone('UTC', timezone(n.new_zone, "
        f"timezone(t._zone, timezone('UTC', t.{quoted(name)})))) end"
        for name in contract.timestamps
    )
    same = " and ".join(f"t.{quoted(k)} = n.{quoted(k)}" for k in contract.key)
    con.execute(
        f"""
        create or replace temp table moving as
        select distinct {", ".join("t." + quoted(k) for k in contract.key)},
            n.new_zone
        from {contract.table} as t inner join {source} as n on n.{key} = t.{key}
        where t._zone <> n.new_zone and {condition};
        update {contract.table} as t
        set {times}, _zone = n.new_zone, _seq = {seq}{_day(contract)}
        from moving as n where {same};
        """
    )


def _homes(contract: Contract) -> list[tuple[str, str, str]]:
    """Return where a row's zone comes from: a select, its key, and for which rows."""
    if not contract.timestamps:
        return []
    by_store = ("select store_id, zone as new_zone from rezoned_stores", "store_id")
    by_order = (
        "select o.work_order_id, o._zone as new_zone from work_orders as o "
        "semi join changed_work_orders as c using (work_order_id) "
        "union select o.work_order_id, r.zone from work_orders as o "
        "inner join rezoned_stores as r on r.store_id = o.store_id",
        "work_order_id",
    )
    return {
        "store": [(*by_store, "true")],
        "work_order": [(*by_order, "true")],
        "store_or_work_order": [
            (*by_store, "t.store_id is not null"),
            (*by_order, "t.store_id is null"),
        ],
    }.get(contract.zone_by, [])


def _day(contract: Contract) -> str:
    event = contract.event
    if event is None or contract.column(event).kind is not Kind.TIMESTAMP:
        return ""
    aware = f"timezone('UTC', t.{quoted(event)})"
    local = (
        f"case when t._offsets & {bit(contract, event)} <> 0 "
        f"then timezone(n.new_zone, {aware})::date "
        f"else timezone(t._zone, {aware})::date end"
    )
    return f", _day = {local}"
