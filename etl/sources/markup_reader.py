"""Tables in HTML and in XML Spreadsheet 2003: what many an `.xls` really is."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import Element

from etl.sources.dialect import Dialect
from etl.sources.text_blocks import whole_text
from etl.sources.values import BLANKS
from etl.sources.xml_tree import LARGEST, local, parsed_xml
from warehouse.errors import SourceError, did_you_mean

Cells = list[str | None]
Numbered = tuple[int, Cells]
_WIDEST = 1 << 14


def html_rows(path: Path, dialect: Dialect) -> Iterator[Numbered]:
    """Yield the rows of the largest table, numbered from 1; spans leave cells empty.

    Raises:
        SourceError: it cannot be read, or has no table.

    """
    parser = _Tables()
    parser.feed(whole_text(path, dialect.encodings, LARGEST))
    parser.close()
    tables = [table for table in parser.tables if any(table)]
    if not tables:
        raise SourceError(str(path), "HTML", "it has no table", "deliver CSV or xlsx")
    largest = max(tables, key=lambda rows: sum(map(len, rows)))
    yield from enumerate(largest, start=1)


def sheet_xml_names(path: Path, dialect: Dialect) -> list[str]:
    """Return the names of the sheets of an XML Spreadsheet 2003.

    Raises:
        SourceError: it cannot be read.

    """
    root = parsed_xml(path, dialect.encodings)
    return [_attribute(sheet, "Name") or "" for sheet in _named(root, "Worksheet")]


def sheet_xml_rows(
    path: Path, dialect: Dialect, sheet: str | None
) -> Iterator[Numbered]:
    """Yield the rows of one sheet of an XML Spreadsheet 2003 (None: the first).

    Raises:
        SourceError: it cannot be read, or has no such sheet.

    """
    root = parsed_xml(path, dialect.encodings)
    sheets = list(_named(root, "Worksheet"))
    names = [_attribute(one, "Name") or "" for one in sheets]
    patterns = (sheet,) if sheet else dialect.sheets or ("*",)
    for name, one in zip(names, sheets, strict=True):
        if any(name == p or fnmatchcase(name, p) for p in patterns):
            yield from _sheet_rows(one)
            return
    found = f"no sheet matches {', '.join(patterns)}"
    raise SourceError(str(path), "sheet", found, did_you_mean(patterns[0], names))


def _sheet_rows(sheet: Element) -> Iterator[Numbered]:
    number = 0
    for row in _named(sheet, "Row"):
        number = _position(row, number + 1)
        cells: Cells = []
        for cell in _named(row, "Cell"):
            place = min(_position(cell, len(cells) + 1), _WIDEST)
            cells += [None] * (place - 1 - len(cells))
            cells.append(_cell_text(cell))
            cells += [None] * min(int(_attribute(cell, "MergeAcross") or 0), _WIDEST)
        yield number, cells


def _cell_text(cell: Element) -> str | None:
    for data in _named(cell, "Data"):
        text = "".join(data.itertext()).strip(BLANKS)
        if _attribute(data, "Type") == "Boolean":
            return {"1": "true", "0": "false"}.get(text, text)
        # 2026-11-05T00:00:00.000 as everywhere else
        is_time = _attribute(data, "Type") == "DateTime"
        return (text.removesuffix(".000") if is_time else text) or None
    return None


def _named(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element.iter() if local(str(child.tag)) == name)


def _attribute(element: Element, name: str) -> str | None:
    return next((v for k, v in element.attrib.items() if local(k) == name), None)


def _position(element: Element, default: int) -> int:
    return int(_attribute(element, "Index") or default)


class _Tables(HTMLParser):
    """Gathers the tables of a page; a table inside another is one of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[Cells]] = []
        self._open: list[_Table] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append(_Table())
            self.tables.append(self._open[-1].rows)
        elif self._open and tag == "tr":
            self._open[-1].begin_row()
        elif self._open and tag in ("td", "th"):
            spans = {key: _span(value) for key, value in attrs}
            self._open[-1].begin_cell(spans.get("colspan", 1), spans.get("rowspan", 1))
        elif self._open and tag == "br":
            self._open[-1].add(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag in ("td", "th"):
            self._open[-1].end_cell()
        elif self._open and tag == "table":
            self._open.pop().end_cell()

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].add(data)

    def close(self) -> None:
        super().close()
        for table in self._open:
            table.end_cell()


class _Table:
    """Rows as they are gathered; a cell that reaches down keeps its place below."""

    def __init__(self) -> None:
        self.rows: list[Cells] = []
        self._below: dict[int, int] = {}
        self._text: list[str] | None = None
        self._spans = (1, 1)

    def begin_row(self) -> None:
        self.end_cell()
        self.rows.append([])

    def begin_cell(self, across: int, down: int) -> None:
        self.end_cell()
        if not self.rows:
            self.rows.append([])
        self._text, self._spans = [], (across, down)

    def add(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end_cell(self) -> None:
        if self._text is None:
            return
        row = self.rows[-1]
        while self._below.get(len(row), 0) > 0:
            self._below[len(row)] -= 1
            row.append(None)
        across, down = self._spans
        for position in range(len(row), len(row) + across):
            self._below[position] = down - 1
        text = " ".join("".join(self._text).replace("\xa0", " ").split())
        row += [text or None, *[None] * (across - 1)]
        self._text = None


def _span(value: str | None) -> int:
    """Return a span; one beyond any sheet is a trap, one that is no number is 1."""
    digits = (value or "").strip()
    return max(1, min(int(digits), _WIDEST)) if digits.isdecimal() else 1
