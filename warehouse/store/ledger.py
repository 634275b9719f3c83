"""The ledger: which pieces of which deliveries were read, and what became of them."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

import duckdb

from warehouse.contracts import CONTRACTS, Severity
from warehouse.moments import naive
from warehouse.records import Counts
from warehouse.store.typing_rows import PieceNote


class Delivered(Protocol):
    """What is entered of a piece; `etl.sources.Piece` says what each part means."""

    source: str
    table: str
    place: str
    content: str
    recipe: str
    delivered_at: datetime
    system: str | None
    zone: str | None
    relaxed: Mapping[str, Severity]
    size: int | None
    mtime_ns: int | None
    mark: str | None
    fresh_within: timedelta | None

    @property
    def key(self) -> str:
        """What the ledger knows the piece by."""


class Ledger:
    """Pieces read, in the transaction of the refresh that reads them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, seq: int) -> None:
        self.con = con
        self.seq = seq
        self.last_known: int = con.execute(
            "select coalesce(max(piece), 0) from pieces"
        ).fetchone()[0]
        self._next_piece = self.last_known + 1
        # Read once: an intraday round asks for every file it sees again.
        self._known = {
            key: counts
            for key, *counts in con.execute(
                "select key, max_by(rows_read, piece), max_by(rows_rejected, piece), "
                "max_by(contract, piece), max(delivered_at) from pieces group by key"
            ).fetchall()
        }

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

    def recorded(self, one: Delivered) -> Counts | None:
        """Return the counts of a piece read before under the same rules, as a repeat.

        Its good rows are duplicates now; the rejected ones still are rejected.
        """
        row = self._known.get(one.key)
        if row is None:
            return None
        read, rejected, rules, then = row
        if naive(one.delivered_at) > then:
            # The same content delivered later may undo what came in between.
            return None
        if rejected and rules != CONTRACTS[one.table].fingerprint:
            return None
        return Counts(read=read, duplicate=read - rejected, rejected=rejected)

    def note_piece(self, one: Delivered, read_at: datetime) -> PieceNote:
        """Enter a piece in the ledger; what it replaces is marked superseded."""
        piece = self._next_piece
        self._next_piece += 1
        self._supersede(one, piece)
        self._enter(one, piece, read_at)
        return PieceNote(
            piece=piece,
            source=one.source,
            place=one.place,
            system=one.system,
            zone=one.zone,
            delivered_at=naive(one.delivered_at),
            relaxed=dict(one.relaxed),
        )

    def _supersede(self, one: Delivered, piece: int) -> None:
        """Take back what was set aside of the same file read anew, or mended.

        It is judged again now, and must not be counted twice.
        """
        for (older,) in self.con.execute(
            "select piece from pieces where source = ? and table_name = ? "
            "and (place = ? or content = ?) and mark is null "
            "and superseded_by is null",
            [one.source, one.table, one.place, one.content],
        ).fetchall():
            self.con.execute(
                "update pieces set superseded_by = ? where piece = ?", [piece, older]
            )
            self.con.execute("delete from rejects where piece = ?", [older])
            self.con.execute("delete from findings where piece = ?", [older])

    def _enter(self, one: Delivered, piece: int, read_at: datetime) -> None:
        contract = CONTRACTS[one.table]
        fresh = one.fresh_within or contract.fresh_within
        values = {
            "piece": piece,
            "key": one.key,
            "source": one.source,
            "table_name": one.table,
            "place": one.place,
            "content": one.content,
            "recipe": one.recipe,
            "contract": contract.fingerprint,
            "system": one.system,
            "zone": one.zone,
            "relaxed": json.dumps({rule: s.value for rule, s in one.relaxed.items()}),
            "delivered_at": naive(one.delivered_at),
            "read_at": naive(read_at),
            "seq": self.seq,
            "size": one.size,
            "mtime_ns": one.mtime_ns,
            "mark": one.mark,
            "fresh_seconds": fresh.total_seconds() if fresh else None,
        }
        self.con.execute(
            f"insert into pieces ({', '.join(values)}) "
            f"values ({', '.join('?' * len(values))})",
            list(values.values()),
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
