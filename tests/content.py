"""What the conformed tables hold, as one comparable line."""

import duckdb

from warehouse.store.names import quoted
from warehouse.store.schema import CONFORMED


def content_hash(con: duckdb.DuckDBPyConnection) -> str:
    """Return a hash of what the conformed tables hold, whatever the order of loading.

    Book-keeping (batch, piece, line) is left out: it tells how, not what.
    """
    parts = []
    for name, table in CONFORMED.items():
        columns = ", ".join(
            f"coalesce({quoted(c.name)}::varchar, chr(30))"
            for c in table.columns
            if not c.name.startswith("_")
        )
        found = con.execute(
            f"select count(*), sum(hash(concat_ws(chr(31), {columns}))::hugeint) "
            f"from {name}"
        ).fetchone()
        parts.append(f"{name}:{found[0]}:{found[1]}")
    return "|".join(parts)
