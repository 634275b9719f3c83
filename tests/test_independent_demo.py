"""The engine and the independent computation agree on a whole demo network.

The reference reads the delivered files itself (tests/independent/files.py) and computes
every metric in pandas; nothing of the product is used on its way.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from etl.demo import write_network
from tests.independent import METRICS
from tests.independent.files import Delivered, load_folder
from tests.independent.schema import KEYS, SCHEMA
from tests.independent.scope import Ask
from tests.independent.world import World
from tests.kit import run, settings_in
from warehouse.metrics import CATALOG, Interval, Kind
from warehouse.records import Run
from warehouse.scope import EVERYTHING, Question
from warehouse.store.warehouse import Batch
from warehouse.store.work import Work

pytestmark = pytest.mark.xdist_group("independent_demo")

ZONE = ZoneInfo("Asia/Shanghai")
END = datetime(2026, 11, 19, 23, 59, 59, tzinfo=ZONE)
PAST = datetime(2026, 9, 20, 14, 37, tzinfo=ZONE)  # a busy hour, 60 days earlier
STORES, MONTHS = 3, 14
WIDE, LONG, AHEAD = timedelta(days=90), timedelta(days=130), timedelta(days=20)

# Each metric is split by one of these, in turn, so that all are seen.
SPLITS = {
    "technician_id": (
        "technician_id",
        "complaint_group",
        "model",
        "order_type",
        "entry_mode",
    ),
    "abc_class": ("abc_class", "part_number", "category"),
}
NUMBERS = ("value", "numerator", "denominator", "n")


@dataclass
class Network:
    """One demo network, loaded twice: by the engine and by the reference."""

    run: Run
    batch: Batch
    conformed: dict[str, pd.DataFrame]
    delivered: Delivered
    worlds: dict[datetime, World]


class Miss(NamedTuple):
    """One cell in which the two differ."""

    as_of: str
    question: str
    scope: str
    cell: str
    engine: object
    reference: object


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    """Write a small network and load it with the engine and with pandas."""
    folder = tmp_path_factory.mktemp("demo")
    source = folder / "source"
    write_network(
        source, stores=STORES, months=MONTHS, until=END.date() + timedelta(days=1)
    )
    done, batch = run(folder, [source], END, threads=2)
    with Work(settings_in(folder).warehouse) as work:
        tables = {
            name: work.con.execute(f"from {name} where not is_inferred").df()
            for name in SCHEMA
        }
    delivered = load_folder(source)
    worlds = {
        moment: World(delivered.tables, pd.Timestamp(moment).tz_convert("UTC"))
        for moment in (END, PAST)
    }
    return Network(done, batch, tables, delivered, worlds)


# ---------- the loader


@pytest.mark.parametrize("table", SCHEMA)
def test_both_loaders_count_the_same(network, table):
    """Rows read, loaded and set aside are as many as the page's rules say."""
    counts, clean = network.run.tables[table], network.delivered
    got = (counts.read, counts.loaded, counts.rejected)
    assert got == (clean.read[table], clean.loaded[table], clean.rejected[table])


@pytest.mark.parametrize("table", SCHEMA)
def test_both_loaders_keep_the_same_rows(network, table):
    """The newest version of every row is the same in every column."""
    key = KEYS[table]
    got, wanted = network.conformed[table].copy(), network.delivered.tables[table]
    for column in key:
        if SCHEMA[table][column] == "t":
            got[column] = pd.to_datetime(got[column]).dt.tz_localize("UTC")
    both = wanted.merge(
        got, on=key, how="outer", suffixes=("", "_engine"), indicator=True
    )
    assert (both["_merge"] == "both").all(), both["_merge"].value_counts().to_string()
    wrong = {}
    for column, kind in SCHEMA[table].items():
        if column not in key:
            rows = _differ(both[column], both[f"{column}_engine"], kind)
            if rows.any():
                columns = [*key, column, f"{column}_engine"]
                wrong[column] = (int(rows.sum()), both.loc[rows, columns].head(3))
    assert not wrong, "\n".join(f"{c}: {n} rows\n{r}" for c, (n, r) in wrong.items())


def _differ(ours: pd.Series, theirs: pd.Series, kind: str) -> pd.Series:
    """Tell which cells of a column differ."""
    if kind == "t":
        theirs = pd.to_datetime(theirs).dt.tz_localize("UTC")
    elif kind == "d":
        ours, theirs = pd.to_datetime(ours), pd.to_datetime(theirs)
    elif kind == "n":
        theirs = pd.to_numeric(theirs)
        # Money is kept to the fen.
        return ~((ours - theirs).abs() <= 0.005) & (ours.notna() | theirs.notna())
    elif kind == "b":
        ours, theirs = ours.astype("boolean"), theirs.astype("boolean")
    else:
        theirs = theirs.map(str, na_action="ignore")
        theirs = theirs.str.removesuffix(":00") if _is_clock(ours) else theirs
    same = (ours == theirs).fillna(False).astype(bool)
    return ~same & (ours.notna() | theirs.notna())


def _is_clock(texts: pd.Series) -> bool:
    return texts.dropna().astype(str).str.fullmatch(r"\d\d:\d\d").all()


# ---------- the metrics


@pytest.mark.parametrize("metric", CATALOG)
def test_both_computations_agree(network, metric):
    """Every number of every reading is the same, now and at a moment in the past."""
    misses = [
        miss
        for moment in (END, PAST)
        for question, periods in _questions(metric, moment)
        for miss in _compare(network, metric, moment, question, periods)
    ]
    assert not misses, f"{metric}: {len(misses)} cells differ\n{_table(misses)}"


def _questions(metric: str, moment: datetime) -> Iterator[tuple[Question, str]]:
    """Yield what is asked of a metric, and how its periods are asked for."""
    one = CATALOG[metric]
    tomorrow = moment.date() + timedelta(days=1)
    if one.kind is Kind.TIER:
        start = (tomorrow - timedelta(days=330)).replace(day=1)
        for by in (("partner_id",), ("tier",), ("partner_type", "tier")):
            asked = {"start": start, "end": tomorrow, "grain": "month"}
            yield Question(by=by, as_of=moment, **asked), "month"
        return
    wide = {} if one.kind is Kind.STATE else {"start": tomorrow - WIDE, "end": tomorrow}
    yield Question(as_of=moment), "total"
    for by in _splits(metric):
        yield Question(by=(by,), as_of=moment, **wide), "total"
    if "store_id" in one.dimensions:
        yield Question(as_of=moment, where=(("store_id", ("S002",)),), **wide), "total"
    long = {"start": tomorrow - LONG, "end": tomorrow, "grain": "month"}
    # Beyond as_of nothing is known yet, though the period goes on.
    long["end"] += AHEAD
    if one.fact in ("stock_snapshot", "stock_turnover", "sku_days"):
        yield Question(as_of=moment, **long), "each"
    elif one.kind in (Kind.RATIO, Kind.COUNT, Kind.TIME):
        yield Question(as_of=moment, **long), "month"


def _splits(metric: str) -> list[str]:
    dimensions = CATALOG[metric].dimensions
    chosen = [name for name in ("store_id", "region") if name in dimensions]
    chosen += [n for n in ("instrument_id", "source_system") if n in dimensions]
    number = list(CATALOG).index(metric)
    for mark, names in SPLITS.items():
        if mark in dimensions:
            fitting = [name for name in names if name in dimensions]
            chosen.append(fitting[number % len(fitting)])
    return chosen


def _compare(
    network: Network, metric: str, moment: datetime, question: Question, periods: str
) -> Iterator[Miss]:
    """Yield the cells in which the engine's reading and the reference's differ."""
    readings = network.batch.read(metric, question, EVERYTHING)
    got = {}
    for reading in readings:
        cells = {name: getattr(reading, name) for name in NUMBERS}
        cells |= {"ci_low": reading.ci_low, "maturity": reading.maturity}
        cells["tier"] = reading.dimensions.get("tier")
        month = (reading.period_start.strftime("%Y-%m"),) if periods != "total" else ()
        scope = tuple(reading.dimensions[name] for name in question.by)
        got[(*month, *scope)] = cells
    wanted = {}
    world = network.worlds[moment]
    if periods == "each":
        for reading in readings:
            ask = Ask(world, reading.period_start, reading.period_end)
            for cells in _reference(metric, ask).values():
                wanted[(reading.period_start.strftime("%Y-%m"),)] = cells
    else:
        start, end = question.start, question.end
        if start is None and readings:
            start, end = readings[0].period_start, readings[0].period_end
        if CATALOG[metric].kind is Kind.STATE:
            start = end = None
        by = (*(("month",) if periods == "month" else ()), *question.by)
        where = {name: values[0] for name, values in question.where}
        wanted = _reference(metric, Ask(world, start, end, by, where))
    asked = ",".join([*question.by, *(f"{n}={v[0]}" for n, v in question.where)]) or "-"
    asked = f"by {asked} {periods} {question.start or 'default'}"
    for scope in sorted(got.keys() | wanted.keys(), key=str):
        ours, theirs = got.get(scope, {}), wanted.get(scope, {})
        for cell in _cells(metric, ours, theirs):
            a, b = ours.get(cell), theirs.get(cell)
            if not _same(a, b):
                yield Miss(f"{moment:%m-%d %H:%M}", asked, str(scope), cell, a, b)


def _reference(metric: str, ask: Ask) -> dict[tuple, dict]:
    found: dict[tuple, dict] = {}
    for row in METRICS[metric](ask).to_dict("records"):
        scope = tuple(_plain(row[name]) for name in ask.by)
        partners = found.get(scope, {}).get("value", 0)
        found[scope] = {name: _plain(cell) for name, cell in row.items()}
        if metric == "partner_tier":
            found[scope]["value"] += partners
    return found


def _plain(cell: object) -> object:
    if isinstance(cell, pd.Timestamp):
        return cell.strftime("%Y-%m")
    return None if pd.isna(cell) else cell


def _cells(metric: str, ours: dict, theirs: dict) -> list[str]:
    """Return the cells that the specification pins down."""
    one = CATALOG[metric]
    if one.kind is Kind.TIER:
        return ["value", "tier"]
    if not ours or not theirs:
        # A scope that has no rows below the line may be left out.
        seen = ours or theirs
        return ["value"] if seen["value"] else []
    if one.kind in (Kind.TIME, Kind.SURVIVAL):
        is_bound = ours["value"] is None and one.quantile is not None
        return ["value", "n", *(["ci_low"] if is_bound else [])]
    cells = ["value", "n" if metric == "longest_wait_now" else "numerator"]
    if one.denominator:
        cells.append("denominator")
    if one.interval is not Interval.NONE:
        cells += ["n", "ci_low"]
    if one.immature:
        cells.append("maturity")
    return cells


def _same(a: object, b: object) -> bool:
    if isinstance(a, int | float) and isinstance(b, int | float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return a == b


def _table(misses: list[Miss], most: int = 25) -> str:
    shown = pd.DataFrame(misses[:most], columns=Miss._fields)
    return shown.to_string(index=False, max_colwidth=44)


def test_the_network_has_something_to_read(network):
    """Every metric has a value: two computations of nothing would agree too."""
    empty = []
    for metric, one in CATALOG.items():
        start = END.date() - WIDE
        wide = {} if one.kind in (Kind.STATE, Kind.SURVIVAL) else {"start": start}
        readings = network.batch.read(metric, Question(**wide), EVERYTHING)
        if metric not in ("waiting_now", "longest_wait_now"):
            empty += [] if readings and readings[0].value is not None else [metric]
    assert not empty
    assert date.fromisoformat("2026-11-19") == END.date()
