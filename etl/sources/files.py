"""Files of any format the product reads, as rows of text."""

from pathlib import Path

from etl.sources.csv_reader import read_csv
from etl.sources.dialect import Dialect, RawRows
from etl.sources.parquet_reader import read_parquet
from etl.sources.sheet_reader import read_sheet, sheet_names

WORKBOOKS = (".xlsx", ".xls")
PARQUET = ".parquet"


def is_workbook(path: Path) -> bool:
    """Return whether *path* holds sheets."""
    return path.suffix.lower() in WORKBOOKS


def read_file(path: Path, dialect: Dialect, sheet: str | None = None) -> RawRows:
    """Return the rows of *path*; *sheet* None means the first that matches.

    Raises:
        SourceError: it cannot be read as *dialect* declares.

    """
    if path.suffix.lower() == PARQUET:
        return read_parquet(path)
    if is_workbook(path):
        chosen = sheet or sheet_names(path, dialect.sheets)[0]
        return read_sheet(path, chosen, dialect)
    return read_csv(path, dialect)
