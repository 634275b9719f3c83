"""Rows read once for every store: each scope's part is what it would have read."""

import numpy as np
import pandas as pd
import pytest

from warehouse.once import Once
from warehouse.scope import EVERYTHING, Question, Rights
from warehouse.store.by_store import Durations, Sums

PLACES = {
    "A": {"store_id": "A", "region": "north", "city_class": "1"},
    "B": {"store_id": "B", "region": "north", "city_class": None},
    "C": {"store_id": "C", "region": "south", "city_class": "1"},
}

FRAME = pd.DataFrame(
    {
        "bucket": pd.to_datetime(["2026-01-02", "2026-01-01", "2026-01-01"] * 2),
        "by_store_id": ["A", "A", "B", "C", None, "gone"],
        "kept": [1.0, 2.0, np.nan, 4.0, 8.0, 16.0],
        "longest": [5.0, 7.0, np.nan, 3.0, 1.0, 2.0],
    }
)

ALL = Sums.of(FRAME, ["kept", "longest"], peaks=frozenset({"longest"}))


def within(question: Question, rights: Rights = EVERYTHING) -> list[dict]:
    """Return a scope's part of the frame."""
    return ALL.within(question, rights, PLACES)


def test_a_whole_adds_up_every_row():
    """Rows of no store, and of one that nobody knows, belong to it."""
    assert within(Question()) == [{"kept": 31.0, "longest": 7.0}]


def test_a_dimension_splits_and_none_comes_last():
    """What is in no region is a group of its own."""
    assert within(Question(by=("region",))) == [
        {"by_region": "north", "kept": 3.0, "longest": 7.0},
        {"by_region": "south", "kept": 4.0, "longest": 3.0},
        {"by_region": None, "kept": 24.0, "longest": 2.0},
    ]


def test_nothing_summed_is_none_not_zero():
    """Of a store whose rows hold nothing there is no sum."""
    (row,) = within(Question(by=("store_id",), where=(("store_id", ("B",)),)))
    assert row == {"by_store_id": "B", "kept": None, "longest": None}


@pytest.mark.parametrize(
    ("stores", "kept"),
    [({"A"}, 3.0), ({"A", "C"}, 7.0), ({"gone"}, 16.0), (set(), None), ({"X"}, None)],
)
def test_rights_reach_as_far_as_they_say(stores, kept):
    """Rows of no store are only for who may see every one."""
    mine = Rights(store_ids=frozenset(stores))
    assert within(Question(), mine)[0]["kept"] == kept
    assert {row["by_store_id"] for row in within(Question(by=("store_id",)), mine)} <= (
        stores & {"A", "B", "C", "gone"}
    )


def test_filters_narrow_together():
    """A store must pass each of them; what has no value passes none."""
    where = (("region", ("north",)), ("city_class", ("1", "2")))
    assert within(Question(where=where))[0]["kept"] == 3.0
    assert within(Question(where=(("region", ("nowhere",)),)))[0]["kept"] is None
    assert within(Question(by=("region",), where=(("region", ("nowhere",)),))) == []


def test_buckets_stay_apart_and_in_order():
    """A day without rows of the scope is not there."""
    table = Sums.of(FRAME, ["kept"], bucket="bucket")
    found = table.within(Question(where=(("region", ("north",)),)), EVERYTHING, PLACES)
    assert [(row["bucket"].day, row["kept"]) for row in found] == [(1, 2.0), (2, 1.0)]


def test_durations_are_kept_whole():
    """Those that run are told from those that ended; an empty scope has none."""
    frame = pd.DataFrame(
        {
            "by_store_id": ["A", "C"],
            "closed": [np.array([1.0, 2.0]), None],
            "running": [None, np.array([9.0])],
        }
    )
    table = Durations.of(frame)
    ((_, seconds, closed),) = table.within(Question(), EVERYTHING, PLACES)
    assert seconds.tolist() == [1.0, 2.0, 9.0]
    assert closed.tolist() == [True, True, False]
    by_region = table.within(Question(by=("region",)), EVERYTHING, PLACES)
    assert [(row, s.tolist()) for row, s, _ in by_region] == [
        ({"by_region": "north"}, [1.0, 2.0]),
        ({"by_region": "south"}, [9.0]),
    ]
    ((_, seconds, closed),) = table.within(
        Question(), Rights(store_ids=frozenset()), PLACES
    )
    assert (seconds.size, closed.size) == (0, 0)


def test_what_is_kept_fits_into_its_room():
    """What nobody has asked for longest goes first."""
    once = Once(10, weigh=len)
    for text in ("aaaa", "bbbb"):
        once.get(text, lambda text=text: text)
    once.get("aaaa", lambda: "not again")
    once.get("cccc", lambda: "cccc")

    assert once.get("aaaa", lambda: "anew") == "aaaa"
    assert once.get("bbbb", lambda: "anew") == "anew"
