"""What a source hands over: pieces of deliveries, and the rows in them.

A *piece* is one file of a delivery seen as one standard table (or one query of a
database). Reading a piece yields text columns named as the contract names them;
judging the text is the loader's work, so that every source is judged alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

import pyarrow as pa

from warehouse.contracts import Severity

LINE = "_line"
"""int64: the physical line of the row in its file; the header is line 1."""

FAULT = "_fault"
"""string or null: why the line is no row at all (a wrong number of fields, …)."""

RAW = "_raw"
"""string or null: the line as found, only where _fault is set."""

AT = "_at"
"""timestamp (UTC) or null: when this one row was delivered, where its piece was not
delivered as a whole; only the HTTP intake says so."""

RESERVED = (LINE, FAULT, RAW)


class Seen(NamedTuple):
    """What was known about a place when it was last read to the end.

    A file whose size and modification time are still these is taken to hold the
    same *content*, so that listing thousands of old files reads none of them.
    """

    size: int
    mtime_ns: int
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One file of a delivery as one standard table.

    *content* identifies what is in it (SHA-256 of the bytes, and of the master files
    joined to it; for a query, of the query, its watermark and the moment of asking);
    *recipe* identifies the configuration that maps it.
    *delivered_at* is the delivery's time in UTC, which decides between two versions
    of a row that carry no time of their own: the time in the folder's name where it
    has one, else the file's modification time.
    *size* and *mtime_ns* are None where they prove nothing (a query, or a file
    written so recently that another write would not show). *mark* is what a query's
    watermark is kept under, *since* the watermark it resumes from. *fresh_within*
    overrides the contract's limit.
    """

    source: str
    table: str
    place: str
    content: str
    recipe: str
    delivered_at: datetime
    system: str | None = None
    zone: str | None = None
    relaxed: Mapping[str, Severity] = field(default_factory=dict)
    size: int | None = None
    mtime_ns: int | None = None
    mark: str | None = None
    since: str | None = None
    fresh_within: timedelta | None = None

    @property
    def key(self) -> str:
        """What the ledger knows this piece by."""
        return f"{self.table}:{self.content}:{self.recipe}"

    @property
    def seen(self) -> Seen | None:
        """What to remember of the file once the piece is committed."""
        if self.size is None or self.mtime_ns is None:
            return None
        return Seen(self.size, self.mtime_ns, self.content)


@dataclass(slots=True, kw_only=True)
class Rows:
    """What reading a piece gives.

    *batches* yields record batches of `_line`, `_fault`, `_raw` and any of the
    contract's columns, all of them strings (null = empty field), and `_at` where
    each row has its own time of delivery. *unknown* names the
    columns of the file that nothing maps. The other two grow while *batches* is
    consumed and are final when it is exhausted: *ignored* counts rows that the
    configuration's own filter leaves out; *watermark* is the new high-water mark of
    a query (None for files), to be kept only once the rows are committed.
    """

    batches: Iterator[pa.RecordBatch]
    unknown: tuple[str, ...] = ()
    ignored: int = 0
    watermark: str | None = None


class Source(Protocol):
    """A configured source.

    *notices* are sentences about what the last `pieces` saw and could not use: files
    of no known name, patterns that match nothing. They are worth showing, never
    worth stopping for.
    """

    name: str
    notices: tuple[str, ...]

    def pieces(
        self,
        watermarks: Mapping[str, str],
        now: datetime,
        seen: Mapping[str, Seen] | None = None,
    ) -> list[Piece]:
        """Return what there is to read, oldest delivery first.

        *watermarks* maps a query's key (`Piece.mark`) to the mark committed last;
        *seen* maps a place to what is remembered of it (`Piece.seen`).

        Raises:
            SourceError: the folder or database cannot be listed.

        """

    def read(self, piece: Piece) -> Rows:
        """Read *piece*.

        The error may also come while the batches are consumed.

        Raises:
            SourceError: it cannot be read as declared; nothing of it may be loaded.

        """
