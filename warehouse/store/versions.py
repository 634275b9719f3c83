"""Versions of a row: of each key the newest stays, whatever order they come in.

Works on temp table `typed` (rows as types, `typing_rows.py`), a bounded number of rows
at a time: what an earlier part of the same run merged is there for the next one, and
the choice is a maximum over versions, so parts change nothing (ADR 4).
"""

import duckdb

from warehouse.contracts import Contract, Kind
from warehouse.records import Counts
from warehouse.store.checks import utc
from warehouse.store.giving import give
from warehouse.store.kept_first import carry_firsts, find_firsts, kept_columns
from warehouse.store.names import quoted
from warehouse.store.zones import to_local


class Versions:
    """Merges the good rows of `typed` into one conformed table.

    `typed` is on *desk*, the conformed tables are in the working file *con*.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        desk: duckdb.DuckDBPyConnection,
        contract: Contract,
        seq: int,
    ) -> None:
        self.con = con
        self.desk = desk
        self.contract = contract
        self.seq = seq
        self.parts = 0

    def merge(self, single: str | None) -> dict[int, Counts]:
        """Stage and merge what `typed` holds; return the counts of each piece.

        *single* is the one zone that all rows stand in, None where there are several.
        """
        self._mark(single)
        self._look_up()
        self._tell_apart()
        self._stage()
        self._choose()
        self._note_changes()
        find_firsts(self.desk, self.contract)
        if self._replaced.num_rows:
            carry_firsts(self.con, self.desk, self.contract, self.seq)
        self._replace()
        self.parts += 1
        return self._counts()

    def finish(self) -> None:
        """Leave `changed_<table>` with one row a key: from before to after the run."""
        if self.parts < 2:
            return
        table, key = self.contract.table, ", ".join(map(quoted, self.contract.key))
        self.con.execute(
            f"""
            create or replace temp table changed_{table} as
            select {key}, arg_max_null(_day, (won, part)) as _day,
                arg_min_null(old_day, part) as old_day,
                arg_min(is_new, part) as is_new
            from changed_{table} group by {key}
            """
        )

    # ---------- what is new, a newer version, or a duplicate

    def _mark(self, single: str | None) -> None:
        """Move times to UTC and give each good row its version and content."""
        contract = self.contract
        values = ", ".join(
            f"{utc(contract, c.name, single)} as {quoted(c.name)}"
            if c.kind is Kind.TIMESTAMP
            else quoted(c.name)
            for c in contract.columns
        )
        content = ", ".join(
            f"coalesce(typed.{quoted(name)}::varchar, chr(30))"
            for name in contract.column_names
        )
        updated = "updated_at" if "updated_at" in contract.column_names else "null"
        self.desk.execute(
            f"""
            create or replace temp table marked as
            with good as (
                select {values}, _zone, _offsets, _delivered_at, _piece, _line,
                    rowid as _row, (md5_number_lower(concat_ws(chr(31), {content},
                        _offsets::varchar)) >> 1)::bigint as _hash
                from typed where not _rejected
            )
            select *, {self._day(single)} as _day,
                coalesce({updated}, _delivered_at) as _version_at
            from good
            """
        )

    def _look_up(self) -> None:
        """Take the rows that the conformed table has under the same keys."""
        key = ", ".join(map(quoted, self.contract.key))
        replaced = give(
            self.con,
            f"select t.* from {self.contract.table} as t "
            f"semi join given as r on {self._on('r')}",
            self.desk.execute(f"select {key} from marked").to_arrow_table(),
        )
        self._replaced = replaced.to_arrow_table()
        give(
            self.desk,
            "create or replace temp table replaced_now as from given",
            self._replaced,
        )

    def _day(self, single: str | None) -> str:
        event = self.contract.event
        if event is None:
            return "null::date"
        if self.contract.column(event).kind is Kind.DATE:
            return quoted(event)
        return f"{to_local(quoted(event), single)}::date"

    def _tell_apart(self) -> None:
        """Say of each good row whether it is new, a newer version, or a duplicate."""
        key = ", ".join(map(quoted, self.contract.key))
        self.desk.execute(
            f"""
            create or replace temp table rowset as
            with
            repeated as (
                select {key} from marked group by {key} having count(*) > 1
            ),
            seen as (
                select {self._keys("r")}, r._row, r._day, r._version_at, r._hash,
                    r._delivered_at, r._piece, r._line, t._version_at as have_at,
                    t._hash as have_hash, t._delivered_at as have_delivered
                from marked as r left join replaced_now as t
                    on {self._on("r")} and not t.is_inferred
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

    def _keys(self, alias: str) -> str:
        return ", ".join(f"{alias}.{quoted(k)}" for k in self.contract.key)

    def _on(self, alias: str) -> str:
        return " and ".join(
            f"t.{quoted(k)} = {alias}.{quoted(k)}" for k in self.contract.key
        )

    def _stage(self) -> None:
        """Keep what was delivered, as sent, but for what changes nothing."""
        texts = ", ".join(
            f"t.{quoted('text_' + n)} as {quoted(n)}"
            for n in self.contract.column_names
        )
        kept = self.desk.execute(
            f"""
            select {texts}, t._piece, t._line, t._fault, t._raw, t._at, t._rejected
            from typed as t left join rowset as r on r._row = t.rowid
            where t._rejected or r._loaded or r._hash is distinct from r.have_hash
                or r._version_at > r.have_at
            """
        )
        give(
            self.con,
            f"insert into stg_{self.contract.table} by name from given",
            kept.to_arrow_table(),
        )

    # ---------- the newest version of each key stays

    def _choose(self) -> None:
        key = ", ".join(map(quoted, self.contract.key))
        self.desk.execute(
            f"""
            create or replace temp table winners as
            select {key}, _row from (
                select *, 1 as place from rowset where not is_repeated
                union all
                select *, row_number() over (partition by {key}
                    order by _version_at desc, _delivered_at, _hash) as place
                from rowset where is_repeated
            ) where place = 1 and (have_at is null or _version_at > have_at
                or (_version_at = have_at and (_delivered_at < have_delivered
                    or (_delivered_at = have_delivered and _hash < have_hash))))
            """
        )

    def _note_changes(self) -> None:
        """Say which keys this run changes, and keep their rows of before the run."""
        table = self.contract.table
        changed = f"""
            select {self._keys("w")},
                arg_max_null(w._day, v._row is not null) as _day,
                any_value(t._day) as old_day, any_value(t.is_inferred) is null
                    as is_new, bool_or(v._row is not null) as won,
                {self.parts} as part
            from rowset as w left join replaced_now as t on {self._on("w")}
            left join winners as v on v._row = w._row
            where w.have_hash is null or w._hash <> w.have_hash
            group by {self._keys("w")}
        """
        changes = self.desk.execute(changed).to_arrow_table()
        if not self.parts:
            for name, rows in (("changed", changes), ("replaced", self._replaced)):
                give(
                    self.con,
                    f"create or replace temp table {name}_{table} as from given",
                    rows,
                )
            return
        give(self.con, f"insert into changed_{table} by name from given", changes)
        # A row of this very batch was merged by an earlier part of the run: what was
        # there before it has been kept then.
        give(
            self.con,
            f"insert into replaced_{table} by name from given where _seq < {self.seq}",
            self._replaced,
        )

    def _replace(self) -> None:
        table = self.contract.table
        firsts = "".join(f", t.{name}" for name in kept_columns(table))
        known = f"left join firsts as t on {self._on('m')}" if firsts else ""
        if self._replaced.num_rows:
            give(
                self.con,
                f"delete from {table} as t using given as w where {self._on('w')}",
                self.desk.execute("from winners").to_arrow_table(),
            )
        won = self.desk.execute(
            f"select m.* exclude (_row){firsts} "
            f"from marked as m inner join winners as w on w._row = m._row {known}"
        )
        give(
            self.con,
            f"insert into {table} by name "
            f"select *, {self.seq} as _seq, false as is_inferred from given",
            won.to_arrow_table(),
        )

    def _counts(self) -> dict[int, Counts]:
        rows = self.desk.execute(
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
