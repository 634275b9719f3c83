"""What happened on a day does not depend on how far the simulation runs."""

from datetime import date

import numpy as np
import pytest

from etl.demo import write_network
from etl.demo.days import DAY
from etl.demo.network import Network
from etl.demo.world import simulate

NETWORK = Network.of(stores=3, months=3, seed=5, until=date(2026, 4, 15))


@pytest.fixture(scope="module")
def far():
    """Return the tables up to the end."""
    return simulate(NETWORK, NETWORK.until)


def between(table, first, last):
    """Rows known between two days, in an order of their own."""
    rows = (table["known"] >= first * DAY) & (table["known"] < last * DAY)
    chosen = {n: c[rows] for n, c in table.items()}
    keys = [c for c in chosen.values() if c.dtype.kind in "iu"]
    order = np.lexsort(keys)
    return {n: c[order] for n, c in chosen.items()}


def test_a_day_is_the_same_however_far_the_simulation_runs(far):
    """All columns agree, those that are still to come included."""
    near = simulate(NETWORK, NETWORK.until - 40)

    for name in near:
        one = between(near[name], NETWORK.start, NETWORK.until - 40)
        two = between(far[name], NETWORK.start, NETWORK.until - 40)
        assert len(one["known"]) == len(two["known"]), name
        for column in one:
            assert np.array_equal(
                one[column], two[column], equal_nan=one[column].dtype.kind == "f"
            ), (name, column)


def test_a_day_is_the_same_from_wherever_the_simulation_starts(far):
    """The feed simulates the last weeks only and meets the same orders."""
    since = NETWORK.until - 20
    late = simulate(NETWORK, NETWORK.until, since=since)

    for name in ("work_orders", "job_clocks", "part_requests", "stock_movements"):
        one = between(late[name], since, NETWORK.until)
        two = between(far[name], since, NETWORK.until)
        old = two["key"] // 10**4 % 10**5 < since  # orders told late, as they should
        two = {n: c[~old] for n, c in two.items()}
        old = one["key"] // 10**4 % 10**5 < since
        one = {n: c[~old] for n, c in one.items()}
        for column in one:
            assert np.array_equal(
                one[column], two[column], equal_nan=one[column].dtype.kind == "f"
            ), (name, column)


def test_an_order_does_not_change_when_the_history_goes_on(tmp_path, reader):
    """Files until May and until June agree on the orders that were closed long ago.

    The problems planted near the end move with it; the first forty days have none.
    """
    write_network(tmp_path / "may", stores=2, months=4, seed=5, until=date(2026, 5, 1))
    write_network(tmp_path / "june", stores=2, months=5, seed=5, until=date(2026, 6, 1))
    found = []
    for name in ("may", "june"):
        orders = reader(tmp_path / name).newest("work_orders", "work_order_id")
        early = orders["updated_at"] < "2026-02-10"
        found.append(orders[early].drop(columns=["_delivery", "_system"]))

    assert len(found[0]) > 500
    assert found[0].equals(found[1])
