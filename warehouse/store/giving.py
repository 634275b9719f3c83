"""Rows handed from one database to another within a transaction."""

import duckdb
import pyarrow as pa


def give(
    con: duckdb.DuckDBPyConnection, sql: str, given: pa.Table
) -> duckdb.DuckDBPyConnection:
    """Run *sql*, in which the rows *given* are a table of that name.

    DuckDB finds it as a variable of the caller. Unlike a registered view it is let go
    when the statement ends; a transaction keeps views, and their rows, to its end.
    """
    return con.execute(sql)
