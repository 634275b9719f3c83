"""Control charts against an independent computation, and properties of them."""

import math
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.readings import FTFR, NPS, reading
from warehouse.metrics import spc
from warehouse.metrics.metric import Kind
from warehouse.metrics.spc import Signal

counts = st.lists(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=12,
    max_size=60,
)
values = st.lists(
    st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda x: round(x, 3)),
    min_size=12,
    max_size=60,
)


def laney(pairs):
    """Compute centre, multiplier and limits a second time, from the textbook."""
    centre = sum(k for k, _ in pairs) / sum(n for _, n in pairs)
    plain = [(centre * (1 - centre) / n) ** 0.5 for _, n in pairs]
    multiplier = 1.0
    if all(plain):
        scores = [(k / n - centre) / s for (k, n), s in zip(pairs, plain, strict=True)]
        ranges = [abs(a - b) for a, b in zip(scores[1:], scores[:-1], strict=True)]
        multiplier = max(1.0, statistics.fmean(ranges) / 1.128)
    limits = [
        (max(0.0, centre - 3 * s * multiplier), min(1.0, centre + 3 * s * multiplier))
        for s in plain
    ]
    return centre, multiplier, limits


@settings(deadline=None)
@given(counts)
def test_p_chart_is_the_textbooks(pairs):
    """Per-point limits, widened by Laney's multiplier, never narrowed."""
    chart = spc.p_chart([k for k, _ in pairs], [n for _, n in pairs])
    centre, multiplier, limits = laney(pairs)

    assert chart.centre == pytest.approx(centre)
    assert chart.multiplier == pytest.approx(multiplier)
    assert chart.multiplier >= 1
    for point, (low, high) in zip(chart.points, limits, strict=True):
        assert point.low == pytest.approx(low, abs=1e-9)
        assert point.high == pytest.approx(high, abs=1e-9)
        assert 0 <= point.low <= chart.centre <= point.high <= 1


@settings(deadline=None)
@given(values)
def test_xmr_is_the_textbooks(course):
    """Mean ± 2.66 × the mean moving range."""
    chart = spc.xmr_chart(course)
    ranges = [abs(a - b) for a, b in zip(course[1:], course[:-1], strict=True)]
    spread = 2.66 * statistics.fmean(ranges)

    assert chart.centre == pytest.approx(statistics.fmean(course), abs=1e-6)
    for point in chart.points:
        assert point.high - chart.centre == pytest.approx(spread, abs=1e-6)
        assert chart.centre - point.low == pytest.approx(spread, abs=1e-6)


@settings(deadline=None)
@given(values, st.floats(-1000, 1000), st.sampled_from([0.5, 2.0, 8.0]))
def test_a_change_of_unit_moves_no_signal(course, shift, scale):
    """Minutes or hours, above any zero: the same points are marked.

    The factor is a power of two and the shift is whole, so that no rounding moves a
    point across a line it lies on.
    """
    whole = [float(round(value)) for value in course]
    moved = [value * scale + round(shift) for value in whole]

    assert marks(spc.xmr_chart(whole)) == marks(spc.xmr_chart(moved))


@settings(deadline=None)
@given(counts)
def test_good_and_bad_are_mirrored(pairs):
    """The chart of those that failed has the same signals."""
    tops, bottoms = [k for k, _ in pairs], [n for _, n in pairs]
    failed = [n - k for k, n in pairs]

    assert marks(spc.p_chart(tops, bottoms)) == marks(spc.p_chart(failed, bottoms))


def marks(chart):
    """Return the signals of each point."""
    return [point.signals for point in chart.points]


@settings(deadline=None)
@given(counts)
def test_signals_are_those_of_a_plain_reading_of_the_rules(pairs):
    """A second, slow statement of the three rules finds the same points."""
    chart = spc.p_chart([k for k, _ in pairs], [n for _, n in pairs])
    scores = []
    for point in chart.points:
        gap = point.value - chart.centre
        if abs(gap) <= 1e-12:
            scores.append(0.0)
        else:
            scores.append(gap / point.sigma if point.sigma else math.copysign(99, gap))
    for i, point in enumerate(chart.points):
        last = scores[max(0, i - 7) : i + 1]
        run = len(last) == 8 and (min(last) > 0 or max(last) < 0)
        three = scores[max(0, i - 2) : i + 1]
        near = (scores[i] > 2 and sum(s > 2 for s in three) >= 2) or (
            scores[i] < -2 and sum(s < -2 for s in three) >= 2
        )
        if any(abs(abs(s) - line) < 1e-6 for s in three for line in (2, 3)):
            continue  # On the line itself rounding decides.
        assert (Signal.OUTSIDE in point.signals) == (abs(scores[i]) > 3)
        assert (Signal.RUN in point.signals) == run
        assert (Signal.NEAR in point.signals) == near


def test_eleven_points_are_too_few():
    """Limits from fewer than twelve points would be guesses."""
    assert spc.p_chart([1] * 11, [2] * 11) is None
    assert spc.xmr_chart([1.0] * 11) is None
    assert spc.p_chart([1] * 12, [2] * 12) is not None


def test_a_jump_is_outside():
    """Twelve quiet points, then one far off."""
    chart = spc.xmr_chart([10.0, 11.0] * 6 + [30.0], baseline=[True] * 12 + [False])

    assert chart.centre == 10.5
    assert chart.points[-1].signals == (Signal.OUTSIDE,)
    assert chart.changed == (12,)
    assert chart.baseline == 12


def test_eight_on_one_side_is_a_run_and_seven_is_none():
    """The mark is set at the eighth point and stays while the run lasts."""
    base = [10.0, 11.0] * 6
    after = [10.6] * 9
    chart = spc.xmr_chart(base + after, baseline=[True] * 12 + [False] * 9)

    # The last baseline point lies above as well: the run is one longer.
    assert chart.changed == (18, 19, 20)


def test_two_of_three_beyond_two_sigma():
    """On the same side; a point of the other side does not help."""
    base = [10.0, 11.0] * 6
    sigma = 2.66 / 3
    high, low = 10.5 + 2.5 * sigma, 10.5 - 2.5 * sigma
    same = spc.xmr_chart([*base, high, 10.4, high], baseline=[True] * 12 + [False] * 3)
    other = spc.xmr_chart([*base, high, 10.4, low], baseline=[True] * 12 + [False] * 3)

    assert same.points[-1].signals == (Signal.NEAR,)
    assert other.points[-1].signals == ()


def test_a_point_without_cases_neither_ends_nor_lengthens_a_run():
    """A closed day is no day on the wrong side."""
    base = [10.0, 11.0] * 6 + [10.0]
    course = [*base, 10.6, 10.6, 10.6, 10.6, None, 10.6, 10.6, 10.6, 10.6]
    chart = spc.xmr_chart(course, baseline=[True] * 13 + [False] * 9)

    assert chart.points[17].sigma is None
    assert chart.points[20].signals == ()
    assert chart.points[21].signals == (Signal.RUN,)


def test_large_n_gets_wider_limits():
    """At 100 000 cases counting alone explains nothing: Laney's multiplier does."""
    tops = [90_000 + 700 * (-1) ** i for i in range(24)]
    chart = spc.p_chart(tops, [100_000] * 24)

    assert chart.multiplier > 10
    assert chart.changed == ()


def test_a_share_that_never_varied_marks_any_other():
    """All green for months: the first failure is a change."""
    chart = spc.p_chart([20] * 12 + [18], [20] * 13, baseline=[True] * 12 + [False])

    assert chart.points[-1].signals == (Signal.OUTSIDE,)


def test_shares_get_a_p_chart_and_scores_an_xmr_chart():
    """What a metric is decides its chart; tiers have none."""
    shares = [reading(FTFR, 0.5 + i / 100) for i in range(12)]
    scores = [reading(NPS, float(i)) for i in range(12)]

    assert spc.control(FTFR, shares).kind == "p"
    assert spc.control(NPS, scores).kind == "xmr"
    tier = next(m for m in spc_metrics() if m.kind is Kind.TIER)
    assert spc.control(tier, scores) is None


def spc_metrics():
    """Return the catalogue."""
    from warehouse.metrics import CATALOG

    return CATALOG.values()


def test_provisional_points_make_no_limits():
    """They are judged by the firm ones, and may not widen the limits themselves."""
    firm = [reading(FTFR, 0.8 + (i % 2) / 100) for i in range(12)]
    young = reading(FTFR, 0.2, is_provisional=True)
    chart = spc.control(FTFR, [*firm, young])

    assert chart.baseline == 12
    assert chart.points[-1].signals == (Signal.OUTSIDE,)
