"""CSV, exactly: which line a row stands in, and which lines are no rows.

Blocks of well-formed lines take the fast way (`csv_fast`), all others go record by
record (`csv_careful`); both give the same rows.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from etl.sources import csv_fast
from etl.sources.csv_careful import Careful, lines_of, reader, reason
from etl.sources.dialect import (
    DELIMITERS,
    Dialect,
    RawRows,
    has_all,
    header_names,
    joined_header,
)
from etl.sources.text_blocks import Block, text_blocks
from etl.sources.values import BLANKS
from warehouse.errors import SourceError

DEEPEST = 1000
"""Lines among which a header is looked for by its names."""

HIGHEST = 20
"""Lines that one header may have."""

_SEPARATOR = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


def read_csv(path: Path, dialect: Dialect, *, careful: bool = False) -> RawRows:
    """Return the rows of a text file; *careful* never takes the fast way.

    Raises:
        SourceError: the file cannot be read, decoded, or has no usable header.

    """
    blocks = text_blocks(path, dialect.encodings)
    head = _Head(path, blocks)
    delimiter, columns = _header(head, dialect)
    if not columns:
        return RawRows((), iter(()))
    slow = Careful(path, dialect, delimiter, columns)
    is_plain = dialect.is_plain and len(delimiter.encode()) == 1 and not careful

    marks = [mark.encode() for mark in dialect.comments]

    def marked(data: bytes) -> bool:
        return any(mark in data for mark in marks)

    def batches() -> Iterator[pa.RecordBatch]:
        for block in head.rest():
            fast = None
            if is_plain and not slow.is_pending and not marked(block.data):
                fast = csv_fast.parse(block, columns, delimiter, dialect.quote)
            yield from slow.rows(block) if fast is None else fast
        yield from slow.rows(None)

    return RawRows(columns, batches())


class _Head:
    """The lines at the top of a file, one at a time, and what is left below them."""

    def __init__(self, path: Path, blocks: Iterator[Block]) -> None:
        self.path = path
        self.number = 1
        self._blocks = blocks
        self._lines: deque[str] = deque()

    def take(self) -> str | None:
        """Return the next line with its end, or None after the last."""
        if not self._lines:
            block = next(self._blocks, None)
            if block is None:
                return None
            self._lines.extend(lines_of(self.path, block))
        self.number += 1
        return self._lines.popleft()

    def give_back(self, line: str) -> None:
        """Let *line* be taken once more."""
        self._lines.appendleft(line)
        self.number -= 1

    def skip(self, count: int) -> None:
        """Leave out *count* lines."""
        for _ in range(count):
            self.take()

    def rest(self) -> Iterator[Block]:
        """Yield everything below the lines taken."""
        if self._lines:
            yield Block("".join(self._lines).encode(), self.number)
        yield from self._blocks


def _header(head: _Head, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    """Return the delimiter and the columns; *head* is left at the first row."""
    declared = dialect.delimiter or _separator(head)
    if dialect.header_has:
        return _found_header(head, dialect, declared)
    if dialect.header_rows == (1,):
        _skip_blank(head)
    else:
        head.skip(min(dialect.header_rows, default=1) - head.number)
    delimiter = declared or _sniffed(head)
    records = reader(iter(head.take, None), dialect, delimiter)
    rows = []
    for line in dialect.header_rows:
        head.skip(line - head.number)
        try:
            rows.append(next(iter(records), []))
        except csv.Error as error:
            raise _no_header(head, line, reason(error)) from None
    if any("\0" in cell for row in rows for cell in row):
        raise _no_header(head, 1, "a NUL byte")
    head.skip(dialect.skip_after)
    return delimiter, joined_header(rows) if rows else header_names(dialect.names)


def _found_header(
    head: _Head, dialect: Dialect, declared: str | None
) -> tuple[str, tuple[str, ...]]:
    """Return the delimiter and the columns of the first line that names them all."""
    while head.number <= DEEPEST:
        delimiter = declared or _sniffed(head)
        taken: list[str] = []
        while len(taken) < HIGHEST and (line := head.take()) is not None:
            taken.append(line)
            try:
                cells = next(iter(reader(taken, dialect, delimiter)), [])
            except csv.Error:
                continue  # a name may have line ends in its quotes
            if has_all(cells, dialect.header_has):
                head.skip(dialect.skip_after)
                return delimiter, header_names(cells)
            break
        if not taken:
            break
        for line in reversed(taken[1:]):
            head.give_back(line)
    wanted = ", ".join(dialect.header_has)
    raise SourceError(
        str(head.path),
        "header",
        f"no line of the first {min(DEEPEST, head.number)} has all of {wanted}",
        "check header_has, delimiter and encoding",
    )


def _no_header(head: _Head, line: int, found: str) -> SourceError:
    remedy = "check delimiter, quote and encoding"
    return SourceError(str(head.path), "header", found, remedy, line=line)


def _separator(head: _Head) -> str | None:
    """Return the delimiter that a first line `sep=;` declares, as spreadsheets do."""
    first = head.take()
    if first is None:
        return None
    match = _SEPARATOR.fullmatch(first)
    if match:
        return match[1]
    head.give_back(first)
    return None


def _skip_blank(head: _Head) -> None:
    while (line := head.take()) is not None:
        if line.strip(BLANKS):
            head.give_back(line)
            return


def _sniffed(head: _Head) -> str:
    """Return the delimiter that the next line uses most outside its quotes."""
    line = head.take()
    if line is None:
        return DELIMITERS[0]
    head.give_back(line)
    bare = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=bare.count)
