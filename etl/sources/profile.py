"""Looking at a file that nobody has described: what it is, what its columns hold."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from etl.sources.dialect import DELIMITERS, STANDARD, Dialect, RawRows
from etl.sources.files import read_file, sheets_of
from etl.sources.kinds import FileKind, kind_of
from etl.sources.text_blocks import text_blocks
from warehouse.errors import SourceError
from warehouse.store.mapping import formats_that_read

ENCODINGS = ("utf-8", "gb18030", "big5", "latin-1")
"""Encodings tried on an unknown file, in this order."""

ROWS = 10_000
"""Rows that are looked at."""

HEAD = 50
"""Lines among which the header is looked for."""

FEW = 12
"""Different values that may be the codes of a list."""

FORMATS = (
    "year_first", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y",
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%d.%m.%Y %H:%M",
    "%d.%m.%Y", "%d-%m-%Y", "%d-%b-%y", "%d-%m-%y", "epoch_s", "epoch_ms",
)  # fmt: skip
NULLS = (
    "-", "--", "—", "/", "\\N", "NULL", "null", "None", "nan", "NaN", "N/A", "#N/A",
    "NA", "?", "无", "空", "0000-00-00", "0000-00-00 00:00:00",
)  # fmt: skip
_PLAIN = re.compile(r"[-+]?\d+(\.\d+)?")
_RICH = re.compile(
    r"[-+(]?\s*[¥￥$€£]?\s*[-+]?\d{1,3}(,\d{3})*(\.\d+)?\s*[%‰千万亿元]*\)?-?"
)
_COMMA = re.compile(r"[-+]?\d{1,3}(\.\d{3})*,\d+")
_BROKEN = re.compile(r"\d(\.\d+)?[eE]\+\d\d")
_SWITCHES = {"是", "否", "y", "n", "yes", "no", "true", "false", "√", "×", "有", "无"}


@dataclass(frozen=True, kw_only=True)
class ColumnProfile:
    """What the values of a column look like.

    *kind* is time, number, switch, code (few values) or text; *formats* read its times,
    *style* its numbers, *codes* are all of the few values; *nulls* are values that look
    like none. *is_broken* says that a spreadsheet has turned long numbers to powers of
    ten.
    """

    name: str
    filled: int
    distinct: int
    examples: tuple[str, ...]
    kind: str
    codes: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    style: str | None = None
    nulls: tuple[str, ...] = ()
    is_broken: bool = False


@dataclass(frozen=True, kw_only=True)
class FileProfile:
    """What a file, or a *member* of an archive, is: how it is read, what is in it."""

    path: Path
    kind: FileKind
    dialect: Dialect
    member: str | None = None
    sheets: tuple[str, ...] = ()
    rows: int = 0
    is_cut: bool = False
    faults: tuple[tuple[int, str], ...] = ()
    columns: tuple[ColumnProfile, ...] = field(default=())


def profile_of(path: Path) -> FileProfile:
    """Return what can be seen of a file without knowing anything of it.

    Raises:
        SourceError: it cannot be read at all, or is of a kind that is not read.

    """
    kind = kind_of(path)
    dialect = replace(STANDARD, encodings=ENCODINGS)
    sheets: list[str] = []
    if kind in (FileKind.WORKBOOK, FileKind.SHEET_XML):
        sheets = sheets_of(path, replace(dialect, sheets=("*",)))
    dialect = replace(dialect, header_rows=(_header_row(path, kind, dialect),))
    if kind == FileKind.TEXT:
        dialect = replace(dialect, encodings=(_encoding(path),))
    raw = read_file(path, dialect)
    values, rows, is_cut, faults = _gathered(raw)
    columns = [_column(name, values[name]) for name in raw.columns]
    return FileProfile(
        path=path,
        kind=kind,
        dialect=dialect,
        sheets=tuple(sheets),
        rows=rows,
        is_cut=is_cut,
        faults=tuple(faults[:5]),
        columns=tuple(columns),
    )


def _encoding(path: Path) -> str:
    """Return the first encoding that fits the whole file."""
    for encoding in ENCODINGS[:-1]:
        try:
            for block in text_blocks(path, (encoding,)):
                block.data.decode()
        except (SourceError, UnicodeDecodeError):
            continue
        return encoding
    return ENCODINGS[-1]


def _header_row(path: Path, kind: FileKind, dialect: Dialect) -> int:
    """Return the line of the first row that looks like names of as many columns."""
    if kind in (FileKind.JSON, FileKind.XML, FileKind.PARQUET):
        return 1
    rows = _first_rows(path, kind, dialect)
    widths = [sum(1 for cell in cells if cell) for _, cells in rows]
    widest = max(widths, default=0)
    for (line, cells), width in zip(rows, widths, strict=True):
        texts = [cell for cell in cells if cell]
        named = not any(_PLAIN.fullmatch(cell) for cell in texts)
        # Reports have a second column of the same name more often than not.
        distinct = len({*texts}) >= 0.7 * len(texts)
        if width >= max(2, 0.7 * widest) and named and distinct:
            return line
    return 1


def _first_rows(
    path: Path, kind: FileKind, dialect: Dialect
) -> list[tuple[int, list[str]]]:
    if kind == FileKind.TEXT:
        encoding = _encoding(path)
        text = next(iter(text_blocks(path, (encoding,)))).data.decode(
            "utf-8", "replace"
        )
        lines = text.splitlines()[:HEAD]
        joined = "\n".join(lines)
        delimiter = max(DELIMITERS, key=joined.count)
        return [
            (number, [cell.strip(' "') for cell in line.split(delimiter)])
            for number, line in enumerate(lines, start=1)
        ]
    names = tuple(f"column {n}" for n in range(1, 200))
    raw = read_file(path, replace(dialect, header_rows=(), names=names))
    found = []
    for batch in raw.batches:
        found += [
            (row["_line"], [row[name] or "" for name in raw.columns])
            for row in batch.slice(0, HEAD).to_pylist()
        ]
        break
    return found


def _gathered(
    raw: RawRows,
) -> tuple[dict[str, list[str | None]], int, bool, list[tuple[int, str]]]:
    values: dict[str, list[str | None]] = {name: [] for name in raw.columns}
    faults: list[tuple[int, str]] = []
    rows, is_cut = 0, False
    for batch in raw.batches:
        if batch.num_rows and batch["_fault"][0].is_valid:
            lines, reasons = batch["_line"].to_pylist(), batch["_fault"].to_pylist()
            faults += zip(lines, reasons, strict=True)
            continue
        part = batch.slice(0, ROWS - rows)
        rows += part.num_rows
        for name in raw.columns:
            values[name] += part[name].to_pylist()
        if rows >= ROWS:
            is_cut = True
            break
    return values, rows, is_cut, faults


def _column(name: str, values: Sequence[str | None]) -> ColumnProfile:
    found = [value for value in values if value is not None]
    nulls = tuple(null for null in NULLS if null in set(found))
    real = [value for value in found if value not in nulls]
    sample = list(islice(dict.fromkeys(real), 200))
    kind, formats, style = _kind(sample, len(set(real)))
    return ColumnProfile(
        name=name,
        filled=len(found),
        distinct=len(set(real)),
        examples=tuple(sample[:3]),
        kind=kind,
        codes=tuple(sample) if kind in ("code", "switch") else (),
        formats=formats,
        style=style,
        nulls=nulls,
        is_broken=any(_BROKEN.fullmatch(value) for value in sample),
    )


def _kind(
    sample: Sequence[str], distinct: int
) -> tuple[str, tuple[str, ...], str | None]:
    """Return the kind of values, the formats of times, and the style of numbers."""
    if not sample:
        return "empty", (), None
    if {value.lower() for value in sample} <= _SWITCHES:
        return "switch", (), None
    formats = formats_that_read(sample, FORMATS)
    if formats:
        return "time", formats, None
    if all(map(_PLAIN.fullmatch, sample)):
        is_id = any(len(v) > 1 and v.startswith("0") and "." not in v for v in sample)
        return ("text" if is_id else "number"), (), None
    if all(map(_COMMA.fullmatch, sample)):
        return "number", (), "1.234,5"
    if all(map(_RICH.fullmatch, sample)):
        return "number", (), "1,234.5"
    return ("code" if distinct <= FEW else "text"), (), None
