"""Readings as rules see them: colours, dead-bands, ceilings, control charts."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.alerts.alert import Instance, Key, Level, Scope, Seen, Severity
from warehouse.alerts.engine import Tick, advance
from warehouse.alerts.observing import (
    clear_line,
    observe,
    observe_ceiling,
    observe_signal,
)
from warehouse.alerts.rules import SAME_EVENT, TIMINGS, rules
from warehouse.metrics import CATALOG
from warehouse.metrics.judging import judge
from warehouse.metrics.metric import Cadence, Direction, Status, Thresholds, Unit
from warehouse.metrics.reading import Reading
from warehouse.metrics.statistics import wilson

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)
RULES = rules(CATALOG)
FTFR = CATALOG["ftfr_30d"]


def reading(metric, value, n, *, top=None, interval=None, day=date(2026, 11, 20)):
    """Return a reading, judged as the warehouse judges."""
    lines = metric.lines({}, day)
    return Reading(
        metric=metric,
        period_start=day,
        period_end=day + timedelta(days=1),
        value=value,
        numerator=top,
        denominator=n,
        n=n,
        status=judge(metric, lines, value, n, interval),
        as_of=NOON,
        batch_id="B1",
        thresholds=lines,
    )


def share(metric, top, n):
    """Return the reading of top of n."""
    return reading(metric, top / n, n, top=top, interval=wilson(top, n))


@pytest.mark.parametrize(
    ("top", "n", "red", "amber"),
    [
        (8, 10, Seen.BETWEEN, Seen.BREACH),  # beyond red, 95 % includes green
        (40, 50, Seen.BETWEEN, Seen.BREACH),  # [67.0, 88.8] excludes 90: see below
        (87, 100, Seen.CLEAR, Seen.BREACH),
        (855, 1000, Seen.BETWEEN, Seen.BREACH),
        (90, 100, Seen.CLEAR, Seen.BETWEEN),
        (92, 100, Seen.CLEAR, Seen.CLEAR),
        (4, 5, Seen.FEW, Seen.FEW),
    ],
)
def test_two_rules_of_one_metric(top, n, red, amber):
    """80 % of 10 is amber, 40 of 50 is red; half a point above a line is between."""
    one = share(FTFR, top, n)
    if (top, n) == (40, 50):
        assert one.status is Status.RED
        red = Seen.BREACH

    assert observe(RULES["ftfr_30d.red"], one).seen is red
    assert observe(RULES["ftfr_30d.amber"], one).seen is amber


def test_what_the_alert_calls_red_the_tile_calls_red():
    """The colour is judged in one place: a red rule breaches where the tile is red."""
    for n in (10, 30, 80, 300):
        for top in range(n + 1):
            one = share(FTFR, top, n)
            seen = observe(RULES["ftfr_30d.red"], one).seen
            assert (seen is Seen.BREACH) == (one.status is Status.RED)


def test_a_real_value_trembling_at_its_line_is_one_alert():
    """84 and 86 % by turns, 100 nights, then well: one firing, one recovery."""
    rule = RULES["ftfr_30d.red"]
    one = Instance(key=Key(rule.id, Scope(Level.STORE, "S1")))
    said = []
    nights = [840, 860] * 50 + [930] * 4
    for number, top in enumerate(nights):
        tick = Tick(f"B{number}", NOON + timedelta(days=number))
        one, told = advance(rule, one, observe(rule, share(FTFR, top, 1000)), tick)
        said += [event.kind for event in told if event.kind in ("fired", "recovered")]

    assert said == ["fired", "recovered"]


def test_no_row_is_unknown_and_nobody_waiting_is_none():
    """A missing rate is silence; a missing queue is an empty queue."""
    assert observe(RULES["ftfr_30d.red"], None).seen is Seen.ABSENT
    assert observe(RULES["longest_wait_now.red"], None).seen is Seen.CLEAR


@given(
    line=st.floats(0, 1).map(lambda x: round(x, 6)),
    timing=st.sampled_from([TIMINGS[Cadence.LIVE], TIMINGS[Cadence.NIGHTLY]]),
    sign=st.sampled_from([1, -1]),
)
def test_every_alert_can_end(line, timing, sign):
    """The best value there is passes the clear line, however high the target."""
    passed = 1.0 if sign > 0 else 0.0
    edge = clear_line(FTFR, line, timing, sign)

    assert (passed - edge) * sign > 0


def test_each_judged_metric_has_two_rules():
    """Amber and red of every metric with lines, unless another one says the same."""
    judged = {
        m.id
        for m in CATALOG.values()
        if m.thresholds and not m.id.endswith(("_p50", "_p90", "_mean"))
    }
    for metric_id in judged - set(SAME_EVENT):
        for severity in (Severity.RED, Severity.AMBER):
            assert RULES[f"{metric_id}.{severity}"].metric == metric_id
    assert set(SAME_EVENT) <= judged


def test_a_band_is_left_on_both_sides():
    """Bay use is bad when it is too low, and when it is too high."""
    rule, metric = RULES["bay_util.red"], CATALOG["bay_util"]
    lines = metric.thresholds[0]
    assert metric.direction is Direction.BAND

    low = observe(rule, reading(metric, lines.red - 0.05, 100))
    high = observe(rule, reading(metric, lines.red_high + 0.05, 100))
    inside = observe(rule, reading(metric, (lines.green + lines.green_high) / 2, 100))

    assert (low.seen, low.line) == (Seen.BREACH, lines.red)
    assert (high.seen, high.line) == (Seen.BREACH, lines.red_high)
    assert inside.seen is Seen.CLEAR


def test_one_long_wait_is_enough():
    """A ceiling has no sample: one customer beyond the red line is red."""
    wait, judged_as = CATALOG["longest_wait_now"], CATALOG["cust_wait_total"]
    lines = Thresholds(green=70, red=90)
    rule = RULES["longest_wait_now.red"]

    def seen(minutes):
        one = reading(wait, minutes, 1)
        return observe_ceiling(rule, one, judged_as, lines).seen

    assert [seen(m) for m in (95, 90, 85, 80)] == [
        Seen.BREACH,
        Seen.BETWEEN,
        Seen.BETWEEN,
        Seen.CLEAR,
    ]


def test_a_signal_counts_only_in_the_bad_direction():
    """Comebacks that jump are an alarm; comebacks that drop are not."""
    metric = CATALOG["comeback_in"]
    usual = [share(metric, 20 + i % 3, 200) for i in range(20)]

    assert observe_signal(metric, [*usual, share(metric, 60, 200)]).seen is Seen.BREACH
    assert observe_signal(metric, [*usual, share(metric, 1, 200)]).seen is Seen.CLEAR
    assert observe_signal(metric, [*usual, share(metric, 21, 200)]).seen is Seen.CLEAR
    assert observe_signal(metric, usual[:5]).seen is Seen.FEW
    assert observe_signal(metric, []).seen is Seen.ABSENT


def test_safety_needs_no_sample():
    """Of a legal or safety metric any event is red, whatever the interval says."""
    legal = replace(
        FTFR,
        cadence=Cadence.SAFETY,
        direction=Direction.LOWER,
        unit=Unit.COUNT,
        thresholds=(Thresholds(green=0, red=0),),
        minimum_n=10,
    )

    assert judge(legal, legal.thresholds[0], 1, 1, (0.0, 1.0)) is Status.RED
    assert judge(legal, legal.thresholds[0], 0, 1, (0.0, 1.0)) is Status.GREEN
