"""The ETL's private working file: opened by one process, never read by pages."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import sqlalchemy as sa
from duckdb_sqlalchemy import Dialect
from sqlalchemy.schema import CreateTable

from warehouse.errors import BusyError, NoBatchError
from warehouse.store.schema import METADATA

WORK_FILE = "work.duckdb"
_DIALECT = Dialect()
_DESK_SHARE = 0.25
"""Share of the memory for the desk on which rows are judged (loading.py)."""


def is_derived(table: str) -> bool:
    """Tell whether a table can be made from what was delivered."""
    derived = {"store_days", "persons", "matched"}
    return table.startswith(("mart_", "fct_")) or table in derived


def share(memory: str, part: float) -> str:
    """Return a part of an amount of memory as DuckDB spells it, such as 4GB.

    What is spelled in another way is left as it is: DuckDB says what is wrong.
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*", memory)
    return f"{float(found[1]) * part:.3f}{found[2]}" if found else memory


def render(statement: sa.sql.ClauseElement) -> str:
    """Return a Core statement as DuckDB's SQL, values written in."""
    compiled = statement.compile(
        dialect=_DIALECT, compile_kwargs={"literal_binds": True}
    )
    return str(compiled)


class Work:
    """The working file and its one connection, and a desk in memory beside it.

    A second process that opens it is refused by DuckDB's own lock, which the
    operating system frees even when the holder is killed.
    """

    def __init__(self, folder: Path, *, memory: str = "4GB", threads: int = 2) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        path = folder / WORK_FILE
        config = {
            "memory_limit": share(memory, 1 - _DESK_SHARE),
            "threads": str(threads),
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        try:
            self.con = duckdb.connect(str(path), config=config)
        except duckdb.IOException as error:
            if "lock" in str(error).lower():
                raise BusyError(
                    f"{path}: another refresh is running ({_holder(error)}); "
                    "wait for it, or stop it"
                ) from None
            raise NoBatchError(f"{path} cannot be opened: {error}") from error
        self.con.execute("set timezone = 'UTC'")
        desk = {
            **config,
            "memory_limit": share(memory, _DESK_SHARE),
            "temp_directory": str(folder / "spill-desk"),
        }
        self.desk = duckdb.connect(":memory:", config=desk)
        self.desk.execute("set timezone = 'UTC'")
        self.is_outdated = False
        self._create()

    def _create(self) -> None:
        """Make missing tables; bring tables of an older version up to this one's.

        What can be derived is dropped and derived anew (`is_outdated` says so); what
        was delivered gets its new columns.
        """
        found: dict[str, set[str]] = {}
        for table, column in self.con.execute(
            "select table_name, column_name from duckdb_columns() "
            "where schema_name = 'main' and not internal"
        ).fetchall():
            found.setdefault(table, set()).add(column)
        for table in METADATA.sorted_tables:
            wanted = {column.name for column in table.columns}
            have = found.get(table.name)
            if have is not None and have != wanted and is_derived(table.name):
                self.con.execute(f"drop table {table.name}")
                self.is_outdated, have = True, None
            if have is None:
                self.con.execute(str(CreateTable(table).compile(dialect=_DIALECT)))
                self.is_outdated |= bool(found) and is_derived(table.name)
                continue
            for column in table.columns:
                if column.name not in have:
                    kind = column.type.compile(dialect=_DIALECT)
                    self.con.execute(
                        f'alter table {table.name} add column "{column.name}" {kind}'
                    )

    def close(self) -> None:
        """Close the file and free its lock."""
        self.desk.close()
        self.con.close()

    def __enter__(self) -> "Work":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """All of it or nothing: rolled back when the block raises."""
        self.con.execute("begin")
        try:
            yield self.con
        except BaseException:
            self.con.execute("rollback")
            raise
        self.con.execute("commit")

    def scalar(self, sql: str, values: list | None = None) -> object:
        """Return the first column of the first row."""
        row = self.con.execute(sql, values or []).fetchone()
        return row[0] if row else None


def _holder(error: Exception) -> str:
    """Return who holds the lock, as far as DuckDB's message tells."""
    text = str(error)
    start = text.find("PID ")
    return text[start:].split(")")[0] if start >= 0 else f"not process {os.getpid()}"
