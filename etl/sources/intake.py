"""The HTTP intake's spool as a source; each client that sends is named as its own."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path

import pyarrow as pa

from etl.sources.delivery import AT, FAULT, LINE, RAW, Piece, Rows, Seen
from warehouse.contracts import CONTRACTS
from warehouse.store.intake import Segment, Spool, Taken
from warehouse.store.intake.spool import rows_of

CHUNK = 5000
"""Rows handed over at a time."""

RECIPE = "intake-1"

NAME = "intake"
"""What `--source` calls it."""


class Intake:
    """What clients have sent since it was last read.

    The watermark of a segment is the byte behind its last row read; it is committed
    with the rows, so that a row is read once whatever dies when.
    """

    name = NAME

    def __init__(self, folder: Path) -> None:
        self.notices: tuple[str, ...] = ()
        self._spool = Spool(folder)
        self._segments: dict[str, Segment] = {}

    def pieces(
        self,
        watermarks: Mapping[str, str],
        now: datetime,
        seen: Mapping[str, Seen] | None = None,
    ) -> list[Piece]:
        """Return the segments with rows nobody has read."""
        found = []
        self._segments = {}
        for segment in self._spool.segments():
            mark = f"intake/{segment.name}"
            since = watermarks.get(mark, "0")
            if segment.size <= int(since):
                continue
            self._segments[segment.name] = segment
            content = sha256(f"{mark} {since} {segment.size}".encode()).hexdigest()
            found.append(
                Piece(
                    source=segment.client,
                    table=segment.table,
                    place=segment.name,
                    content=content,
                    recipe=RECIPE,
                    delivered_at=now,
                    mark=mark,
                    since=since,
                )
            )
        order = {table: position for position, table in enumerate(CONTRACTS)}
        return sorted(found, key=lambda piece: (order[piece.table], piece.place))

    def read(self, piece: Piece) -> Rows:
        """Read the rows of a segment behind the piece's watermark."""
        segment = self._segments[piece.place]
        rows = Rows(batches=iter(()), watermark=piece.since)
        rows.batches = self._batches(segment, int(piece.since or 0), rows)
        return rows

    def _batches(
        self, segment: Segment, offset: int, rows: Rows
    ) -> Iterator[pa.RecordBatch]:
        names = CONTRACTS[segment.table].column_names
        unknown: set[str] = set()
        gathered: list[Taken] = []
        end = offset
        for taken in rows_of(segment, offset):
            end = taken.end
            unknown |= taken.row.keys() - set(names) - {FAULT}
            gathered.append(taken)
            if len(gathered) == CHUNK:
                yield _batch(names, gathered)
                gathered = []
        if gathered:
            yield _batch(names, gathered)
        rows.unknown = tuple(sorted(unknown))
        rows.watermark = str(end)


def _batch(names: tuple[str, ...], rows: list[Taken]) -> pa.RecordBatch:
    faults = [row.row.get(FAULT) for row in rows]
    columns: dict[str, pa.Array] = {
        LINE: pa.array([row.line for row in rows], pa.int64()),
        FAULT: pa.array(["no row" if text else None for text in faults], pa.string()),
        RAW: pa.array(faults, pa.string()),
        AT: pa.array([_naive(row.at) for row in rows], pa.timestamp("us")),
    }
    for name in names:
        columns[name] = pa.array([row.row.get(name) for row in rows], pa.string())
    return pa.RecordBatch.from_pydict(columns)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
