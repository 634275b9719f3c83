"""Why red: effects that add up to the gap, whatever the numbers."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.alerts.drivers import (
    REST,
    Part,
    against_before,
    against_target,
    complete,
    main_driver,
)
from warehouse.metrics.metric import Direction

HIGH, LOW = Direction.HIGHER, Direction.LOWER


def test_a_hand_case_against_the_target():
    """60 + 20 of 100: 80 %. Usually half and half; the target is 90 %.

    A 60 of 70 (85.7 %), B 20 of 30 (66.7 %). Rate: ½(85.7−90) + ½(66.7−90) = −13.8;
    mix: 0.2(85.7−90) − 0.2(66.7−90) = +3.8; together −10.
    """
    parts = {"A": Part(60, 70, 70), "B": Part(20, 30, 30)}
    usual = {"A": Part(0, 50), "B": Part(0, 50)}

    split = against_target("model", parts, usual, 0.9, HIGH)

    by = {driver.member: driver for driver in split.drivers}
    assert split.gap == pytest.approx(-0.10)
    assert by["A"].rate == pytest.approx(0.5 * (6 / 7 - 0.9))
    assert by["B"].mix == pytest.approx(-0.2 * (2 / 3 - 0.9))
    assert [driver.member for driver in split.drivers] == ["B", "A"]
    assert abs(split.remainder) < 1e-12


def test_only_the_mix_changed():
    """Both as good as before, but more of the worse one: all of it is mix."""
    before = {"A": Part(90, 100), "B": Part(60, 100)}
    now = {"A": Part(45, 50), "B": Part(90, 150)}

    split = against_before("model", now, before, HIGH)

    assert split.gap == pytest.approx(-0.075)
    assert all(abs(driver.rate) < 1e-12 for driver in split.drivers)
    assert sum(driver.mix for driver in split.drivers) == pytest.approx(-0.075)


def test_only_a_rate_changed():
    """The same shares, one of them worse: all of it is its rate."""
    before = {"A": Part(90, 100), "B": Part(90, 100)}
    now = {"A": Part(90, 100), "B": Part(70, 100)}

    split = against_before("model", now, before, HIGH)

    assert split.drivers[0].member == "B"
    assert split.drivers[0].rate == pytest.approx(-0.10)
    assert all(abs(driver.mix) < 1e-12 for driver in split.drivers)


def test_who_is_new_is_all_mix():
    """A member without an earlier rate cannot have become worse."""
    split = against_before(
        "t", {"A": Part(90, 100), "N": Part(5, 10)}, {"A": Part(90, 100)}, HIGH
    )

    assert [driver.rate for driver in split.drivers] == [0, 0]
    assert sum(driver.mix for driver in split.drivers) == pytest.approx(split.gap)
    assert split.drivers[0].member == "N"


def test_an_order_of_two_groups_is_counted_once():
    """Groups overlap: what they count twice is taken back, so that it still adds up."""
    parts = complete(
        {"brakes": Part(8, 10, 10), "battery": Part(3, 6, 6)}, Part(9, 13, 13)
    )

    assert parts[REST] == Part(-2, -3, -3)
    split = against_target("complaint_group", parts, parts, 0.9, HIGH)
    assert split.gap == pytest.approx(9 / 13 - 0.9)
    assert abs(split.remainder) < 1e-12


def test_the_main_driver_is_worse_than_its_size():
    """The biggest store is not to blame for being big."""
    parts = {"big": Part(860, 1000, 1000), "bad": Part(30, 100, 100)}

    split = against_target("store_id", parts, parts, 0.9, HIGH)

    assert main_driver([split], HIGH, 10)[1].member == "bad"
    assert main_driver([split], HIGH, 101) is None


def test_of_few_nothing_is_said():
    """Three cases drive nothing, however bad they are."""
    parts = {"few": Part(0, 3, 3), "rest": Part(80, 97, 97)}

    split = against_target("t", parts, parts, 0.9, HIGH)

    assert main_driver([split], HIGH, 10) is None


def test_no_cases_no_split():
    """Nothing is divided by nothing."""
    assert against_target("t", {"A": Part(0, 0)}, {}, 0.9, HIGH) is None
    assert against_before("t", {"A": Part(1, 2)}, {}, HIGH) is None


counts = st.integers(0, 5000)
members = st.dictionaries(
    st.sampled_from(list("abcdefgh")),
    st.tuples(counts, counts).map(lambda p: Part(min(p), max(p), max(p))),
    min_size=1,
    max_size=8,
)


@given(
    parts=members,
    usual=members,
    target=st.floats(0, 1),
    scale=st.sampled_from([1, 100]),
    direction=st.sampled_from(list(Direction)),
)
@settings(max_examples=400, deadline=None)
def test_effects_add_up_to_the_gap(parts, usual, target, scale, direction):
    """Against a target, within 1e-9, with members that only one side has."""
    split = against_target("x", parts, usual, target * scale, direction, scale)
    if split is None:
        assert not any(part.bottom for part in parts.values())
        return
    bottom = sum(p.bottom for p in parts.values())
    gap = scale * (sum(p.top for p in parts.values()) / bottom - target)
    assert abs(split.gap - gap) < 1e-9
    assert abs(split.remainder) < 1e-9
    assert all(math.isfinite(driver.effect) for driver in split.drivers)


@given(parts=members, before=members, direction=st.sampled_from(list(Direction)))
@settings(max_examples=400, deadline=None)
def test_effects_add_up_to_the_change(parts, before, direction):
    """Between two periods too; turned round in time the effects turn their signs."""
    split = against_before("x", parts, before, direction)
    back = against_before("x", before, parts, direction)
    if split is None:
        assert back is None
        return
    assert abs(split.remainder) < 1e-9
    forward = {d.member: d.effect for d in split.drivers}
    for driver in back.drivers:
        assert abs(driver.effect + forward[driver.member]) < 1e-9
