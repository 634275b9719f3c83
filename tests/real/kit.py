"""Loading a configured source of real data into an installation of its own."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from etl.refresh import Order, refresh
from etl.sources import load_sources
from tests.kit import settings_in, silent
from warehouse.metrics import CATALOG, Reading, Status
from warehouse.records import Counts, Run
from warehouse.scope import EVERYTHING, Question
from warehouse.settings import Settings
from warehouse.store.warehouse import Batch, Warehouse
from warehouse.store.work import Work

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared" / "data")
FOLDERS = {path.name[:2]: path for path in sorted((ROOT / "docs/sources").glob("*"))}
AS_OF = {
    "01": datetime(2019, 1, 31, 12, tzinfo=UTC),
    "02": datetime(2017, 12, 15, 12, tzinfo=UTC),
    "03": datetime(2020, 1, 31, 12, tzinfo=UTC),
    "04": datetime(2017, 4, 1, tzinfo=UTC),
    "05": datetime(2002, 4, 15, 12, tzinfo=UTC),
    "06": datetime(2001, 1, 15, 12, tzinfo=UTC),
    "07": datetime(2001, 8, 31, 12, tzinfo=UTC),
    "10": datetime(2018, 4, 1, tzinfo=UTC),
    "11": datetime(2015, 8, 2, 12, tzinfo=UTC),
    "12": datetime(2018, 10, 1, 12, tzinfo=UTC),
    "13": datetime(2023, 4, 20, tzinfo=UTC),
    "14": datetime(2020, 9, 15, tzinfo=UTC),
    "18": datetime(2015, 10, 15, tzinfo=UTC),
    "20": datetime(2013, 1, 15, tzinfo=UTC),
    "21": datetime(1998, 7, 15, tzinfo=UTC),
    "22": datetime(2010, 8, 21, tzinfo=UTC),
    "25": datetime(2026, 1, 2, 12, tzinfo=UTC),
    "26": datetime(2023, 3, 1, 12, tzinfo=UTC),
}
"""What counts as now: Denver's lies inside the data, the others' behind them."""

SOME = {"03": ("*-2016.xlsx", "*-2019.xlsx")}
"""What is read of sources that hold more of the same than a test has time for."""

VARIANTS = ("_p50", "_p90", "_mean")
Sums = tuple[float, float]
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"the real data are not at {DATA}"
)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """One source in a warehouse of its own."""

    run: Run
    batch: Batch
    settings: Settings

    def ask(self, metric: str, **question: Any) -> list[Reading]:
        """Return the readings of a metric, with the rights of the shell."""
        return self.batch.read(metric, Question(**question), EVERYTHING)

    def one(self, metric: str, **question: Any) -> Reading:
        """Return the only reading of a metric."""
        (reading,) = self.ask(metric, **question)
        return reading

    def counts(self) -> dict[str, tuple[int, int, int, int]]:
        """Return read, loaded, duplicate and rejected of each table that was read."""
        tables = self.run.tables.items()
        return {name: _four(count) for name, count in tables if count.read}

    def rejects(self) -> dict[tuple[str, str, str], int]:
        """Return rows set aside by table, column and rule."""
        return {
            (group.table, group.column, group.rule): group.rows
            for group in self.batch.reject_groups(EVERYTHING)
            if group.severity == "reject"
        }

    def rows(self, sql: str) -> list[tuple]:
        """Return rows of the conformed tables."""
        with Work(self.settings.warehouse) as work:
            return work.con.execute(sql).fetchall()

    def told(self, fed: set[str]) -> dict[str, tuple]:
        """Return what is said by metrics that the source does not feed: no row, best.

        A metric may say so by an empty value without a colour.
        """
        found = {}
        for name in CATALOG:
            if name in fed or name.endswith(VARIANTS):
                continue
            for reading in (*self.ask(name), *self.ask(name, **EVER)):
                quiet = reading.status in (Status.NONE, Status.GREY)
                if reading.value is not None or not quiet:
                    found[name] = (reading.value, reading.status)
        return found


EVER = {"start": date(1995, 1, 1), "end": date(2020, 12, 31)}
"""A period in which all sources but the dealers (2023) lie."""


def _four(count: Counts) -> tuple[int, int, int, int]:
    return count.read, count.loaded, count.duplicate, count.rejected


def load(name: str, folder: Path, data: Path = DATA) -> Loaded:
    """Load the source whose configuration begins with *name*, by that file alone."""
    settings = settings_in(folder)
    if name in SOME:
        data = _some(name, folder, data)
    sources = load_sources(FOLDERS[name], {"SHARED_DATA": str(data)})
    order = Order(now=AS_OF[name], as_of=AS_OF[name])
    run = refresh(settings, sources.values(), order, silent)
    return Loaded(run=run, batch=Warehouse.open(settings).batch(), settings=settings)


def _some(name: str, folder: Path, data: Path) -> Path:
    """Return a folder like *data* that holds links to some files of one source."""
    inner = folder / "some" / FOLDERS[name].stem
    inner.mkdir(parents=True)
    for pattern in SOME[name]:
        for path in (data / inner.name).glob(pattern):
            (inner / path.name).symlink_to(path.resolve())
    return inner.parent


Real = Callable[[str], Loaded]
_KEPT: dict[str, Loaded] = {}


def once(folders: pytest.TempPathFactory, name: str) -> Loaded:
    """Return a source that is loaded at most once, however many modules ask."""
    if name not in _KEPT:
        _KEPT[name] = load(name, folders.mktemp(f"real{name}"))
    return _KEPT[name]


def raw(name: str, pattern: str = "*.csv.gz") -> Path:
    """Return the only raw file of a source that fits."""
    (path,) = (DATA / FOLDERS[name].stem).glob(pattern)
    return path


def near(value: float | None) -> object:
    """Return what compares equal within 1e-9."""
    return None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)


def same_share(reading: Reading, share: Sums) -> None:
    """Assert that a reading is *share* = (numerator, denominator), and its n."""
    top, bottom = share
    assert reading.numerator == near(top)
    assert reading.denominator == near(bottom)
    assert reading.value == near(top / bottom)
    assert reading.n == round(bottom)


def same_time(
    loaded: Loaded, metric: str, durations: Any, tell: Callable, **asked: Any
) -> None:
    """Assert that P50, P90 and mean of a time are those of *durations*.

    *tell* is the quantile of the independent side, (values, share) -> number.
    """
    total, n = durations.sum(), len(durations)
    expected = {"_p50": tell(durations, 0.5), "_p90": tell(durations, 0.9)}
    expected["_mean"] = total / n
    for suffix, value in expected.items():
        reading = loaded.one(metric + suffix, **asked)
        assert reading.value == near(value), suffix
        assert (reading.numerator, reading.denominator) == (near(total), n)
        assert reading.n == n
