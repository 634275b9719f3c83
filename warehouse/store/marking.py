"""How far each source and store reaches, and which told days late rows changed."""

from datetime import date, datetime

import duckdb

from warehouse.contracts import CONTRACTS, Contract, Kind
from warehouse.store.names import literal, quoted


def mark(
    con: duckdb.DuckDBPyConnection,
    tables: list[str],
    *,
    seq: int,
    batch_id: str,
    as_of: datetime,
    complete: date | None,
    everything: bool = False,
) -> None:
    """Note the reach of what this refresh settled, and what came late.

    *complete* is the day before which days were told as complete; None at first.
    *everything* tells that all that was ever delivered was settled anew.
    """
    now = f"timestamp '{as_of:%Y-%m-%d %H:%M:%S.%f}'"
    for name in tables:
        contract = CONTRACTS[name]
        _mark_sources(con, contract, seq, 0 if everything else seq, now)
        _mark_stores(con, contract, seq, now)
        _mark_late(
            con,
            contract,
            seq=seq,
            batch_id=batch_id,
            as_of=as_of,
            complete=complete,
            everything=everything,
        )


def _event(contract: Contract, alias: str, now: str) -> str:
    if contract.event is None:
        return "null::timestamp"
    column = f"{alias}.{quoted(contract.event)}"
    if contract.column(contract.event).kind is Kind.DATE:
        # A day is reached when it ends, or now if it is not over.
        return f"least({column}::timestamp + interval 1 day, {now})"
    return column


def _mark_sources(
    con: duckdb.DuckDBPyConnection, contract: Contract, seq: int, since: int, now: str
) -> None:
    """Note what each source brought of a table, and how far its events reach."""
    keys = ", ".join(map(quoted, contract.key))
    event = _event(contract, "t", now)
    con.execute(
        f"""
        create or replace temp table reached as
        with found as (
            select p.source, count(*) as n,
                max(case when {event} <= {now} then {event} end) as watermark
            from (from {contract.table} where _seq = {seq}) as t
            semi join changed_{contract.table} as c using ({keys})
            inner join pieces as p on p.piece = t._piece
            group by p.source
        ),
        came as (
            select source, max(delivered_at) as delivered_at,
                max_by(fresh_seconds, piece) as fresh_seconds,
                max_by(unknown_columns, piece) as unknown_columns
            from pieces where seq >= {since} and table_name = '{contract.table}'
            group by source
        )
        select source, coalesce(n, 0) as n, watermark, delivered_at,
            fresh_seconds, unknown_columns
        from came left join found using (source);
        """
    )
    _join_marks(con, contract.table)


def _join_marks(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Bring the marks of a table's sources to what this refresh reached."""
    con.execute(
        f"""
        create or replace temp table marks_now as
        select coalesce(r.source, m.source) as source, '{table}'
                as table_name,
            coalesce(m.rows, 0) + coalesce(r.n, 0) as rows,
            greatest(m.watermark, r.watermark) as watermark,
            greatest(m.delivered_at, r.delivered_at) as delivered_at,
            coalesce(r.fresh_seconds, m.fresh_seconds) as fresh_seconds,
            coalesce(r.unknown_columns, m.unknown_columns) as unknown_columns
        from reached as r full join (
            select * from source_marks where table_name = '{table}'
        ) as m on m.source = r.source;
        delete from source_marks where table_name = '{table}';
        insert into source_marks by name from marks_now;
        """
    )


def _mark_stores(
    con: duckdb.DuckDBPyConnection, contract: Contract, seq: int, now: str
) -> None:
    if contract.event is None or "store_id" not in contract.column_names:
        return
    keys = ", ".join(map(quoted, contract.key))
    event = _event(contract, "t", now)
    con.execute(
        f"""
        create or replace temp table reached as
        select store_id, max(watermark) as watermark from (
            select t.store_id, {event} as watermark
            from (from {contract.table} where _seq = {seq}) as t
            semi join changed_{contract.table} using ({keys})
            where {event} <= {now} and t.store_id is not null
            union all
            select store_id, watermark from store_marks
            where table_name = '{contract.table}'
        ) group by store_id;
        delete from store_marks where table_name = '{contract.table}';
        insert into store_marks
        select store_id, '{contract.table}', watermark from reached;
        """
    )


def _mark_late(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    *,
    seq: int,
    batch_id: str,
    as_of: datetime,
    complete: date | None,
    everything: bool,
) -> None:
    """Mark the days that rows change which were already told as complete."""
    if complete is None or contract.event is None:
        return
    late = con.execute(
        f"select count(*) > 0 from changed_{contract.table} "
        f"where is_new and _day < date '{complete}'"
    ).fetchone()[0]
    if not late:
        return
    keys = ", ".join(map(quoted, contract.key))
    store = "t.store_id" if "store_id" in contract.column_names else "null"
    # Where all was settled anew, what came now is told by its piece.
    came = f"(select piece from pieces where seq = {seq})"
    fresh = f"t._piece in {came}" if everything else "true"
    known = f"_piece not in {came}" if everything else f"_seq < {seq}"
    con.execute(
        f"""
        insert into restatements
        select {literal(batch_id)},
            timestamp '{as_of:%Y-%m-%d %H:%M:%S}', '{contract.table}',
            {store}, c._day, count(*)
        from changed_{contract.table} as c
        inner join {contract.table} as t using ({keys})
        where c.is_new and {fresh} and c._day < date '{complete}'
            and c._day >= coalesce((select min(_day) from {contract.table}
                where {known}), date '9999-01-01')
        group by all
        """
    )
