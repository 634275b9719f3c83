"""Burn rates: two windows of one promise, judged together."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from warehouse.alerts.alert import (
    NETWORK,
    Basis,
    Instance,
    Key,
    Level,
    Scope,
    Seen,
    Severity,
)
from warehouse.alerts.burn import (
    LONG,
    SLAS,
    Burn,
    Window,
    burn_metric,
    observe_burn,
    span,
    with_lines,
)
from warehouse.alerts.engine import Tick, advance
from warehouse.alerts.records import LinesEdit
from warehouse.alerts.rounds import Round, evaluate
from warehouse.alerts.rules import louder, rules
from warehouse.errors import DefinitionError
from warehouse.metrics import CATALOG
from warehouse.metrics.judging import judge
from warehouse.metrics.metric import Cadence, Direction, Kind, Thresholds
from warehouse.metrics.reading import Reading
from warehouse.metrics.statistics import wilson

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)
RULES = rules(CATALOG)
RED, AMBER = RULES["promise_kept.burn.red"], RULES["promise_kept.burn.amber"]
STRICT = (Thresholds(green=0.95, red=0.90),)
PROMISES = replace(CATALOG["promise_kept"], thresholds=STRICT)
STORE = Scope(Level.STORE, "S1")


def reading(kept, of, metric=PROMISES):
    """Return the reading of so many promises kept of so many."""
    lines = metric.lines({}, TODAY)
    value, interval = (kept / of, wilson(kept, of)) if of else (None, None)
    low, high = interval or (None, None)
    return Reading(
        metric=metric,
        period_start=TODAY - timedelta(days=LONG),
        period_end=TODAY,
        value=value,
        numerator=kept,
        denominator=of,
        n=of,
        ci_low=low,
        ci_high=high,
        status=judge(metric, lines, value, of, interval),
        as_of=NOON,
        batch_id="B1",
        thresholds=lines,
    )


def seen(long, short, rule=RED, metric=PROMISES, edits=()):
    """Return what two windows, each (kept, of) or None, say to a rule."""
    week, day = (None if w is None else reading(*w, metric) for w in (long, short))
    return observe_burn(rule, burn_metric(metric, edits), week, day, TODAY)


def test_the_example_of_the_specification():
    """On time 86 % against 95 % burns 2.8 times what the target allows."""
    found = seen((860, 1000), (86, 100))

    assert found.value == pytest.approx(2.8)
    assert (found.n, found.line, found.target) == (1000, 2.0, 1.0)
    assert found.seen is Seen.BREACH
    told = Burn.read(found.note)
    assert told.target == 0.95
    assert [(w.days, w.n) for w in told.windows] == [(7, 1000), (1, 100)]
    assert [w.burn(told.target) for w in told.windows] == pytest.approx([2.8, 2.8])


def test_rules_follow_from_the_catalogue():
    """Each promise has an amber and a red burn; each is a share that is to be high."""
    burning = {rule.metric for rule in RULES.values() if rule.basis is Basis.BURN}
    assert burning == set(SLAS)
    for metric_id in SLAS:
        metric = CATALOG[metric_id]
        assert (metric.kind, metric.direction) == (Kind.RATIO, Direction.HIGHER)
        assert metric.thresholds
        for severity in (Severity.RED, Severity.AMBER):
            rule = RULES[f"{metric_id}.burn.{severity}"]
            assert rule.timing.hold == timedelta(0)
            assert rule.timing.keep == RULES[f"{metric_id}.red"].timing.keep


@pytest.mark.parametrize("metric_id", ["nps", "complaint_rate", "wait_bay"])
def test_what_is_no_promise_cannot_burn(metric_id):
    """A score, a share that is to be low, and a time have no allowed misses."""
    with pytest.raises(DefinitionError):
        burn_metric(CATALOG[metric_id])


SEEN = {
    # letter: (kept of 7 days, kept of the last day)
    "B": ((860, 1000), (86, 100)),  # both burn
    "l": ((860, 1000), (99, 100)),  # the week burns, yesterday was well
    "s": ((990, 1000), (60, 100)),  # yesterday burnt, the week is well
    "0": ((990, 1000), (99, 100)),
    "-": ((904, 1000), (90, 100)),  # above amber, a hair short of red
    "?": ((8, 10), (0, 3)),  # a week of ten cases
    "d": ((860, 1000), (5, 10)),  # yesterday only ten cases
    "c": ((860, 1000), None),  # nobody yesterday
    "L": ((100, 130), (0, 2)),  # little traffic: 130 in the week, it burns
    "_": (None, None),
}
LETTERS = {"OK": ".", "FIRING": "f", "RECOVERING": "r", "NO_DATA": "n"}
SAID = {"fired": "!", "realarmed": "~", "recovered": "^"}
SERIES = [
    ("both windows fire at once", "0 B B", ". f! f"),
    ("the week alone does not fire", "l l l", ". . ."),
    ("one bad day does not fire", "0 s s 0", ". . . ."),
    ("a day that is well recovers, two days later", "B l l l l", "f! r r .^ ."),
    ("a relapse is the same alert", "B l B 0 0 0", "f! r f r r .^"),
    ("between the lines nothing changes", "- B - - 0 0 0", ". f! f f r r .^"),
    ("too few cases fire nothing", "? ? ?", ". . ."),
    ("too few cases recover nothing", "B ? ? ?", "f! f f f~"),
    ("a day with few cases neither fires nor recovers", "d B d d d", ". f! f f f~"),
    ("a day without cases neither fires nor recovers", "c B c 0 0 0", ". f! f r r .^"),
    ("with little traffic the week decides alone", "0 L 0", ". f! r"),
    ("rows that vanish are not health", "B _ _ 0 0 0", "f! n n r r .^"),
]


@pytest.mark.parametrize(
    ("series", "expected"), [s[1:] for s in SERIES], ids=[s[0] for s in SERIES]
)
def test_series(series, expected):
    """One night a letter."""
    one, shown = Instance(key=Key(RED.id, STORE)), []
    for number, letter in enumerate(series.split()):
        tick = Tick(f"B{number}", NOON + timedelta(days=number))
        one, events = advance(RED, one, seen(*SEEN[letter]), tick)
        told = "".join(SAID.get(event.kind, "") for event in events)
        shown.append(LETTERS[one.state] + told)
    assert " ".join(shown) == expected


windows = st.integers(0, 3000).flatmap(
    lambda of: st.tuples(st.integers(0, of), st.just(of))
)
targets = st.tuples(st.integers(1, 99), st.integers(0, 98)).map(
    lambda pair: (max(pair) / 100, min(pair) / 100)
)


@given(windows, st.one_of(st.none(), windows), targets)
@example((860, 1000), (86, 100), (0.95, 0.90))
@example((100, 130), (0, 2), (0.95, 0.90))
def test_a_red_burn_is_both_windows_and_a_sure_week(long, short, lines):
    """Told by counts alone: a miss more than allowed × line, in both, and surely so."""
    green, red = lines
    metric = replace(PROMISES, thresholds=(Thresholds(green=green, red=red),))
    few = metric.minimum_n
    kept, of = long

    def beyond(window):
        return (1 - window[0] / window[1]) / (1 - green) > round(
            (1 - red) / (1 - green), 9
        )

    is_sure = of >= few and wilson(kept, of)[1] < green
    is_quiet = of < few * LONG
    goes_on = short is not None and short[1] >= few and beyond(short)
    wanted = is_sure and beyond(long) and (is_quiet or goes_on)

    assert (seen(long, short, RED, metric).seen is Seen.BREACH) == bool(wanted)


@given(windows, windows, st.integers(0, 400))
def test_more_misses_never_calm(long, short, more):
    """Who breaks more promises of as many is never better off."""
    rank = {Seen.CLEAR: 0, Seen.BETWEEN: 1, Seen.BREACH: 2}
    worse = max(0, long[0] - more), long[1]
    for rule in (RED, AMBER):
        before, after = seen(long, short, rule), seen(worse, short, rule)
        if before.seen in rank:
            assert rank[after.seen] >= rank[before.seen]


@given(windows, windows)
def test_red_is_amber_too(long, short):
    """Whatever breaches the red line breaches the amber one."""
    if seen(long, short, RED).seen is Seen.BREACH:
        assert seen(long, short, AMBER).seen is Seen.BREACH


def test_law_and_safety_need_neither_sample_nor_interval():
    """One broken promise of two is red where the law made it."""
    legal = replace(PROMISES, cadence=Cadence.SAFETY)

    assert seen((1, 2), (1, 2)).seen is Seen.FEW
    assert seen((1, 2), (1, 2), metric=legal).seen is Seen.BREACH
    assert seen((2, 2), (2, 2), metric=legal).seen is Seen.CLEAR


def test_a_target_without_allowance_burns_nothing():
    """Against 100 % each miss is endlessly much: the metric's own lines tell of it."""
    never = replace(PROMISES, thresholds=(Thresholds(green=1.0, red=0.99),))

    assert burn_metric(never).thresholds == ()
    assert seen((10, 1000), (0, 100), metric=never).seen is Seen.BETWEEN


def edit(green, red, *, metric="promise_kept.burn", begins=TODAY):
    """Return lines as somebody set them on screen."""
    return LinesEdit(
        metric=metric,
        applies_to=(),
        green=green,
        red=red,
        valid_from=begins,
        decided_at=NOON,
        decided_by="a",
        reason="agreed",
    )


def test_its_lines_follow_the_metric_until_somebody_sets_them():
    """95/90 is 1 and 2, 90/70 is 1 and 3; a line set by hand outlives a new target."""
    assert burn_metric(PROMISES).lines({}, TODAY).red == 2.0
    wide = replace(PROMISES, thresholds=(Thresholds(green=0.9, red=0.7),))
    assert burn_metric(wide).lines({}, TODAY).red == 3.0

    by_hand = edit(1.5, 4.0)
    found = burn_metric(PROMISES, [by_hand]).lines({}, TODAY)
    assert (found.green, found.red) == (1.5, 4.0)
    assert burn_metric(PROMISES, [by_hand]).lines({}, date(2026, 11, 19)).red == 2.0

    tomorrow = TODAY + timedelta(days=1)
    moved = edit(0.9, 0.7, metric="promise_kept", begins=tomorrow)
    both = with_lines("promise_kept.burn", [by_hand, moved])
    assert both.lines({}, tomorrow).red == 4.0
    alone = with_lines("promise_kept.burn", [moved])
    assert alone.lines({}, tomorrow).red == 3.0
    assert seen((860, 1000), (86, 100), edits=[by_hand]).seen is Seen.CLEAR


def test_only_promises_have_lines_of_a_burn():
    """The address of a burn rate exists for promises, and for nothing else."""
    assert with_lines("promise_kept", []).id == "promise_kept"
    assert with_lines("ftfr_30d.burn", []) is None
    assert with_lines("nonsense.burn", []) is None


def test_windows_are_whole_days_that_are_judged():
    """Seven days to midnight; of complaints, which have 48 hours, two days earlier."""
    assert span("promise_kept", TODAY) == (date(2026, 11, 13), TODAY)
    assert span("promise_kept", TODAY, 1) == (date(2026, 11, 19), TODAY)
    assert span("complaint_close_48h", TODAY, 1) == (
        date(2026, 11, 17),
        date(2026, 11, 18),
    )


def test_a_note_is_read_as_it_was_written():
    """History keeps both windows; what is no note of windows is none."""
    one = Burn(0.95, (Window(7, 0.86, 412), Window(1, 0.844828, 58)), is_alone=True)

    assert str(one) == "target=0.95 7d=0.86/412 1d=0.844828/58 alone"
    assert Burn.read(str(one)) == one
    assert Burn.read("work_orders, job_clocks") is None


def test_one_alert_speaks_for_the_metric():
    """The month speaks for the week, red for amber, the network for its stores."""
    assert louder(RED) == ("promise_kept.red",)
    ids = ("promise_kept.red", RED.id, "promise_kept.amber", AMBER.id)
    breach = seen(*SEEN["B"])
    heard = Round(
        observations={
            Key(rule, scope): replace(breach)
            for rule in ids
            for scope in (NETWORK, STORE)
        },
        judged=frozenset(ids),
    )
    at_once = {**RULES, **{i: replace(RULES[i], timing=RED.timing) for i in ids}}

    by = {
        key: one.inhibited_by
        for key, one in evaluate({}, at_once, heard, Tick("B1", NOON)).instances.items()
    }

    line = "promise_kept.red"
    assert by[Key(line, NETWORK)] == ""
    assert {by[Key(rule, NETWORK)] for rule in ids[1:]} == {f"{line}:network"}
    assert by[Key(line, STORE)] == f"{line}:network"
    assert {by[Key(rule, STORE)] for rule in ids[1:]} == {f"{line}:store:S1"}
