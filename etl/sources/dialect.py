"""How a text file or a workbook is written down, and what its header says."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from etl.sources.delivery import FAULT, LINE, RAW, RESERVED
from etl.sources.values import BLANKS

WHITESPACE = "whitespace"
"""The delimiter of columns that are separated by runs of blanks."""

DELIMITERS = (",", ";", "\t", "|")
"""What an undeclared delimiter may be, the likeliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a file is written down.

    *encodings* are tried in turn, the first that fits the whole file is taken.
    *delimiter* None means: look at the header. *widths* makes the columns of fixed
    width. *header_rows* are physical lines, the header is all of them joined; none
    means that the file has no header and *names* are its columns. *skip_after* lines
    below the header are no data. *header_has* are names by which the header is found,
    wherever it stands. *comments* are what lines that are no rows begin with. *ragged*
    fills rows that end early. *sheets* are patterns of sheet names. *records* is the
    way to the records of a JSON or XML document.
    """

    encodings: tuple[str, ...] = ("utf-8",)
    delimiter: str | None = None
    quote: str = '"'
    escape: str | None = None
    comments: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    is_wide_two: bool = False
    ragged: bool = False
    header_rows: tuple[int, ...] = (1,)
    header_has: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    skip_after: int = 0
    sheets: tuple[str, ...] = ()
    records: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether a vectorised reader understands the rows."""
        special = self.escape or self.widths
        return not special and len((self.delimiter or ",").encode()) == 1


STANDARD = Dialect()


@dataclass(frozen=True, slots=True)
class RawRows:
    """The rows of a file before any mapping.

    *batches* hold `_line`, `_fault`, `_raw` and *columns*, all of them text.
    """

    columns: tuple[str, ...]
    batches: Iterator[pa.RecordBatch]


def folded(name: str) -> str:
    """Return what two spellings of one name have in common.

    Blanks, line breaks, capitals and full-width forms tell no two columns apart.
    """
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def has_all(cells: Sequence[str | None], names: Sequence[str]) -> bool:
    """Return whether every one of *names* is among *cells*."""
    there = {folded(cell) for cell in cells if cell}
    return all(folded(name) in there for name in names)


def header_names(cells: Sequence[str | None]) -> tuple[str, ...]:
    """Return the names that a header gives its columns, each of them once.

    A cell without a name becomes `column_<position>`, the second `x` becomes `x.1`;
    capital letters make no difference, because they make none in an expression.
    """
    names: list[str] = []
    taken = set(RESERVED)
    for position, cell in enumerate(cells, start=1):
        name = stem = " ".join((cell or "").strip(BLANKS).split()) or (
            f"column_{position}"
        )
        count = 0
        while name.lower() in taken:
            count += 1
            name = f"{stem}.{count}"
        taken.add(name.lower())
        names.append(name)
    return tuple(names)


def joined_header(rows: Sequence[Sequence[str | None]]) -> tuple[str, ...]:
    """Return the names of a header of several rows.

    A cell of an upper row reaches as far right as the next one begins, the way
    merged cells are written down.
    """
    width = max((len(row) for row in rows), default=0)
    parts: list[list[str]] = [[] for _ in range(width)]
    for level, row in enumerate(rows):
        above = ""
        for position in range(width):
            cell = (row[position] if position < len(row) else None) or ""
            above = cell.strip(BLANKS) or (above if level < len(rows) - 1 else "")
            if above:
                parts[position].append(above)
    return header_names([" ".join(part) for part in parts])


def batch(
    columns: Sequence[str],
    lines: pa.Array,
    values: Sequence[pa.Array],
) -> pa.RecordBatch:
    """Return good rows as a record batch."""
    nothing = pa.nulls(len(lines), pa.string())
    return pa.RecordBatch.from_arrays(
        [lines, nothing, nothing, *values], names=[LINE, FAULT, RAW, *columns]
    )


def faults(
    columns: Sequence[str],
    found: Sequence[tuple[int, str, str]],
) -> pa.RecordBatch:
    """Return lines that are no rows (number, reason, line as found) as a batch."""
    lines, reasons, raws = zip(*found, strict=True)
    nothing = pa.nulls(len(lines), pa.string())
    return pa.RecordBatch.from_arrays(
        [
            pa.array(lines, pa.int64()),
            pa.array(reasons, pa.string()),
            pa.array(raws, pa.string()),
            *([nothing] * len(columns)),
        ],
        names=[LINE, FAULT, RAW, *columns],
    )
