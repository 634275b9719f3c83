"""The dashboard over a real warehouse: three stores of the demo network, five months.

The stand-in answers whatever it is asked; here the questions meet the store.
"""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from callbacks import overview_screen, store_screen
from pages._ui import chosen
from pages._ui.address import PERIODS, TREND_GRAINS, View
from tests import network
from tests.ui.readers import sign_in
from tests.ui.test_callbacks import opened, tiles
from warehouse.metrics.metric import Kind
from warehouse.scope import EVERYTHING, Question
from warehouse.store.state import State
from warehouse.store.warehouse import Warehouse

pytestmark = pytest.mark.xdist_group("network")

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def warehouse() -> Warehouse:
    """Return a warehouse filled by one refresh."""
    return network.warehouse()


@pytest.fixture(scope="module")
def settings():
    """Return the settings of that installation."""
    return network.settings()


@pytest.fixture
def client(warehouse: Warehouse, settings) -> FlaskClient:
    """Return a client of the dashboard over it."""
    state = State(settings.state)
    client = create_app(warehouse, settings, state).server.test_client()
    return sign_in(client, state, settings)


@pytest.mark.parametrize("period", PERIODS)
def test_every_tile_can_be_read_over_every_period(warehouse, period):
    """No question of a tile or of the table fails, for the network and for a store."""
    batch = warehouse.batch()
    store = batch.stores(EVERYTHING)[0]
    views = (
        View(period=period),
        View(period=period, store=store.store_id),
        View(period=period, region=store.region, city_class=store.city_class),
    )
    for view in views:
        screen = overview_screen.screen(batch, view, EVERYTHING)

        assert [tile.error for tile in screen.tiles if tile.error] == []
        assert screen.failed == ()


@pytest.mark.parametrize("metric", chosen.charted(), ids=lambda metric: metric.id)
def test_every_trend_can_be_drawn_at_every_grain(warehouse, metric):
    """Whatever the select offers has a course."""
    batch = warehouse.batch()
    grains = ("month",) if metric.kind is Kind.STATE else TREND_GRAINS
    for grain in grains:  # A state is restored for each of its days: few will do.
        view = View(metric=metric.id, grain=grain)
        assert overview_screen.course(batch, view, EVERYTHING).error == ""


def test_the_network_has_data(warehouse):
    """Enough of the headline has a value, a course, and an earlier value."""
    screen = overview_screen.screen(warehouse.batch(), View(), EVERYTHING)
    told = [tile for tile in screen.tiles if tile.value is not None]

    assert len(told) >= 10
    assert sum(len(tile.series) > 5 for tile in told) >= 9
    # Five months do not hold two windows of 90 days with 30 to mature.
    assert sum(tile.past.previous is not None for tile in told) >= 7
    assert all(tile.data_as_of for tile in told)


def test_every_store_has_its_page(warehouse):
    """Tiles without errors, and cars that the metric counts too."""
    batch = warehouse.batch()
    for store in batch.stores(EVERYTHING):
        view = View(store=store.store_id)
        screen = store_screen.store_screen(batch, store, view, EVERYTHING)
        inside = next(
            t.value for t in screen.tiles if t.metric.id == "orders_in_progress"
        )

        assert [tile.error for tile in screen.tiles if tile.error] == []
        assert len(screen.board.orders) == (inside or 0)


def test_the_points_of_a_state_are_what_each_day_says_alone(warehouse):
    """One query for all points of a trend answers as one query for each."""
    batch = warehouse.batch()
    start = date(2026, 11, 9)
    days = [start + timedelta(days=n) for n in range(7)]
    for metric in ("orders_in_progress", "longest_wait_now", "sku_stockout"):
        for by in ((), ("store_id",)):
            week = Question(by=by, grain="day", start=start, end=days[-1] + DAY)
            told = batch.read(metric, week, EVERYTHING)
            alone = [
                one
                for day in days
                for one in batch.read(
                    metric,
                    Question(by=by, grain="day", start=day, end=day + DAY),
                    EVERYTHING,
                )
            ]
            assert [(r.period_start, r.dimensions, r.value, r.n) for r in told] == [
                (r.period_start, r.dimensions, r.value, r.n) for r in alone
            ]


def test_a_tile_and_the_api_say_the_same(fire, client):
    """One definition: the screen's unrounded mark is the API's value."""
    for name, shown in tiles(opened(fire)).items():
        if name == "partner_tier":
            continue  # The tile counts partners; the API lists them.
        (reading,) = client.get(f"/api/v1/metrics/{name}").json
        mark = shown["data-value"]

        assert mark == ("" if reading["value"] is None else repr(reading["value"]))
        assert shown["data-batch"] == reading["batch_id"]


def test_the_sum_of_the_stores_is_the_network(client):
    """Numerators add up from store to network."""
    (network,) = client.get("/api/v1/metrics/promise_kept").json
    stores = client.get("/api/v1/metrics/promise_kept?by=store_id").json

    assert sum(one["numerator"] for one in stores) == network["numerator"]
    assert sum(one["denominator"] for one in stores) == network["denominator"]


def test_ready_and_monitoring_read_the_same_batch(client):
    """Machines and people are told one number."""
    batch = client.get("/api/v1/batch").json["batch"]

    assert client.get("/readyz").json["batch"] == batch
    assert f'batch="{batch}"' in client.get("/metrics").get_data(as_text=True)


def test_rejected_rows_lead_to_file_and_line(client, fire):
    """The demo network is dirty on purpose; each group opens on its rows."""
    given: dict[str, Any] = {"shell-url.pathname": "/data", "shell-language.data": "en"}
    groups = json.dumps(fire("data-rejects", "children", **given))
    assert "vin_shape" in groups

    given["shell-url.search"] = "?table=work_orders&rule=vin_shape"
    rows = json.dumps(fire("data-rejects", "children", **given))
    assert "work_orders.csv" in rows


def test_the_run_is_on_the_data_page(fire):
    """Counts and gate of the refresh that filled the warehouse."""
    given = {"shell-url.pathname": "/data", "shell-language.data": "en"}
    shown = json.dumps(fire("data-runs", "children", **given))

    assert "Published" in shown
    assert "Quality gate" in shown
