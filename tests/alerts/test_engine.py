"""The state machine, a line a scenario.

A series says what each batch saw: 1 breach, 0 clear, - between the lines, ? too few,
_ no row, s stale, e error, x store closed, g gone. The answer says the state after it:
. OK, p pending, f firing, r recovering, n no data, s stale, e error, z resting; behind
it what people are told: ! fired, ~ said again, ^ recovered.
"""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.alerts.alert import (
    Basis,
    Happening,
    Instance,
    Key,
    Level,
    Observation,
    Rule,
    Scope,
    Seen,
    Severity,
    State,
    Timing,
)
from warehouse.alerts.engine import Tick, advance
from warehouse.alerts.rules import TIMINGS
from warehouse.metrics.metric import Cadence

START = datetime(2026, 11, 1, 2, 0, tzinfo=timezone.utc)
KEY = Key("ftfr_30d.red", Scope(Level.STORE, "S001"))
SEEN = {
    "1": Seen.BREACH,
    "0": Seen.CLEAR,
    "-": Seen.BETWEEN,
    "?": Seen.FEW,
    "_": Seen.ABSENT,
    "s": Seen.STALE,
    "e": Seen.ERROR,
    "x": Seen.CLOSED,
    "g": Seen.GONE,
}
LETTERS = {
    State.OK: ".",
    State.PENDING: "p",
    State.FIRING: "f",
    State.RECOVERING: "r",
    State.NO_DATA: "n",
    State.STALE: "s",
    State.ERROR: "e",
}
SAID = {Happening.FIRED: "!", Happening.REALARMED: "~", Happening.RECOVERED: "^"}


def rule(hold=0, keep=0, *, evaluations=1, realarm=None, month=False):
    """Return a rule whose patience is in minutes."""
    timing = Timing(
        hold=timedelta(minutes=hold),
        evaluations=evaluations,
        keep=timedelta(minutes=keep),
        realarm=None if realarm is None else timedelta(minutes=realarm),
        until_next_month=month,
    )
    return Rule(
        id=KEY.rule,
        basis=Basis.THRESHOLD,
        severity=Severity.RED,
        metric="ftfr_30d",
        levels=(Level.STORE,),
        timing=timing,
    )


def observed(letter, value=None):
    """Return what a letter of a series stands for."""
    value = {"1": 0.80, "0": 0.95, "-": 0.855}.get(letter, value)
    return Observation(seen=SEEN[letter], value=value, n=40, line=0.85, target=0.9)


def play(rule, series, *, step=10, instance=None):
    """Return the instance after a series, the states on the way, and the events."""
    one = instance or Instance(key=KEY)
    shown, events = [], []
    for number, letter in enumerate(series.split()):
        tick = Tick(f"B{number}", START + timedelta(minutes=step * number))
        one, told = advance(rule, one, observed(letter), tick)
        events += told
        letter = "z" if one.is_resting else LETTERS[one.state]
        shown.append(letter + "".join(SAID.get(e.kind, "") for e in told))
    return one, " ".join(shown), events


SERIES = [
    ("fires at once without a hold", rule(), "0 1 1 0 0", ". f! f .^ ."),
    ("holds before firing", rule(20), "1 1 1 1", "p p f! f"),
    ("a clear value starts it over", rule(20), "1 1 0 1 1 1", "p p . p p f!"),
    ("pending is dropped in silence", rule(20), "1 0 0", "p . ."),
    ("two evaluations, however far apart", rule(1, evaluations=2), "1 1", "p f!"),
    ("keeps firing before recovering", rule(0, 20), "1 0 0 0 0", "f! r r .^ ."),
    ("a new breach resets the keep", rule(0, 20), "1 0 0 1 0 0 0", "f! r r f r r .^"),
    ("flapping stays one", rule(0, 20), "1 0 1 0 1 0 0 0", "f! r f r f r r .^"),
    ("between the lines nothing fires", rule(), "- - 1 - - 0", ". . f! f f .^"),
    ("between the lines pending goes on", rule(20), "1 - - 1", "p p p f!"),
    ("between the lines recovery waits", rule(0, 20), "1 0 - - 0", "f! r r r .^"),
    ("too few cases change nothing", rule(), "1 ? ? 0", "f! f f .^"),
    ("too few from the start is no alert", rule(), "? ? 0", ". . ."),
    ("a silent store stays red", rule(), "1 _ _ 0", "f! n n .^"),
    ("a silent store that returns ill fires once", rule(), "1 _ 1 1", "f! n f f"),
    ("silence does not shorten the keep", rule(0, 20), "1 0 _ _ 0 0", "f! r n n .^ ."),
    ("healthy, then silent, then healthy", rule(), "0 _ _ 0", ". n n ."),
    ("old data hold the state", rule(), "1 s s 0", "f! s s .^"),
    ("old data do not fire", rule(), "0 s s 1", ". s s f!"),
    ("an error holds the state", rule(), "1 e e 1 0", "f! e e f .^"),
    ("a closed store rests", rule(), "0 x x 0", ". z z ."),
    ("a closed store does not recover", rule(), "1 x x 0", "f! z z .^"),
    ("closing drops what is pending", rule(20), "1 x 1 1 1", "p z p p f!"),
    (
        "said again while it lasts",
        rule(realarm=30),
        "1 1 1 1 1 1 1 0",
        "f! f f f~ f f f~ .^",
    ),
    ("nothing is said again over old data", rule(realarm=10), "1 s s 0", "f! s s .^"),
    ("a scope that is gone ends without recovery", rule(), "1 g", "f! ."),
]


@pytest.mark.parametrize(
    ("one", "series", "expected"),
    [pytest.param(*row[1:], id=row[0]) for row in SERIES],
)
def test_series(one, series, expected):
    """Each transition, as a line."""
    assert play(one, series)[1] == expected


def test_trembling_at_the_line_is_one_alert():
    """±1 % around the line, 100 evaluations: one firing, at the end one recovery."""
    series = " ".join("1-" * 50) + " 0 0 0 0"

    _, shown, events = play(rule(20, 20), series)

    said = [event.kind for event in events if event.kind in SAID]
    assert said == [Happening.FIRED, Happening.RECOVERED]
    assert shown.count("f!") == 1


def test_an_acknowledged_alert_is_not_said_again():
    """Who has it need not hear it every half hour."""
    one, _, _ = play(rule(realarm=10), "1")
    known = replace(one, is_acknowledged=True, batch="")

    _, shown, _ = play(rule(realarm=10), "1 1 1 1", instance=known)

    assert shown == "f f f f"


def test_a_silence_ends_by_itself():
    """While it lasts nothing is said; after it what still burns is said at once."""
    one, _, _ = play(rule(realarm=1000), "1")
    until = START + timedelta(minutes=25)
    quiet = replace(one, silenced_until=until, batch="")

    _, shown, _ = play(rule(realarm=1000), "1 1 1 1 1", instance=quiet)

    assert shown == "f f f f~ f"


def test_acknowledging_is_of_one_episode():
    """The next firing is nobody's yet."""
    one, _, _ = play(rule(), "1")
    known = replace(one, is_acknowledged=True, batch="")

    after, _, _ = play(rule(), "0 1", instance=known)

    assert after.episode == 2
    assert not after.is_acknowledged


def test_a_month_closes_before_it_recovers():
    """Monthly verdicts stand until the next month."""
    one, shown, _ = play(rule(month=True), "1 0 0 0", step=60 * 24 * 14)

    assert shown == "f! r r .^"
    assert one.episode == 1


def test_nightly_rules_need_two_nights_even_when_the_second_is_early():
    """A run ten minutes before yesterday's still counts as a day."""
    nightly = replace(rule(), timing=TIMINGS[Cadence.NIGHTLY])

    assert play(nightly, "1 1", step=24 * 60 - 10)[1] == "p f!"
    assert play(nightly, "1 1 1", step=10)[1] == "p p p"


letters = st.lists(st.sampled_from(list("10-?_sexg")), min_size=1, max_size=60)
patience = st.builds(
    rule,
    st.sampled_from([0, 10, 30]),
    st.sampled_from([0, 10, 30]),
    evaluations=st.integers(1, 3),
    realarm=st.sampled_from([None, 10, 40]),
)


@given(series=letters, one=patience)
@settings(max_examples=300, deadline=None)
def test_never_two_firings_and_no_recovery_without_one(series, one):
    """Firing and its end take turns, whatever comes."""
    _, _, events = play(one, " ".join(series))

    turns = [
        e.kind
        for e in events
        if e.kind in (Happening.FIRED, Happening.RECOVERED)
        or (e.kind is Happening.ENDED and e.before is not State.PENDING)
    ]
    open_ = False
    for kind in turns:
        if kind is Happening.FIRED:
            assert not open_
            open_ = True
        elif kind is Happening.RECOVERED:
            assert open_
            open_ = False
        else:
            open_ = False


@given(series=letters, one=patience)
@settings(max_examples=200, deadline=None)
def test_a_batch_seen_twice_changes_nothing(series, one):
    """Evaluating again what was evaluated leaves instance and history as they are."""
    instance = Instance(key=KEY)
    for number, letter in enumerate(series):
        tick = Tick(f"B{number}", START + timedelta(minutes=10 * number))
        instance, _ = advance(one, instance, observed(letter), tick)

        again, told = advance(one, instance, observed(letter), tick)

        assert again == instance
        assert told == ()


@given(series=letters, one=patience, at=st.integers(0, 59))
@settings(max_examples=200, deadline=None)
def test_marks_of_people_never_change_the_state(series, one, at):
    """Acknowledged or silenced, an alert goes the same way."""
    plain = marked = Instance(key=KEY)
    for number, letter in enumerate(series):
        tick = Tick(f"B{number}", START + timedelta(minutes=10 * number))
        plain, _ = advance(one, plain, observed(letter), tick)
        if number == at:
            marked = replace(
                marked,
                is_acknowledged=True,
                silenced_until=tick.now + timedelta(minutes=35),
            )
        marked, _ = advance(one, marked, observed(letter), tick)
        assert (plain.state, plain.base, plain.episode) == (
            marked.state,
            marked.base,
            marked.episode,
        )


@given(series=st.lists(st.sampled_from(list("10-?_se")), min_size=1, max_size=60))
@settings(max_examples=200, deadline=None)
def test_nothing_recovers_unseen(series):
    """A recovery is only ever told in a batch that saw a clear value."""
    one = Instance(key=KEY)
    for number, letter in enumerate(series):
        tick = Tick(f"B{number}", START + timedelta(minutes=10 * number))
        one, told = advance(rule(0, 20), one, observed(letter), tick)
        if any(event.kind is Happening.RECOVERED for event in told):
            assert letter == "0"
