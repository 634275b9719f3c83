"""Screens that are dark or behind are an alert of their store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from etl.alerting import judge_newest
from tests.alerts.site import Network, moment
from tests.alerts.test_rounds import RULES
from tests.kit import silent
from warehouse.access.devices import Device, Shown
from warehouse.alerts.alert import (
    Happening,
    Key,
    Level,
    Observation,
    Scope,
    Seen,
    State,
)
from warehouse.alerts.engine import Tick
from warehouse.alerts.fleet import is_of_the_moment, with_screens
from warehouse.alerts.rounds import Round, evaluate
from warehouse.alerts.rules import FRESHNESS, SCREENS
from warehouse.alerts.saying import rule_name, value_text

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
KEY = Key(SCREENS.id, Scope(Level.STORE, "S1"))
CURRENT = ("B8", "B9")
MINUTE = timedelta(minutes=1)


def screen(name="hall", *, store="S1", silent=0.0, batch="B9", painted=0.0, **more):
    """Return a screen that was heard *silent* and has painted *painted* minutes ago."""
    return Device(
        id=name, name=name, store_id=store,
        approved_by="li.na", rotated_at=NOW, address="10.0.0.7",
        **{
            "created_at": NOW - timedelta(days=9), "seen_at": NOW - silent * MINUTE,
            "painted_at": NOW - painted * MINUTE,
            "shown": Shown(batch=batch), **more,
        },
    )  # fmt: skip


def heard(*devices, now=NOW, newest="B9", **more):
    """Return a round that has heard of these screens only."""
    empty = Round(observations={}, judged=frozenset(), **more)
    return with_screens(empty, devices, CURRENT, now, newest=newest)


@pytest.mark.parametrize(
    ("device", "wrong"),
    [
        (screen(), 0),
        (screen(batch="B8", painted=60), 0),
        (screen(batch="B7", painted=1), 0),
        (screen(batch="B7", painted=3), 1),
        (screen(silent=1.9), 0),
        (screen(silent=2.1), 1),
        (screen(seen_at=None), 1),
        (screen(seen_at=None, created_at=NOW - MINUTE), 0),
    ],
)
def test_a_screen_is_dark_or_behind(device, wrong):
    """Two minutes of silence, or a batch older than the last but one."""
    seen = heard(device).observations[KEY]

    assert (seen.value, seen.n) == (wrong, 1)
    assert seen.seen is (Seen.BREACH if wrong else Seen.CLEAR)


def test_the_first_batch_leaves_nobody_behind():
    """What a screen shows cannot be older than what there was."""
    seen = heard(screen(batch="", painted=60), newest=None).observations[KEY]
    assert seen.seen is Seen.CLEAR


def test_screens_of_a_store_are_one_alert():
    """Counted; a screen that was switched off is no more."""
    round_ = heard(
        screen("a"),
        screen("b", silent=9),
        screen("c", silent=9, revoked_at=NOW),
        screen("d", store="S2"),
    )

    assert round_.observations[KEY].value == 1
    assert round_.observations[KEY].n == 2
    assert len(round_.observations) == 2
    assert round_.judged == {SCREENS.id}


def play(*rounds, every=10):
    """Return the instance and its events after rounds *every* minutes apart."""
    instances, events = {}, []
    for number, one in enumerate(rounds):
        tick = Tick(f"B{number}", NOW + every * number * MINUTE)
        outcome = evaluate(instances, RULES, one, tick)
        instances = dict(outcome.instances)
        events += [e.kind for e in outcome.events if e.key == KEY]
    return instances.get(KEY), events


DARK, WELL = heard(screen(silent=9)), heard(screen())


def test_it_fires_with_patience_and_recovers_once():
    """A quarter of an hour dark; a restart alone is nobody's alarm."""
    assert play(WELL, DARK, WELL)[1].count(Happening.FIRED) == 0
    one, events = play(DARK, DARK, DARK)
    assert one.state is State.FIRING
    assert events.count(Happening.FIRED) == 1
    one, events = play(*[DARK] * 3, *[WELL] * 5)
    assert one.state is State.OK
    assert events.count(Happening.RECOVERED) == 1


def test_at_night_screens_may_be_dark():
    """Closed by its hours: nothing is judged."""
    night = heard(screen(silent=99), resting=frozenset({"S1"}))
    one, events = play(*[night] * 4)

    assert one.is_resting
    assert one.base is State.OK
    assert events == []


def test_old_data_speak_for_the_screens():
    """A source that is too old makes one alert, not one for each hall."""
    stale = Key(FRESHNESS.id, Scope(Level.SOURCE, "dms"))
    observations = {**DARK.observations, stale: Observation(seen=Seen.BREACH)}
    both = replace(DARK, observations=observations, judged=DARK.judged | {FRESHNESS.id})
    one, _ = play(*[both] * 3)

    assert one.is_active
    assert one.inhibited_by == FRESHNESS.id


def test_a_store_whose_last_screen_was_switched_off_recovers():
    """No screen means none that is dark."""
    one, events = play(*[DARK] * 3, *[heard()] * 5)

    assert one.state is State.OK
    assert Happening.RECOVERED in events


@pytest.mark.parametrize(
    ("minutes", "judged"), [(0, True), (-29, True), (29, True), (31, False)]
)
def test_a_batch_of_long_ago_says_nothing_of_screens(minutes, judged):
    """A replay of last week must not call anybody to a hall."""
    assert is_of_the_moment(NOW - minutes * MINUTE, NOW) is judged


def test_no_name_leaves():
    """Who paired it, how it is called, where it stands in the network: not in here."""
    one, _ = play(*[DARK] * 3)

    for secret in ("hall", "li.na", "10.0.0.7"):
        assert secret not in str(one)
    assert rule_name(SCREENS.id, "zh") == "大屏黑屏或数据过旧"
    assert rule_name(SCREENS.id, "en") == "Screens dark or behind"


def test_it_is_judged_with_the_batch_that_was_published(tmp_path, monkeypatch):
    """The whole way: a paired screen never comes, its store has an alert at noon."""
    network = Network(tmp_path)
    network.start({"S1": 5, "S2": 5})
    monkeypatch.setattr("etl.refresh.judge_newest", lambda *_args, **_more: None)
    state = network.state()
    claim, pairing = state.pairings.begin(now=moment("11:00"), address="")
    state.pairings.approve(pairing.code, "S1", "hall", "li.na", now=moment("11:00"))
    claimed = state.pairings.claimed(claim, now=moment("11:00"))
    state.pairings.finish(claimed, now=moment("11:00"))

    def judge(clock, late=0):
        network.publish(clock)
        now = moment(clock).astimezone(UTC) + late * MINUTE
        judge_newest(network.settings, state, now, silent, is_intraday=True)
        return network.alert(SCREENS.id, "S1")

    assert judge("12:00").instance.state is State.PENDING
    alert = judge("12:20")
    assert alert.instance.state is State.FIRING
    assert value_text(alert, "zh") == "1 块屏中有 1 块"
    assert value_text(alert, "en") == "1 of 1 screens"
    assert network.alert(SCREENS.id, "S2") is None
    # A batch that is judged an hour late knows nothing of the screens of now.
    assert judge("12:40", late=60).instance.batch == alert.instance.batch
    assert judge("20:30").instance.is_resting
    state.close()
