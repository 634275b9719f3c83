"""The four workshops among the real sources: visits, returns and waits."""

from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from tests.content import content_hash
from tests.real import workshops
from tests.real.expected import COUNTS
from tests.real.kit import (
    AS_OF,
    EVER,
    FOLDERS,
    Loaded,
    Real,
    load,
    near,
    needs_data,
    once,
    raw,
    same_share,
    same_time,
)
from warehouse.store.work import Work

pytestmark = needs_data

YEAR_2017 = {"start": date(2017, 1, 1), "end": date(2018, 1, 1)}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Real:
    """Load a source when it is first asked for, and keep it."""
    return partial(once, tmp_path_factory)


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
    assert reading.maturity == near(index.mature.mean())
    assert 0 < reading.maturity < 1
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
