"""What a sheet is: a table of the standard as one system delivers it.

A sheet says for each column where its value comes from and from which moment on it is
known; `visible` and `render` do the rest.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its kind of rendering, its source and when it shows."""

    name: str
    kind: str
    source: str = ""
    shown_from: str = ""  # a moment of the sheet; empty: with the row

    @property
    def array(self) -> str:
        """Name of the array that holds the values."""
        return self.source or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table as one system delivers it."""

    table: str
    system: str
    columns: tuple[Column, ...]
    moments: tuple[str, ...] = ()
    form: str = "csv"  # csv, csv.gz or parquet
    also_csv: bool = False  # every other delivery comes as csv.gz
    settled: str = "known"  # the moment from which a row changes no more
    full: bool = False  # delivered whole each month
    extra: tuple[str, ...] = ()  # columns that the standard does not know

    @property
    def key(self) -> str:
        """Where the simulation keeps the rows: customers are kept by system."""
        is_customers = self.table == "customers"
        return f"customers:{self.system}" if is_customers else self.table

    @property
    def names(self) -> list[str]:
        """The columns of the standard, in order."""
        return [c.name for c in self.columns]


def columns(text: str) -> tuple[Column, ...]:
    """Columns from lines of ``name kind [source [shown_from]]``."""
    rows = [line.split() for line in text.strip().splitlines()]
    return tuple(Column(*row) for row in rows)
