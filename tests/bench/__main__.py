"""Benchmarks: python -m tests.bench [--sizes 1,4] [--rows 1000000] [--only load,size].

Each figure stands beside its baseline, measured in the same run: ratios carry over to
another machine, seconds do not.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import duckdb

from tests.bench import data
from tests.bench.measure import median, process, refresh, seconds_of, table

REPEATS = 3


def main() -> None:
    """Run what is asked and print tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--sizes", default="1,4", help="millions of orders, 1,4,16")
    parser.add_argument("--full", action="store_true", help="sizes 1,4,16")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows to load")
    parser.add_argument("--only", default="load,size", help="load, size or both")
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
    finally:
        if chosen.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


def load_rate(folder: Path, rows: int) -> None:
    """Load one CSV file bare and through the product."""
    file = folder / "source" / "2026-01-01" / "work_orders.csv"
    data.write_csv(file, rows)
    ours, peak, bare, copied = [], 0.0, [], []
    for number in range(REPEATS):
        bare.append(_bare(folder / f"bare{number}", _read_csv(file)))
        copied.append(_bare(folder / f"copy{number}", _copy(file)))
        place = folder / f"ours{number}"
        place.mkdir()
        ended = refresh(place, file.parents[1], "2026-01-01T04:00:00Z")
        ours.append(ended.seconds)
        peak = max(peak, ended.megabytes)
        shutil.rmtree(place)
    base = median(bare)
    table(
        f"Loading a CSV of {rows:,} work orders, {file.stat().st_size >> 20} MB "
        f"(median of {REPEATS})",
        ("way", "seconds", "rows/s", "times read_csv", "times COPY", "peak MB"),
        [
            _rate("DuckDB create table as read_csv", base, rows, base, median(copied)),
            _rate("DuckDB COPY into typed table", median(copied), rows, base,
                  median(copied)),
            [*_rate("python -m etl run, published", median(ours), rows, base,
                    median(copied))[:-1], f"{peak:,.0f}"],
        ],
    )


def _rate(name: str, took: float, rows: int, base: float, copied: float) -> list[str]:
    return [name, f"{took:.2f}", f"{rows / took:,.0f}", f"{took / base:.1f}",
            f"{took / copied:.1f}", "-"]


def _read_csv(file: Path) -> str:
    return f"create table t as from read_csv('{file}')"


def _copy(file: Path) -> str:
    return (
        f"create table t as from read_csv('{file}') limit 0; copy t from '{file}'"
    )


def _bare(path: Path, sql: str) -> float:
    def work() -> None:
        with duckdb.connect(f"{path}.duckdb", config={"threads": "2"}) as con:
            con.execute(sql)
            con.execute("checkpoint")

    took = seconds_of(work)
    path.with_name(f"{path.name}.duckdb").unlink()
    return took


def by_size(folder: Path, sizes: list[int]) -> None:
    """Measure a day's refresh and the overview on growing histories."""
    built, days, pages = [], [], []
    for millions in sizes:
        place = folder / f"{millions}m"
        source = place / "source"
        data.write_history(source, millions)
        first = refresh(place, source, f"{data.LAST_DAY}T15:00:00Z")
        held = sum(f.stat().st_size for f in (place / "warehouse").iterdir()) >> 20
        built.append([f"{millions} M", f"{first.seconds:.0f}",
                      f"{millions * 1e6 / first.seconds:,.0f}",
                      f"{first.megabytes:,.0f}", f"{held:,}"])
        runs = []
        for number in range(1, REPEATS + 2):
            day = data.write_day(source, millions, number)
            runs.append(refresh(place, source, f"{day}T15:00:00Z"))
        idle = refresh(place, source, f"{day}T15:10:00Z")
        days.append((millions, runs[1:], idle))
        pages.append((millions, process(["-m", "tests.bench.page"], place)))
        shutil.rmtree(place)
        _tell(built, days, pages)


def _tell(built: list, days: list, pages: list) -> None:
    table("First load of a history (Parquet)",
          ("orders", "seconds", "orders/s", "peak MB", "disk MB"), built)
    base = median([run.seconds for run in days[0][1]])
    table(
        f"Refresh of one day, {data.DAY_ORDERS:,} orders (median of {REPEATS}; "
        "whole process)",
        ("history", "seconds", "times the smallest", "nothing new", "peak MB"),
        [
            [f"{millions} M", f"{median([r.seconds for r in runs]):.2f}",
             f"{median([r.seconds for r in runs]) / base:.2f}",
             f"{idle.seconds:.2f}", f"{max(r.megabytes for r in runs):,.0f}"]
            for millions, runs, idle in days
        ],
    )
    smallest = pages[0][1].told["warm"]
    table(
        f"Overview: {pages[0][1].told['metrics']} headlines, total and by store "
        "(median of 5; cold is process start to first page)",
        ("history", "warm s", "times the smallest", "cold s", "import", "open",
         "first page", "peak MB"),
        [
            [f"{millions} M", f"{p.told['warm']:.2f}",
             f"{p.told['warm'] / smallest:.2f}", f"{p.told['cold']:.2f}",
             f"{p.told['import']:.2f}", f"{p.told['open']:.2f}",
             f"{p.told['first']:.2f}", f"{p.megabytes:,.0f}"]
            for millions, p in pages
        ],
    )
    for millions, page in pages:
        print(f"slowest at {millions} M: {page.told['slowest']}")


if __name__ == "__main__":
    main()
