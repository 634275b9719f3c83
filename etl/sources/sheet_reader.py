"""Workbooks (xlsx, xls): values only, no formula is ever run.

A row's line is its number in the sheet. Empty rows are no rows.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
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
    header_names,
    joined_header,
)
from etl.sources.values import as_text
from warehouse.errors import SourceError, did_you_mean

BATCH = 1 << 14
"""Rows handed on at a time."""

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
    found = [n for n in names if any(fnmatchcase(n, p) for p in patterns)]
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
    except (CalamineError, ValueError, OSError) as error:
        raise _unreadable(path, error) from None
    header, first = _header(rows, dialect)
    columns = joined_header(header) if dialect.header_rows else dialect.names
    # A note beside the table has no name in the header; it is a column all the same.
    width = max((len(cells) for _, cells in rows), default=0) if columns else 0
    columns = header_names([*columns, *[None] * (width - len(columns))])
    return RawRows(columns, _batches(rows[first:], columns))


def _header(
    rows: list[tuple[int, list[str | None]]], dialect: Dialect
) -> tuple[list[list[str | None]], int]:
    """Return the cells of the header and the position of the first row below it."""
    wanted = dialect.header_rows
    if wanted == (1,) and rows:
        wanted = (rows[0][0],)  # empty rows above a header mean nothing
    last = max(wanted, default=0) + dialect.skip_after
    header = [cells for line, cells in rows if line in wanted]
    first = sum(1 for line, _ in rows if line <= last)
    return header, first


def _numbered(sheet: CalamineSheet) -> list[tuple[int, list[str | None]]]:
    """Return the rows that hold anything, up to the last cell that does."""
    found = []
    for line, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = [as_text(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            found.append((line, cells))
    return found


def _batches(
    rows: list[tuple[int, list[str | None]]], columns: tuple[str, ...]
) -> Iterator[pa.RecordBatch]:
    width = len(columns)
    for start in range(0, len(rows) if columns else 0, BATCH):
        chosen = rows[start : start + BATCH]
        lines = pa.array([line for line, _ in chosen], pa.int64())
        padded = (cells + [None] * (width - len(cells)) for _, cells in chosen)
        values = [pa.array(cells, pa.string()) for cells in zip(*padded, strict=True)]
        yield batch(columns, lines, values)


def _open(path: Path) -> CalamineWorkbook:
    try:
        if path.suffix.lower() == ".xlsx":
            _refuse_trap(path)
        return load_workbook(path)
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
