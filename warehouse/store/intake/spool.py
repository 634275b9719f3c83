"""The spool: rows taken over HTTP, on disk before they are answered for.

`<folder>/<client>/<table>/<began>-<id>.ndjson` are segments, each written by one
process and only ever appended to. The first line says whose they are, each further
line is one row with the moment it was taken. A row is in the spool when its line ends;
what a dying process leaves behind its last line end was never answered for.
"""

import json
import os
import re
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from warehouse.contracts import CONTRACTS
from warehouse.errors import QuestionError

SUFFIX = ".ndjson"

LARGEST_SEGMENT = 64 * 1024 * 1024
"""Bytes after which a new segment is begun."""

_APPEND = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
_CLIENT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")

Row = Mapping[str, str | None]


class Taken(NamedTuple):
    """A row of a segment: the byte behind it, its line, when it was taken, its text."""

    end: int
    line: int
    at: datetime
    row: dict[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A file of the spool; *size* is how much of it was written when it was listed."""

    client: str
    table: str
    path: Path
    size: int

    @property
    def name(self) -> str:
        """The segment's place below the spool's folder."""
        return f"{self.client}/{self.table}/{self.path.name}"


class Spool:
    """Appends rows durably, and lists what there is. Safe for threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writers: dict[tuple[str, str], _Writer] = {}
        self._lock = threading.Lock()

    def keep(self, client: str, table: str, rows: Sequence[Row], at: datetime) -> None:
        """Return when *rows* would survive a loss of power.

        Raises:
            QuestionError: *client* is no name that a folder may have.
            OSError: they could not be written; nothing may be answered for.

        """
        if not _CLIENT.fullmatch(client):
            raise QuestionError(f"client {client!r}; use up to 63 of a-z, 0-9, - and _")
        stamp = at.astimezone(timezone.utc).isoformat()
        lines = "".join(
            json.dumps({"at": stamp, "row": row}, ensure_ascii=False) + "\n"
            for row in rows
        ).encode()
        writer = self._writer(client, table, at)
        try:
            writer.append(lines)
        except OSError:
            # Its last line may be torn: what follows goes into another segment.
            self._give_up(client, table, writer)
            raise

    def segments(self) -> list[Segment]:
        """Return the segments there are, by client, table and age."""
        found = []
        for path in sorted(self.folder.glob(f"*/*/*{SUFFIX}")):
            table = path.parent.name
            if table in CONTRACTS:
                client = path.parent.parent.name
                size = path.stat().st_size
                found.append(Segment(client=client, table=table, path=path, size=size))
        return found

    def close(self) -> None:
        """Close the segments that are being written."""
        with self._lock:
            for writer in self._writers.values():
                writer.close()
            self._writers.clear()

    def _writer(self, client: str, table: str, at: datetime) -> "_Writer":
        day = at.astimezone(timezone.utc).strftime("%Y%m%d")
        with self._lock:
            writer = self._writers.get((client, table))
            if writer is not None and not writer.is_full(day):
                return writer
            writer = _Writer(self.folder / client / table, client, table, at, day)
            self._writers[client, table] = writer
            return writer

    def _give_up(self, client: str, table: str, writer: "_Writer") -> None:
        with self._lock:
            if self._writers.get((client, table)) is writer:
                del self._writers[client, table]


class _Writer:
    """One segment; threads that write at the same time share one fsync."""

    def __init__(
        self, folder: Path, client: str, table: str, at: datetime, day: str
    ) -> None:
        _make(folder)
        began = at.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        path = folder / f"{began}-{uuid4().hex[:8]}{SUFFIX}"
        self._day = day
        self._handle = os.open(path, _APPEND, 0o640)
        # Another segment may take this one's place while a thread still writes it.
        self.close = weakref.finalize(self, os.close, self._handle)
        self._written = self._synced = 0
        self._writing, self._syncing = threading.Lock(), threading.Lock()
        head = {"client": client, "table": table, "format": 1}
        self._write((json.dumps(head) + "\n").encode())
        _sync_folder(folder)

    def is_full(self, day: str) -> bool:
        """Whether another segment is to be begun."""
        return day != self._day or self._written >= LARGEST_SEGMENT

    def append(self, lines: bytes) -> None:
        """Return when *lines* are on the disk."""
        with self._writing:
            self._write(lines)
            mine = self._written
        with self._syncing:
            # Who waited here may find his lines gone along with another's.
            if self._synced >= mine:
                return
            upto = self._written
            os.fsync(self._handle)
            self._synced = upto

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._handle, view) :]
        self._written += len(data)


def rows_of(segment: Segment, offset: int) -> Iterator[Taken]:
    """Yield each whole row from byte *offset* on.

    The offset 0 is the head's; lines are counted from the file's beginning. A line
    that is no row of ours (somebody edited the file) comes with the row empty of
    columns but `_fault`.
    """
    with segment.path.open("rb") as file:
        line = sum(chunk.count(b"\n") for chunk in _chunks(file, offset))
        file.seek(offset)
        end = offset
        for data in file:
            if not data.endswith(b"\n"):
                return
            end += len(data)
            line += 1
            if line > 1:
                yield _taken(end, line, data)


def _taken(end: int, line: int, data: bytes) -> Taken:
    try:
        found = json.loads(data)
        at, row = datetime.fromisoformat(found["at"]), dict(found["row"])
    except (ValueError, TypeError, KeyError):
        at = datetime.fromtimestamp(0, timezone.utc)
        row = {"_fault": data.decode(errors="replace").strip()}
    return Taken(end, line, at, row)


def _chunks(file: object, upto: int) -> Iterator[bytes]:
    while upto > 0 and (chunk := file.read(min(upto, 1 << 20))):  # type: ignore[attr-defined]
        upto -= len(chunk)
        yield chunk


def _make(folder: Path) -> None:
    """Make *folder* and the ones above it, each entry on the disk."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
