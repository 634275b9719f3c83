"""What tests build networks from: rows typed by hand, loaded as deliveries."""

import csv
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from etl.refresh import Order, refresh
from etl.sources import standard_folder
from warehouse.contracts import CONTRACTS
from warehouse.records import Run
from warehouse.settings import Settings
from warehouse.store.warehouse import Batch, Warehouse

Rows = dict[str, list[dict]]


def silent(_: str) -> None:
    """Say nothing."""


def thorough(*values: object) -> object:
    """Return a case that `make stress` runs: one more of a kind that is seen anyway."""
    return pytest.param(*values, marks=pytest.mark.stress)


def settings_in(folder: Path, **more: object) -> Settings:
    """Return settings of an installation that lives in *folder*.

    One thread: on a few rows a second one only costs. What is loaded large
    (tests/test_independent_demo.py, `make stress`) asks for the product's own number.
    """
    given = {
        "warehouse": folder / "warehouse",
        "state": f"sqlite:///{folder / 'state.db'}",
        "intake": folder / "intake",
        "threads": 1,
    }
    return Settings(**{**given, **more})


def write_delivery(folder: Path, tables: Rows) -> Path:
    """Write rows as standard CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        if not rows:
            continue
        names = list(dict.fromkeys(name for row in rows for name in row))
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=names)
            writer.writeheader()
            for row in rows:
                writer.writerow({k: _cell(v) for k, v in row.items()})
    return folder


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def in_deliveries(tables: Rows) -> list[Rows]:
    """Split rows so that the same key twice comes in a later delivery."""
    deliveries: list[Rows] = []
    for table, rows in tables.items():
        times: dict[tuple, int] = {}
        for row in rows:
            key = tuple(row.get(name) for name in CONTRACTS[table].key)
            number = times.get(key, 0)
            times[key] = number + 1
            while len(deliveries) <= number:
                deliveries.append({})
            deliveries[number].setdefault(table, []).append(row)
    return deliveries


def load(
    folder: Path,
    tables: Rows,
    as_of: datetime,
    *,
    full: bool = False,
    say: Callable[[str], None] = silent,
    **more: object,
) -> tuple[Run, Batch]:
    """Load rows into a fresh installation in *folder*; return the run and its batch."""
    for number, delivery in enumerate(in_deliveries(tables)):
        write_delivery(folder / "source" / f"2024-01-{number + 1:02d}", delivery)
    (folder / "source").mkdir(parents=True, exist_ok=True)
    return run(folder, [folder / "source"], as_of, full=full, say=say, **more)


def run(
    folder: Path,
    sources: Iterable[Path],
    as_of: datetime,
    *,
    full: bool = False,
    say: Callable[[str], None] = silent,
    **more: object,
) -> tuple[Run, Batch]:
    """Refresh an installation from standard folders."""
    settings = settings_in(folder, **more)
    now = as_of.astimezone(timezone.utc)
    done = refresh(
        settings,
        [standard_folder(source) for source in sources],
        Order(now=now, as_of=now, full=full),
        say,
    )
    return done, Warehouse.open(settings).batch()
