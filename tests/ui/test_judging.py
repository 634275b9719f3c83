"""Distance to target, size of a shortfall, and which way is better."""

import pytest

from pages._ui import judging
from tests.ui.readings import BAYS, FTFR, STOCKOUT, WAIT, reading
from warehouse.metrics.metric import Status


def lines(metric):
    """Return the lines that hold for everybody."""
    return reading(metric).thresholds


def test_the_target_says_its_sense():
    """Higher is better, lower is better, and within a band."""
    assert judging.target_text(FTFR, lines(FTFR), "zh") == "≥ 90.0%"
    assert judging.target_text(STOCKOUT, lines(STOCKOUT), "zh") == "≤ 3.0%"
    assert judging.target_text(BAYS, lines(BAYS), "en") == "60.0%–75.0%"
    assert judging.red_text(FTFR, lines(FTFR), "en") == "< 85.0%"
    assert judging.red_text(BAYS, lines(BAYS), "en") == "< 50.0% / > 85.0%"


@pytest.mark.parametrize(
    ("metric", "value", "gap"),
    [
        (FTFR, 0.843, -0.057),
        (STOCKOUT, 0.05, 0.02),
        (BAYS, 0.65, 0.0),
        (BAYS, 0.55, -0.05),
        (BAYS, 0.8, 0.05),
    ],
)
def test_the_distance_is_value_minus_target(metric, value, gap):
    """A band has no distance inside, and two ends outside."""
    assert judging.distance(value, metric, lines(metric)) == pytest.approx(gap)


def test_without_lines_there_is_no_distance():
    """A metric without target is not off it."""
    assert judging.distance(0.5, FTFR, None) is None
    assert judging.shortfall(reading(value=None)) == 0


def test_shortfalls_compare_across_units():
    """Half a band short is half a band short, in points and in minutes."""
    late = reading(WAIT, 105)  # green 90, red 120
    unfixed = reading(FTFR, 0.875)  # green 90 %, red 85 %

    assert judging.shortfall(late) == pytest.approx(0.5)
    assert judging.shortfall(unfixed) == pytest.approx(0.5)
    assert judging.shortfall(reading(FTFR, 0.95)) == 0


def test_amber_beyond_the_red_line_is_known():
    """8 of 10 is below the red line, but too few to be sure: amber."""
    doubtful = reading(FTFR, 0.8, n=10, status=Status.AMBER)

    assert judging.is_beyond_red(doubtful)
    assert not judging.is_beyond_red(reading(FTFR, 0.87))
    assert judging.is_beyond_red(reading(BAYS, 0.9))
    assert judging.is_beyond_red(reading(STOCKOUT, 0.07))


def test_better_depends_on_the_direction():
    """More is better for fixes, worse for waits, and a band has its own sense."""
    assert judging.is_better(+0.02, FTFR, reading(FTFR, 0.9)) is True
    assert judging.is_better(+3, WAIT, reading(WAIT, 50)) is False
    assert judging.is_better(+0.1, BAYS, reading(BAYS, 0.9)) is False
    assert judging.is_better(-0.1, BAYS, reading(BAYS, 0.8)) is True
    assert judging.is_better(0, FTFR, reading(FTFR, 0.9)) is None
