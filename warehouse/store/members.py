"""Members that rows refer to: inferred where unknown, and their zone where it moved."""

import duckdb

from warehouse.contracts import CONTRACTS, Contract, Kind
from warehouse.store.checks import bit
from warehouse.store.names import literal, quoted
from warehouse.store.schema import KEPT_FIRST

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
            f"select {quoted(column.name)} as id from {child.table} where _seq = {seq}"
            for child in CONTRACTS.values()
            for column in child.columns
            if column.references == parent
        ]
        # The many that are there are looked up by the few that are wanted.
        count = con.execute(
            f"""
            create or replace temp table wanted as
            select distinct id from ({" union ".join(wanted)}) where id is not null;
            insert into {parent} ({quoted(key)}, _zone, _seq, is_inferred)
            select id, {literal(zone)}, {seq}, true from wanted
            anti join (select {quoted(key)} as id from {parent}
                semi join wanted on wanted.id = {quoted(key)}) as known using (id)
            """
        ).fetchone()[0]
        if count:
            added[parent] = count
    return added


def rezone(con: duckdb.DuckDBPyConnection, seq: int, zone: str) -> None:
    """Read offset-less times again where their store's zone became known or moved.

    Leaves temp table `rezoned_stores`: stores whose zone or opening hours changed.
    """
    con.execute(
        """
        create or replace temp table rezoned_stores as
        select s.store_id, s.timezone as zone
        from stores as s inner join replaced_stores as r using (store_id)
        where (s.timezone, s.opens_at, s.closes_at)
            is distinct from (r.timezone, r.opens_at, r.closes_at)
        """
    )
    if not _several_zones(con, zone):
        return
    for contract in CONTRACTS.values():
        for source, key, condition in _homes(contract, seq):
            _find_moving(con, contract, f"({source})", key, condition, zone)
            _read_again(con, contract, seq)
    for table, kept in KEPT_FIRST.items():
        for first in kept:
            _move_first(con, table, first, seq)


def _several_zones(con: duckdb.DuckDBPyConnection, zone: str) -> bool:
    """Tell whether there is any other zone to move a row from, or to."""
    return con.execute(
        "select count(distinct zone) > 1 from (select timezone as zone from stores "
        "union all select timezone from replaced_stores "
        f"union all select zone from pieces union all select {literal(zone)})"
    ).fetchone()[0]


def _find_moving(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    source: str,
    key: str,
    condition: str,
    zone: str,
) -> None:
    """Find the rows that the zone which *source* gives by *key* moves.

    Without one the rows stand in the zone of their piece, as when they were read.
    """
    new_zone = f"coalesce(n.new_zone, p.zone, {literal(zone)})"
    con.execute(
        f"""
        create or replace temp table moving as
        select distinct {", ".join("t." + quoted(k) for k in contract.key)},
            {new_zone} as new_zone
        from {contract.table} as t inner join {source} as n on n.{key} = t.{key}
        left join pieces as p on p.piece = t._piece
        where t._zone <> {new_zone} and {condition}
        """
    )


def _moved(column: str, old_zone: str, new_zone: str) -> str:
    """Return the SQL of a UTC time whose local time was read in the wrong zone."""
    local = f"timezone({old_zone}, timezone('UTC', {column}))"
    return f"timezone('UTC', timezone({new_zone}, {local}))"


def _read_again(con: duckdb.DuckDBPyConnection, contract: Contract, seq: int) -> None:
    """Move the offset-less times of the rows in `moving`."""
    times = {
        name: f"case when t._offsets & {bit(contract, name)} <> 0 "
        f"then t.{quoted(name)} "
        f"else {_moved('t.' + quoted(name), 't._zone', 'n.new_zone')} end"
        for name in contract.timestamps
    }
    changes = [f"{quoted(name)} = {moved}" for name, moved in times.items()]
    if "updated_at" in times:
        changes.append(f"_version_at = coalesce({times['updated_at']}, _delivered_at)")
    same = " and ".join(f"t.{quoted(k)} = n.{quoted(k)}" for k in contract.key)
    con.execute(
        f"""
        update {contract.table} as t
        set {", ".join(changes)}, _zone = n.new_zone, _seq = {seq}{_day(contract)}
        from moving as n where {same}
        """
    )


def _move_first(
    con: duckdb.DuckDBPyConnection, table: str, first: str, seq: int
) -> None:
    """Move a kept column with the store of the version that it was told in."""
    value, version = (
        f"case when t._{first}_offsets & {flag} <> 0 then t.{name} "
        f"else {_moved(f't.{name}', f't._{first}_zone', 'r.zone')} end"
        for name, flag in ((first, 1), (f"_{first}_version", 2))
    )
    con.execute(
        f"""
        update {table} as t set {first} = {value}, _{first}_version = {version},
            _{first}_zone = r.zone, _seq = {seq}
        from rezoned_stores as r
        where r.store_id = t._{first}_home and t._{first}_zone <> r.zone
        """
    )


def _homes(contract: Contract, seq: int) -> list[tuple[str, str, str]]:
    """Return where a row's zone comes from: a select, its key, and for which rows."""
    if not contract.timestamps:
        return []
    by_store = ("select store_id, zone as new_zone from rezoned_stores", "store_id")
    by_order = (
        "select o.work_order_id, o._zone as new_zone from work_orders as o "
        f"where o._seq = {seq} "
        "union select o.work_order_id, o._zone from work_orders as o "
        "semi join rezoned_stores as r on r.store_id = o.store_id",
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
