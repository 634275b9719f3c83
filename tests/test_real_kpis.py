"""Nine real sources, by configuration alone: what is loaded, and what it says.

Each KPI is computed a second time from the raw file in plain pandas (tests/real), and
what a source cannot feed must show no data, never 0. The data may not be
redistributed: without them these tests skip (SHARED_DATA names another place).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.real import others, workshops
from tests.real.kit import (
    AS_OF,
    DATA,
    EVER,
    FOLDERS,
    Loaded,
    load,
    near,
    raw,
    same_share,
    same_time,
)
from warehouse.partners.tiering import Month, raw_tier
from warehouse.store.refresh import content_hash
from warehouse.store.work import Work

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"the real data are not at {DATA}"
)
Real = Callable[[str], Loaded]

COUNTS = {
    "01": {
        "stores": (3, 1, 2, 0),
        "vehicles": (5142, 1714, 3428, 0),
        "work_orders": (8133, 2711, 5422, 0),
        "work_order_lines": (50487, 16829, 33658, 0),
    },
    "02": {
        "stores": (2, 2, 0, 0),
        "vehicles": (1868, 1868, 0, 0),
        "work_orders": (3457, 3446, 0, 11),
        "work_order_lines": (3457, 3451, 0, 6),
    },
    "04": {
        "stores": (70, 70, 0, 0),
        "technicians": (184, 184, 0, 0),
        "work_orders": (9202, 9200, 0, 2),
        "work_order_lines": (9202, 9202, 0, 0),
        "pauses": (3208, 3206, 2, 0),
        "dispatches": (10886, 10886, 0, 0),
    },
    "07": {
        "stores": (1, 1, 0, 0),
        "parts": (3512, 3512, 0, 0),
        "stock_snapshots": (3512, 3512, 0, 0),
        "stock_movements": (11451, 11451, 0, 0),
    },
    "10": {"surveys": (1482, 1482, 0, 0)},
    "13": {
        "stores": (625, 625, 0, 0),
        "partners": (625, 625, 0, 0),
        "partner_orders": (374, 374, 0, 0),
    },
    "14": {"complaints": (2430, 1500, 930, 0)},
    "20": {
        "partners": (60, 60, 0, 0),
        "partner_orders": (2768, 2497, 0, 271),
        "parts": (161, 161, 0, 0),
    },
    "22": {
        "stores": (1, 1, 0, 0),
        "technicians": (28, 28, 0, 0),
        "work_orders": (29717, 29717, 0, 0),
    },
}
"""Read, loaded, duplicate, rejected of each table of each source."""

REJECTS = {
    "02": {
        ("work_orders", "", "fields"): 6,
        ("work_orders", "vin", "required"): 5,
        ("work_order_lines", "", "fields"): 6,
    },
    "04": {("work_orders", "vin", "required"): 2},
    "20": {("partner_orders", "requested_at", "required"): 271},
}

FLOW = {"orders_arrived", "orders_in_progress", "orders_delivered"}
FIXES = {"ftfr_30d", "ftfr_prov", "ftfr_order", "comeback_in", "same_day"}
STAYS = {"tat_in_shop", "wait_handover"}
ENTRY = {"entry_live_share", "entry_backfilled_share", "entry_paper_share"}
STOCK = {"sku_stockout", "stockout_days", "turns", "dos", "dead_stock", "slow_stock"}
FED = {
    "01": FLOW,
    "02": FLOW | FIXES | STAYS,
    "04": FLOW | FIXES | STAYS | {"wait_writeup", "dispatch_acc"},
    "07": STOCK,
    "10": {"nps"},
    "13": set(),
    "14": set(),
    "20": {"partner_tier"},
    "22": FLOW | ENTRY | {"wait_writeup", "waiting_now"},
}
"""What may have a value; each value is judged below."""

YEAR_2017 = {"start": date(2017, 1, 1), "end": date(2018, 1, 1)}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    """Load a source when it is first asked for, and keep it."""
    kept: dict[str, Loaded] = {}

    def get(name: str) -> Loaded:
        if name not in kept:
            kept[name] = load(name, tmp_path_factory.mktemp(f"real{name}"))
        return kept[name]

    return get


@pytest.mark.parametrize("name", COUNTS)
def test_every_row_is_accounted_for(real: Real, name: str) -> None:
    """Rows read are rows loaded, duplicate or rejected, each for a known reason."""
    loaded = real(name)
    assert loaded.run.outcome.value == "published"
    assert loaded.counts() == COUNTS[name]
    assert all(count.adds_up for count in loaded.run.tables.values())
    assert loaded.rejects() == REJECTS.get(name, {})


@pytest.mark.parametrize("name", COUNTS)
def test_what_a_source_cannot_feed_shows_no_data(real: Real, name: str) -> None:
    """All other metrics of the catalogue are empty and have no colour."""
    known_fault = {"partner_tier"}
    assert real(name).told(FED[name] | known_fault) == {}


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="partner_tier declares no `needs`, and read_tiers answers an empty "
    "warehouse with the count 0",
)
@pytest.mark.parametrize("name", sorted(set(COUNTS) - {"20"}))
def test_no_partner_delivered_is_no_tier(real: Real, name: str) -> None:
    """Without a delivered order of a partner nobody can count partners by tier."""
    assert real(name).one("partner_tier").value is None


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="no first receipt is known of any part; _snapshot counts unknown as 'not "
    "dead' in the numerator and leaves its value in the denominator",
)
@pytest.mark.parametrize("metric", ["dead_stock", "slow_stock"])
def test_stock_of_unknown_age_is_not_said_to_move(real: Real, metric: str) -> None:
    """The refinery tells no first receipt: 0 % dead stock is not known."""
    assert real("07").one(metric).value is None


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="the configuration feeds one moment as both ready_notified_at and "
    "delivered_at, because tat_in_shop needs one and ftfr_30d the other",
)
@pytest.mark.parametrize("name", ["02", "04"])
def test_nobody_knows_the_wait_for_the_keys(real: Real, name: str) -> None:
    """A wait of 0 minutes by construction is not a wait that was measured."""
    assert real(name).one("wait_handover", **EVER).value is None


# ---------- workshops


def test_three_dialects_give_one_warehouse(real: Real, tmp_path: Path) -> None:
    """CRLF, LF with NULL for a blank, semicolons, and all three: equal tables."""
    hashes = {}
    for dialect in ("crlf", "lf_nulltext", "semicolon"):
        data = tmp_path / dialect / "data"
        file = raw("01", f"*_{dialect}.csv.gz")
        (data / FOLDERS["01"].stem).mkdir(parents=True)
        (data / FOLDERS["01"].stem / file.name).symlink_to(file.resolve())
        alone = load("01", tmp_path / dialect, data)
        whole = COUNTS["01"].items()
        assert alone.counts() == {t: (n, n, 0, 0) for t, (_, n, *_) in whole}
        hashes[dialect] = _hash(alone)
    assert set(hashes.values()) == {_hash(real("01"))}


def _hash(loaded: Loaded) -> str:
    with Work(loaded.settings.warehouse) as work:
        return content_hash(work.con)


def test_bajaj_visits_by_month(real: Real) -> None:
    """Job cards opened and invoiced each month, and those open at each month's end."""
    cards, loaded = workshops.bajaj(raw("01", "*crlf*")), real("01")
    for metric, days in (
        ("orders_arrived", cards.opened),
        ("orders_delivered", cards.invoiced),
    ):
        months = loaded.ask(metric, grain="month", start=EVER["start"], end=EVER["end"])
        told = {f"{one.period_start:%Y-%m}": one.value for one in months if one.value}
        assert told == workshops.by_month(days)
    kinds = {
        one.dimensions["order_type"]: (one.value, one.numerator, one.n)
        for one in loaded.ask("orders_arrived", by=("order_type",), **EVER)
    }
    service = int(cards.service.sum())
    repair = len(cards) - service
    assert kinds == {"maintenance": (service,) * 3, "repair": (repair,) * 3}
    for reading in loaded.ask("orders_in_progress", grain="month", **YEAR_2017):
        end = pd.Timestamp(reading.period_end)
        inside = (cards.opened < end) & (cards.invoiced >= end)
        assert reading.value == int(inside.sum())


@pytest.fixture(scope="module")
def incidents() -> pd.DataFrame:
    """Return Denver's incidents as the raw files have them."""
    files = raw("02", "breakdowns*"), raw("02", "vehicles*")
    return workshops.denver(*files)


def test_denver_first_time_fix(real: Real, incidents: pd.DataFrame) -> None:
    """The same symptom on the same vehicle within 30 x 24 h, index visits only."""
    loaded, now = real("02"), pd.Timestamp(AS_OF["02"])
    judged = workshops.judge_visits(incidents, now)
    reading = loaded.one("ftfr_30d", **YEAR_2017)
    same_share(reading, workshops.fixed(judged))
    index = judged[~judged.is_return]
    assert 0 < reading.maturity == near(index.mature.mean()) < 1
    for question, column in (("store_id", "store"), ("model", "model")):
        told = loaded.ask("ftfr_30d", by=(question,), **YEAR_2017)
        groups = dict(list(judged.groupby(column, dropna=False)))
        for one in told:
            key = one.dimensions[question]
            part = judged[judged[column].isna()] if key is None else groups[key]
            same_share(one, workshops.fixed(part))
        assert len(told) == len(groups)
    mature = judged[judged.mature]
    same_share(
        loaded.one("ftfr_order", **YEAR_2017), ((~mature.failed).sum(), len(mature))
    )


def test_denver_flow_and_downtime(real: Real, incidents: pd.DataFrame) -> None:
    """Incidents a month, and how long service was down, in hours."""
    loaded, now = real("02"), pd.Timestamp(AS_OF["02"])
    seen = incidents[incidents.arrived <= now]
    for metric, days in (
        ("orders_arrived", seen.local),
        ("orders_delivered", seen.left_local[seen.left <= now]),
    ):
        months = loaded.ask(metric, grain="month", **YEAR_2017)
        told = {f"{one.period_start:%Y-%m}": one.value for one in months}
        assert told == workshops.by_month(days)
    hours = (seen.left - seen.arrived).dt.total_seconds() / 3600
    assert (seen.left <= now).all()
    same_time(loaded, "tat_in_shop", hours, workshops.quantile, **YEAR_2017)
    early = seen[(seen.local.dt.hour < 15) & (seen.local < "2017-12-15")]
    ready = early.left_local.dt.date == early.local.dt.date
    same_share(loaded.one("same_day", **YEAR_2017), (ready.sum(), len(early)))


@pytest.fixture(scope="module")
def states() -> pd.DataFrame:
    """Return every state of the service desk's incidents."""
    return workshops.desk_states(raw("04"))


def test_desk_first_time_fix_and_times(real: Real, states: pd.DataFrame) -> None:
    """Same caller, same category within 30 x 24 h; a reopened incident failed."""
    loaded, now = real("04"), pd.Timestamp(AS_OF["04"])
    visits = workshops.desk(states)
    judged = workshops.judge_visits(visits, now)
    same_share(loaded.one("ftfr_30d", **EVER), workshops.fixed(judged))
    repairs = len(visits)
    returns = workshops.judge_visits(visits.assign(closed=True), now).is_return.sum()
    same_share(loaded.one("comeback_in", **EVER), (returns, repairs))
    for metric, end, unit in (
        ("tat_in_shop", "ready", 3600),
        ("wait_writeup", "written", 60),
    ):
        spent = (visits[end] - visits.arrived).dropna().dt.total_seconds() / unit
        same_time(loaded, metric, spent.clip(lower=0), workshops.quantile, **EVER)
    early = visits[visits.arrived.dt.hour < 15]
    ready = early.ready.dt.date == early.arrived.dt.date
    same_share(loaded.one("same_day", **EVER), (ready.sum(), len(early)))


def test_desk_dispatches(real: Real, states: pd.DataFrame) -> None:
    """An incident was given right when nobody took it away again."""
    visits = workshops.desk(states)
    right = workshops.assigned_right(states, visits.number)
    same_share(real("04").one("dispatch_acc", **EVER), right)


def test_bank_waits(real: Real) -> None:
    """Minutes from queue to agent: P50, P90, mean over the month and each day."""
    loaded, calls = real("22"), workshops.calls(raw("22"))
    answered = calls[calls.wait.notna()]
    same_time(loaded, "wait_writeup", answered.wait, workshops.quantile, **EVER)
    for metric, share in (("wait_writeup_p50", 0.5), ("wait_writeup_p90", 0.9)):
        days = loaded.ask(metric, grain="day", **EVER)
        told = {one.period_start: (one.value, one.n) for one in days}
        assert told == {
            day.date(): (near(workshops.quantile(part, share)), len(part))
            for day, part in answered.groupby("day").wait
        }
    kept = int((calls.outcome == "AGENT").sum())
    arrived = loaded.one("orders_arrived", **EVER)
    assert (arrived.value, arrived.n) == (kept, kept)
    same_share(loaded.one("entry_live_share", **EVER), (kept, kept))
