"""A store that closes for good: open on its last local day, closed on the next."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.kit import load
from warehouse.scope import EVERYTHING

SHANGHAI = ZoneInfo("Asia/Shanghai")
STORES = [
    {"store_id": "S1", "name": "静安", "closed_on": "2024-03-10"},
    {"store_id": "S2", "name": "浦东"},
]
ORDERS = [
    {
        "work_order_id": f"W{number}",
        "store_id": store,
        "vin": "LSVAA4180E2000017",
        "order_type": "repair",
        "status": "open",
        "checkin_at": "2024-01-02T09:00:00",
    }
    for number, store in ((1, "S1"), (2, "S2"))
]


@pytest.mark.parametrize(
    ("moment", "closed", "silent"),
    [
        (datetime(2024, 3, 10, 23, 59, tzinfo=SHANGHAI), [], ["S1", "S2"]),
        # Midnight has passed here, though not in UTC.
        (datetime(2024, 3, 11, 0, 30, tzinfo=SHANGHAI), ["S1"], ["S2"]),
    ],
)
def test_a_store_closes_at_the_end_of_its_last_local_day(
    tmp_path, moment, closed, silent
):
    """From the next day on nobody waits for its data."""
    tables = {"stores": STORES, "work_orders": ORDERS}
    _, batch = load(tmp_path, tables, moment)

    assert [s.store_id for s in batch.stores(EVERYTHING) if s.is_closed] == closed
    assert sorted({s.store_id for s in batch.silent_stores(EVERYTHING)}) == silent
