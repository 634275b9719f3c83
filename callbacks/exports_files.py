"""Files of what is on screen: CSV for programs, Excel for people.

Numbers stay numbers and days stay days. Nothing that came from a source can become a
formula: in CSV it is marked as text, in Excel texts are written as texts.
"""

import csv
import io
import math
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

import xlsxwriter

from pages._ui.tokens import TOKENS

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as the code page of the machine."""

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula."""

MOST_ROWS = 1_000_000
"""Rows on a sheet of Excel (which ends at 1 048 576); what follows gets another."""


class Share(float):
    """A fraction that people read in per cent."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: the names of its columns, for people and programs, and its rows."""

    name: str
    heads: Sequence[str]
    keys: Sequence[str]
    rows: Iterable[Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file holds: what it is about, and its tables, the first one for CSV.

    *about* are (name, text) pairs at the head of each Excel sheet; *marks* are
    (key, text) pairs that each line of a CSV repeats, so that a line that was copied
    elsewhere still says where it comes from. Times are shown in *zone*.
    """

    stem: str
    title: str
    about: Sequence[tuple[str, str]]
    marks: Sequence[tuple[str, str]]
    sheets: Sequence[Sheet]
    zone: str


def csv_lines(document: Document) -> Iterator[str]:
    """Yield the first table of *document* as CSV (RFC 4180, UTF-8 with BOM)."""
    sheet = document.sheets[0]
    names = [name for name, _ in document.marks]
    repeated = [_safe(text) for _, text in document.marks]
    yield BOM + _line([*sheet.keys, *names])
    for row in sheet.rows:
        yield _line([*(_text(value, document.zone) for value in row), *repeated])


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def _text(value: Any, zone: str) -> str:
    """Return a value as programs read it: unrounded, times with their offset."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(float(value))
    if isinstance(value, datetime):
        return _aware(value).astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return _safe(value) if isinstance(value, str) else str(value)


def _safe(text: str) -> str:
    """Return *text* so that no spreadsheet computes it."""
    return f"'{text}" if text.startswith(RISKY) else text


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))


def workbook(document: Document) -> IO[bytes]:
    """Return *document* as an Excel file, in a temporary file at its beginning."""
    file = tempfile.TemporaryFile(prefix="export-", suffix=".xlsx")  # noqa: SIM115
    book = xlsxwriter.Workbook(
        file,
        {
            # Rows go to disk as they come: a million need no memory.
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        },
    )
    formats = {
        name: book.add_format(look)
        for name, look in {
            "title": {"bold": True, "font_size": 14},
            "name": {"font_color": TOKENS["ink-3"]},
            "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
            "share": {"num_format": "0.0%"},
            "number": {"num_format": "#,##0.00"},
            "whole": {"num_format": "#,##0"},
            "day": {"num_format": "yyyy-mm-dd"},
            "moment": {"num_format": "yyyy-mm-dd hh:mm:ss"},
        }.items()
    }
    for sheet in document.sheets:
        _write(book, document, sheet, formats)
    book.close()
    file.seek(0)
    return file


def _write(
    book: xlsxwriter.Workbook, document: Document, sheet: Sheet, formats: dict
) -> None:
    rows, part = iter(sheet.rows), 1
    while True:
        name = sheet.name if part == 1 else f"{sheet.name} {part}"
        page = book.add_worksheet(name[:31])
        start = _head(page, document, sheet, formats)
        written = 0
        for row in rows:
            for column, value in enumerate(row):
                _cell(page, start + written, column, value, document.zone, formats)
            written += 1
            if written == MOST_ROWS:
                break
        if written:
            page.autofilter(start - 1, 0, start + written - 1, len(sheet.heads) - 1)
        if written < MOST_ROWS:
            return
        part += 1


def _head(page: Any, document: Document, sheet: Sheet, formats: dict) -> int:
    """Write what the sheet is about and its heads; return the first row of data."""
    for column, head in enumerate(sheet.heads):
        page.set_column(column, column, max(11, min(34, 2 * len(head) + 2)))
    page.write_string(0, 0, document.title, formats["title"])
    row = 1
    for name, text in document.about:
        page.write_string(row, 0, name, formats["name"])
        page.write_string(row, 1, text)
        row += 1
    row += 1
    for column, head in enumerate(sheet.heads):
        page.write_string(row, column, head, formats["head"])
    page.freeze_panes(row + 1, 1)
    return row + 1


def _cell(page: Any, row: int, column: int, value: Any, zone: str, look: dict) -> None:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        page.write_number(row, column, value, look[_number_look(value)])
    elif isinstance(value, datetime):
        local = _aware(value).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        page.write_datetime(row, column, local, look["moment"])
    elif isinstance(value, date):
        page.write_datetime(row, column, value, look["day"])
    else:
        page.write_string(row, column, str(value))


def _number_look(value: float) -> str:
    if isinstance(value, Share):
        return "share"
    return "whole" if float(value).is_integer() else "number"
