"""While no batch comes, the clock is judged: sources grow old, screens go dark."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from etl.alerting import judge_by_clock, judge_newest
from etl.messages.config import Notifying, Told
from etl.notifying import Desk, notify_once
from tests.alerts.site import Network, clocks, moment, orders, stores
from tests.kit import silent
from warehouse.access.devices import Shown
from warehouse.access.roles import Role
from warehouse.alerts.alert import Key, Level, Scope, Seen, State
from warehouse.alerts.clock import EVERY, SILENT_AFTER, hear_clock, is_silent
from warehouse.alerts.rules import FRESHNESS, SCREENS
from warehouse.records import Freshness, OpeningHours, SourceState

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
HOURS = OpeningHours(
    store_id="S1",
    zone="Asia/Shanghai",
    day=NOW.date(),
    opens_at=datetime.min.time().replace(hour=8),
    closes_at=datetime.min.time().replace(hour=20),
)


@pytest.mark.parametrize(
    ("as_of", "published", "now", "silent_now"),
    [
        (0, 1, 2, False),  # a moment ago
        (0, 1, 3, True),
        (0, 1, 600, True),
        (-600, 0, 600, False),  # a batch of long ago was loaded again
    ],
)
def test_the_clock_is_judged_while_no_batch_comes(as_of, published, now, silent_now):
    """Two minutes after a batch that was about its own moment; never in a replay."""
    told = is_silent(*(NOW + minutes * MINUTE for minutes in (as_of, published, now)))
    assert told is silent_now


def source(age, limit=60, freshness=Freshness.FRESH):
    """Return a table of a source, ages in minutes as of the batch."""
    return SourceState(
        source="dms",
        table="work_orders",
        rows=9,
        watermark=NOW - age * MINUTE,
        last_delivery_at=NOW,
        limit=limit * MINUTE,
        age=age * MINUTE,
        freshness=freshness,
    )


def heard(*sources, later=0, hours=(HOURS,)):
    """Return what the clock says so many minutes after a batch."""
    return hear_clock(
        batch="B9",
        as_of=NOW,
        sources=sources,
        devices=(),
        hours=hours,
        gone=frozenset(),
        now=NOW + later * MINUTE,
    )


def test_a_source_grows_old_without_a_batch():
    """Fresh an hour ago, and nothing since: it is beyond its limit by now."""
    key = Key(FRESHNESS.id, Scope(Level.SOURCE, "dms"))

    assert heard(source(10), later=50).observations[key].seen is Seen.CLEAR
    old = heard(source(10), later=51).observations[key]
    assert (old.seen, old.note) == (Seen.BREACH, "work_orders")
    assert old.value == pytest.approx(61 / 60)
    never = replace(source(10), age=None, freshness=Freshness.NO_DATA)
    assert heard(never, later=900).observations[key].seen is Seen.BETWEEN


def test_stores_rest_by_the_clock():
    """Closed in the evening; of the next day nobody knows the hours: none is asked."""
    assert heard(later=60).resting == frozenset()
    assert heard(later=8 * 60).resting == {"S1"}
    assert heard(later=24 * 60).resting == {"S1"}


class Live:
    """A batch that was published at its own moment, as it is in an installation."""

    def __init__(self, batch):
        self._batch = batch
        self.published_at = batch.as_of

    def __getattr__(self, name):
        return getattr(self._batch, name)


@pytest.fixture
def network(tmp_path):
    """Return a network with a paired screen in S1, judged at noon."""
    made = Network(tmp_path)
    made.deliver(
        {"stores": stores(), "work_orders": orders("S1", 5), "job_clocks": clocks("S1")}
    )
    state = made.state()
    claim, pairing = state.pairings.begin(now=moment("11:58"), address="")
    state.pairings.approve(pairing.code, "S1", "hall", "li.na", now=moment("11:58"))
    claimed = state.pairings.claimed(claim, now=moment("11:58"))
    state.pairings.finish(claimed, now=moment("11:58"))
    state.close()
    return made


def test_a_screen_goes_dark_while_the_refresh_is_silent(network, monkeypatch):
    """One batch at noon and none after: by half past twelve the screen is an alert."""
    monkeypatch.setattr("etl.refresh.judge_newest", lambda *_args, **_more: None)
    state, noon = network.state(), moment("12:00").astimezone(timezone.utc)
    batch = Live(network.publish("12:00"))
    assert judge_by_clock(batch, state, noon + 9 * MINUTE) is None  # not judged yet
    judge_newest(network.settings, state, noon, silent, is_intraday=True)
    assert judge_by_clock(batch, state, noon + MINUTE) is None  # a batch just came

    states = {}
    for minutes in range(3, 31):
        outcome = judge_by_clock(batch, state, noon + minutes * MINUTE)
        key = Key(SCREENS.id, Scope(Level.STORE, "S1"))
        states[minutes] = outcome.instances[key].state
    assert states[3] is State.PENDING
    assert states[30] is State.FIRING
    assert network.alert(SCREENS.id, "S2") is None
    assert state.alerts.last().batch == batch.id  # the evaluator's own mark stays

    screen = state.devices.every(None)[0]
    for minutes in range(31, 70):
        now = noon + minutes * MINUTE
        shown = Shown(page="now", batch=batch.id, build="b")
        state.devices.beat(screen.id, shown, now=now, address="")
        outcome = judge_by_clock(batch, state, now)
    assert outcome.instances[key].state is State.OK
    told = [e.kind for e in state.alerts.history(network.alert(SCREENS.id, "S1").id)]
    assert told[::-1] == ["pending", "fired", "recovering", "recovered"]
    state.close()


def test_a_replay_calls_nobody(network):
    """What was published long after its own moment is not set against the clock."""
    state, batch = network.state(), network.publish("12:00")
    later = batch.published_at + timedelta(hours=9)
    assert judge_by_clock(batch, state, later) is None
    state.close()


def test_the_notifier_looks_at_the_clock_once_a_minute(network, monkeypatch):
    """Its thread goes on while rounds of the refresh fail or hang."""
    network.publish("12:00")
    looked = []
    monkeypatch.setattr(
        "etl.notifying.judge_by_clock", lambda _batch, _state, now: looked.append(now)
    )
    desk = Desk(network.settings, Notifying(channels={}))
    start = moment("12:05")
    for seconds in range(0, 181, 5):
        desk.work(start + timedelta(seconds=seconds))
    desk.close()

    assert looked == [start + n * EVERY for n in range(4)]
    assert EVERY < SILENT_AFTER


class Pipe:
    """A channel that keeps what it carries."""

    name, per_minute, per_second, pause = "c", 100, 0, MINUTE

    def __init__(self):
        self.carried = []

    def send(self, delivery, _address, _now):
        """Carry a message."""
        self.carried.append(delivery)


def test_a_single_run_sends_what_it_found(network, monkeypatch):
    """Nobody comes back in half a minute: the message goes before the run ends."""
    monkeypatch.setattr("etl.refresh.judge_newest", lambda *_args, **_more: None)
    pipe, state = Pipe(), network.state()
    boss = Told(
        name="boss", role=Role.EXECUTIVE, scope="all", channels=("c",), language="zh",
        email="", quiet=None, digest_at=None, budget=None,
    )  # fmt: skip
    config = Notifying(channels={"c": pipe}, recipients=(boss,))
    network.deliver({"work_orders": orders("S1", 150, version=3)})
    for clock in ("12:00", "12:15"):
        network.publish(clock)
        now = moment(clock).astimezone(timezone.utc)
        judge_newest(network.settings, state, now, silent, is_intraday=True)
        notify_once(network.settings, config, now, silent)
    state.close()

    assert [one.kind for one in pipe.carried] == ["red"]
