"""Members ranked and scopes compared."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.readings import ARRIVED, BAYS, FTFR, STOCKOUT, WAIT, reading
from warehouse.metrics.comparing import difference, ranking
from warehouse.metrics.metric import Status
from warehouse.metrics.statistics import wilson


def member(metric, name, hits, n):
    """Return the reading of one member."""
    low, high = wilson(hits, n) or (None, None)
    return reading(
        metric,
        hits / n if n else None,
        n=n,
        numerator=hits,
        ci_low=low,
        ci_high=high,
        dimensions={"store_id": name},
    )


def names(ranked):
    """Return the members in order."""
    return [one.reading.dimensions["store_id"] for one in ranked]


def test_a_lucky_small_store_is_not_the_best():
    """3 of 3 beside a network of 90 % ranks below 970 of 1000."""
    whole = member(FTFR, "all", 900, 1000)
    ranked = ranking(
        FTFR, [member(FTFR, "small", 3, 3), member(FTFR, "big", 970, 1000)], whole
    )

    assert names(ranked) == ["big", "small"]
    assert ranked[1].adjusted == pytest.approx((3 + 45) / 53)
    assert [one.place for one in ranked] == [1, 2]


def test_problems_are_those_that_chance_does_not_explain():
    """40 of 50 at 90 % is one; 4 of 5, the same share, is not."""
    whole = member(FTFR, "all", 9000, 10_000)
    ranked = ranking(
        FTFR, [member(FTFR, "many", 40, 50), member(FTFR, "few", 4, 5)], whole
    )

    assert {
        n: one.is_problem for n, one in zip(names(ranked), ranked, strict=True)
    } == {
        "many": True,
        "few": False,
    }


def test_where_low_is_good_high_is_a_problem():
    """Stock-outs: many are bad."""
    whole = member(STOCKOUT, "all", 30, 1000)
    ranked = ranking(
        STOCKOUT,
        [member(STOCKOUT, "bad", 30, 100), member(STOCKOUT, "good", 0, 100)],
        whole,
    )

    assert names(ranked) == ["good", "bad"]
    assert [one.is_problem for one in ranked] == [False, True]


def test_few_cases_of_a_time_have_no_place():
    """Percentiles cannot be shrunken: too few, no rank."""
    few = reading(WAIT, 1.0, status=Status.GREY, dimensions={"store_id": "few"})
    slow = reading(WAIT, 90.0, dimensions={"store_id": "slow"})
    fast = reading(WAIT, 30.0, dimensions={"store_id": "fast"})
    ranked = ranking(WAIT, [few, slow, fast], None)

    assert names(ranked) == ["fast", "slow", "few"]
    assert [one.place for one in ranked] == [1, 2, None]


def test_a_band_is_best_in_its_middle():
    """Neither empty nor crowded bays are first."""
    low, middle, high = (
        reading(BAYS, value, dimensions={"store_id": name})
        for name, value in (("low", 0.4), ("middle", 0.66), ("high", 0.95))
    )

    assert names(ranking(BAYS, [low, high, middle], None))[0] == "middle"


def test_counts_are_ordered_by_size():
    """The busiest first."""
    some = [
        reading(ARRIVED, float(n), dimensions={"store_id": str(n)}) for n in (3, 9, 5)
    ]

    assert names(ranking(ARRIVED, some, None)) == ["9", "5", "3"]


@settings(deadline=None)
@given(
    st.lists(
        st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=1,
        max_size=30,
    )
)
def test_nobody_is_lost_in_a_ranking(pairs):
    """Every member once; places without gaps; those without cases last."""
    members = [member(FTFR, f"{i}", k, n) for i, (k, n) in enumerate(pairs)]
    hits, total = sum(k for k, _ in pairs), sum(n for _, n in pairs)
    ranked = ranking(FTFR, members, member(FTFR, "all", hits, total))
    places = [one.place for one in ranked if one.place is not None]

    assert sorted(names(ranked)) == sorted(f"{i}" for i in range(len(pairs)))
    assert places == list(range(1, len(places) + 1))
    assert all(one.place is None for one in ranked[len(places) :])


def test_the_difference_is_newcombes():
    """56/70 − 48/80, the example of Newcombe 1998: 0.20, 0.0524 to 0.3339."""
    gap = difference(member(FTFR, "a", 56, 70), member(FTFR, "b", 48, 80))

    assert gap.value == pytest.approx(0.2)
    assert gap.low == pytest.approx(0.0524, abs=5e-5)
    assert gap.high == pytest.approx(0.3339, abs=5e-5)
    assert gap.is_clear is True


def test_a_difference_that_may_be_chance():
    """8/10 − 7/10 says nothing."""
    gap = difference(member(FTFR, "a", 8, 10), member(FTFR, "b", 7, 10))

    assert gap.is_clear is False
    assert gap.low < 0 < gap.high


def test_without_intervals_there_is_only_the_gap():
    """Waits differ by minutes; without a value there is no difference."""
    gap = difference(reading(WAIT, 40.0), reading(WAIT, 30.0))

    assert (gap.value, gap.low, gap.is_clear) == (10.0, None, None)
    assert difference(reading(WAIT, None), reading(WAIT, 30.0)) is None
    assert math.isclose(gap.value, 10)
