"""Rows judged by the contract at the door, in the same SQL that the loader uses."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

import duckdb
import pyarrow as pa

from warehouse.contracts import CONTRACTS, Severity
from warehouse.store.checks import what_is_right
from warehouse.store.intake.spool import Row
from warehouse.store.loading import Loader
from warehouse.store.typing_rows import PieceNote, Typing


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong with a field, and what would be right."""

    column: str
    rule: str
    severity: Severity
    value: str | None
    right: str


class Judge:
    """Tells what the loader will find in rows, before they are loaded.

    What only the whole warehouse can tell (a newer version is there already, a store
    nobody has named) is not judged here, because neither refuses a row.
    """

    def __init__(self, zone: str) -> None:
        self._zone = zone
        self._con = duckdb.connect(":memory:", config={"threads": "1"})
        self._con.execute("set timezone = 'UTC'")
        # Typing asks them for time zones; here every time stands in the product's.
        self._con.execute(
            "create table stores (store_id varchar, timezone varchar);"
            "create table work_orders (work_order_id varchar, _zone varchar)"
        )
        self._local = threading.local()

    def findings(self, table: str, rows: Sequence[Row]) -> list[list[Finding]]:
        """Return the findings of each row; an empty list for a row without one."""
        contract = CONTRACTS[table]
        con = self._cursor()
        loader = Loader(con, contract, seq=0, batch_id="", zone=self._zone)
        note = PieceNote(
            piece=0,
            source="",
            place="",
            system="",
            zone=None,
            delivered_at=datetime.fromtimestamp(0, timezone.utc).replace(tzinfo=None),
            relaxed={},
        )
        loader.expect(note)
        loader.add(0, _batch(contract.column_names, rows))
        Typing(con, contract, [note], self._zone).run()
        found: list[list[Finding]] = [[] for _ in rows]
        for line, findings in con.execute(
            "select _line, _findings from typed where _findings is not null"
        ).fetchall():
            found[line] = [_finding(table, one) for one in findings]
        return found

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        # Temporary tables belong to a connection; each thread has its own.
        if not hasattr(self._local, "con"):
            self._local.con = self._con.cursor()
            self._local.con.execute("set timezone = 'UTC'")
        return self._local.con


def _batch(columns: Sequence[str], rows: Sequence[Row]) -> pa.RecordBatch:
    arrays = [
        pa.array([row.get(name) for row in rows], pa.string()) for name in columns
    ]
    lines = pa.array(range(len(rows)), pa.int64())
    return pa.RecordBatch.from_arrays([*arrays, lines], names=[*columns, "_line"])


def _finding(table: str, found: dict) -> Finding:
    return Finding(
        column=found["column"],
        rule=found["rule"],
        severity=Severity(found["severity"]),
        value=found["value"],
        right=what_is_right(table, found["column"], found["rule"]),
    )
