"""The careful way to read CSV: Python's own parser, and a fault for what is no row.

A fault costs its own line: where a quote is not closed, or text stands behind a closing
quote, the lines behind the first are read once more, as they may well be rows.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from etl.sources.csv_fast import LONGEST_FIELD
from etl.sources.dialect import WHITESPACE, Dialect, batch, faults
from etl.sources.text_blocks import Block, line_ends, undecodable
from etl.sources.values import BLANKS, trimmed

LONGEST_RECORD = 2 * LONGEST_FIELD
"""Characters that one record may have over all its lines."""

LONGEST_RAW = 4000
"""Characters of a faulty line that are kept."""

BATCH = 1 << 14
"""Rows gathered before they are handed on."""

# The limit belongs to the whole process; nothing else here uses the module.
csv.field_size_limit(LONGEST_FIELD)

_UNCLOSED = "unexpected end of data"
_REASONS = {
    _UNCLOSED: "a quote that is never closed",
    "field larger than": f"a field of more than {LONGEST_FIELD} characters",
    "expected after": "text behind a closing quote",
}


class Reader(Protocol):
    """What splits lines into rows and counts the lines it has used."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]:
        """Yield the fields of each record."""


class _Splitter:
    """A reader for lines without quotes: each is a record."""

    def __init__(self, cut: Callable[[str], list[str]], lines: Iterable[str]) -> None:
        self.line_num = 0
        self._cut = cut
        self._lines = lines

    def __iter__(self) -> Iterator[list[str]]:
        for line in self._lines:
            self.line_num += 1
            yield self._cut(line)


def reader(lines: Iterable[str], dialect: Dialect, delimiter: str) -> Reader:
    """Return what splits *lines* as *dialect* says."""
    if dialect.widths:
        return _Splitter(_cutter(dialect), lines)
    if delimiter == WHITESPACE:
        return _Splitter(str.split, lines)
    if len(delimiter) > 1:
        return _Splitter(lambda line: line.rstrip("\r\n").split(delimiter), lines)
    return csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape,
        strict=True,
    )


def lines_of(path: Path, block: Block) -> list[str]:
    """Return the physical lines of *block*, each with its end.

    Raises:
        SourceError: the bytes are no UTF-8.

    """
    try:
        text = block.data.decode()
    except UnicodeDecodeError as error:
        before = line_ends(block.data[: error.start])
        raise undecodable(path, block.line + before, error) from None
    return StringIO(text, newline="").readlines()


def reason(error: csv.Error) -> str:
    """Return in plain words what is wrong with a record."""
    for part, words in _REASONS.items():
        if part in str(error):
            return words
    return str(error)


class Careful:
    """Reads blocks one after the other; a record may reach from one into the next."""

    def __init__(
        self, path: Path, dialect: Dialect, delimiter: str, columns: tuple[str, ...]
    ) -> None:
        self._path = path
        self._dialect = dialect
        self._delimiter = delimiter
        self._columns = columns
        self._lines: list[str] = []
        self._first = 1
        self._with_nul = False
        self._clear()

    @property
    def is_pending(self) -> bool:
        """Whether a record has begun whose end has not been seen."""
        return bool(self._lines)

    def rows(self, block: Block | None) -> Iterator[pa.RecordBatch]:
        """Yield the rows of *block*, and then its faults; None ends the file.

        Raises:
            SourceError: the bytes are no UTF-8.

        """
        if block is not None:
            if not self._lines:
                self._first = block.line
            self._lines += self._without_comments(lines_of(self._path, block))
        self._with_nul = any("\0" in line for line in self._lines)
        begin = 0
        while begin is not None and begin < len(self._lines):
            begin = yield from self._run(begin, is_last=block is None)
        if begin is not None:
            self._lines = []
        yield from self._gathered()

    def _run(self, begin: int, *, is_last: bool) -> Iterator[pa.RecordBatch]:
        """Read from line *begin* to a fault; return where to go on, None to wait."""
        lines, width, first = self._lines, len(self._columns), self._first
        rest = map(lines.__getitem__, range(begin, len(lines)))
        records = reader(rest, self._dialect, self._delimiter)
        start = begin
        try:
            for fields in records:
                end = begin + records.line_num
                if len(fields) != width or self._with_nul:
                    self._judge(start, end, self._fitted(fields))
                else:
                    self._rows.append(fields)
                    self._numbers.append(first + start)
                start = end
                if len(self._rows) >= BATCH:
                    yield from self._gathered()
        except csv.Error as error:
            waits = _UNCLOSED in str(error) and not is_last
            if waits and sum(map(len, lines[start:])) <= LONGEST_RECORD:
                self._first += start
                del lines[:start]
                return None
            self._fault(start, start + 1, reason(error))
            return start + 1
        return len(lines)

    def _judge(self, start: int, end: int, fields: list[str]) -> None:
        """Keep a record unless it is empty, of a wrong width, or has NUL bytes."""
        found = "".join(self._lines[start:end])
        if len(fields) < 2 and not found.strip(BLANKS):
            return
        if "\0" in found:
            self._fault(start, end, "a NUL byte")
        elif len(fields) != len(self._columns):
            expected = f"expected {len(self._columns)} fields, found {len(fields)}"
            self._fault(start, end, expected)
        else:
            self._rows.append(fields)
            self._numbers.append(self._first + start)

    def _fitted(self, fields: list[str]) -> list[str]:
        """Return a ragged row with as many fields as the header, if nothing is lost."""
        width = len(self._columns)
        if not self._dialect.ragged or not any(map(str.strip, fields)):
            return fields
        if len(fields) > width and not any(map(str.strip, fields[width:])):
            return fields[:width]
        return fields + [""] * (width - len(fields))

    def _fault(self, start: int, end: int, fault: str) -> None:
        found = "".join(self._lines[start:end])
        shown = found[: LONGEST_RAW + 1].rstrip("\r\n").replace("\0", "\\0")
        if len(shown) > LONGEST_RAW:
            shown = f"{shown[:LONGEST_RAW]}…"
        self._faults.append((self._first + start, fault, shown))

    def _gathered(self) -> Iterator[pa.RecordBatch]:
        if self._rows:
            cells = zip(*self._rows, strict=True)
            values = [trimmed(pa.array(cell, pa.string())) for cell in cells]
            yield batch(self._columns, pa.array(self._numbers, pa.int64()), values)
        if self._faults:
            yield faults(self._columns, self._faults)
        self._clear()

    def _clear(self) -> None:
        self._rows: list[list[str]] = []
        self._numbers: list[int] = []
        self._faults: list[tuple[int, str, str]] = []

    def _without_comments(self, lines: list[str]) -> list[str]:
        marks = self._dialect.comments
        if not marks:
            return lines
        return ["\n" if is_comment(line, marks) else line for line in lines]


def is_comment(line: str, marks: tuple[str, ...]) -> bool:
    """Return whether a line begins with one of *marks*, in a quote or not."""
    return line.startswith(marks) or line.lstrip(f'"{BLANKS}').startswith(marks)


def _cutter(dialect: Dialect) -> Callable[[str], list[str]]:
    """Return what cuts a line into columns of fixed width; the last takes the rest."""
    spans = []
    start = 0
    for width in dialect.widths:
        spans.append(slice(start, start + width))
        start += width
    spans[-1] = slice(spans[-1].start, None)

    def cut(line: str) -> list[str]:
        if not line.strip(BLANKS):
            return []
        if dialect.is_wide_two:
            # A wide character fills two places, as it has two bytes in GBK and Big5.
            placed = "".join(c if c.isascii() else f"{c}\0" for c in line)
            return [placed[span].replace("\0", "") for span in spans]
        return [line[span] for span in spans]

    return cut
