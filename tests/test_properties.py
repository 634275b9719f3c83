"""What must hold for any network: sums add up, and the way rows arrive is no matter.

A network costs seconds, so `make test` draws one for each and `make stress` many.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from shutil import copytree
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.content import content_hash
from tests.independent.case_kit import Rows, store
from tests.independent.generated import DAYS, FIRST, networks, versions
from tests.kit import run, settings_in, write_delivery
from warehouse.metrics import CATALOG, Kind
from warehouse.records import Run
from warehouse.scope import EVERYTHING, Question
from warehouse.store.warehouse import Batch
from warehouse.store.work import Work

AS_OF = datetime(2025, 4, 12, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
NAMES = ("2025-05-01", "2025-05-02")
START, END = FIRST.date() - timedelta(days=2), date(2025, 4, 20)
ADDED = [m.id for m in CATALOG.values() if m.kind in (Kind.RATIO, Kind.COUNT)]
# One metric for each kind of row: the others divide sums of the same rows.
ONE_A_FACT = sorted({(m.fact, m.kind): m.id for m in CATALOG.values()}.values())

ONE, MANY = 1, 25


def _is_rich(network: Rows | list[Rows]) -> bool:
    """Tell whether a network is worth its seconds: the first drawn is all the same."""
    tables = network[0] if isinstance(network, list) else network
    return len({order["checkin_at"] for order in tables["work_orders"]}) > 2


def drawn(
    network: st.SearchStrategy, *more: st.SearchStrategy
) -> Callable[[Callable], Callable]:
    """Make a test of a check: on a rich network, and under `stress` on many."""

    def make(check: Callable) -> Callable:
        @pytest.mark.parametrize(
            "size",
            [
                pytest.param(ONE, id="one"),
                pytest.param(MANY, id="many", marks=pytest.mark.stress),
            ],
        )
        def test(size: int) -> None:
            drawings = settings(
                max_examples=size,
                deadline=None,
                derandomize=True,
                database=None,
                # A counter-example costs seconds a step: it is shown as drawn.
                phases=(Phase.explicit, Phase.generate),
                suppress_health_check=[
                    HealthCheck.too_slow,
                    HealthCheck.data_too_large,
                ],
            )
            chosen = network.filter(_is_rich) if size == ONE else network
            drawings(given(chosen, *more)(check))()

        test.__name__, test.__doc__ = check.__name__, check.__doc__
        return test

    return make


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="aftersight-") as name:
        yield Path(name)


def _write(folder: Path, deliveries: list[Rows]) -> None:
    for name, tables in zip(NAMES, deliveries, strict=False):
        write_delivery(folder / "source" / name, tables)


def _run(folder: Path, **more: object) -> tuple[Run, Batch]:
    return run(folder, [folder / "source"], AS_OF, threads=1, **more)


def _load(folder: Path, deliveries: list[Rows]) -> Batch:
    _write(folder, deliveries)
    return _run(folder)[1]


def _ask(**more: object) -> Question:
    return Question(**{"start": START, "end": END, **more})


def _numbers(batch: Batch, metric: str, question: Question) -> list[tuple]:
    """Return all that a reading says, the batch's name left out."""
    return sorted(
        (
            (
                tuple(sorted(reading.dimensions.items(), key=str)),
                reading.period_start.isoformat(),
                *(
                    None if number is None else round(number, 9)
                    for number in (
                        reading.value,
                        reading.numerator,
                        reading.denominator,
                        reading.n,
                        reading.ci_low,
                        reading.maturity,
                    )
                ),
            )
            for reading in batch.read(metric, question, EVERYTHING)
        ),
        key=str,
    )


def _everything(folder: Path, batch: Batch) -> dict[str, object]:
    """Return the hash of each table's content and a reading of every kind of row."""
    with Work(settings_in(folder).warehouse) as work:
        tables = content_hash(work.con).split("|")
    found: dict[str, object] = {f"table {t.partition(':')[0]}": t for t in tables}
    for metric in ONE_A_FACT:
        has_store = "store_id" in CATALOG[metric].dimensions
        by = ("store_id",) if has_store else CATALOG[metric].dimensions[:1]
        found[metric] = _numbers(batch, metric, _ask(by=by))
    return found


def _differences(one: dict[str, object], other: dict[str, object]) -> dict:
    return {name: (one[name], other[name]) for name in one if one[name] != other[name]}


def _sums(batch: Batch, metric: str, question: Question) -> tuple[float, float]:
    readings = batch.read(metric, question, EVERYTHING)
    return (
        round(sum(reading.numerator or 0 for reading in readings), 6),
        round(sum(reading.denominator or 0 for reading in readings), 6),
    )


# ---------- sums


@drawn(networks())
def test_a_store_without_orders_changes_no_number(tables):
    """A new store that has no rows yet leaves every reading as it was."""
    more = tables | {"stores": [*tables["stores"], store("S7", region="West")]}
    with _folder() as without, _folder() as beside:
        old, new = _load(without, [tables]), _load(beside, [more])
        assert not _differences(
            {metric: _numbers(old, metric, _ask()) for metric in CATALOG},
            {metric: _numbers(new, metric, _ask()) for metric in CATALOG},
        )


@drawn(networks(), st.integers(1, DAYS))
def test_parts_add_up_to_the_whole(tables, days):
    """Two parts of a period, and all stores, have the sums of the whole.

    So the network's rate is the stores' sums divided, whatever rows have no store.
    """
    middle = START + timedelta(days=days)
    with _folder() as folder:
        batch = _load(folder, [tables])
        wrong = {}
        for metric in ADDED:
            whole = _sums(batch, metric, _ask())
            first = _sums(batch, metric, _ask(end=middle))
            rest = _sums(batch, metric, _ask(start=middle))
            both = tuple(round(a + b, 6) for a, b in zip(first, rest, strict=True))
            stores = whole
            if "store_id" in CATALOG[metric].dimensions:
                stores = _sums(batch, metric, _ask(by=("store_id",), grain="day"))
            if not both == stores == whole:
                wrong[metric] = (first, rest, stores, whole)
        assert not wrong


# ---------- the way rows arrive


def _shuffled(tables: Rows, random: Random) -> Rows:
    found = {}
    for name in random.sample(sorted(tables), len(tables)):
        columns = list(dict.fromkeys(c for row in tables[name] for c in row))
        random.shuffle(columns)
        rows = random.sample(tables[name], len(tables[name]))
        found[name] = [{c: row.get(c, "") for c in columns} for row in rows]
    return found


@drawn(versions(), st.randoms(use_true_random=False))
def test_the_order_and_number_of_files_is_no_matter(deliveries, random):
    """Rows and columns in another order, cut into folders of one day, are the same."""
    with _folder() as one, _folder() as other:
        first = _everything(one, _load(one, deliveries))
        for day, tables in zip(NAMES, deliveries, strict=True):
            pieces: list[Rows] = [{}, {}, {}]
            for name, rows in tables.items():
                for row in rows:
                    random.choice(pieces).setdefault(name, []).append(row)
            for piece, part in enumerate(pieces):
                name = f"{day}/part-{piece}"
                write_delivery(other / "source" / name, _shuffled(part, random))
        batch = _run(other)[1]
        assert not _differences(first, _everything(other, batch))


@drawn(versions())
def test_a_delivery_made_again_is_no_matter(deliveries):
    """The same files again, and copies beside them, are duplicates and nothing more."""
    with _folder() as folder:
        first = _everything(folder, _load(folder, deliveries))
        again, batch = _run(folder)
        assert not _differences(first, _everything(folder, batch))
        assert not any(counts.loaded for counts in again.tables.values())
        for name in NAMES:
            if (folder / "source" / name).exists():
                copytree(folder / "source" / name, folder / "source" / f"{name}-again")
        copies, batch = _run(folder)
        assert not _differences(first, _everything(folder, batch))
        assert not any(counts.loaded for counts in copies.tables.values())


@drawn(versions(), st.randoms(use_true_random=False))
def test_the_order_of_deliveries_is_no_matter(deliveries, random):
    """Deliveries loaded one by one, the newest first, give the same warehouse.

    So does loading everything anew with --full.
    """
    with _folder() as one, _folder() as other:
        first = _everything(one, _load(one, deliveries))
        parts: dict[str, Rows] = {f"c/{NAMES[1]}": deliveries[1]}
        for table, rows in deliveries[0].items():
            for row in rows:
                part = f"{random.choice('ab')}/{NAMES[0]}"
                parts.setdefault(part, {}).setdefault(table, []).append(row)
        for part in sorted(parts, reverse=True):
            write_delivery(other / "source" / part, parts[part])
            batch = _run(other)[1]
        assert not _differences(first, _everything(other, batch))
        batch = _run(other, full=True)[1]
        assert not _differences(first, _everything(other, batch))


# ---------- no row is lost

RUBBISH = ("", " ", "REPAIRX", "2026-02-30", "昨天", "NaN", "inf", "-1", "一", "1e400")
junk = st.sampled_from(RUBBISH) | st.text(
    st.characters(exclude_characters="\0", codec="utf-8"), max_size=12
)


@st.composite
def _spoilt(draw: st.DrawFn) -> list[Rows]:
    """Draw deliveries with cells of all kinds of rubbish, and rows that repeat."""
    deliveries = draw(versions())
    for tables in deliveries:
        for rows in tables.values():
            for row in list(rows):
                if draw(st.integers(0, 9)) == 0:
                    row[draw(st.sampled_from(sorted(row)))] = draw(junk)
                if draw(st.integers(0, 19)) == 0:
                    rows.append(row | {"unknown_column": "x"})
    return deliveries


def _refresh(folder: Path) -> Run:
    """Refresh with a gate that lets everything by."""
    gate = folder / "gate.toml"
    names = ("rejected_share", "key_loss", "null_jump", "reference_loss")
    gate.write_text("".join(f"[{name}]\nlimit = 1.0\n" for name in names))
    return _run(folder, gate=gate)[0]


@drawn(_spoilt())
def test_no_row_is_lost(deliveries):
    """Every row that was written is loaded, a duplicate, or set aside, each time."""
    with _folder() as folder:
        _write(folder, deliveries)
        written = {
            table: sum(len(tables.get(table, [])) for tables in deliveries)
            for tables in deliveries
            for table, rows in tables.items()
            if rows
        }
        for _ in range(2):
            done = _refresh(folder)
            assert {name: done.tables[name].read for name in written} == written
            assert all(counts.adds_up for counts in done.tables.values())
