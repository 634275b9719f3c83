"""Rows in: typed, checked, told apart, merged into the conformed tables.

Texts are read as types, rows with faults set aside, and of the rest the newest version
of each key stays (`versions.py`). A large delivery is settled part by part. Whatever
order deliveries come in, the same rows remain.
"""

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from warehouse.contracts import CONTRACTS, Contract
from warehouse.records import Counts
from warehouse.store.giving import give
from warehouse.store.names import literal, quoted
from warehouse.store.typing_rows import PieceNote, Typing
from warehouse.store.versions import Versions

PART_ROWS = 250_000
"""So many rows are judged and merged at a time: memory does not grow with them."""

_ON_DESK = ("typed", "marked", "rowset", "replaced_now", "winners", "firsts")
_EXTRA = ("_piece", "_line", "_fault", "_raw", "_at")


class Loader:
    """Loads one table of one run.

    *con* is the working file, in the transaction of the refresh; *desk* a database in
    memory on which rows are judged. A transaction keeps whatever it drops until it
    ends; the desk has none, so a part's memory is free when the next one begins.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        contract: Contract,
        *,
        seq: int,
        batch_id: str,
        zone: str,
        desk: duckdb.DuckDBPyConnection | None = None,
    ) -> None:
        self.con = con
        self.desk = desk or con
        self.contract = contract
        self.seq = seq
        self.batch_id = batch_id
        self.zone = zone
        self._notes: dict[int, PieceNote] = {}
        self._versions = Versions(con, self.desk, contract, seq)
        self._counts: dict[int, Counts] = {}
        self._waiting: set[int] = set()  # pieces with rows that are not settled yet
        self._pending = 0  # and how many rows those are
        texts = ", ".join(f"{quoted(n)} varchar" for n in contract.column_names)
        self.desk.execute(
            f"create or replace temp table incoming ({texts}, _piece integer, "
            "_line bigint, _fault varchar, _raw varchar, _at timestamp)"
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
        columns = ", ".join(quoted(n) for n in names if n != "_piece")
        give(
            self.desk,
            f"insert into incoming ({columns}, _piece) "
            f"select {', '.join(chosen)}, {piece} from given",
            pa.Table.from_batches([batch]),
        )
        self._waiting.add(piece)
        self._took(batch.num_rows)
        return batch.num_rows

    def add_staged(self) -> None:
        """Take everything that staging keeps of the table, to settle it again.

        Rows set aside from a file that has been mended since stay aside for good.
        """
        names = ", ".join(map(quoted, (*self.contract.column_names, *_EXTRA)))
        stage = f"stg_{self.contract.table}"
        for pieces, rows, where in _parts(self.con, stage):
            kept = self.con.execute(
                f"select {names} from {stage} where {where} order by _piece, _line"
            )
            give(
                self.desk,
                f"insert into incoming ({names}) select {names} from given",
                kept.to_arrow_table(),
            )
            self.con.execute(f"delete from {stage} where {where}")
            self._waiting.update(pieces)
            self._took(rows)
        # What a query brings once more takes back what was set aside of it before:
        # that must have been judged then.
        if (
            self._waiting
            and self.con.execute(
                "select 1 from pieces where mark is not null and rows_rejected > 0 "
                f"and piece in ({', '.join(map(str, self._waiting))})"
            ).fetchone()
        ):
            self._settle_part()

    def _took(self, rows: int) -> None:
        self._pending += rows
        if self._pending >= PART_ROWS:
            self._settle_part()

    def settle(self) -> dict[int, Counts]:
        """Judge and merge everything added; return the counts of each piece."""
        self._settle_part()
        self._versions.finish()
        return self._counts

    def _settle_part(self) -> None:
        """Judge and merge what has been added since the last part."""
        notes = [self._notes[piece] for piece in sorted(self._waiting)]
        single = self._type(notes)
        self._take_back()
        self._set_aside()
        self._note_findings()
        for piece, counts in self._versions.merge(single).items():
            self._counts[piece] = self._counts.get(piece, Counts()) + counts
        # What comes belongs to the next part, and may have this one's memory.
        self.desk.execute("truncate incoming")
        for name in _ON_DESK:
            self.desk.execute(f"drop table if exists {name}")
        self._waiting.clear()
        self._pending = 0

    def _type(self, notes: list[PieceNote]) -> str | None:
        """Read the texts of *notes* as types; return the one zone, if it is one."""
        stores = self.con.execute("select store_id, timezone from stores")
        self._lay_out("stores", stores.to_arrow_table())
        typing = Typing(self.desk, self.contract, notes, self.zone)
        if typing.single is None and "work_order" in self.contract.zone_by:
            asked = "select distinct trim(work_order_id) as work_order_id from incoming"
            orders = give(
                self.con,
                "select work_order_id, _zone from work_orders "
                "semi join given using (work_order_id)",
                self.desk.execute(asked).to_arrow_table(),
            )
            self._lay_out("work_orders", orders.to_arrow_table())
        return typing.run()

    def _lay_out(self, name: str, rows: pa.Table) -> None:
        sql = f"create or replace temp table {name} as from given"
        give(self.desk, sql, rows)

    # ---------- rows that break a promise are set aside, with each reason

    def _take_back(self) -> None:
        """Take back what was set aside of rows that a query brings once more.

        A query with a watermark reads the rows at its mark, those without one, and all
        that changed: mended or not, such a row is judged again, and counts once. It is
        the same by its key, or where that is empty by all that it says.
        """
        before = (
            "from pieces as p inner join pieces as q using (source, table_name) "
            "where p.mark is not null and q.mark is not null and p.piece < q.piece "
            f"and q.piece in ({', '.join(map(str, self._waiting))}) "
            "and p.piece in (select piece from rejects)"
        )
        if not self._waiting or not self.con.execute(f"select 1 {before}").fetchone():
            return
        names, stage = self.contract.column_names, f"stg_{self.contract.table}"
        texts = ", ".join(f"{quoted('text_' + n)} as {quoted(n)}" for n in names)
        alike = (
            " and ".join(f"t.{quoted(k)} = g.{quoted(k)}" for k in self.contract.key),
            " and ".join(
                f"t.{quoted(n)} is not distinct from g.{quoted(n)}" for n in names
            ),
        )
        gone = give(
            self.con,
            f"with again as (select p.piece as older, q.piece as newer {before}) "
            + " union ".join(
                f"select t._piece, t._line from {stage} as t "
                f"inner join given as g on {same} "
                "inner join again on older = t._piece and newer = g._piece "
                "where t._rejected"
                for same in alike
            ),
            self.desk.execute(
                f"select {texts}, _piece from typed where _fault is null"
            ).to_arrow_table(),
        ).to_arrow_table()
        for sql in (
            f"delete from {stage} as t using given as g "
            "where t._rejected and t._piece = g._piece and t._line = g._line",
            "delete from rejects as t using given as g "
            "where t.piece = g._piece and t.line = g._line",
        ):
            give(self.con, sql, gone)

    def _set_aside(self) -> None:
        places = ", ".join(
            f"({n.piece}, {literal(n.place)})" for n in self._notes.values()
        )
        if not places:
            return
        found = self.desk.execute(
            f"""
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
        give(self.con, "insert into rejects from given", found.to_arrow_table())

    def _note_findings(self) -> None:
        """Count what is loaded in spite of a finding."""
        found = self.desk.execute(
            """
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
        give(self.con, "insert into findings from given", found.to_arrow_table())


def _parts(
    con: duckdb.DuckDBPyConnection, stage: str
) -> Iterator[tuple[list[int], int, str]]:
    """Yield what of *stage* to settle at a time: the pieces, the rows, a condition."""
    kept = (
        "(not _rejected or _piece in "
        "(select piece from pieces where superseded_by is null))"
    )
    pieces: list[int] = []
    rows = 0
    for piece, count, first, last in con.execute(
        f"select _piece, count(*), min(coalesce(_line, 0)), max(coalesce(_line, 0)) "
        f"from {stage} where {kept} group by _piece order by _piece"
    ).fetchall():
        if rows and rows + count > PART_ROWS:
            yield pieces, rows, f"{kept} and _piece in ({', '.join(map(str, pieces))})"
            pieces, rows = [], 0
        if count <= PART_ROWS:
            pieces, rows = [*pieces, piece], rows + count
            continue
        # A piece larger than a part is taken in runs of its lines.
        split = -(-count // PART_ROWS)
        wide = (last - first) // split + 1
        for low in range(first, last + 1, wide):
            lines = f"coalesce(_line, 0) between {low} and {low + wide - 1}"
            yield [piece], count // split, f"{kept} and _piece = {piece} and {lines}"
    if rows:
        yield pieces, rows, f"{kept} and _piece in ({', '.join(map(str, pieces))})"


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what loading leaves for the later steps of a refresh."""
    for table in CONTRACTS:
        con.execute(f"drop table if exists changed_{table}")
        con.execute(f"drop table if exists replaced_{table}")
