"""The walls over a real warehouse: what is read once for all is true for each."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from callbacks import wall_screen
from pages._ui import wall_pages
from tests import kit, network
from warehouse.scope import EVERYTHING, Question, Rights
from warehouse.store.warehouse import Warehouse

pytestmark = pytest.mark.xdist_group("network")


@pytest.fixture(scope="module")
def warehouse() -> Warehouse:
    """Return three stores of the demo network after one refresh."""
    return network.warehouse()


@pytest.fixture(scope="module")
def batch(warehouse):
    """Return its batch."""
    return warehouse.batch()


@pytest.mark.parametrize("metric", wall_pages.metrics(), ids=lambda m: m.id)
def test_a_stores_column_is_what_the_store_itself_would_read(batch, metric):
    """Value, sample and colour: one question for all equals one for each."""
    network = wall_screen.read_network(batch, [])
    for store in batch.stores(EVERYTHING):
        where = (
            ("store_id", (store.store_id,)),
            ("store_class", (store.store_class,)),
        )
        own = batch.read(
            metric.id,
            Question(where=where),
            Rights(store_ids=frozenset({store.store_id}), is_wall=True),
        )
        shared = network.columns[metric.id].of(store.store_id)
        if shared is None:
            assert all(reading.value is None for reading in own)
            continue
        (reading,) = own
        assert replace(shared, dimensions={}) == replace(reading, dimensions={})


def test_every_page_of_a_fed_store_has_tiles(batch):
    """The demo network feeds all of them."""
    network = wall_screen.read_network(batch, [])
    for store in batch.stores(EVERYTHING):
        told = wall_screen.screen(network, store.store_id, {}, "zh")
        assert [page["name"] for page in told["pages"]] == [
            page.name for page in wall_pages.PAGES
        ]
        values = [t["value"] for page in told["pages"] for t in page["tiles"]]
        assert sum(value != "—" for value in values) > len(values) / 2


def test_a_wall_knows_its_zone_its_day_and_its_hours(batch):
    """As the stores table and the calendar say, on the store's own clock."""
    for hours in batch.opening_hours(EVERYTHING):
        assert hours.zone == "Asia/Shanghai"
        assert hours.day == date(2026, 11, 20)
        assert hours.is_open
        assert time(7) < hours.opens_at < time(11)
        assert time(16) < hours.closes_at < time(23)


def test_hours_obey_the_scope(batch):
    """One store's rights give one store's hours."""
    first = batch.stores(EVERYTHING)[0].store_id
    told = batch.opening_hours(Rights(store_ids=frozenset({first})))

    assert [hours.store_id for hours in told] == [first]


def test_the_day_is_that_of_the_stores_zone(tmp_path):
    """At 18:00 UTC it is tomorrow in Shanghai and today in London."""
    stores = [
        {"store_id": "E", "name": "东", "opens_at": "09:00", "closes_at": "17:30"},
        {
            "store_id": "L",
            "name": "London",
            "timezone": "Europe/London",
            "opens_at": "08:00",
            "closes_at": "18:00",
        },
        {"store_id": "N", "name": "无"},
    ]
    orders = [
        {
            "work_order_id": f"W{i}",
            "store_id": store,
            "vin": "LSVAA4180E2000001",
            "order_type": "repair",
            "status": "open",
            "checkin_at": "2026-01-10T10:00:00+00:00",
        }
        for i, store in enumerate("EL")
    ]
    calendar = [{"store_id": "L", "date": "2026-01-10", "is_open": "false"}]
    moment = datetime(2026, 1, 10, 18, 0, tzinfo=ZoneInfo("UTC"))
    tables = {"stores": stores, "work_orders": orders, "calendar": calendar}
    _, batch = kit.load(tmp_path, tables, moment)
    east, london, unknown = batch.opening_hours(EVERYTHING)

    assert (east.day, east.opens_at, east.closes_at) == (
        date(2026, 1, 11),
        time(9),
        time(17, 30),
    )
    assert east.is_open
    assert (london.day, london.is_open) == (date(2026, 1, 10), False)
    assert (unknown.opens_at, unknown.is_open) == (None, True)
