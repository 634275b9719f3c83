"""One refresh of the working file: everything it does is one transaction.

What is loaded, derived and summed is committed whole or not at all; a refused gate
or a kill at any point leaves the file as it was, and the next run starts over.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from warehouse.contracts import CONTRACTS, Contract, Severity
from warehouse.moments import day_in
from warehouse.records import Counts, GateResult
from warehouse.store.calendar_days import store_days
from warehouse.store.derivation import derivation
from warehouse.store.deriving import derive
from warehouse.store.facts import FACTS
from warehouse.store.gate import Gate, judge_refresh
from warehouse.store.ledger import Ledger
from warehouse.store.loading import Loader, forget
from warehouse.store.marking import mark
from warehouse.store.marts import MARTS, refresh_marts
from warehouse.store.members import infer_members, rezone
from warehouse.store.names import quoted
from warehouse.store.persons import find_persons
from warehouse.store.restating import hold
from warehouse.store.schema import METADATA
from warehouse.store.typing_rows import PieceNote
from warehouse.store.work import Work


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
        nightly: bool = True,
        published_seq: int = 0,
    ) -> None:
        self.con = work.con
        self.desk = work.desk
        self.as_of = as_of
        self.zone = zone
        self.gate = gate
        # Matching customers looks at all of them; intraday rounds leave it out.
        self.nightly = nightly
        self.counts: dict[str, Counts] = {}
        self._fresh: dict[str, Counts] = {}
        last = self.con.execute(
            "select max(seq), max_by(as_of, seq), arg_max_null(made_by, seq) "
            "from batches"
        ).fetchone()
        # Above what was published, also when the working file is a new one.
        self.seq = max(last[0] or 0, published_seq) + 1
        self.before: datetime | None = last[1]
        self.told_at = self.before
        self.made_by = f"{derivation()} {zone}"
        # Another release derives what is kept differently; so does another time zone.
        self.is_outdated = work.is_outdated or (
            last[0] is not None and last[2] != self.made_by
        )
        self.batch_id = f"{started_at:%Y%m%dT%H%M%SZ}-{self.seq:06d}"
        self.ledger = Ledger(self.con, self.seq)
        self._settled: set[str] = set()
        self._is_full = False

    # ---------- counts

    def add_counts(
        self, table: str, counts: Counts, *, is_repeat: bool = False
    ) -> None:
        """Add to what the run record says of a table.

        Files read before are counted, but the gate judges only what came in now:
        years of good files must not hide one bad one.
        """
        self.counts[table] = self.counts.get(table, Counts()) + counts
        if not is_repeat:
            self._fresh[table] = self._fresh.get(table, Counts()) + counts

    # ---------- rows in

    def loader(self, contract: Contract) -> Loader:
        """Return the loader of one table; settle it with `settle`."""
        return Loader(
            self.con,
            contract,
            seq=self.seq,
            batch_id=self.batch_id,
            zone=self.zone,
            desk=self.desk,
        )

    def settle(self, loader: Loader) -> None:
        """Judge and merge a table's rows and count them."""
        table = loader.contract.table
        for piece, counts in loader.settle().items():
            if piece <= self.ledger.last_known:
                continue  # taken from staging: counted when it was delivered
            self.add_counts(table, counts)
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
        kept = {"pieces", "batches", "restatements", "restated_sums"}
        for name in MARTS:
            hold(self.con, FACTS[name])
        for table in METADATA.sorted_tables:
            if table.name not in kept and not table.name.startswith("stg_"):
                self.con.execute(f"delete from {table.name}")
        self.before = None
        self._is_full = True

    def reload(self, contract: Contract) -> Loader:
        """Take everything ever delivered of a table out of staging, to settle again."""
        loader = self.loader(contract)
        for note in self._staged(contract):
            loader.expect(note)
        loader.add_staged()
        return loader

    def _staged(self, contract: Contract) -> Iterator[PieceNote]:
        """Yield the pieces of a table that are kept in staging, in order."""
        rows = self.con.execute(
            "select piece, source, place, system, zone, delivered_at, relaxed "
            "from pieces where table_name = ? and superseded_by is null "
            "or piece in (select _piece from "
            f"stg_{contract.table} where not _rejected) order by piece",
            [contract.table],
        ).fetchall()
        for piece, source, place, system, zone, at, relaxed in rows:
            yield PieceNote(
                piece=piece,
                source=source,
                place=place,
                system=system,
                zone=zone,
                delivered_at=at,
                relaxed={k: Severity(v) for k, v in json.loads(relaxed).items()},
            )

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
            "select * from rejects where batch_id = ? and piece > ?",
            [self.batch_id, self.ledger.last_known],
        )

    def connect(self) -> None:
        """Infer members, settle time zones, derive facts."""
        if self._is_idle:
            self._pass_time()
            return
        for table, count in infer_members(self.con, self.seq, self.zone).items():
            self.add_counts(table, Counts(inferred=count))
        rezone(self.con, self.seq, self.zone)
        if self.con.execute("select count(*) from rezoned_stores").fetchone()[0]:
            self.before = None  # whole days moved: all marts are made anew
        derive(self.con, self.seq)
        self._pass_time()
        mark(
            self.con,
            sorted(self._settled),
            seq=self.seq,
            batch_id=self.batch_id,
            as_of=self.as_of,
            complete=self._complete_until(),
            everything=self._is_full,
        )

    @property
    def _is_idle(self) -> bool:
        """Whether nothing new came: then only time has passed."""
        return not self._settled and self.before is not None

    def _pass_time(self) -> None:
        store_days(self.con, self.seq, self.as_of)
        if self.nightly or self._is_full:
            find_persons(self.con, self.seq)

    def _complete_until(self) -> date | None:
        """Return the day before which all days were already told as complete."""
        if self.told_at is None:
            return None
        return self.day_of(self.told_at) - timedelta(days=1)

    def sum_up(self) -> None:
        """Bring the marts up to date."""
        refresh_marts(
            self.con,
            seq=self.seq,
            now=self.as_of,
            before=self.before,
            told_at=self.told_at,
            day_of=self.day_of,
            only_time=self._is_idle,
        )

    def day_of(self, moment: datetime) -> date:
        """Return the local day of a naive UTC moment, in the product's zone."""
        return day_in(ZoneInfo(self.zone), moment)

    def judge(self) -> list[GateResult]:
        """Return the gate's results."""
        return judge_refresh(self.con, self.gate, self._fresh, self.as_of)

    def record(self) -> None:
        """Enter the batch; after the commit it only has to be published."""
        self.con.execute(
            "insert into batches (seq, batch_id, as_of, made_by) values (?, ?, ?, ?)",
            [self.seq, self.batch_id, self.as_of, self.made_by],
        )

    def tidy(self) -> None:
        """Drop the working tables."""
        forget(self.con)
