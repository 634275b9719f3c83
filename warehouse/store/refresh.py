"""One refresh of the working file: everything it does is one transaction.

What is loaded, derived and summed is committed whole or not at all; a refused gate
or a kill at any point leaves the file as it was, and the next run starts over.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb

from warehouse.contracts import CONTRACTS, Contract, Kind, Severity
from warehouse.records import Counts, GateResult
from warehouse.store.deriving import derive, store_days
from warehouse.store.gate import Gate, judge_refresh
from warehouse.store.loading import Loader, PieceNote, forget
from warehouse.store.marts import refresh_marts
from warehouse.store.members import infer_members, rezone
from warehouse.store.names import literal, quoted
from warehouse.store.persons import find_persons
from warehouse.store.schema import CONFORMED, METADATA
from warehouse.store.work import Work

Say = Callable[[str], None]


class Refresh:
    """The steps of one refresh, in the order they are called."""

    def __init__(
        self,
        work: Work,
        *,
        started_at: datetime,
        as_of: datetime,
        zone: str,
        gate: Gate,
    ) -> None:
        self.con = work.con
        self.as_of = as_of
        self.zone = zone
        self.gate = gate
        self.counts: dict[str, Counts] = {}
        last = self.con.execute(
            "select max(seq), max_by(as_of, seq) from batches"
        ).fetchone()
        self.seq = (last[0] or 0) + 1
        self.before: datetime | None = last[1]
        self.batch_id = f"{started_at:%Y%m%dT%H%M%SZ}-{self.seq:06d}"
        self._last_known = self._max_piece()
        self._next_piece = self._last_known + 1
        self._settled: set[str] = set()

    def _max_piece(self) -> int:
        found = self.con.execute("select coalesce(max(piece), 0) from pieces")
        return found.fetchone()[0]

    # ---------- the ledger

    def watermarks(self) -> dict[str, str]:
        """Return the mark committed last of each query."""
        rows = self.con.execute(
            "select mark, max_by(watermark, piece) from pieces "
            "where mark is not null and watermark is not null group by mark"
        ).fetchall()
        return dict(rows)

    def seen(self) -> dict[str, tuple[int, int, str]]:
        """Return size, modification time and content of every place read before."""
        rows = self.con.execute(
            "select place, max_by(size, piece), max_by(mtime_ns, piece), "
            "max_by(content, piece) from pieces where size is not null group by place"
        ).fetchall()
        return {place: (size, mtime, content) for place, size, mtime, content in rows}

    def recorded(self, key: str, contract: Contract) -> Counts | None:
        """Return the counts of a piece read before under the same rules, as a repeat.

        Its good rows are duplicates now; the rejected ones still are rejected.
        """
        row = self.con.execute(
            "select rows_read, rows_rejected, contract from pieces where key = ? "
            "order by piece desc limit 1",
            [key],
        ).fetchone()
        if row is None:
            return None
        read, rejected, rules = row
        if rejected and rules != contract.fingerprint:
            return None
        return Counts(read=read, duplicate=read - rejected, rejected=rejected)

    def add_counts(self, table: str, counts: Counts) -> None:
        """Add to what the run record says of a table."""
        had = self.counts.get(table, Counts())
        self.counts[table] = Counts(
            read=had.read + counts.read,
            loaded=had.loaded + counts.loaded,
            duplicate=had.duplicate + counts.duplicate,
            rejected=had.rejected + counts.rejected,
            inferred=had.inferred + counts.inferred,
        )

    # ---------- rows in

    def loader(self, contract: Contract) -> Loader:
        """Return the loader of one table; settle it with `settle`."""
        return Loader(
            self.con,
            contract,
            seq=self.seq,
            batch_id=self.batch_id,
            zone=self.zone,
        )

    def note_piece(
        self,
        *,
        key: str,
        source: str,
        table: str,
        place: str,
        content: str,
        recipe: str,
        delivered_at: datetime,
        system: str | None,
        zone: str | None,
        relaxed: dict[str, Severity],
        read_at: datetime,
        size: int | None,
        mtime_ns: int | None,
        mark: str | None,
        fresh_within: timedelta | None,
    ) -> PieceNote:
        """Enter a piece in the ledger; what it replaces is marked superseded."""
        piece = self._next_piece
        self._next_piece += 1
        contract = CONTRACTS[table]
        fresh = fresh_within or contract.fresh_within
        # The same file read anew, or mended: what was set aside of it then is judged
        # again now, and must not be counted twice.
        for (older,) in self.con.execute(
            "select piece from pieces where source = ? and table_name = ? "
            "and (place = ? or content = ?) and mark is null "
            "and superseded_by is null",
            [source, table, place, content],
        ).fetchall():
            self.con.execute(
                "update pieces set superseded_by = ? where piece = ?", [piece, older]
            )
            self.con.execute("delete from rejects where piece = ?", [older])
            self.con.execute("delete from findings where piece = ?", [older])
        self.con.execute(
            "insert into pieces (piece, key, source, table_name, place, content, "
            "recipe, contract, system, zone, relaxed, delivered_at, read_at, seq, "
            "size, mtime_ns, mark, fresh_seconds) "
            "values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            [
                piece,
                key,
                source,
                table,
                place,
                content,
                recipe,
                contract.fingerprint,
                system,
                zone,
                json.dumps({rule: s.value for rule, s in relaxed.items()}),
                delivered_at,
                read_at,
                self.seq,
                size,
                mtime_ns,
                mark,
                fresh.total_seconds() if fresh else None,
            ],
        )
        return PieceNote(
            piece=piece,
            source=source,
            place=place,
            system=system,
            zone=zone,
            delivered_at=delivered_at,
            relaxed=relaxed,
        )

    def finish_piece(
        self,
        piece: int,
        *,
        ignored: int,
        unknown: Iterable[str],
        watermark: str | None,
    ) -> None:
        """Enter what reading a piece found out."""
        self.con.execute(
            "update pieces set rows_ignored = ?, unknown_columns = ?, watermark = ? "
            "where piece = ?",
            [ignored, ";".join(unknown), watermark, piece],
        )

    def settle(self, loader: Loader) -> None:
        """Judge and merge a table's rows and count them."""
        table = loader.contract.table
        for piece, counts in loader.settle().items():
            self.add_counts(table, counts)
            if piece <= self._last_known:
                continue  # taken from staging: the ledger has its counts
            self.con.execute(
                "update pieces set rows_read = ?, rows_loaded = ?, "
                "rows_duplicate = ?, rows_rejected = ? where piece = ?",
                [
                    counts.read,
                    counts.loaded,
                    counts.duplicate,
                    counts.rejected,
                    piece,
                ],
            )
        self.con.execute(
            "update pieces set rows_read = 0, rows_loaded = 0, rows_duplicate = 0, "
            "rows_rejected = 0 where seq = ? and table_name = ? and rows_read is null",
            [self.seq, table],
        )
        self._settled.add(table)

    def start_over(self) -> None:
        """Empty everything that can be made from what was delivered."""
        kept = {"pieces", "batches", "restatements"}
        for table in METADATA.sorted_tables:
            if table.name not in kept and not table.name.startswith("stg_"):
                self.con.execute(f"delete from {table.name}")
        self.before = None

    def delivered(self, contract: Contract) -> Iterator[tuple[PieceNote, str]]:
        """Yield the pieces of a table that are kept in staging, in order."""
        rows = self.con.execute(
            "select piece, source, place, system, zone, delivered_at, relaxed "
            "from pieces where table_name = ? and superseded_by is null "
            "or piece in (select _piece from "
            f"stg_{contract.table} where not _rejected) order by piece",
            [contract.table],
        ).fetchall()
        for piece, source, place, system, zone, at, relaxed in rows:
            note = PieceNote(
                piece=piece,
                source=source,
                place=place,
                system=system,
                zone=zone,
                delivered_at=at,
                relaxed={k: Severity(v) for k, v in json.loads(relaxed).items()},
            )
            yield note, f"stg_{contract.table}"

    def reload(self, contract: Contract) -> Loader:
        """Take everything ever delivered of a table out of staging, to settle again.

        Rows set aside from a file that has been mended since stay aside for good.
        """
        loader = self.loader(contract)
        notes = [note for note, _ in self.delivered(contract)]
        for note in notes:
            loader.expect(note)
        names = ", ".join(map(quoted, contract.column_names))
        stage = f"stg_{contract.table}"
        self.con.execute(
            f"insert into incoming ({names}, _piece, _line, _fault, _raw) "
            f"select {names}, _piece, _line, _fault, _raw from {stage} "
            "where not _rejected or _piece in "
            "(select piece from pieces where superseded_by is null) "
            "order by _piece, _line"
        )
        self.con.execute(
            f"delete from {stage} where not _rejected or _piece in "
            "(select piece from pieces where superseded_by is null)"
        )
        return loader

    # ---------- facts, marts, gate

    def fill_gaps(self) -> None:
        """Give tables nobody delivered the empty working tables later steps need."""
        for name, contract in CONTRACTS.items():
            if name not in self._settled:
                keys = ", ".join(map(quoted, contract.key))
                self.con.execute(
                    f"create or replace temp table changed_{name} as "
                    f"select {keys}, _day, _day as old_day, false as is_new "
                    f"from {name} limit 0;"
                    f"create or replace temp table replaced_{name} as "
                    f"from {name} limit 0"
                )
        self.con.execute(
            "create or replace temp table run_rejects as "
            "select * from rejects where batch_id = ?",
            [self.batch_id],
        )

    def connect(self) -> None:
        """Infer members, settle time zones, derive facts."""
        for table, count in infer_members(self.con, self.seq, self.zone).items():
            self.add_counts(table, Counts(inferred=count))
        rezone(self.con, self.seq, self.zone)
        derive(self.con, self.seq)
        store_days(self.con, self.seq, self.as_of)
        find_persons(self.con, self.seq)
        self._mark()

    def sum_up(self) -> None:
        """Bring the marts up to date."""
        refresh_marts(
            self.con,
            seq=self.seq,
            now=self.as_of,
            before=self.before,
            day_of=self.day_of,
        )

    def day_of(self, moment: datetime) -> date:
        """Return the local day of a naive UTC moment, in the product's zone."""
        aware = moment.replace(tzinfo=ZoneInfo("UTC"))
        return aware.astimezone(ZoneInfo(self.zone)).date()

    def judge(self) -> list[GateResult]:
        """Return the gate's results."""
        return judge_refresh(self.con, self.gate, self.counts, self.as_of)

    def _mark(self) -> None:
        """Note how far each source and store reaches, and what came late."""
        now = f"timestamp '{self.as_of:%Y-%m-%d %H:%M:%S.%f}'"
        for name in sorted(self._settled):
            contract = CONTRACTS[name]
            self._mark_sources(contract, now)
            self._mark_stores(contract, now)
            self._mark_late(contract)

    def _event(self, contract: Contract, alias: str, now: str) -> str:
        if contract.event is None:
            return "null::timestamp"
        column = f"{alias}.{quoted(contract.event)}"
        if contract.column(contract.event).kind is Kind.DATE:
            # A day is reached when it ends, or now if it is not over.
            return f"least({column}::timestamp + interval 1 day, {now})"
        return column

    def _mark_sources(self, contract: Contract, now: str) -> None:
        keys = ", ".join(map(quoted, contract.key))
        event = self._event(contract, "t", now)
        self.con.execute(
            f"""
            create or replace temp table reached as
            with found as (
                select p.source, count(*) as n,
                    max(case when {event} <= {now} then {event} end) as watermark
                from {contract.table} as t
                semi join changed_{contract.table} as c using ({keys})
                inner join pieces as p on p.piece = t._piece
                group by p.source
            ),
            came as (
                select source, max(delivered_at) as delivered_at,
                    max_by(fresh_seconds, piece) as fresh_seconds,
                    max_by(unknown_columns, piece) as unknown_columns
                from pieces where seq = {self.seq} and table_name = '{contract.table}'
                group by source
            )
            select source, coalesce(n, 0) as n, watermark, delivered_at,
                fresh_seconds, unknown_columns
            from came left join found using (source);
            """
        )
        self.con.execute(
            f"""
            create or replace temp table marks_now as
            select coalesce(r.source, m.source) as source, '{contract.table}'
                    as table_name,
                coalesce(m.rows, 0) + coalesce(r.n, 0) as rows,
                greatest(m.watermark, r.watermark) as watermark,
                greatest(m.delivered_at, r.delivered_at) as delivered_at,
                coalesce(r.fresh_seconds, m.fresh_seconds) as fresh_seconds,
                coalesce(r.unknown_columns, m.unknown_columns) as unknown_columns
            from reached as r full join (
                select * from source_marks where table_name = '{contract.table}'
            ) as m on m.source = r.source;
            delete from source_marks where table_name = '{contract.table}';
            insert into source_marks by name from marks_now;
            """
        )

    def _mark_stores(self, contract: Contract, now: str) -> None:
        if contract.event is None or "store_id" not in contract.column_names:
            return
        keys = ", ".join(map(quoted, contract.key))
        event = self._event(contract, "t", now)
        self.con.execute(
            f"""
            create or replace temp table reached as
            select store_id, max(watermark) as watermark from (
                select t.store_id, {event} as watermark from {contract.table} as t
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

    def _mark_late(self, contract: Contract) -> None:
        """Mark the days that rows change which were already told as complete."""
        if self.before is None or contract.event is None:
            return
        keys = ", ".join(map(quoted, contract.key))
        complete = self.day_of(self.before) - timedelta(days=1)
        store = "t.store_id" if "store_id" in contract.column_names else "null"
        self.con.execute(
            f"""
            insert into restatements
            select {literal(self.batch_id)},
                timestamp '{self.as_of:%Y-%m-%d %H:%M:%S}', '{contract.table}',
                {store}, c._day, count(*)
            from changed_{contract.table} as c
            inner join {contract.table} as t using ({keys})
            where c.is_new and c._day < date '{complete}'
                and c._day >= coalesce((select min(_day) from {contract.table}
                    where _seq < {self.seq}), date '9999-01-01')
            group by all
            """
        )

    def record(self, finished_at: datetime, record: str) -> None:
        """Enter the batch; after the commit it only has to be published."""
        self.con.execute(
            "insert into batches values (?, ?, ?, ?, ?)",
            [self.seq, self.batch_id, self.as_of, finished_at, record],
        )

    def tidy(self) -> None:
        """Drop the working tables."""
        forget(self.con)


def content_hash(con: duckdb.DuckDBPyConnection) -> str:
    """Return a hash of what the conformed tables hold, whatever the order of loading.

    Book-keeping (batch, piece, line) is left out: it tells how, not what.
    """
    parts = []
    for name, table in CONFORMED.items():
        columns = ", ".join(
            f"coalesce({quoted(c.name)}::varchar, chr(30))"
            for c in table.columns
            if not c.name.startswith("_")
        )
        found = con.execute(
            f"select count(*), sum(hash(concat_ws(chr(31), {columns}))::hugeint) "
            f"from {name}"
        ).fetchone()
        parts.append(f"{name}:{found[0]}:{found[1]}")
    return "|".join(parts)
