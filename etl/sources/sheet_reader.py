"""Workbooks (xlsx, xlsm, xlsb, xls, ods): values only, no formula is ever run.

A row's line is its number in the sheet. Empty rows are no rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from etl.sources.dialect import (
    Dialect,
    RawRows,
    batch,
    faults,
    has_all,
    header_names,
    joined_header,
)
from etl.sources.values import as_text
from warehouse.errors import SourceError, did_you_mean

BATCH = 1 << 14
"""Rows handed on at a time."""

FULL = (1 << 16, 1 << 20)
"""Rows of a full sheet (xls, xlsx): an export that ends there went on."""

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""What workbooks are called."""

LARGEST = 4 << 30
"""Bytes that a workbook may unpack to; more is a trap, not a table."""


def sheet_names(path: Path, patterns: Sequence[str]) -> list[str]:
    """Return the sheets of *path* that match, in the workbook's order.

    Without patterns it is the first visible sheet.

    Raises:
        SourceError: it is no workbook, or it has no such sheet.

    """
    workbook = _open(path)
    names = [sheet.name for sheet in workbook.sheets_metadata]
    if not names:
        raise SourceError(str(path), "workbook", "it has no sheet", "deliver it again")
    if not patterns:
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible
            and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        return (visible or names)[:1]
    return matching(path, names, patterns)


def matching(path: Path, names: Sequence[str], patterns: Sequence[str]) -> list[str]:
    """Return the sheets among *names* that match, blanks around them aside.

    Raises:
        SourceError: there is none.

    """
    found = [
        name
        for name in names
        if any(fnmatchcase(name, p) or fnmatchcase(name.strip(), p) for p in patterns)
    ]
    if not found:
        raise SourceError(
            str(path),
            "sheet",
            f"no sheet matches {', '.join(patterns)}",
            did_you_mean(patterns[0], names),
        )
    return found


def read_sheet(path: Path, sheet: str, dialect: Dialect) -> RawRows:
    """Return the rows of one sheet.

    Raises:
        SourceError: the sheet cannot be read or its header is missing.

    """
    found = _open(path)
    try:
        rows = _numbered(found.get_sheet_by_name(sheet))
        return table_of_cells(path, rows, dialect)
    except (CalamineError, ValueError, OSError) as error:
        raise _unreadable(path, error) from None


def table_of_cells(
    path: Path, rows: Iterable[tuple[int, list[str | None]]], dialect: Dialect
) -> RawRows:
    """Return numbered rows of cells, header included, as a table.

    Rows without anything, and those that begin as a comment does, are left out.

    Raises:
        SourceError: the header is not found.

    """
    told = _Told(row for row in map(_cut, rows) if row[1])
    header, below = _header(path, told, dialect)
    columns = joined_header(header) if header else dialect.names
    # The cells of a row become columns at once: text of Arrow is a tenth of Python's.
    chunks: list[tuple[list[int], list[pa.Array]]] = []
    width = len(columns)
    while chosen := list(islice(below, BATCH)):
        kept = [(n, c) for n, c in chosen if not _is_comment(c, dialect.comments)]
        # A note beside the table has no name in the header; it is a column, too.
        width = max([width, *(len(cells) for _, cells in kept)])
        padded = (cells + [None] * (width - len(cells)) for _, cells in kept)
        values = [pa.array(c, pa.string()) for c in zip(*padded, strict=True)]
        if kept:
            chunks.append(([number for number, _ in kept], values))
    if not columns:
        return RawRows((), iter(()))
    columns = header_names([*columns, *[None] * (width - len(columns))])
    return RawRows(columns, _batches(chunks, columns, told.last))


class _Told:
    """Rows one by one, and the number of the last that has gone by."""

    def __init__(self, rows: Iterator[tuple[int, list[str | None]]]) -> None:
        self._rows = rows
        self.last = 0

    def __iter__(self) -> Iterator[tuple[int, list[str | None]]]:
        for number, cells in self._rows:
            self.last = number
            yield number, cells


def _header(
    path: Path, told: _Told, dialect: Dialect
) -> tuple[list[list[str | None]], Iterator[tuple[int, list[str | None]]]]:
    """Return the rows of the header, and those below it."""
    rows = iter(told)
    if dialect.header_has:
        for number, cells in rows:
            if has_all(cells, dialect.header_has):
                return [cells], _beyond(rows, number + dialect.skip_after)
        wanted = ", ".join(dialect.header_has)
        found = f"no row has all of {wanted}"
        raise SourceError(str(path), "header", found, "check header_has and sheet")
    wanted = dialect.header_rows
    first = next(rows, None)
    if first is None:
        return [], iter(())
    if wanted == (1,):
        wanted = (first[0],)  # empty rows above a header mean nothing
    last = max(wanted, default=0) + dialect.skip_after
    header, beyond = [], []
    for number, cells in chain([first], rows):
        if number in wanted:
            header.append(cells)
        if number > last:
            beyond.append((number, cells))
            break
    return header, chain(beyond, rows)


def _beyond(
    rows: Iterator[tuple[int, list[str | None]]], last: int
) -> Iterator[tuple[int, list[str | None]]]:
    return (row for row in rows if row[0] > last)


def _numbered(sheet: CalamineSheet) -> Iterator[tuple[int, list[str | None]]]:
    """Yield the rows from the top of the sheet, each with its number."""
    for line, row in enumerate(sheet.iter_rows(), start=1):
        yield line, [as_text(cell) for cell in row]


def _cut(row: tuple[int, list[str | None]]) -> tuple[int, list[str | None]]:
    """Return a row up to the last cell that holds anything."""
    line, cells = row
    while cells and cells[-1] is None:
        cells.pop()
    return line, cells


def _is_comment(cells: list[str | None], marks: tuple[str, ...]) -> bool:
    first = next((cell for cell in cells if cell), "")
    return bool(marks) and first.startswith(marks)


def _batches(
    chunks: list[tuple[list[int], list[pa.Array]]], columns: tuple[str, ...], last: int
) -> Iterator[pa.RecordBatch]:
    for lines, values in chunks:
        missing = len(columns) - len(values)
        nothing = pa.nulls(len(lines), pa.string())
        filled = [*values, *[nothing] * missing]
        yield batch(columns, pa.array(lines, pa.int64()), filled)
    if last in FULL:
        fault = f"the sheet is full ({last} rows): what came behind it was cut off"
        yield faults(columns, [(last, fault, "")])


def _open(path: Path) -> CalamineWorkbook:
    try:
        with path.open("rb") as file:
            if file.read(4) == b"PK\x03\x04":
                _refuse_trap(path)
        if path.suffix.lower() in ENDINGS:
            with suppress(CalamineError):  # the ending may lie
                return load_workbook(path)
        return CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
    except (CalamineError, BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise _unreadable(path, error) from None


def _refuse_trap(path: Path) -> None:
    with ZipFile(path) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > LARGEST:
        raise SourceError(
            str(path),
            "workbook",
            f"it unpacks to {size} bytes",
            f"deliver at most {LARGEST}, or CSV",
        )


def _unreadable(path: Path, error: Exception) -> SourceError:
    return SourceError(
        str(path),
        "workbook",
        f"it cannot be opened ({error})",
        "save it as xlsx or xls without a password",
    )
