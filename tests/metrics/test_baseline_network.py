"""Lines that follow what is usual, on a whole network and through every door."""

from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from callbacks.exports_readings import READING, Asked, row
from callbacks.tile_reading import read_tile
from pages._ui import judging
from pages._ui.address import View
from tests import kit, network
from tests.independent import times
from tests.independent.files import load_folder
from tests.independent.world import World
from warehouse import chinese_calendar
from warehouse.alerts.alert import Level, Seen
from warehouse.alerts.hearing import BY
from warehouse.alerts.observing import observe
from warehouse.alerts.rules import rules
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Status
from warehouse.scope import EVERYTHING, Question, Rights

pytestmark = pytest.mark.xdist_group("network")

WAITS = ("cust_wait_total", "wait_writeup", "wait_bay", "wait_handover")
ZONE = ZoneInfo("Asia/Shanghai")
TODAY = network.AFTERNOON.date()


@cache
def world():
    """Return the delivered files of the network, read by the reference."""
    delivered = load_folder(network.folder() / "demo")
    return World(delivered.tables, pd.Timestamp(network.AFTERNOON).tz_convert("UTC"))


@cache
def waits_of(metric):
    """Return every wait with its class, kind of day and hour, in plain pandas."""
    rows = times.sample(world(), metric)
    stores = world().tables["stores"][["store_id", "store_class"]]
    rows = rows.drop(columns="store_class", errors="ignore").merge(
        stores, on="store_id", how="left"
    )
    day = pd.to_datetime(rows["day"]).dt.date
    local = rows["checkin_at"].dt.tz_convert(ZONE)
    return pd.DataFrame(
        {
            "store_id": rows["store_id"],
            "store_class": rows["store_class"],
            "day": day,
            "kind": [chinese_calendar.kind(one) for one in day],
            "hour": local.dt.hour,
            "length": rows["t"],
        }
    )


def last_days(like, kind, before):
    """Return the last eight days with rows, of the last twelve of a kind."""
    back = [before - timedelta(days=n) for n in range(1, 401)]
    alike = [day for day in back if chinese_calendar.kind(day) == kind][:12]
    return sorted(set(like["day"]) & set(alike))[-8:]


def usual(metric, mine, start):
    """Return the P90 of the last eight like days before *mine*, at its own mix."""
    every, parts, known = waits_of(metric), [], 0
    before = every[every["day"] < start]
    for (name, kind), cases in mine.groupby(["store_class", "kind"]):
        like = before[(before["store_class"] == name) & (before["kind"] == kind)]
        days = last_days(like, kind, start)
        like = like[like["day"].isin(days)]
        if len(days) < 8 or len(like) < 36:
            continue
        known += len(cases)
        rest = len(cases)
        for hour, n in cases.groupby("hour").size().items():
            own = like[like["hour"] == hour]
            if len(own) >= 36:
                parts.append(own.assign(weight=n / len(own)))
                rest -= n
        if rest:
            parts.append(like.assign(weight=rest / len(like)))
    if known < 0.9 * len(mine):
        return None
    pool = pd.concat(parts).sort_values(["length", "weight"])
    middle = pool["weight"].cumsum() - pool["weight"] / 2
    place = (middle - middle.iloc[0]) / (middle.iloc[-1] - middle.iloc[0])
    return float(np.interp(0.9, place, pool["length"]))


@pytest.mark.parametrize("metric", WAITS)
@pytest.mark.parametrize("by", [(), ("store_id",)], ids=["network", "stores"])
def test_the_line_agrees_with_plain_pandas(metric, by):
    """Computed apart from the delivered files, for a week and for single days."""
    batch, every = network.warehouse().batch(), waits_of(metric)
    seen = Counter()
    for grain, days in (("total", 7), ("day", 20), ("week", 50)):
        start = TODAY - timedelta(days=days)
        asked = Question(by=by, grain=grain, start=start, end=TODAY)
        for reading in batch.read(metric, asked, EVERYTHING):
            mine = every[
                (every["day"] >= reading.period_start)
                & (every["day"] < reading.period_end)
            ]
            for name, value in reading.dimensions.items():
                mine = mine[mine[name] == value]
            on = reading.thresholds.basis
            wanted = usual(metric, mine, reading.period_start)
            seen[wanted is not None] += 1
            if wanted is None:
                assert on.usual is None
                continue
            assert on.usual == pytest.approx(wanted, rel=0.015)
            fixed = on.fixed_green, on.fixed_red
            green = min(max(wanted * 1.1, fixed[0] / 2), fixed[1])
            assert reading.thresholds.green == pytest.approx(
                green, abs=1 + 0.02 * green
            )
    if metric != "cust_wait_total":  # three stores have too few customers on site
        assert seen[True] > 5, seen


@pytest.mark.parametrize("metric", WAITS)
def test_everybody_is_told_the_same_line(metric):
    """Tile, file, API and alert: the same line, the same colour, one sentence."""
    batch, rights = network.warehouse().batch(), Rights(partner_ids=None)
    declared = rules(CATALOG)
    asked = Question(by=BY[Level.STORE])
    heard = {r.dimensions["store_id"]: r for r in batch.read(metric, asked, EVERYTHING)}
    shown = batch.read(metric, Question(by=("store_id",)), rights)
    assert shown
    for reading in shown:
        store = reading.dimensions["store_id"]
        tile = read_tile(
            batch, CATALOG[metric], View(store=store), rights, TODAY, {}
        ).reading
        assert tile.thresholds == reading.thresholds
        assert tile.status is reading.status

        told = reading.as_json()["lines"]
        on = reading.thresholds.basis
        assert told["green"] == reading.thresholds.green
        assert told["basis"] == ("baseline" if on.usual is not None else "fixed")

        asked = Asked(
            batch=batch,
            view=View(),
            stores=(),
            rights=rights,
            language="en",
            who="",
            at=network.AFTERNOON,
        )
        line = dict(zip(READING, row(reading, asked), strict=True))
        assert line["basis"] == judging.basis_text(tile, "en") != ""
        assert line["red"] == judging.red_text(CATALOG[metric], tile.thresholds, "en")

        seen = observe(declared[f"{metric}.red"], heard[store])
        if reading.status not in (Status.GREY, Status.NONE):
            assert seen.line == reading.thresholds.red
            assert (seen.seen is Seen.BREACH) is (reading.status is Status.RED)
            assert "n=" in seen.note or "fixed-only" in seen.note


@pytest.mark.parametrize("by", [(), ("store_id",), ("technician_id",), ("region",)])
def test_a_reader_of_part_of_it_has_the_same_line(by):
    """Rights narrow the cases, not what is usual: one line for everybody."""
    batch = network.warehouse().batch()
    store = batch.stores(EVERYTHING)[0].store_id
    asked = Question(by=by, where=(("store_id", (store,)),))
    mine = Rights(store_ids=frozenset({store}))
    whole = batch.read("wait_bay", asked, EVERYTHING)
    own = batch.read("wait_bay", asked, mine)

    assert [r.thresholds for r in own] == [r.thresholds for r in whole]
    assert [r.status for r in own] == [r.status for r in whole]


def test_a_long_period_is_counted_as_a_short_one_is():
    """The database's counts give the line that the rows give."""
    batch = network.warehouse().batch()
    start = TODAY - timedelta(days=70)
    long, short = (
        batch.read(
            "wait_bay",
            Question(grain="day", start=start, end=start + timedelta(days=days)),
            EVERYTHING,
        )
        for days in (66, 40)
    )

    assert [r.thresholds for r in long[: len(short)]] == [r.thresholds for r in short]


def test_the_lines_of_today_are_told_by_class():
    """Each class and kind of day: its own line, or that too little is known."""
    batch = network.warehouse().batch()
    found = batch.norms("wait_bay")
    every = waits_of("wait_bay")

    assert {one.store_class for one in found} == set(every["store_class"].dropna())
    for one in found:
        alike = every["store_class"].eq(one.store_class) & every["kind"].eq(one.of_day)
        like = every[alike & (every["day"] < TODAY)]
        days = last_days(like, one.of_day, TODAY)
        pool = like[like["day"].isin(days)]["length"]
        on = one.lines.basis
        if len(days) < 8 or len(pool) < 36:
            assert on.usual is None
        else:
            assert on.usual == pytest.approx(pool.quantile(0.9), rel=0.015)
            assert (on.n, on.days) == (len(pool), 8)
    assert batch.norms("ftfr_30d") == []


# ---------- by hand, the whole way

FRIDAY = datetime(2026, 6, 12, 18, 0, tzinfo=ZONE)
STORE = {"store_id": "S1", "name": "一店", "region": "华东", "province": "上海",
         "city": "上海", "city_class": "tier1", "store_class": "flagship",
         "timezone": "Asia/Shanghai", "bays": 4, "opens_at": "08:00",
         "closes_at": "20:00"}  # fmt: skip


def order(name, arrived, ready, promised):
    """Return an order of a customer on site; times are minutes after 9:00 of a day."""
    day, start = arrived
    nine = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)

    def at(minutes):
        return (nine + timedelta(minutes=minutes)).isoformat()

    return {
        "work_order_id": name, "store_id": "S1", "vin": "LSVAA4182E2123456",
        "order_type": "maintenance", "status": "closed", "checkin_at": at(start),
        "writeup_at": at(start + 1), "bay_in_at": at(start + 2),
        "work_done_at": at(start + ready), "ready_notified_at": at(start + ready),
        "delivered_at": at(start + ready + 1), "promised_at": at(start + promised),
        "waiting_on_site": True, "entry_mode": "live", "updated_at": at(start + 600),
    }  # fmt: skip


def delivery(late):
    """Return eight usual workdays, and a Friday on which *late* of 25 were late."""
    days = [FRIDAY.date() - timedelta(days=n) for n in range(1, 20)]
    days = [day for day in days if chinese_calendar.is_working_day(day)][:8]
    orders = [
        order(f"W{number}-{i}", (day, i * 5), 20 + number + i, 200)
        for number, day in enumerate(days)
        for i in range(10)
    ]
    orders += [
        order(f"F{i}", (FRIDAY.date(), i), 20, 10 if i < late else 60)
        for i in range(25)
    ]
    clock = {"technician_id": "T1", "clock_in_at": orders[0]["work_done_at"],
             "clock_out_at": orders[0]["work_done_at"],
             "work_order_id": orders[0]["work_order_id"], "clock_id": "C1"}  # fmt: skip
    return {"stores": [STORE], "work_orders": orders, "job_clocks": [clock]}


def friday(batch):
    """Return the reading of the Friday."""
    day = FRIDAY.date()
    asked = Question(start=day, end=day + timedelta(days=1))
    (reading,) = batch.read("cust_wait_total", asked, EVERYTHING)
    return reading


@pytest.mark.parametrize(("late", "colour"), [(2, Status.GREEN), (3, Status.RED)])
def test_the_promise_is_a_ceiling_whatever_is_usual(tmp_path, late, colour):
    """Twenty minutes are no long wait; three of 25 past the promise are too many."""
    _, batch = kit.load(tmp_path, delivery(late), FRIDAY)
    reading = friday(batch)
    pool = [20 + number + i for number in range(8) for i in range(10)]

    assert reading.value == pytest.approx(20)
    assert reading.thresholds.basis.usual == pytest.approx(np.quantile(pool, 0.9))
    assert (reading.promise.given, reading.promise.past) == (25, late)
    assert reading.status is colour
    # All cases are a flagship's: its fixed lines bound them, whoever asks.
    assert reading.thresholds.basis.fixed_red == 90
    assert reading.as_json()["lines"]["promise"]["past"] == late


def test_the_same_rows_again_and_older_ones_change_no_line(tmp_path):
    """Delivered twice, in another order, with a day before the eighth: the same."""
    tables = delivery(2)
    _, once = kit.load(tmp_path / "once", tables, FRIDAY)
    orders = tables["work_orders"]
    older = FRIDAY.date() - timedelta(days=21)
    more = [order(f"O{i}", (older, i), 500, 600) for i in range(30)]
    again = {**tables, "work_orders": [*more, *orders[::-1], *orders]}
    _, twice = kit.load(tmp_path / "twice", again, FRIDAY)

    assert friday(twice).thresholds == friday(once).thresholds
    assert friday(twice).status is friday(once).status
