"""Restatement: was → is, to the last digit, when late rows change told days."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import kit
from tests.ui.readings import FTFR, NPS, reading
from warehouse.restatement import Change, before
from warehouse.scope import EVERYTHING, Question, Rights
from warehouse.store.work import Work

SHANGHAI = ZoneInfo("Asia/Shanghai")

STORES = [{"store_id": f"S{n}", "name": f"Store {n}", "region": "华东"} for n in (1, 2)]


def order(number: int, day: int, store: str = "S1", *, kept: bool = True) -> dict:
    """Return an order that came at nine, was promised for noon, and kept it or not."""
    return {
        "work_order_id": f"W{number}",
        "store_id": store,
        "vin": f"LNBSCPKB0HR{number:06}",
        "order_type": "repair",
        "status": "closed",
        "checkin_at": f"2026-03-{day:02}T09:00:00",
        "promised_at": f"2026-03-{day:02}T12:00:00",
        "ready_notified_at": f"2026-03-{day:02}T{11 if kept else 14}:00:00",
        "delivered_at": f"2026-03-{day:02}T15:00:00",
    }


def at(day: int) -> datetime:
    """Return the evening of a day in March 2026."""
    return datetime(2026, 3, day, 20, tzinfo=SHANGHAI)


MARCH = Question(start=date(2026, 3, 1), end=date(2026, 4, 1))


@pytest.fixture
def history(tmp_path):
    """Return a function that delivers rows and refreshes on an evening of March."""
    number = 0

    def deliver(day: int, rows: list[dict], *, full: bool = False, **more: list[dict]):
        nonlocal number
        number += 1
        kit.write_delivery(
            tmp_path / "source" / f"2026-03-{day:02}-{number}",
            {"stores": STORES, "work_orders": rows, **more},
        )
        _, batch = kit.run(tmp_path, [tmp_path / "source"], at(day), full=full)
        return batch

    return deliver


def read(batch, metric="promise_kept", question=MARCH, rights=EVERYTHING):
    """Return the reading of March, and what it was before late rows."""
    (now,) = batch.read(metric, question, rights)
    return now, before(now, batch.changes(metric, question, rights))


def test_a_late_order_restates_the_day_it_belongs_to(history):
    """Eight of ten were kept; two late ones that were not make it eight of twelve."""
    first = [order(n, 10, kept=n > 2) for n in range(1, 11)]
    told = history(15, first)
    assert read(told)[1] is None

    now, restated = read(
        history(16, [order(11, 10, kept=False), order(12, 10, kept=False)])
    )

    assert now.value == 8 / 12
    assert (restated.was, restated.was_n) == (8 / 10, 10)
    assert restated.at == at(16).astimezone(timezone.utc)
    assert restated.first_day == restated.last_day == date(2026, 3, 10)


def test_a_nightly_rebuild_tells_it_too(history):
    """Late rows that come with `--full` restate; what was told before stays told."""
    history(15, [order(n, 10, kept=n > 2) for n in range(1, 11)])
    late = [order(n, 10, kept=False) for n in (11, 12)]
    batch = history(16, late, full=True)
    now, restated = read(batch)

    assert (now.value, restated.was) == (8 / 12, 8 / 10)
    (told,) = [one for one in batch.restatements(EVERYTHING) if one.rows == 2]
    assert told.table == "work_orders"

    now, restated = read(history(17, [order(20, 17)], full=True))
    assert (now.value, restated.was) == (9 / 13, 9 / 11)


def test_a_rebuild_of_the_same_restates_nothing(history, tmp_path):
    """Everything is derived anew, and every told day reads as it did."""
    nowhere = {"complaint_id": "C1", "received_at": "2026-03-11T10:00:00"}
    history(14, [order(n, 10 + n % 3, "S1" if n % 2 else "S2") for n in range(20)])
    history(15, [order(30, 15)], complaints=[nowhere])
    batch = history(16, [order(31, 16)], full=True)

    assert [read(batch, metric)[1] for metric in MEASURED] == [None] * len(MEASURED)
    with Work(tmp_path / "warehouse") as work:
        found = work.con.execute(
            "select fact, restated_at from restated_sums"
        ).fetchall()
        assert work.scalar("select sum(complaints) from mart_complaints") == 1
    assert {moment.day for _, moment in found} <= {15}


def test_what_was_told_is_what_is_taken_back(history):
    """For sums of every fact the earlier value is the one that had been published."""
    history(14, [order(n, 10 + n % 3, "S1" if n % 2 else "S2") for n in range(20)])
    told = history(15, [order(30, 14)])
    earlier = {m: told.read(m, MARCH, EVERYTHING) for m in MEASURED}
    now = history(16, [order(40, 11), order(41, 12, "S2", kept=False)])

    for metric, (was,) in earlier.items():
        reading, restated = read(now, metric)
        told_before = restated.was if restated else reading.value
        assert told_before == was.value, metric


MEASURED = ("promise_kept", "orders_arrived", "orders_delivered", "same_day")


def test_new_days_restate_nothing(history):
    """Today's orders change March, and nothing that had been told as complete."""
    history(15, [order(n, 10) for n in range(10)])
    _, restated = read(history(16, [order(20, 16, kept=False)]))

    assert restated is None


def test_a_restatement_is_forgotten_after_a_week(history):
    """It is news for seven days."""
    history(15, [order(n, 10) for n in range(10)])
    history(16, [order(20, 10, kept=False)])
    assert read(history(22, [order(21, 22)]))[1] is not None
    assert read(history(24, [order(22, 24)]))[1] is None


def test_only_the_stores_of_the_scope_count(history):
    """Rights and filters hold for what was, too."""
    history(15, [order(n, 10, "S1" if n % 2 else "S2") for n in range(10)])
    batch = history(16, [order(20, 10, "S2", kept=False)])
    other = replace(MARCH, where=(("store_id", ("S1",)),))
    region = replace(MARCH, where=(("region", ("华东",)),))

    assert read(batch, question=other)[1] is None
    assert read(batch, question=region)[1] is not None
    assert read(batch, rights=Rights(store_ids=frozenset({"S1"})))[1] is None


def change(day: int, top: float, bottom: float) -> Change:
    """Return a change of one day of October 2026."""
    return Change(
        day=date(2026, 10, day),
        restated_at=datetime(2026, 11, 20, day % 24, tzinfo=timezone.utc),
        numerator=top,
        denominator=bottom,
    )


@given(
    st.lists(
        st.tuples(st.integers(1, 21), st.integers(0, 5), st.integers(0, 9)),
        min_size=1,
    )
)
def test_sums_are_taken_back_before_they_are_divided(rows):
    """However many changes: (40 + Σ) ÷ (50 + Σ) was 40 ÷ 50."""
    moved = [change(day, top, max(top, bottom)) for day, top, bottom in rows]
    top = 40 + sum(one.numerator for one in moved)
    bottom = 50 + sum(one.denominator for one in moved)
    now = reading(FTFR, top / bottom, numerator=top, denominator=bottom, n=bottom)
    found = before(now, moved)

    if found is None:
        assert now.value == 0.8
    else:
        assert found.was == 0.8
        assert found.was_n == 50


def test_days_outside_the_period_do_not_count():
    """A change of 1 December says nothing about a period that ends in October."""
    outside = replace(change(1, 1, 1), day=date(2026, 12, 1))

    assert before(reading(FTFR, 0.8, numerator=40), [outside]) is None


def test_a_promoter_score_is_taken_back_as_a_score():
    """30 of 50 is +60; without the last ten promoters 20 of 40 was +50."""
    now = reading(NPS, 60.0, numerator=30, denominator=50)

    assert before(now, [change(3, 10, 10)]).was == 50


def test_nothing_was_known_before():
    """A day that late rows brought to life had no value."""
    now = reading(FTFR, 1.0, numerator=5, denominator=5)
    found = before(now, [change(3, 5, 5)])

    assert found.was is None
    assert found.at - timedelta(0) == datetime(2026, 11, 20, 3, tzinfo=timezone.utc)
