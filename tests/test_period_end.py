"""What is true at a moment, asked for a day that is over: at its local midnight."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from callbacks.questions import local_day
from tests.kit import load
from warehouse.moments import parse_moment
from warehouse.scope import EVERYTHING, Question

TENTH = date(2024, 3, 10)


def order(number, checkin, delivered):
    """Return an order of Shanghai time."""
    return {
        "work_order_id": f"W{number}",
        "store_id": "S1",
        "vin": "LSVAA4180E2000017",
        "order_type": "repair",
        "status": "closed",
        "checkin_at": checkin,
        "delivered_at": delivered,
    }


def test_a_state_is_read_at_the_local_end_of_its_period(tmp_path):
    """Two are inside at midnight and leave at seven, before midnight in UTC."""
    orders = [
        order(1, "2024-03-10T09:00", "2024-03-11T07:00"),
        order(2, "2024-03-10T09:00", "2024-03-11T07:00"),
        order(3, "2024-03-11T01:00", "2024-03-11T17:00"),
    ]
    noon = datetime(2024, 3, 12, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    stores = [{"store_id": "S1", "name": "静安"}]
    _, batch = load(tmp_path, {"stores": stores, "work_orders": orders}, noon)

    day = Question(start=date(2024, 3, 10), end=date(2024, 3, 11))
    (then,) = batch.read("orders_in_progress", day, EVERYTHING)
    (now,) = batch.read("orders_in_progress", Question(), EVERYTHING)

    assert (then.value, now.value) == (2, 0)


def test_as_of_a_date_is_about_that_date(tmp_path):
    """A bare date ends at midnight; "today" is the day that ends, on every screen."""
    orders = [order(n, "2024-03-10T09:00", "2024-03-10T17:00") for n in range(7)]
    midnight = parse_moment("2024-03-10", "Asia/Shanghai")
    stores = [{"store_id": "S1", "name": "静安"}]
    _, batch = load(tmp_path, {"stores": stores, "work_orders": orders}, midnight)

    (today,) = batch.read("orders_arrived", Question(), EVERYTHING)
    (since,) = batch.read("orders_arrived", Question(start=TENTH), EVERYTHING)

    assert (today.value, today.period_start) == (7, TENTH)
    assert (since.value, since.period_end) == (7, date(2024, 3, 11))
    assert local_day(batch.as_of, batch.timezone) == TENTH
