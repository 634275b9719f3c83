"""Benchmarks: python -m tests.bench [--sizes 1,4] [--orders 1,10] [--only NAMES].

Each figure stands beside its baseline, measured in the same run: ratios carry over to
another machine, seconds do not.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import duckdb

from tests.bench import alerts, big, data, live, visits
from tests.bench import pages as screens
from tests.bench.measure import Ended, middle, process, refresh, table, timed

REPEATS = 3


def main() -> None:
    """Run what is asked and print tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--sizes", default="1,4", help="millions of orders, 1,4,16")
    parser.add_argument("--full", action="store_true", help="sizes 1,4,16")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows to load")
    parser.add_argument("--orders", default="1,10", help="millions behind the pages")
    parser.add_argument(
        "--only", default="load,size,pages,live,alerts", help="some of them"
    )
    parser.add_argument("--folder", type=Path, help="where to work (and keep it)")
    chosen = parser.parse_args()
    sizes = [1, 4, 16] if chosen.full else [int(n) for n in chosen.sizes.split(",")]
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="aftersight-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if "load" in chosen.only:
            load_rate(folder / "load", chosen.rows)
        if "size" in chosen.only:
            by_size(folder, sizes)
        if "pages" in chosen.only:
            big.pages(folder / "pages", [int(n) for n in chosen.orders.split(",")])
        if "live" in chosen.only:
            live.walls(folder / "live")
        if "alerts" in chosen.only:
            alerts.alerts(folder / "alerts")
    finally:
        if chosen.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


def load_rate(folder: Path, rows: int) -> None:
    """Load one CSV file bare and through the product."""
    file = folder / "source" / "2026-01-01" / "work_orders.csv"
    data.write_csv(file, rows)
    ours, bare, copied = [], [], []
    for number in range(REPEATS):
        bare.append(_bare(folder / f"bare{number}", _read_csv(file)))
        copied.append(_bare(folder / f"copy{number}", _copy(file)))
        place = folder / f"ours{number}"
        place.mkdir()
        ours.append(refresh(place, file.parents[1], "2026-01-01T04:00:00Z"))
        shutil.rmtree(place)
    base, copy = middle(bare), middle(copied)
    table(
        f"Loading a CSV of {rows:,} work orders, {file.stat().st_size >> 20} MB "
        f"(median of {REPEATS}; wall time, and the time computed)",
        (
            "way",
            "seconds",
            "rows/s",
            "cpu s",
            "x read_csv",
            "x COPY",
            "cpu x COPY",
            "peak MB",
        ),
        [
            [
                name,
                f"{one.seconds:.2f}",
                f"{rows / one.seconds:,.0f}",
                f"{one.cpu:.2f}",
                f"{one.seconds / base.seconds:.1f}",
                f"{one.seconds / copy.seconds:.1f}",
                f"{one.cpu / copy.cpu:.1f}",
                f"{one.megabytes:,.0f}" if one.megabytes else "-",
            ]
            for name, one in (
                ("DuckDB create table as read_csv", base),
                ("DuckDB COPY into typed table", copy),
                ("python -m etl run, published", middle(ours)),
            )
        ],
    )


def _read_csv(file: Path) -> str:
    return f"create table t as from read_csv('{file}')"


def _copy(file: Path) -> str:
    return f"create table t as from read_csv('{file}') limit 0; copy t from '{file}'"


def _bare(path: Path, sql: str) -> Ended:
    def work() -> None:
        with duckdb.connect(f"{path}.duckdb", config={"threads": "2"}) as con:
            con.execute(sql)
            con.execute("checkpoint")

    took = timed(work)
    path.with_name(f"{path.name}.duckdb").unlink()
    return took


def by_size(folder: Path, sizes: list[int]) -> None:
    """Measure a day's refresh and the overview on growing histories."""
    built, days, pages, drawn, seen = [], [], [], [], []
    for millions in sizes:
        place = folder / f"{millions}m"
        source = place / "source"
        data.write_history(source, millions)
        first = refresh(place, source, f"{data.LAST_DAY}T15:00:00Z")
        held = sum(f.stat().st_size for f in (place / "warehouse").iterdir()) >> 20
        built.append(
            [
                f"{millions} M",
                f"{first.seconds:.0f}",
                f"{first.cpu:.0f}",
                f"{millions * 1e6 / first.seconds:,.0f}",
                f"{first.megabytes:,.0f}",
                f"{held:,}",
            ]
        )
        runs = []
        for number in range(1, REPEATS + 2):
            day = data.write_day(source, millions, number)
            runs.append(refresh(place, source, f"{day}T15:00:00Z"))
        idle = refresh(place, source, f"{day}T15:10:00Z")
        days.append((millions, middle(runs[1:]), idle))
        pages.append((millions, process(["-m", "tests.bench.page"], place)))
        drawn += screens.rows(
            f"{millions} M", process(["-m", "tests.bench.pages"], place).told
        )
        seen += visits.rows(
            f"{millions} M", process(["-m", "tests.bench.visits"], place).told
        )
        shutil.rmtree(place)
        _tell(built, days, pages)
        table(screens.TITLE, screens.HEADER, drawn)
        table(visits.TITLE, visits.HEADER, seen)


def _tell(built: list, days: list, pages: list) -> None:
    table(
        "First load of a history (Parquet)",
        ("orders", "seconds", "cpu s", "orders/s", "peak MB", "disk MB"),
        built,
    )
    base = days[0][1]
    table(
        f"Refresh of one day, {data.DAY_ORDERS:,} orders (median of {REPEATS}; "
        "whole process)",
        (
            "history",
            "seconds",
            "cpu s",
            "x smallest",
            "cpu x smallest",
            "nothing new",
            "its cpu s",
            "peak MB",
        ),
        [
            [
                f"{millions} M",
                f"{run.seconds:.2f}",
                f"{run.cpu:.2f}",
                f"{run.seconds / base.seconds:.2f}",
                f"{run.cpu / base.cpu:.2f}",
                f"{idle.seconds:.2f}",
                f"{idle.cpu:.2f}",
                f"{run.megabytes:,.0f}",
            ]
            for millions, run, idle in days
        ],
    )
    smallest = pages[0][1].told["warm"]
    table(
        f"Overview: {pages[0][1].told['metrics']} headlines, total and by store "
        "(median of 5; cold is process start to first page)",
        (
            "history",
            "warm s",
            "x smallest",
            "cold s",
            "import",
            "open",
            "first page",
            "peak MB",
        ),
        [
            [
                f"{millions} M",
                f"{p.told['warm']:.2f}",
                f"{p.told['warm'] / smallest:.2f}",
                f"{p.told['cold']:.2f}",
                f"{p.told['import']:.2f}",
                f"{p.told['open']:.2f}",
                f"{p.told['first']:.2f}",
                f"{p.megabytes:,.0f}",
            ]
            for millions, p in pages
        ],
    )
    for millions, page in pages:
        print(f"slowest at {millions} M: {page.told['slowest']}")


if __name__ == "__main__":
    main()
