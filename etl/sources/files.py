"""Files of any format the product reads, as rows of text."""

from pathlib import Path

from etl.sources.csv_reader import read_csv
from etl.sources.dialect import Dialect, RawRows
from etl.sources.kinds import FileKind, kind_of
from etl.sources.markup_reader import html_rows, sheet_xml_names, sheet_xml_rows
from etl.sources.parquet_reader import read_parquet
from etl.sources.sheet_reader import (
    ENDINGS,
    matching,
    read_sheet,
    sheet_names,
    table_of_cells,
)
from etl.sources.tree_reader import read_json, read_xml
from warehouse.errors import SourceError


def is_workbook(path: Path) -> bool:
    """Return whether *path* is called like a workbook."""
    return path.suffix.lower() in ENDINGS


def sheets_of(path: Path, dialect: Dialect) -> list[str]:
    """Return the sheets of *path* that the dialect means; none of what has no sheets.

    Raises:
        SourceError: it cannot be read, or has no such sheet.

    """
    kind = kind_of(path)
    if kind == FileKind.WORKBOOK:
        return sheet_names(path, dialect.sheets)
    if kind == FileKind.SHEET_XML:
        return matching(path, sheet_xml_names(path, dialect), dialect.sheets or ("*",))
    return []


def read_file(path: Path, dialect: Dialect, sheet: str | None = None) -> RawRows:
    """Return the rows of *path*; *sheet* None means the first that matches.

    What the file is, is seen in its first bytes, whatever it is called.

    Raises:
        SourceError: it cannot be read as *dialect* declares.

    """
    if path.suffix.lower() == ".parquet":
        return read_parquet(path)
    kind = kind_of(path)
    if kind == FileKind.PARQUET:
        return read_parquet(path)
    if kind == FileKind.WORKBOOK:
        chosen = sheet or sheet_names(path, dialect.sheets)[0]
        return read_sheet(path, chosen, dialect)
    if kind == FileKind.SHEET_XML:
        return table_of_cells(path, sheet_xml_rows(path, dialect, sheet), dialect)
    if kind == FileKind.HTML:
        return table_of_cells(path, html_rows(path, dialect), dialect)
    if kind == FileKind.ARCHIVE:
        raise SourceError(
            str(path),
            "format",
            "this is a zip archive",
            "name it in files of a [[table]]",
        )
    if kind == FileKind.XML:
        return read_xml(path, dialect)
    if kind == FileKind.JSON or dialect.records is not None:
        return read_json(path, dialect)
    return read_csv(path, dialect)
