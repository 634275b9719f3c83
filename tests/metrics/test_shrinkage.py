"""Small stores compared fairly: by hand, by brute force, and in general."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.metrics.shrinkage import discoveries, shrunken, tail


def test_the_case_of_the_reference():
    """4 of 5 beside a network of 90 % ranks as 89.1 %."""
    assert shrunken(4, 5, 0.9) == pytest.approx(0.8909, abs=5e-5)


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(0, 200), st.floats(0, 1))
def test_a_share_is_drawn_towards_the_mean_and_never_past_it(hits, misses, mean):
    """Between its own share and the mean; without cases it is the mean."""
    n = hits + misses
    drawn = shrunken(hits, n, mean)
    own = hits / n if n else mean

    assert min(own, mean) - 1e-12 <= drawn <= max(own, mean) + 1e-12


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 99), st.booleans())
def test_the_tail_is_the_exact_binomial(hits, misses, percent, is_high):
    """Summed a second time in fractions."""
    n, mean = hits + misses, Fraction(percent, 100)
    ks = range(hits, n + 1) if is_high else range(hits + 1)
    exact = sum(comb(n, k) * mean**k * (1 - mean) ** (n - k) for k in ks)

    assert tail(hits, n, percent / 100, is_high=is_high) == pytest.approx(
        float(exact), rel=1e-9
    )


def test_the_tail_of_many_cases_does_not_underflow():
    """100 000 orders are summed as exactly as ten."""
    assert tail(50_000, 100_000, 0.5, is_high=True) == pytest.approx(0.5013, abs=1e-4)


@pytest.mark.parametrize(
    ("hits", "n", "mean", "is_high", "likely"),
    [(3, 5, 1.0, False, 0.0), (5, 5, 1.0, False, 1.0), (1, 5, 0.0, True, 0.0)],
)
def test_a_network_without_any_failure(hits, n, mean, is_high, likely):
    """What never happened anywhere is not likely here."""
    assert tail(hits, n, mean, is_high=is_high) == likely


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), max_size=40), st.floats(0.01, 0.5))
def test_discoveries_are_benjamini_and_hochbergs(p_values, rate):
    """By adjusted p, the other way to state it."""
    m = len(p_values)
    order = sorted(range(m), key=lambda i: p_values[i], reverse=True)
    adjusted, running = [1.0] * m, 1.0
    for place, i in enumerate(order):
        running = min(running, p_values[i] * m / (m - place))
        adjusted[i] = running

    for found, q, p in zip(
        discoveries(p_values, rate), adjusted, p_values, strict=True
    ):
        if abs(q - rate) > 1e-9:  # On the line itself rounding decides.
            assert found == (q <= rate), p


def test_a_test_on_the_line_stands():
    """At most k ÷ m × rate: with two tests, 0.05 and 0.1 are just good enough."""
    assert discoveries([0.05, 0.1], 0.1) == [True, True]
    assert discoveries([0.0501, 0.1001], 0.1) == [False, False]


def test_nonsense_is_refused():
    """More successes than cases is no share."""
    with pytest.raises(ValueError, match="6 of 5"):
        shrunken(6, 5, 0.5)
