"""The colour of a value (kpis.md §17), at its lines and on both sides of them."""

from dataclasses import replace
from datetime import date

import pytest

from warehouse.metrics import CATALOG, Interval
from warehouse.metrics.judging import judge
from warehouse.metrics.metric import Cadence, Direction, Status, Thresholds

LINES = {
    Direction.HIGHER: Thresholds(green=0.90, red=0.85),
    Direction.LOWER: Thresholds(green=0.05, red=0.10),
    Direction.BAND: Thresholds(green=0.70, green_high=0.80, red=0.60, red_high=0.90),
}
SHARE = replace(
    CATALOG["ftfr_30d"], thresholds=(), minimum_n=10, interval=Interval.WILSON
)


def judged(direction, value, n=10, interval=None, **more):
    """Return the colour of a share under the lines of a direction."""
    metric = replace(SHARE, direction=direction, **more)
    return judge(metric, LINES[direction], value, n, interval).value


# direction, value, its interval, colour
# fmt: off
CASES = [
    (Direction.HIGHER, 0.90, None, "green"),
    (Direction.HIGHER, 0.8999, None, "amber"),
    (Direction.HIGHER, 0.85, None, "amber"),
    (Direction.HIGHER, 0.8499, None, "red"),
    (Direction.HIGHER, 0.84, (0.80, 0.8999), "red"),
    (Direction.HIGHER, 0.84, (0.80, 0.87), "red"),
    (Direction.HIGHER, 0.84, (0.80, 0.90), "amber"),
    (Direction.LOWER, 0.05, None, "green"),
    (Direction.LOWER, 0.0501, None, "amber"),
    (Direction.LOWER, 0.10, None, "amber"),
    (Direction.LOWER, 0.1001, None, "red"),
    (Direction.LOWER, 0.11, (0.0501, 0.20), "red"),
    (Direction.LOWER, 0.11, (0.07, 0.20), "red"),
    (Direction.LOWER, 0.11, (0.05, 0.20), "amber"),
    (Direction.BAND, 0.70, None, "green"),
    (Direction.BAND, 0.80, None, "green"),
    (Direction.BAND, 0.6999, None, "amber"),
    (Direction.BAND, 0.8001, None, "amber"),
    (Direction.BAND, 0.60, None, "amber"),
    (Direction.BAND, 0.90, None, "amber"),
    (Direction.BAND, 0.5999, None, "red"),
    (Direction.BAND, 0.9001, None, "red"),
    (Direction.BAND, 0.55, (0.50, 0.6999), "red"),
    (Direction.BAND, 0.55, (0.50, 0.70), "amber"),
    (Direction.BAND, 0.95, (0.8001, 0.99), "red"),
    (Direction.BAND, 0.95, (0.80, 0.99), "amber"),
]
# fmt: on


@pytest.mark.parametrize(("direction", "value", "interval", "colour"), CASES)
def test_the_lines_and_the_interval_decide(direction, value, interval, colour):
    """On a line is still inside it; red needs an interval that leaves green out."""
    assert judged(direction, value, interval=interval) == colour


def test_the_minimum_n_is_enough():
    """Nine are too few for a colour, ten are not."""
    assert judged(Direction.HIGHER, 0.5, n=9) == "grey"
    assert judged(Direction.HIGHER, 0.5, n=10) == "red"


def test_safety_needs_neither_sample_nor_interval():
    """One event is red, although one of one proves nothing."""
    event = judged(
        Direction.LOWER, 1.0, n=1, interval=(0.0, 1.0), cadence=Cadence.SAFETY
    )
    assert event == "red"


@pytest.mark.parametrize("lines", [None, LINES[Direction.HIGHER]])
def test_nothing_to_judge_has_no_colour(lines):
    """A value without lines, and lines without a value."""
    value = 0.5 if lines is None else None
    assert judge(SHARE, lines, value, 100, None) is Status.NONE


def test_lines_hold_from_their_first_day_on():
    """The newest that have begun hold; those of a class go before those of all."""
    old = Thresholds(green=0.9, red=0.8)
    new = replace(old, green=0.95, valid_from=date(2026, 3, 1))
    flagships = replace(old, green=0.99, applies_to=(("store_class", "flagship"),))
    metric = replace(SHARE, thresholds=(new, flagships, old))

    assert metric.lines({}, date(2026, 2, 28)) is old
    assert metric.lines({}, date(2026, 3, 1)) is new
    assert metric.lines({"store_class": "city"}, date(2026, 3, 1)) is new
    assert metric.lines({"store_class": "flagship"}, date(2026, 3, 1)) is flagships
