"""Pages over 10 and 100 million orders, without loading them.

One million is loaded as any delivery is. Larger histories are published files written
by DuckDB: that million over and over, each time one spell earlier and under other ids,
as far back as it takes. Their marts are summed by the product's own facts, from a copy
that has matured. What pages read is what a load would have left; how long a load takes,
and comebacks from one spell to the next, are not in it.
"""

import json
import shutil
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import duckdb

from tests.bench import data
from tests.bench import pages as screens
from tests.bench.measure import process, refresh, table
from warehouse.store.facts import FACTS, Ask
from warehouse.store.facts.kit import at
from warehouse.store.marts import MARTS
from warehouse.store.publishing import MANIFEST, read_manifest
from warehouse.store.work import render

SPELL = 67
"""Days of a million orders: each copy lies so many days before the one after it."""

OF_ORDERS = ("fct_orders", "work_orders", "work_order_lines", "fct_surveys", "surveys")
"""Tables that grow with the history, beside the marts and the stores' days."""

IDS = {"work_order_id", "survey_id", "comeback_of", "comeback_by"}

SPARE = 10 << 30
"""Bytes of the disk that stay free."""

MEMORY = "4GB"

NOTE = "Histories beyond 1 M are published files written by DuckDB, not loaded."


def pages(folder: Path, millions: list[int]) -> None:
    """Print server time and bytes of the pages at each size."""
    base = folder / "base"
    source = base / "source"
    if read_manifest(base / "warehouse") is None:
        data.write_history(source, 1)
        refresh(base, source, f"{data.LAST_DAY}T15:00:00Z")
    drawn, held = [], []
    for size in millions:
        place = base if size == 1 else folder / f"{size}m"
        if size > 1:
            multiply(base, place, size)
        mine = read_manifest(place / "warehouse")
        bytes_held = (place / "warehouse" / mine.hist).stat().st_size
        ended = process(["-m", "tests.bench.pages"], place)
        drawn += screens.rows(f"{size} M", ended.told)
        held.append([f"{size} M", f"{bytes_held >> 20:,}", f"{ended.megabytes:,.0f}"])
        if place != base:
            shutil.rmtree(place)
        table(f"{screens.TITLE}. {NOTE}", screens.HEADER, drawn)
        table(
            "Published file and the server that drew them",
            ("history", "file MB", "peak MB"),
            held,
        )


def multiply(base: Path, place: Path, millions: int) -> None:
    """Write the installation of *base* anew with so many million orders.

    Raises:
        SystemExit: the disk has no room for it.

    """
    known = read_manifest(base / "warehouse")
    file = base / "warehouse" / known.hist
    wanted = file.stat().st_size * millions
    target = place / "warehouse"
    target.mkdir(parents=True)
    free = shutil.disk_usage(target).free
    if wanted > free - SPARE:
        raise SystemExit(
            f"{millions} M orders need about {wanted >> 30} GB, {free >> 30} are free"
        )
    for name in (known.hot, MANIFEST):
        shutil.copy(base / "warehouse" / name, target / name)
    shutil.copy(base / "state.db", place / "state.db")
    manifest = replace(known, hist="hist-00000000.duckdb", hist_seq=0)
    _write(file, target / manifest.hist, millions, datetime.fromisoformat(known.as_of))
    (target / MANIFEST).write_text(json.dumps(asdict(manifest)))


def _write(file: Path, target: Path, millions: int, as_of: datetime) -> None:
    with duckdb.connect(str(target)) as con:
        con.execute(f"set memory_limit = '{MEMORY}'; set threads = 2")
        con.execute("set timezone = 'UTC'")
        con.execute(f"attach '{file}' as base (read_only)")
        names = [
            row[0]
            for row in con.execute(
                "select table_name from duckdb_tables() where database_name = 'base'"
            ).fetchall()
        ]
        marts = [mart.name for mart in MARTS.values()]
        growing = {*OF_ORDERS, "store_days"}
        for name in names:
            rows = "" if name not in {*growing, *marts} else " limit 0"
            con.execute(f"create table {name} as from base.{name}{rows}")
        # The oldest first: a scan passes over what a page does not look at.
        for back in range(millions - 1, -1, -1):
            for name in sorted(growing):
                con.execute(f"insert into {name} {_shifted(con, name, back)}")
            if back == millions - 1:
                _sum_up(con, as_of)
                for name in marts:
                    con.execute(f"alter table {name} rename to first_{name}")
                    con.execute(f"create table {name} as from first_{name} limit 0")
            for name in marts:
                source = f"first_{name}" if back else f"base.{name}"
                days = SPELL * (millions - 1 - back) if back else 0
                con.execute(
                    f"insert into {name} select * replace (day + {days} as day) "
                    f"from {source} order by day, store_id"
                )
            con.execute("checkpoint")
        for name in marts:
            con.execute(f"drop table first_{name}")


def _sum_up(con: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    """Fill the marts from the rows that are there, all of them long matured."""
    for name, mart in MARTS.items():
        rows = FACTS[name].rows(Ask(at(as_of)))
        sums = ", ".join(f"sum({m})::double as {m}" for m in FACTS[name].measures)
        con.execute(
            f"insert into {mart.name} by name select day, store_id, {sums}, 1 as _seq "
            f"from ({render(rows)}) where day is not null group by day, store_id"
        )


def _shifted(con: duckdb.DuckDBPyConnection, name: str, back: int) -> str:
    """Return the select of a table's rows so many spells earlier, under other ids."""
    if not back:
        return f"from base.{name}"
    columns = con.execute(
        "select column_name, data_type from duckdb_columns() "
        "where database_name = 'base' and table_name = ?",
        [name],
    ).fetchall()
    days = SPELL * back
    changed = [
        f"({column} - {days})::date as {column}"
        if kind == "DATE"
        else f"{column} - interval {days} day as {column}"
        for column, kind in columns
        if kind in ("DATE", "TIMESTAMP")
    ]
    changed += [f"'{back}-' || {c} as {c}" for c, _ in columns if c in IDS]
    return f"select * replace ({', '.join(changed)}) from base.{name}"


__all__ = ["multiply", "pages"]
