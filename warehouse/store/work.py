"""The ETL's private working file: opened by one process, never read by pages."""

import os
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


def render(statement: sa.sql.ClauseElement) -> str:
    """Return a Core statement as DuckDB's SQL, values written in."""
    compiled = statement.compile(
        dialect=_DIALECT, compile_kwargs={"literal_binds": True}
    )
    return str(compiled)


class Work:
    """The working file and its one connection.

    A second process that opens it is refused by DuckDB's own lock, which the
    operating system frees even when the holder is killed.
    """

    def __init__(self, folder: Path, *, memory: str = "4GB", threads: int = 2) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        path = folder / WORK_FILE
        config = {
            "memory_limit": memory,
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
        self._create()

    def _create(self) -> None:
        for table in METADATA.sorted_tables:
            ddl = str(CreateTable(table, if_not_exists=True).compile(dialect=_DIALECT))
            self.con.execute(ddl)

    def close(self) -> None:
        """Close the file and free its lock."""
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
