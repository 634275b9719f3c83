"""Burn rates on delivered rows, beside a computation in plain pandas."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from app import create_app
from tests.alerts.site import Network, moment, stores
from tests.alerts.test_pages import client_of, drawn
from tests.independent.case_kit import vin
from warehouse.access.events import Search
from warehouse.access.roles import Role
from warehouse.alerts.alert import Level, Seen
from warehouse.alerts.burn import LONG, SHORT, SLAS, Burn
from warehouse.alerts.hearing import hear
from warehouse.alerts.rules import rules
from warehouse.metrics import CATALOG
from warehouse.store.warehouse import Warehouse

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = datetime(2026, 11, 20, tzinfo=ZONE)
RULES = rules(CATALOG)
BURN = "promise_kept.burn"
# store → orders a day, share kept, share kept yesterday
KEPT = {
    "S1": (40, 0.55, 0.50),  # burns, and goes on
    "S2": (40, 0.97, 0.97),  # well
    "S3": (40, 0.60, 1.00),  # has burnt; yesterday was well
    "S4": (6, 0.40, 0.40),  # little traffic
}


def promises() -> list[dict]:
    """Return ten days of orders with a promise at noon or in the evening."""
    chance = random.Random(20261120)
    found = []
    for store, (a_day, usual, yesterday) in KEPT.items():
        for back in range(1, 11):
            day = TODAY - timedelta(days=back)
            share = yesterday if back == 1 else usual
            for number in range(a_day):
                promised = day + timedelta(hours=chance.choice((12, 18)))
                late = chance.random() > share
                ready = promised + timedelta(minutes=30 if late else -30)
                found.append(
                    {
                        "work_order_id": f"{store}-{back}-{number}",
                        "store_id": store, "vin": vin(len(found) % 900),
                        "order_type": "maintenance", "status": "closed",
                        "checkin_at": (day + timedelta(hours=9)).isoformat(),
                        "promised_at": promised.isoformat(),
                        "ready_notified_at": ready.isoformat(),
                        "delivered_at": (ready + timedelta(minutes=20)).isoformat(),
                        "updated_at": (ready + timedelta(minutes=20)).isoformat(),
                    }
                )  # fmt: skip
    return found


def complaints() -> list[dict]:
    """Return complaints of ten days; each is closed after one day, or after three."""
    chance = random.Random(7)
    found = []
    for number in range(600):
        came = TODAY - timedelta(hours=chance.uniform(1, 240))
        closed = came + timedelta(days=chance.choice((1, 1, 1, 3)))
        found.append(
            {
                "complaint_id": f"C{number}", "work_order_id": f"S1-10-{number % 40}",
                "received_at": came.isoformat(),
                "closed_at": closed.isoformat() if closed < TODAY else None,
            }
        )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """Return the network, published at two in the morning."""
    made = Network(tmp_path_factory.mktemp("burn"))
    small = {
        **stores()[2],
        "store_id": "S4",
        "name": "S4 服务中心",
        "name_en": "Centre 4",
    }
    made.deliver(
        {
            "stores": [*stores(), small],
            "work_orders": promises(),
            "complaints": complaints(),
        }
    )
    made.publish("02:00")
    return made


@pytest.fixture(scope="module")
def heard(network):
    """Return what the published batch says to every rule."""
    warehouse = Warehouse.open(network.settings)
    found = hear(warehouse.batch(), RULES, is_full=True)
    warehouse.close()
    return found


def by_pandas(frame, column, days, end=TODAY):
    """Return (kept, of) of the rows whose moment lies in the days before *end*."""
    inside = (frame[column] >= end - timedelta(days=days)) & (frame[column] < end)
    return int(frame[inside]["kept"].sum()), int(inside.sum())


def scopes(frame):
    """Return each scope's rows: network, regions, stores."""
    regions = frame["store_id"].map(lambda s: "华北" if s in ("S3", "S4") else "华东")
    yield (Level.NETWORK, ""), frame
    for name, rows in frame.groupby(regions):
        yield (Level.REGION, name), rows
    for name, rows in frame.groupby("store_id"):
        yield (Level.STORE, name), rows


def test_each_window_is_what_pandas_counts(heard):
    """Shares, samples and burns of every scope, from the rows that were delivered."""
    frame = pd.DataFrame(promises())
    for name in ("promised_at", "ready_notified_at"):
        frame[name] = pd.to_datetime(frame[name])
    frame["kept"] = frame["ready_notified_at"] <= frame["promised_at"]
    lines = CATALOG["promise_kept"].thresholds[0]
    found = {
        (k.scope.level, k.scope.id): one
        for k, one in heard.observations.items()
        if k.rule == f"{BURN}.red"
    }
    checked = 0
    for scope, rows in scopes(frame):
        told = Burn.read(found[scope].note)
        assert told.target == lines.green
        for window in told.windows:
            kept, of = by_pandas(rows, "promised_at", window.days)
            assert window.n == of
            assert window.share == pytest.approx(kept / of, rel=1e-5)
            checked += 1
        kept, of = by_pandas(rows, "promised_at", LONG)
        burn = (1 - kept / of) / (1 - lines.green)
        assert found[scope].value == pytest.approx(burn, rel=1e-12)
        assert found[scope].n == of
    assert checked == 2 * 7


def test_complaints_are_judged_when_their_time_is_up(heard):
    """The last day counts those whose 48 hours ended before midnight."""
    frame = pd.DataFrame(complaints())
    for name in ("received_at", "closed_at"):
        frame[name] = pd.to_datetime(frame[name])
    frame["kept"] = frame["closed_at"] - frame["received_at"] <= timedelta(hours=48)
    end = TODAY - timedelta(days=2)
    one = next(
        one for key, one in heard.observations.items()
        if str(key) == "complaint_close_48h.burn.red:store:S1"
    )  # fmt: skip
    told = Burn.read(one.note)
    assert [w.days for w in told.windows] == [LONG, SHORT]
    for window in told.windows:
        kept, of = by_pandas(frame, "received_at", window.days, end)
        assert (window.n, window.share) == (of, pytest.approx(kept / of, rel=1e-5))


def test_who_burns_is_who_goes_on(heard, network):
    """S1 burns, S2 is well, S3 was well yesterday, S4 is judged by its week alone."""
    seen = {
        key.scope.id: one
        for key, one in heard.observations.items()
        if key.rule == f"{BURN}.red" and key.scope.level is Level.STORE
    }
    assert {name: one.seen for name, one in seen.items()} == {
        "S1": Seen.BREACH, "S2": Seen.CLEAR, "S3": Seen.CLEAR, "S4": Seen.BREACH,
    }  # fmt: skip
    assert [name for name, one in seen.items() if Burn.read(one.note).is_alone] == [
        "S4"
    ]
    state = network.state()
    active = {str(a.instance.key): a for a in state.alerts.active(moment("03:00"))}
    state.close()
    assert active[f"{BURN}.red:store:S1"].instance.is_active


def test_burn_rates_cost_two_readings_a_level(network):
    """However many stores there are: two windows of each promise, for each level."""
    warehouse = Warehouse.open(network.settings)
    batch, asked = warehouse.batch(), []

    class Counted:
        """A batch that counts what is read."""

        def __getattr__(self, name):
            return getattr(batch, name)

        def read(self, metric_id, question, rights):
            asked.append((metric_id, question))
            return batch.read(metric_id, question, rights)

    plain = {k: r for k, r in RULES.items() if ".burn." not in k}
    hear(Counted(), plain, is_full=True)
    without = len(asked)
    asked.clear()
    hear(Counted(), RULES, is_full=True)
    with_them = len(asked)
    asked.clear()
    hear(Counted(), RULES, is_full=False)
    warehouse.close()

    assert with_them - without == 2 * 3 * len(SLAS)
    assert not [one for one in asked if one[0] in SLAS]


@pytest.fixture(scope="module")
def app(network):
    """Return a dashboard over it."""
    state = network.state()
    yield create_app(Warehouse.open(network.settings), network.settings, state)
    state.close()


def test_the_page_says_both_windows(app, network):
    """The list, the alert with its history and its reasons: of seven days."""
    manager = client_of(app, network, Role.STORE_MANAGER, "store:S1")
    listed = drawn(manager, "/alerts")
    alert = network.alert(f"{BURN}.red", "S1")
    one = drawn(manager, "/alerts", f"?alert={alert.id}")

    for told in (listed, one):
        assert "准时交车率：未达标过快" in told
        assert "7 天" in told
        assert "最近一天" in told
        assert "线 2.0 倍，目标 ≥ 90.0%" in told
    assert "近 7 天，准时交车率" in one
    assert "target=" not in one
    assert "store=S1&period=2026-11-13..2026-11-19#metric-rows" in one


def test_the_api_tells_the_windows(app, network):
    """Each with its share, its sample, its target and its burn; described as such."""
    client = client_of(app, network, Role.EXECUTIVE)
    found = {a["key"]: a for a in client.get("/api/v1/alerts").json}
    one = found[f"{BURN}.red:store:S1"]

    assert one["basis"] == "burn"
    assert [w["days"] for w in one["windows"]] == [7, 1]
    assert one["windows"][0]["burn"] == pytest.approx(one["value"], rel=1e-4)
    again = client.get(f"/api/v1/alerts/{one['id']}").json
    assert again["history"][-1]["windows"][0]["n"] == one["n"]
    schema = client.get("/api/v1/openapi.json").json["components"]["schemas"]
    assert set(schema["Alert"]["properties"]) == set(one)


def test_its_lines_are_set_on_screen(app, network):
    """Times as people type them; audited; the next batch is judged by them."""
    admin = client_of(app, network, Role.DATA_ADMIN)
    told = drawn(admin, "/alerts/thresholds", prefix="alerts-lines-tabs")
    assert "准时交车率：未达标消耗倍数" in told

    form = {
        "green": "2", "red": "9.5", "reason": "试行两个月",
        "valid_from": datetime.now(ZONE).date().isoformat(), "scope": "",
    }  # fmt: skip
    place = f"/alerts/thresholds/{BURN}"
    manager = client_of(app, network, Role.STORE_MANAGER, "store:S1")
    assert manager.post(place, data=form).status_code == 403
    assert admin.post("/alerts/thresholds/ftfr_30d.burn", data=form).status_code >= 400
    assert admin.post(place, data={**form, "red": "1"}).status_code >= 400
    assert (
        admin.post(place, data={**form, "valid_from": "2999-01-01"}).status_code == 303
    )

    state = network.state()
    (kept,) = state.lines.of(BURN)
    noted = state.audit.find(Search(text=BURN), limit=9)
    state.close()
    assert (kept.green, kept.red) == (2.0, 9.5)
    assert noted
    assert "2999-01-01" in drawn(
        admin, "/alerts/thresholds", prefix="alerts-lines-tabs"
    )
