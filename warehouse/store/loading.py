"""Rows in: typed, checked, told apart, merged into the conformed tables.

A table is settled at once for all pieces of a run: texts are read as types, rows with
faults set aside, and of the rest the newest version of each key stays. Whatever order
deliveries come in, the same rows remain.
"""

import duckdb
import pyarrow as pa

from warehouse.contracts import CONTRACTS, Contract, Kind
from warehouse.records import Counts
from warehouse.store.checks import utc
from warehouse.store.names import literal, quoted
from warehouse.store.schema import KEPT_FIRST
from warehouse.store.typing_rows import PieceNote, Typing
from warehouse.store.zones import to_local

_EXTRA = ("_piece", "_line", "_fault", "_raw")


class Loader:
    """Loads one table of one run."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        contract: Contract,
        *,
        seq: int,
        batch_id: str,
        zone: str,
    ) -> None:
        self.con = con
        self.contract = contract
        self.seq = seq
        self.batch_id = batch_id
        self.zone = zone
        self._notes: dict[int, PieceNote] = {}
        self._single: str | None = None  # the one zone of all rows, if it is one
        texts = ", ".join(f"{quoted(n)} varchar" for n in contract.column_names)
        con.execute(
            f"create or replace temp table incoming ({texts}, _piece integer, "
            "_line bigint, _fault varchar, _raw varchar)"
        )

    def expect(self, note: PieceNote) -> None:
        """Announce a piece whose rows follow."""
        self._notes[note.piece] = note

    def add(self, piece: int, batch: pa.RecordBatch) -> int:
        """Take rows as texts; returns how many."""
        names = [*self.contract.column_names, *_EXTRA]
        have = set(batch.schema.names)
        chosen = [
            f"{quoted(name)}" if name in have else f"null as {quoted(name)}"
            for name in names
            if name != "_piece"
        ]
        self.con.register("arrived", pa.Table.from_batches([batch]))
        columns = ", ".join(quoted(n) for n in names if n != "_piece")
        self.con.execute(
            f"insert into incoming ({columns}, _piece) "
            f"select {', '.join(chosen)}, {piece} from arrived"
        )
        self.con.unregister("arrived")
        return batch.num_rows

    def settle(self) -> dict[int, Counts]:
        """Judge and merge everything added; return the counts of each piece."""
        notes = list(self._notes.values())
        self._single = Typing(self.con, self.contract, notes, self.zone).run()
        self._set_aside()
        self._note_findings()
        self._tell_apart()
        self._stage()
        self._merge()
        return self._counts()

    # ---------- rows that break a promise are set aside, with each reason

    def _set_aside(self) -> None:
        places = ", ".join(
            f"({n.piece}, {literal(n.place)})" for n in self._notes.values()
        )
        if not places:
            return
        self.con.execute(
            f"""
            insert into rejects
            with place(_piece, file) as (values {places}),
            reasons as (
                select _piece, _source, _line, unnest(_findings) as f
                from typed where _rejected and _fault is null
            )
            select _piece, _source, file, _line, ?, f.column, f.rule, f.value, ?
            from reasons inner join place using (_piece)
            where f.severity = 'reject'
            union all
            select _piece, _source, file, _line, ?, null, 'fields',
                _fault || coalesce(': ' || left(_raw, 200), ''), ?
            from typed inner join place using (_piece) where _fault is not null
            """,
            [self.contract.table, self.batch_id] * 2,
        )

    def _note_findings(self) -> None:
        """Count what is loaded in spite of a finding."""
        self.con.execute(
            """
            insert into findings
            with found as (
                select _piece, _source, _line, unnest(_findings) as f
                from typed where not _rejected
            )
            select _piece, _source, ?, f.column, f.rule, f.severity, count(*),
                arg_min(f.value, _line), min(_line)
            from found group by all
            """,
            [self.contract.table],
        )

    # ---------- versions

    def _tell_apart(self) -> None:
        """Say of each good row whether it is new, a newer version, or a duplicate."""
        contract, key = self.contract, ", ".join(map(quoted, self.contract.key))
        values = ", ".join(
            f"{utc(contract, c.name, self._single)} as {quoted(c.name)}"
            if c.kind is Kind.TIMESTAMP
            else quoted(c.name)
            for c in contract.columns
        )
        content = ", ".join(
            f"coalesce(typed.{quoted(name)}::varchar, chr(30))"
            for name in contract.column_names
        )
        on = self._on("r")
        updated = "updated_at" if "updated_at" in contract.column_names else "null"
        self.con.execute(
            f"""
            create or replace temp table marked as
            with good as (
                select {values}, _zone, _offsets, _delivered_at, _piece, _line,
                    rowid as _row, (md5_number_lower(concat_ws(chr(31), {content},
                        _offsets::varchar)) >> 1)::bigint as _hash
                from typed where not _rejected
            )
            select *, {self._day()} as _day,
                coalesce({updated}, _delivered_at) as _version_at
            from good;

            create or replace temp table {self._replaced} as
            select t.* from {contract.table} as t semi join marked as r on {on};

            create or replace temp table rowset as
            with
            repeated as (
                select {key} from marked group by {key} having count(*) > 1
            ),
            seen as (
                select r.*, t._version_at as have_at, t._hash as have_hash,
                    t._delivered_at as have_delivered
                from marked as r left join {self._replaced} as t
                    on {on} and not t.is_inferred
            ),
            before as (
                select *, null::timestamp as max_at, null::bigint as max_hash,
                    false as is_repeated
                from seen anti join repeated using ({key})
                union all
                select *, max(_version_at) over w, arg_max(_hash, _version_at) over w,
                    true
                from seen semi join repeated using ({key})
                window w as (partition by {key}
                    order by _delivered_at, _piece, _line, _row
                    rows between unbounded preceding and 1 preceding)
            ),
            best as (
                select *, greatest(have_at, max_at) as best_at,
                    case when max_at is null or have_at >= max_at then have_hash
                        else max_hash end as best_hash
                from before
            )
            select * exclude (max_at, max_hash, best_at, best_hash),
                best_at is null or (_version_at > best_at and _hash <> best_hash)
                    as _loaded
            from best
            """
        )

    @property
    def _replaced(self) -> str:
        return f"replaced_{self.contract.table}"

    def _keys(self, alias: str) -> str:
        return ", ".join(f"{alias}.{quoted(k)}" for k in self.contract.key)

    def _day(self) -> str:
        event = self.contract.event
        if event is None:
            return "null::date"
        if self.contract.column(event).kind is Kind.DATE:
            return quoted(event)
        return f"{to_local(quoted(event), self._single)}::date"

    def _stage(self) -> None:
        """Keep what was delivered, as sent, but for what changes nothing."""
        self.con.execute(
            f"""
            insert into stg_{self.contract.table} by name
            select {self._staged()}, t._piece, t._line, t._fault, t._raw, t._rejected
            from typed as t left join rowset as r on r._row = t.rowid
            where t._rejected or r._loaded or r._hash is distinct from r.have_hash
                or r._version_at > r.have_at
            """
        )

    def _staged(self) -> str:
        return ", ".join(
            f"t.{quoted('text_' + n)} as {quoted(n)}"
            for n in self.contract.column_names
        )

    # ---------- the newest version of each key stays

    def _merge(self) -> None:
        table, key = self.contract.table, ", ".join(map(quoted, self.contract.key))
        on = self._on("w")
        self.con.execute(
            f"""
            create or replace temp table winners as
            select * exclude (place) from (
                select *, 1 as place from rowset where not is_repeated
                union all
                select *, row_number() over (partition by {key}
                    order by _version_at desc, _delivered_at, _hash) as place
                from rowset where is_repeated
            ) where place = 1 and (have_at is null or _version_at > have_at
                or (_version_at = have_at and (_delivered_at < have_delivered
                    or (_delivered_at = have_delivered and _hash < have_hash))));

            create or replace temp table changed_{table} as
            select {self._keys("w")}, any_value(w._day) as _day,
                any_value(t._day) as old_day, any_value(t.is_inferred) is null as is_new
            from rowset as w left join {self._replaced} as t on {on}
            where w.have_hash is null or w._hash <> w.have_hash
            group by {self._keys("w")}
            """
        )
        self._keep_first()
        self.con.execute(
            f"""
            delete from {table} as t using winners as w where {on};
            insert into {table} by name
            select * exclude (_row, have_at, have_hash, have_delivered,
                is_repeated, _loaded), {self.seq} as _seq, false as is_inferred
            from winners
            """
        )

    def _on(self, alias: str) -> str:
        return " and ".join(
            f"t.{quoted(k)} = {alias}.{quoted(k)}" for k in self.contract.key
        )

    def _keep_first(self) -> None:
        """Carry the earliest known version of a column along."""
        table = self.contract.table
        key = ", ".join(map(quoted, self.contract.key))
        for first, column in KEPT_FIRST.get(table, {}).items():
            self.con.execute(
                f"""
                alter table winners add column {first} timestamp;
                alter table winners add column _{first}_version timestamp;
                create or replace temp table firsts as
                with known as (
                    select {key}, {column} as value, _version_at as version_at
                    from rowset where {column} is not null
                    union all
                    select {key}, {first}, _{first}_version
                    from {self._replaced} where {first} is not null
                )
                select {key}, first(value order by version_at, value) as value,
                    min(version_at) as version_at
                from known group by all;
                update winners as w set {first} = t.value,
                    _{first}_version = t.version_at
                from firsts as t where {self._on("w")};
                update {table} as w set {first} = t.value,
                    _{first}_version = t.version_at, _seq = {self.seq}
                from firsts as t where {self._on("w")}
                    and (w._{first}_version is null
                        or w._{first}_version > t.version_at);
                """
            )

    def _counts(self) -> dict[int, Counts]:
        rows = self.con.execute(
            """
            select t._piece, count(*), count(*) filter (where r._loaded),
                count(*) filter (where not t._rejected and not r._loaded),
                count(*) filter (where t._rejected)
            from typed as t
            left join rowset as r on r._row = t.rowid
            group by t._piece
            """
        ).fetchall()
        return {
            piece: Counts(read=read, loaded=new, duplicate=same, rejected=bad)
            for piece, read, new, same, bad in rows
        }


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the working tables of all loaders."""
    for name in ("incoming", "typed", "marked", "rowset", "winners", "firsts"):
        con.execute(f"drop table if exists {name}")
    for table in CONTRACTS:
        con.execute(f"drop table if exists changed_{table}")
        con.execute(f"drop table if exists replaced_{table}")
