"""Real sources, by configuration alone: what is loaded, and what it says.

Each KPI is computed a second time from the raw file in plain pandas (tests/real), and
what a source cannot feed must show no data, never 0. The data may not be
redistributed: without them these tests skip (SHARED_DATA names another place). The
KPIs of the four workshops stand in tests/real/test_workshops.py.
"""

from collections import Counter
from datetime import date, timedelta
from functools import partial

import pandas as pd
import pytest

from tests.real import others
from tests.real.expected import COUNTS, FED, REJECTS
from tests.real.kit import (
    AS_OF,
    DATA,
    EVER,
    FOLDERS,
    Real,
    near,
    needs_data,
    once,
    raw,
    same_share,
)
from warehouse.partners.tiering import Month, raw_tier

pytestmark = [needs_data, pytest.mark.xdist_group("real")]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Real:
    """Load a source when it is first asked for, and keep it."""
    return partial(once, tmp_path_factory)


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
    assert real(name).told(FED[name]) == {}


@pytest.mark.parametrize("name", sorted(set(COUNTS) - {"18", "20", "21"}))
def test_no_partner_delivered_is_no_tier(real: Real, name: str) -> None:
    """Without a delivered order of a partner nobody can count partners by tier."""
    assert real(name).one("partner_tier").value is None


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


# ---------- parts


def test_refinery_stock(real: Real) -> None:
    """Empty shelves by criticality, turns and days of supply of a year's use."""
    loaded, rows = real("07"), others.refinery(raw("07"))
    assert int(rows.months.sum()) == 11451
    assert loaded.rows(
        "select kind, count(*) from stock_movements group by 1 order by 1"
    ) == [
        ("issue", 11451 - int(rows.returned.sum())),
        ("return", int(rows.returned.sum())),
    ]
    empty = rows.stock <= 0
    for metric in ("sku_stockout", "stockout_days"):
        same_share(loaded.one(metric), (int(empty.sum()), len(rows)))
        told = loaded.ask(metric, by=("category",))
        assert len(told) == rows.category.nunique()
        for one in told:
            inside = rows.category == one.dimensions["category"]
            same_share(one, (int(empty[inside].sum()), int(inside.sum())))
    value = (rows.stock * rows.price).sum()
    cost = (rows.used * rows.price).sum()
    assert (value, cost) == (near(2821029.92), near(1547282.88))
    same_share(loaded.one("turns"), (cost, value))
    same_share(loaded.one("dos"), (value, cost / 365))


# ---------- what customers say


def test_bt_score_by_stage(real: Real) -> None:
    """NPS and its interval, in all and by stage; the young share is not yet final."""
    loaded, rows = real("10"), others.answers(raw("10"))
    now = pd.Timestamp(AS_OF["10"])
    assert (len(rows), 1482 - len(rows)) == (1460, 22)
    recent = rows[rows.day >= date(2018, 1, 2)]
    for asked, part in (({}, recent), (EVER, rows)):
        readings = {None: part, **dict(list(part.groupby("instrument")))}
        told = {
            one.dimensions.get("instrument_id"): one
            for one in (
                loaded.one("nps", **asked),
                *loaded.ask("nps", by=("instrument_id",), **asked),
            )
        }
        assert told.keys() == readings.keys()
        for stage, said in readings.items():
            one, plain = told[stage], others.promoter_score(said.score)
            assert one.value == near(plain["value"]), stage
            assert (one.numerator, one.denominator) == (plain["net"], plain["n"])
            assert one.n == plain["n"]
            assert (one.ci_low, one.ci_high) == (
                near(plain["low"]),
                near(plain["high"]),
            )
            final = said.moment + timedelta(days=14) <= now
            assert one.maturity == near(final.mean())


def test_chinese_complaints(real: Real) -> None:
    """Four crawls are one list: complaints by day and by kind of fault."""
    folder = DATA / FOLDERS["14"].stem
    rows, repeated = others.complaints(folder)
    loaded = real("14")
    assert (len(rows), repeated) == (1500, 930)
    told = loaded.rows("select complaint_id, _day::varchar, category from complaints")
    expected = {(key, row.day, row.category or None) for key, row in rows.iterrows()}
    assert set(told) == expected
    for metric in ("complaint_close_48h", "complaint_rate"):
        assert loaded.one(metric, **EVER).value is None


# ---------- partners


def test_dealers_on_the_lines_of_tiers(real: Real) -> None:
    """4.8, 4.5 and 4.0 stand on the lines, and the lines are strict."""
    told = real("13").rows("select rating from partner_orders")
    month = date(2023, 3, 1)
    tiers = [
        raw_tier(Month(month=month, orders=1, ratings=1, rating_sum=rating)).value
        for (rating,) in told
    ]
    assert Counter(tiers) == others.dealer_tiers(raw("13"))
    assert Counter(tiers).keys() == {"gold", "silver", "bronze", "watch", "yellow"}


def test_vendors_and_their_lead_times(real: Real) -> None:
    """Vendors with deliveries each month, and days from order to delivery."""
    loaded, rows = real("20"), others.deliveries(raw("20"))
    orders = rows[rows.direct & rows.ordered.notna()]
    told = loaded.rows(
        "select date_diff('day', requested_at, delivered_at) from partner_orders"
    )
    assert sorted(days for (days,) in told) == sorted(orders.days)
    known = rows[rows.days >= 0].groupby("item").days.median()
    parts = loaded.rows("select name, lead_time_days from parts")
    assert {name: days for name, days in parts if days is not None} == known.to_dict()
    assert len(parts) == rows.item.nunique()
    months = loaded.ask(
        "partner_tier",
        by=("tier",),
        grain="month",
        start=date(2006, 1, 1),
        end=date(2013, 1, 1),
    )
    assert len(months) > 60
    for one in months:
        count = others.judged_vendors(orders, f"{one.period_start:%Y-%m}")
        assert (one.dimensions["tier"], one.value, one.n) == ("watch", count, count)
