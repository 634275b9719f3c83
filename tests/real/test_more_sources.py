"""Sources that feed little, or one thing only: what they say is what pandas says."""

from collections import Counter
from datetime import date
from functools import partial

import pandas as pd
import pytest

from tests.real import more
from tests.real.kit import (
    DATA,
    EVER,
    FOLDERS,
    SOME,
    Loaded,
    Real,
    near,
    needs_data,
    once,
    raw,
)
from tests.real.others import judged_vendors

pytestmark = needs_data


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Real:
    """Load a source when it is first asked for, and keep it."""
    return partial(once, tmp_path_factory)


def test_delays_of_streetcars_by_month(real: Real) -> None:
    """24 sheets under four headers; equal rows are one delay."""
    paths = [raw("03", pattern) for pattern in SOME["03"]]
    rows, again = more.delays(paths)
    loaded = real("03")
    assert again == loaded.run.tables["work_orders"].duplicate
    told = loaded.ask("orders_arrived", grain="month", **EVER)
    found = {one.period_start: one.value for one in told if one.value}
    assert found == Counter(rows.month)
    kinds = loaded.rows(
        "select complaint_group, count(*) from work_order_lines group by 1"
    )
    assert dict(kinds) == Counter(rows.kind)


def test_parts_sold_by_month(real: Real) -> None:
    """Fifty-one columns are fifty-one months; an empty cell is no sale."""
    told = real("05").rows(
        "select strftime(moved_at, '%Y-%m'), -sum(qty) from stock_movements group by 1"
    )
    assert dict(told) == more.sold(raw("05"))


def test_demand_with_the_newest_month_first(real: Real) -> None:
    """`latest` is put on one month, `last -23` twenty-three before it."""
    told = real("06").rows(
        "select date_diff('month', min(moved_at), date '2000-12-01'), -sum(qty) "
        "from stock_movements group by strftime(moved_at, '%Y-%m') order by 1"
    )
    assert [total for _, total in told] == more.demanded(raw("06", "*.xls"))
    assert [back for back, _ in told] == list(range(24))


def test_satisfaction_with_seats(real: Real) -> None:
    """Ten stars are five points, one star is one; times twenty."""
    points = (more.stars(raw("11", "seat*")) - 1) * 4 / 9 + 1
    reading = real("11").one("csat", **EVER)
    assert reading.value == near(points.mean() * 20)
    assert (reading.n, reading.denominator) == (len(points), len(points))


def test_opinions_by_topic_have_words_and_no_score(real: Real) -> None:
    """Without a date nothing of them stands in a period, and none is made up."""
    told = real("12").rows(
        "select instrument_id, count(*) from surveys where score is null "
        "and comment is not null group by 1"
    )
    topics = pd.read_csv(raw("12")).subject.value_counts()
    assert dict(told) == {f"forum-{topic}": n for topic, n in topics.items()}
    for metric in ("nps", "csat", "nps_resp"):
        assert real("12").one(metric, **EVER).value is None


def judged_by_month(loaded: Loaded, orders: pd.DataFrame, **asked: date) -> None:
    """Assert that partners with a delivery in three months are on watch, as unrated."""
    months = loaded.ask("partner_tier", by=("tier",), grain="month", **asked)
    assert len(months) > 8
    for one in months:
        count = judged_vendors(orders, f"{one.period_start:%Y-%m}")
        assert (one.dimensions["tier"], one.value, one.n) == ("watch", count, count)


def test_charging_sites_in_use(real: Real) -> None:
    """The year 0014 is 2014; a user is new once."""
    loaded, rows = real("18"), more.sessions(raw("18"))
    judged_by_month(loaded, rows, start=date(2014, 11, 1), end=date(2015, 10, 1))
    new = loaded.rows("select count(*) from partner_orders where is_new_customer")
    assert new == [(rows.user.nunique(),)]


def test_purchases_of_a_cohort(real: Real) -> None:
    """Equal purchases are one; a customer's first day makes him new."""
    loaded, rows = real("21"), more.purchases(raw("21", "*.txt.gz"))
    known = rows.drop_duplicates()
    assert len(rows) - len(known) == loaded.run.tables["partner_orders"].duplicate
    judged_by_month(loaded, known, start=date(1997, 1, 1), end=date(1998, 7, 1))
    first = known.groupby("customer_id").came.transform("min")
    new = loaded.rows("select count(*) from partner_orders where is_new_customer")
    assert new == [(int((known.came == first).sum()),)]


def test_days_off_from_json(real: Real) -> None:
    """A day off is closed, a weekend that is worked is open."""
    told = real("25").rows("select strftime(date, '%Y-%m-%d'), is_open from calendar")
    expected = more.holidays(DATA / FOLDERS["25"].stem)
    assert dict(told) == {day: not is_off for day, is_off in expected.items()}


def test_charging_stations_are_partners(real: Real) -> None:
    """Each once, in Shenzhen, under a name of its own."""
    stations = pd.read_csv(raw("26", "*stations*"), dtype=str).station_id
    told = real("26").rows("select partner_id, cities from partners")
    assert set(told) == {(f"SZ-{one}", "深圳市") for one in stations}
