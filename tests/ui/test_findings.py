"""What needs attention: order, streaks, stores."""

from datetime import date, timedelta

import pytest

from callbacks.findings import findings
from pages._ui.address import View
from pages._ui.attention import attention, brief
from tests.ui.readings import (
    ARRIVED,
    AS_OF,
    FTFR,
    STOCKOUT,
    UTIL,
    WAIT,
    reading,
    tile,
)
from tests.ui.records import make_stores
from tests.ui.test_tile import text
from warehouse.metrics.metric import Status
from warehouse.metrics.streaks import run_of_points, run_of_windows
from warehouse.records import Freshness
from warehouse.scope import EVERYTHING

STORES = make_stores(6)


class Days:
    """A batch that knows single days of a metric, and how many orders arrive."""

    as_of, timezone = AS_OF, "Asia/Shanghai"

    def __init__(self, series=()):
        self.series = series

    def read(self, metric_id, question, rights):
        """Return 10 arrivals a day in each store, or the days there are."""
        if metric_id == "orders_arrived":
            return [
                reading(ARRIVED, 300, n=300, dimensions={"store_id": s.store_id})
                for s in STORES
            ]
        return list(self.series)


def found(*tiles, cells=None, view=None, days=()):
    """Return the findings over six stores."""
    batch = Days(days)
    return findings(batch, tiles, cells or {}, STORES, view or View(), EVERYTHING)


def days(*statuses):
    """Return one reading a day, the last on 21 November."""
    first = date(2026, 11, 22) - timedelta(days=len(statuses))
    return tuple(
        reading(
            status=status,
            period_start=first + timedelta(days=i),
            period_end=first + timedelta(days=i + 1),
        )
        for i, status in enumerate(statuses)
    )


G, A, R, GREY = Status.GREEN, Status.AMBER, Status.RED, Status.GREY


def test_red_comes_before_amber_and_more_before_fewer():
    """A band short of 1000 cases outweighs one short of 50; amber waits."""
    few = tile(reading(FTFR, 0.8, n=50))
    many = tile(reading(STOCKOUT, 0.07, n=1000))
    amber = tile(reading(WAIT, 110, n=9000, status=A))

    assert [f.metric.id for f in found(few, amber, many)] == [
        "stockout_rate",
        "ftfr_30d",
        "cust_wait_total",
    ]


def test_green_is_not_listed_unless_a_store_is_red():
    """The network may be fine while one store is not."""
    green = tile(reading(FTFR, 0.95, status=G))
    cells = {"ftfr_30d": {"S001": reading(FTFR, 0.7), "S002": reading(status=G)}}

    assert found(green) == []
    (finding,) = found(green, cells=cells)
    assert [one.store_id for one in finding.stores] == ["S001"]
    assert finding.reading is None


def test_a_stale_source_raises_no_finding():
    """Its age is the problem; its last numbers are not."""
    assert found(tile(reading(), freshness=Freshness.STALE)) == []


def test_stores_are_named_worst_first():
    """Gap times customers: 10 points of 100 outweigh 20 points of 10."""
    cells = {
        "ftfr_30d": {
            "S001": reading(FTFR, 0.7, n=10),
            "S002": reading(FTFR, 0.8, n=100),
        }
    }
    (finding,) = found(tile(reading()), cells=cells)

    assert [one.store_id for one in finding.stores] == ["S002", "S001"]
    assert finding.stores[0].href == "/stores/S002?metric=ftfr_30d"


def test_hours_are_no_customers():
    """Utilisation counts 2 790 hours; whom it touches are the 60 who come each day."""
    (finding,) = found(tile(reading(UTIL, 0.7, n=2790)))

    assert finding.customers == 60


def test_customers_are_counted_by_the_day():
    """Of 900 cases in 90 days ten customers a day are touched."""
    (finding,) = found(tile(reading(FTFR, 0.8, n=900)))

    assert finding.customers == 10


def test_a_streak_begins_after_the_last_green_day():
    """Two days off target: since the 20th."""
    run = run_of_points(days(R, G, A, R))

    assert (run.since, run.is_longer) == (date(2026, 11, 20), False)


def test_too_few_cases_neither_end_nor_begin_a_streak():
    """A grey day between two red ones is no recovery."""
    run = run_of_points(days(G, R, GREY, R, GREY))

    assert (run.since, run.is_longer) == (date(2026, 11, 18), False)


def test_a_streak_without_beginning_says_so():
    """Red as far as we look: since then or earlier."""
    run = run_of_points(days(R, R))

    assert (run.since, run.is_longer) == (date(2026, 11, 20), True)
    assert run_of_points(days(G, G)) is None
    assert run_of_points(()) is None


def single(last, *rates, n=100):
    """Return one reading a day of *n* cases, the last one on *last*."""
    first = last - timedelta(days=len(rates) - 1)
    return [
        reading(
            FTFR,
            rate,
            n=n,
            period_start=first + timedelta(days=i),
            period_end=first + timedelta(days=i + 1),
        )
        for i, rate in enumerate(rates)
    ]


LAST = date(2026, 10, 21)


def over(days_long, value, n, status=R):
    """Return the reading of a window that ends with LAST."""
    return reading(
        FTFR,
        value,
        n=n,
        status=status,
        period_start=LAST + timedelta(days=1 - days_long),
        period_end=LAST + timedelta(days=1),
    )


def test_a_run_is_that_of_the_window_and_not_of_its_days():
    """Windows of two days: (70+100)/2, (70+70)/2 … the first red one ended on the 19th.

    By hand: days 100, 100, 70, 70, 70 %, 100 cases each. The window 100+100 is green;
    100+70 = 85 % is no lower than the red line of 85 %; 70+70 is red twice.
    """
    series = single(LAST, 1.0, 1.0, 0.7, 0.7, 0.7)
    run = run_of_windows(series, over(2, 0.7, 200))

    assert (run.since, run.is_longer) == (date(2026, 10, 20), False)


def test_one_good_day_does_not_end_the_run_of_a_window():
    """Day by day the last was green; the week that ended with it is red."""
    series = single(LAST, *[0.95] * 7, *[0.6] * 6, 1.0)
    run = run_of_windows(series, over(7, 4.6 / 7, 700))

    assert run.since < date(2026, 10, 21)
    assert not run.is_longer


def test_a_run_ends_where_knowledge_ends():
    """Everything that is known was red: since then or earlier."""
    run = run_of_windows(single(LAST, *[0.6] * 5), over(2, 0.6, 200))

    assert (run.since, run.is_longer) == (date(2026, 10, 18), True)


def test_a_value_on_target_has_no_run():
    """Green now, whatever was before."""
    series = single(LAST, 0.6, 0.6, 1.0)

    assert run_of_windows(series, over(1, 1.0, 100, G)) is None
    assert run_of_windows([], over(1, 0.6, 100)) is None


@pytest.mark.parametrize("length", [1, 3, 7])
def test_sliding_is_summing_anew(length):
    """The window that slides back gives what summing each window from scratch gives."""
    rates = [0.95, 0.6, 0.99, 0.7, 0.5, 0.97, 0.6, 0.6, 0.98, 0.5, 0.6, 0.4]
    series = single(LAST, *rates)
    last = sum(rates[-length:]) / length
    run = run_of_windows(series, over(length, last, 100 * length))
    red = [
        sum(rates[i - length + 1 : i + 1]) / length < 0.85
        for i in range(length - 1, len(rates))
    ]
    streak = len(red) - max((i + 1 for i, one in enumerate(red) if not one), default=0)

    assert run.since == LAST - timedelta(days=streak - 1)
    assert run.is_longer is (streak == len(red))


def test_the_list_says_what_where_since_when_and_how_many():
    """One sentence a reader can act on."""
    given = tile(over(2, 0.7, 200))
    cells = {"ftfr_30d": {f"S00{i}": over(2, 0.7, 200) for i in range(5)}}
    series = single(LAST, 1.0, 1.0, 0.7, 0.7, 0.7)
    for one in series:
        one.dimensions["store_id"] = "S000"
    shown = text(attention(found(given, cells=cells, days=series), "zh"))

    assert "70.0%，目标 ≥ 90.0%，差 −20.0 百分点" in shown
    assert "距目标约 40 例" in shown
    assert "自10月20日起超标" in shown
    assert "每天涉及约 100 位客户" in shown
    assert "5 家门店超标" in shown
    assert "另有 2 家" in shown


def test_in_short_the_list_says_what_since_when_and_where():
    """A line for a phone."""
    given = tile(over(2, 0.7, 200))
    cells = {"ftfr_30d": {"S001": over(2, 0.7, 200)}}
    series = single(LAST, 1.0, 1.0, 0.7, 0.7, 0.7)
    for one in series:
        one.dimensions["store_id"] = "S001"
    shown = text(brief(found(given, cells=cells, days=series), "zh"))

    for part in ("首次修复率", "70.0%", "自10月20日起超标", STORES[1].name):
        assert part in shown


def test_nothing_to_attend_to_is_said():
    """An empty list would look like a failure."""
    assert "没有超标" in text(attention([], "zh"))
    assert brief([], "zh") is None
