"""What needs attention: order, streaks, stores."""

from dataclasses import replace
from datetime import date, timedelta

from callbacks.findings import findings, since
from pages._ui.address import View
from pages._ui.attention import attention
from tests.ui.readings import FTFR, STOCKOUT, WAIT, reading, tile
from tests.ui.records import make_stores
from tests.ui.test_tile import text
from warehouse.metrics.metric import Status
from warehouse.records import Freshness

STORES = make_stores(6)


def found(*tiles, cells=None, view=None):
    """Return the findings over six stores."""
    return findings(tiles, cells or {}, STORES, view or View())


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
    assert [store_id for store_id, _, _ in finding.stores] == ["S001"]
    assert finding.reading is None


def test_a_stale_source_raises_no_finding():
    """Its age is the problem; its last numbers are not."""
    assert found(tile(reading(), freshness=Freshness.STALE)) == []


def test_stores_are_named_worst_first():
    """Gap times n: 10 points of 100 outweigh 20 points of 10."""
    cells = {
        "ftfr_30d": {
            "S001": reading(FTFR, 0.7, n=10),
            "S002": reading(FTFR, 0.8, n=100),
        }
    }
    (finding,) = found(tile(reading()), cells=cells)

    assert [store_id for store_id, _, _ in finding.stores] == ["S002", "S001"]
    assert finding.store_hrefs[0] == "?store=S002&metric=ftfr_30d"


def test_a_streak_begins_after_the_last_green_day():
    """Two days off target: since the 20th."""
    assert since(days(R, G, A, R)) == (date(2026, 11, 20), False)


def test_too_few_cases_neither_end_nor_begin_a_streak():
    """A grey day between two red ones is no recovery."""
    assert since(days(G, R, GREY, R, GREY)) == (date(2026, 11, 18), False)


def test_a_streak_without_beginning_says_so():
    """Red as far as we look: since then or earlier."""
    assert since(days(R, R)) == (date(2026, 11, 20), True)
    assert since(days(G, G)) == (None, False)
    assert since(()) == (None, False)


def test_the_list_says_what_where_since_when_and_how_many():
    """One sentence a reader can act on."""
    given = replace(tile(reading(FTFR, 0.8, n=100)), series=days(G, R, R))
    cells = {"ftfr_30d": {f"S00{i}": reading(FTFR, 0.7) for i in range(5)}}
    shown = text(attention(found(given, cells=cells), "zh"))

    assert "80.0%，目标 ≥ 90.0%，差 −10.0 百分点" in shown
    assert "距目标约 10 例" in shown
    assert "自11月20日起" in shown
    assert "5 家门店超标" in shown
    assert "另有 2 家" in shown


def test_nothing_to_attend_to_is_said():
    """An empty list would look like a failure."""
    assert "没有超标" in text(attention([], "zh"))
