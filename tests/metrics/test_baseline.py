"""Lines that follow what is usual: by hand, by brute force, and in general."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.chinese_calendar import DayKind, kind
from warehouse.errors import DefinitionError
from warehouse.metrics import CATALOG, basis
from warehouse.metrics.baseline import (
    MOST_VALUES,
    DayWaits,
    Usual,
    comparable,
    lines,
    mixed_quantile,
    thinned,
)
from warehouse.metrics.baseline import basis as basis_of
from warehouse.metrics.judging import judge
from warehouse.metrics.metric import (
    Baseline,
    Basis,
    Bound,
    Direction,
    Metric,
    Status,
    Thresholds,
)
from warehouse.metrics.reading import Promise, Reading
from warehouse.text import Text

BEFORE = date(2026, 6, 15)
"""A Monday; the Saturday before is an ordinary weekend day."""
HOW = Baseline()
FIXED = Thresholds(green=30, red=60)
WORKDAY = DayKind.WORKDAY


def waits(lengths, hours=9, classes=0):
    """Return the waits of a day; what is one number holds for all of them."""
    n = len(lengths)
    return DayWaits(
        classes=np.broadcast_to(np.asarray(classes), n),
        hours=np.broadcast_to(np.asarray(hours), n),
        lengths=np.asarray(lengths, dtype=float),
    )


def workdays(number, before=BEFORE):
    """Return the last workdays before a day, newest first."""
    days = (before - timedelta(days=n) for n in range(1, 200))
    return [day for day in days if kind(day) is WORKDAY][:number]


def told(known, mix, how=HOW, fixed=FIXED, before=BEFORE):
    """Return what the lines of a mix rest on."""
    return basis_of(Usual(known, before, how), mix, 0.9, fixed)


def forty():
    """Return 40 waits of 1 to 40 minutes, five on each of eight workdays."""
    days = workdays(8)
    return {day: waits(np.arange(1, 6) + 5 * i) for i, day in enumerate(days)}


def test_the_line_computed_by_hand():
    """P90 of 1…40 is 1 + 0.9 × 39 = 36.1; a tenth more is 39.7, twice that is 79."""
    on = told(forty(), {(0, WORKDAY, 9): 7})
    own = lines(FIXED, HOW, on)

    assert on.usual == pytest.approx(36.1)
    assert (on.n, on.days, on.hourly, on.covered) == (40, 8, 1.0, 1.0)
    assert (on.first, on.last) == (min(workdays(8)), max(workdays(8)))
    assert (own.green, own.red) == (40, 60)  # 79 would be looser than the fixed red
    assert own.basis.bound is Bound.NONE


def test_an_hour_with_too_few_cases_takes_its_day():
    """Thirty-five cases bound no P90: the hour's own 40 do, those 35 do not."""
    known = {day: waits([10] * 5 + [50] * 5, [9] * 5 + [15] * 5) for day in workdays(8)}
    spare = workdays(8)[0]
    known[spare] = waits([10] * 5, 9)

    nine, three = (told(known, {(0, WORKDAY, hour): 1}) for hour in (9, 15))

    assert (nine.usual, nine.n, nine.hourly) == (10, 40, 1.0)
    assert (three.usual, three.n, three.hourly) == (50, 75, 0.0)


@pytest.mark.parametrize(
    ("days", "each"), [(7, 50), (8, 4)], ids=["seven days", "32 cases"]
)
def test_too_little_to_compare_leaves_the_fixed_lines(days, each):
    """Seven days, or fewer than 36 cases in the whole day, are no baseline."""
    known = {day: waits([5] * each) for day in workdays(days)}
    on = told(known, {(0, WORKDAY, 9): 3})
    own = lines(FIXED, HOW, on)

    assert on.usual is None
    assert on.covered == 0
    assert (own.green, own.red) == (30, 60)
    assert own.basis is on


def test_a_mix_that_is_half_unknown_keeps_the_fixed_lines():
    """Nine cases in ten must lie in cells of which something usual is known."""
    mixes = ({(0, WORKDAY, 9): 9, (1, WORKDAY, 9): n} for n in (1, 2))
    enough, few = (told(forty(), mix) for mix in mixes)

    assert enough.usual == pytest.approx(36.1)
    assert few.usual is None
    assert few.covered == pytest.approx(9 / 11)


def test_days_are_like_days_of_the_chinese_calendar():
    """A make-up Saturday is no weekend, a holiday no workday, and each looks back."""
    before = date(2026, 10, 12)
    found = {one: comparable((one,), before, HOW) for one in DayKind}

    assert date(2026, 10, 10) == found[DayKind.MAKEUP][0]  # worked for National Day
    assert date(2026, 10, 10) not in found[DayKind.WEEKEND]
    assert found[DayKind.HOLIDAY][0] == date(2026, 10, 7)
    assert found[DayKind.WORKDAY][:2] == [date(2026, 10, 9), date(2026, 10, 8)]
    for one, days in found.items():
        assert {kind(day) for day in days} == {one}
        assert all(before - timedelta(days=400) <= day < before for day in days)


LENGTHS = st.lists(st.floats(0, 600, allow_nan=False), min_size=36, max_size=80)


@settings(deadline=None, max_examples=60)
@given(LENGTHS, st.randoms(use_true_random=False), st.integers(0, 30))
def test_what_lies_outside_changes_nothing(lengths, random, later):
    """Rows in another order, later days, older days, other kinds, other classes."""
    days = workdays(12)
    parts = np.array_split(np.array(lengths), 8)
    known = {day: waits(part) for day, part in zip(days[:8], parts, strict=True)}
    mix = {(0, WORKDAY, 9): 3}
    expected = told(known, mix)

    shuffled = list(lengths)
    random.shuffle(shuffled)
    moved = np.array_split(np.array(shuffled), 8)
    other = {day: waits(part) for day, part in zip(days[:8], moved, strict=True)}
    if all(part.size for part in parts):
        other |= {days[8]: waits([9999] * 50)}  # the ninth day before
    other |= {BEFORE + timedelta(days=later): waits([9999] * 50)}
    other |= {date(2026, 6, 13): waits([9999] * 50)}  # a Saturday
    joined = other[days[0]]
    other[days[0]] = waits(
        [*joined.lengths, *[9999] * 9], 9, [*joined.classes, *[1] * 9]
    )
    found = told(other, mix)

    assert found == expected


@settings(deadline=None)
@given(LENGTHS, st.integers(1, 99))
def test_of_one_sample_it_is_the_plain_percentile(lengths, percent):
    """Whatever its weight, a single sample has the percentile that everybody uses."""
    ordered = np.sort(lengths)
    for weight in (1, 7):
        found = mixed_quantile([ordered], [weight], percent / 100)
        assert found == pytest.approx(np.quantile(ordered, percent / 100), abs=1e-6)


@settings(deadline=None)
@given(LENGTHS, LENGTHS)
def test_samples_weighted_by_their_size_are_one_pool(one, other):
    """A mix that has the baseline's own shares gets the percentile of all its cases."""
    found = mixed_quantile([np.sort(one), np.sort(other)], [len(one), len(other)], 0.9)

    assert found == pytest.approx(np.quantile([*one, *other], 0.9), abs=1e-6)


@settings(deadline=None)
@given(LENGTHS, LENGTHS, st.integers(1, 50), st.integers(1, 50))
def test_a_mix_lies_between_its_parts(one, other, few, many):
    """The line of a mixed week lies between that of its workdays and its Saturdays."""
    samples = [np.sort(one), np.sort(other)]
    found = mixed_quantile(samples, [few, many], 0.9)

    assert samples[0][0] <= max(found, samples[1][0])
    assert found <= max(samples[0][-1], samples[1][-1])
    assert found == pytest.approx(
        mixed_quantile(samples[::-1], [many, few], 0.9), rel=1e-9, abs=1e-9
    )


def test_a_large_sample_is_thinned_without_moving_its_line():
    """A hundred thousand waits say the same P90 as some hundred of their quantiles."""
    lengths = np.sort(np.random.default_rng(7).gamma(2, 20, 100_000))
    thin = thinned(lengths)

    assert thin.size == MOST_VALUES
    assert np.quantile(thin, 0.9) == pytest.approx(np.quantile(lengths, 0.9), rel=0.005)


@settings(deadline=None)
@given(st.floats(0, 1000), st.floats(0, 1000), st.floats(1, 200), st.floats(1, 5))
def test_no_line_leaves_what_is_agreed(usual, worse, green, spread):
    """Never looser than the fixed red line, nor stricter than the floor: monotone."""
    fixed = Thresholds(green=green, red=green * spread)

    def own(value):
        on = Basis(fixed_green=fixed.green, fixed_red=fixed.red, usual=value)
        return lines(fixed, HOW, on)

    one, two = own(min(usual, worse)), own(max(usual, worse))

    for found in (one, two):
        assert found.green <= found.red <= fixed.red
        assert found.green >= min(HOW.floor * fixed.green - HOW.step / 2, fixed.red)
    assert one.green <= two.green
    assert one.red <= two.red


def test_a_lasting_problem_does_not_become_right():
    """What is usual may lie beyond the fixed red line: the value there stays red."""
    bad = {day: waits([200] * 10) for day in workdays(8)}
    on = told(bad, {(0, WORKDAY, 9): 30})
    own = lines(FIXED, HOW, on)
    metric = CATALOG["wait_bay"]

    assert on.usual == 200
    assert (own.green, own.red, own.basis.bound) == (60, 60, Bound.RED)
    assert judge(metric, own, 200, 30, None) is Status.RED
    assert "封顶" in basis.sentence(own.basis, "{:g} min".format).zh


def test_a_good_month_does_not_punish_the_next():
    """What is usual beats half the target: green stays at half the target."""
    good = {day: waits([2] * 10) for day in workdays(8)}
    own = lines(FIXED, HOW, told(good, {(0, WORKDAY, 9): 30}))

    assert (own.green, own.red, own.basis.bound) == (15, 30, Bound.GREEN)


def test_beyond_the_promise_every_line_is_red():
    """The ceiling stands above the lines, but a colour still needs its sample."""
    metric, own = CATALOG["cust_wait_total"], Thresholds(green=90, red=120)

    assert judge(metric, own, 10, 40, None) is Status.GREEN
    assert judge(metric, own, 10, 40, None, is_over=True) is Status.RED
    assert judge(metric, own, 10, 3, None, is_over=True) is Status.GREY


def reading_on(on, promise=None):
    """Return a reading of a wait whose lines rest on *on*."""
    return Reading(
        metric=CATALOG["cust_wait_total"],
        period_start=BEFORE,
        period_end=BEFORE + timedelta(days=1),
        value=50,
        numerator=None,
        denominator=None,
        n=40,
        as_of=datetime(2026, 6, 16, tzinfo=timezone.utc),
        batch_id="b1",
        thresholds=lines(Thresholds(green=90, red=120), HOW, on),
        promise=promise,
    )


def test_an_alert_says_what_the_tile_says():
    """The note that an alert keeps reads as the sentence on the tile."""
    broken = Promise(given=30, past=4, running=1, allowed=0.1)
    for known in (forty(), {}):
        on = told(known, {(0, WORKDAY, 9): 7}, fixed=Thresholds(green=90, red=120))
        reading = reading_on(on, broken)
        said = basis.read(basis.note(reading), "{:.2f}".format)
        own = basis.sentence(reading.thresholds.basis, "{:.2f}".format)
        more = basis.promised(broken)

        assert said == Text(f"{own.zh}；{more.zh}", f"{own.en}; {more.en}")
        assert basis.read_short(basis.note(reading)).zh.startswith(basis.short(on).zh)
    assert basis.read("source late", str) is None
    assert basis.read("", str) is None


def test_only_waits_can_follow():
    """A share, or a mean without a percentile, has no such lines."""
    wait = CATALOG["wait_bay"]
    with pytest.raises(DefinitionError, match="usual"):
        _with(wait, direction=Direction.LOWER, quantile=None)
    with pytest.raises(DefinitionError, match="usual"):
        _with(CATALOG["ftfr_30d"], baseline=HOW)


def _with(metric: Metric, **changes: object) -> Metric:
    return replace(metric, **changes)
