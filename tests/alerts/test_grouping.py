"""Which message news belongs to: group wait, group interval, repeat (kpis.md §17)."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.alerts.test_patience import NIGHT, at, context, entry, make, person
from tests.alerts.test_state import S1, S2, START, B, delivery, step
from warehouse.access.roles import Role
from warehouse.alerts.alert import NETWORK, Happening, Level, Scope, State
from warehouse.alerts.grouping import (
    GROUP_INTERVAL,
    REPEAT,
    REPEAT_BY_ROLE,
    by_place,
    may_repeat,
)
from warehouse.alerts.messages import compose
from warehouse.alerts.patience import GROUP_WAIT
from warehouse.alerts.recipients import Said, said_lately
from warehouse.alerts.records import Sending

NOW = at("20T10:00")
WAITS = NOW + timedelta(seconds=12)


def message(*alerts, **more):
    """Return a red message that was planned for some alerts."""
    told = {
        "kind": "red", "due_at": WAITS, "created_at": WAITS - GROUP_WAIT,
        "alerts": tuple((a.id, a.instance.episode) for a in alerts),
    }  # fmt: skip
    return replace(delivery("red:B0:1:li:c"), **(told | more))


def heard(newest, news, *known, recipient=None, kind=Happening.FIRED, **more):
    """Return what comes of news for somebody whose newest message is that one."""
    said = Said(newest={(newest.kind, "c"): newest} if newest else {}, **more)
    lines = [entry(alert, kind, number) for number, alert in enumerate(news)]
    return compose(lines, recipient or person(), said, context(*known, *news))


def test_the_numbers_are_those_of_alertmanager():
    """30 s, 5 min, 4 h; executives once a day."""
    spans = [GROUP_WAIT, GROUP_INTERVAL, REPEAT, REPEAT_BY_ROLE[Role.EXECUTIVE]]
    assert [span.total_seconds() for span in spans] == [30, 300, 14_400, 86_400]


def test_the_first_message_waits_half_a_minute():
    """Nobody was told before: it goes when the group wait is over."""
    (made,) = heard(None, [make(1, "S1")])
    assert (made.due_at, made.joins) == (NOW + GROUP_WAIT, "")
    assert made.link == "https://x/alerts?alert=1"


def test_news_joins_a_message_that_waits():
    """Two stores within half a minute are one message, sent when the first was due."""
    first, second = make(1, "S2"), make(2, "S1")
    waiting = message(first)

    (made,) = heard(waiting, [second], first)

    assert (made.joins, made.due_at) == (waiting.key, WAITS)
    assert made.alerts == ((2, 1), (1, 1))
    assert "2 项" in made.title
    assert made.link == "https://x/alerts"


def test_what_recovers_meanwhile_leaves_it():
    """An alert that is over before the message goes is never said; the other is."""
    stays, over = make(1, "S1"), make(2, "S2", base=State.OK)

    (made,) = heard(message(stays, over), [over], stays, kind=Happening.RECOVERED)

    assert made.joins == made.key == "red:B0:1:li:c"
    assert made.alerts == ((1, 1),)
    assert "店S2" not in made.text


def test_nothing_is_planned_where_all_is_over():
    """The message is withdrawn by who would have sent it."""
    over = make(2, "S2", base=State.OK)
    assert heard(message(over), [over], kind=Happening.RECOVERED) == []


def test_after_a_message_there_are_five_minutes_of_peace():
    """Told a minute ago: what is new goes four minutes later, in one message."""
    told = NOW - timedelta(minutes=1)
    sent = message(make(1, "S1"), status=Sending.SENT, attempts=1, sent_at=told)

    (made,) = heard(sent, [make(2, "S2")])

    assert (made.due_at, made.joins) == (told + GROUP_INTERVAL, "")
    long_ago = replace(sent, sent_at=NOW - timedelta(hours=1))
    (made,) = heard(long_ago, [make(2, "S2")])
    assert made.due_at == NOW + GROUP_WAIT


def test_a_message_on_its_way_is_left_alone():
    """One that was tried may have arrived: news goes by itself."""
    tried = message(make(1, "S1"), attempts=2)
    (made,) = heard(tried, [make(2, "S2")], make(1, "S1"))
    assert made.joins == ""
    assert made.alerts == ((2, 1),)


def test_what_is_kept_for_the_morning_stays_beside_the_digest():
    """A digest that waits is not replaced by what the budget kept back."""
    digest = message(kind="digest")
    amber = make(2, rule="wait_bay.amber")
    (made,) = heard(digest, [amber], recipient=person(budget=0))
    assert (made.status, made.joins) == (Sending.SUPPRESSED, "")


def test_recoveries_are_collected_too():
    """Two recoveries within half a minute are one message with both lines."""
    over, again = make(1, "S1", base=State.OK), make(2, "S2", base=State.OK)
    waiting = message(over, kind="recovered", text="- 店S1")
    told = frozenset({(2, 1)})

    (made,) = heard(waiting, [again], over, kind=Happening.RECOVERED, told=told)

    assert made.joins == waiting.key
    assert made.text.startswith("- 店S1\n- 店S2")
    assert made.alerts == ((1, 1), (2, 1))


@pytest.mark.parametrize(
    ("role", "hours", "again"),
    [
        (Role.STORE_MANAGER, 3.9, False),
        (Role.STORE_MANAGER, 4, True),
        (Role.EXECUTIVE, 23.9, False),
        (Role.EXECUTIVE, 24, True),
    ],
)
def test_that_it_still_burns_is_said_again_with_patience(role, hours, again):
    """Whatever the rule's own re-alarm: four hours, and a day for executives."""
    alert = make(1)
    told_at = {(1, 1): NOW - timedelta(hours=hours)}

    made = heard(
        None, [alert], recipient=person(role=role), kind=Happening.REALARMED,
        told_at=told_at,
    )  # fmt: skip

    assert bool(made) is again
    assert may_repeat(alert, role, None, NOW)


def test_lost_data_are_repeated_as_often_as_their_rule_says():
    """Half an hour after the last word the data administrator hears of it again."""
    late = make(1, rule="source_stale", scope=Scope(Level.SOURCE, "dms/work_orders"))
    told_at = {(1, 1): NOW - timedelta(minutes=30)}
    made = heard(
        None, [late], recipient=person(role=Role.DATA_ADMIN),
        kind=Happening.REALARMED, told_at=told_at,
    )  # fmt: skip
    assert len(made) == 1


def test_by_store_then_metric():
    """The network first, then each store with all that burns there."""
    alerts = [
        make(1, "S2", rule="wait_bay.red"),
        make(2, "S1", rule="wait_bay.red"),
        make(3, "S2", rule="cust_wait_total.red"),
        make(4, scope=NETWORK),
    ]
    assert [a.id for a in by_place(alerts)] == [4, 2, 3, 1]


def test_nights_hold_business_back():
    """In quiet hours a red waits for the morning; one that joins it waits as well."""
    night = at("20T23:00")
    alert = make(1, noted="20T23:00")
    quiet = person(quiet=NIGHT)
    ctx = context(alert, now="20T23:00")
    (made,) = compose([entry(alert)], quiet, Said(), ctx)
    assert made.due_at == at("21T07:00")
    assert made.due_at > night + GROUP_WAIT


def test_a_message_is_replaced_until_it_is_tried(state):
    """In the outbox there is one row; once it is out, news is a row of its own."""
    step(state, 1, {S1: B, S2: B})
    step(state, 2, {S1: B, S2: B})
    one, two = (alert.id for alert in state.alerts.active(START))
    add, due = state.deliveries.add, state.deliveries.due
    add([delivery("k1", alerts=((one, 1),))])

    joined = delivery("k2", joins="k1", alerts=((one, 1), (two, 1)))
    assert add([replace(joined, text="both")]) == 0
    (kept,) = due(kept_at := delivery("x").due_at)
    assert (kept.key, kept.text) == ("k1", "both")
    assert kept.alerts == ((one, 1), (two, 1))

    add([replace(joined, key="k1", text="one", alerts=((two, 1),))])
    (kept,) = due(kept_at)
    assert (kept.text, kept.alerts) == ("one", ((two, 1),))
    state.deliveries.settle(kept, Sending.SENT, now=kept_at)
    assert state.deliveries.told("li", two, 1)
    assert not state.deliveries.told("li", one, 1)

    assert add([joined]) == 1
    assert [d.key for d in due(kept_at)] == ["k2"]
    assert add([joined]) == 0


class Outbox:
    """One recipient's messages, and what became of them, without a database."""

    def __init__(self):
        self.kept = {}
        self.reached = set()

    def add(self, made):
        """Keep messages as `warehouse/store/state/alerts_deliveries.py` does."""
        for one in made:
            old = self.kept.get(one.joins)
            if old is not None and old.status is Sending.WAITING:
                self.kept[one.joins] = replace(
                    old, text=one.text, due_at=one.due_at, alerts=one.alerts
                )
            else:
                self.kept.setdefault(one.key, one)

    def send(self, now, alerts):
        """Send what is due, unless all of it is over; return what was sent."""
        sent = []
        for key, one in list(self.kept.items()):
            if one.status is not Sending.WAITING or one.due_at > now:
                continue
            burning = any(
                alerts[i].instance.is_active and alerts[i].instance.episode == episode
                for i, episode in one.alerts
            )
            status = Sending.SENT if burning or one.kind == "recovered" else None
            self.kept[key] = replace(
                one, status=status or Sending.WITHDRAWN, sent_at=now if status else None
            )
            if status:
                sent.append(self.kept[key])
                self.reached |= set(one.alerts) if one.kind == "red" else set()
        return sent


def simulated(steps):
    """Return the messages of alerts that are switched, ten seconds a step.

    Returns the sent messages and {(alert, episode): (from, to or None)}.
    """
    alerts, box, sent, spans = {}, Outbox(), [], {}
    for number, switched in enumerate(steps):
        now = NOW + timedelta(seconds=10 * number)
        news = []
        for i in switched:
            one = alerts.get(i)
            fires = one is None or not one.instance.is_active
            episode = (one.instance.episode if one else 0) + fires
            made = make(i, f"S{i}", base=State.FIRING if fires else State.OK)
            instance = replace(made.instance, episode=episode, fired_at=now)
            alerts[i] = replace(made, instance=instance)
            kind = Happening.FIRED if fires else Happening.RECOVERED
            line = entry(alerts[i], kind, 100 * number + i)
            news.append(replace(line, episode=episode, at=now, batch=f"B{number}"))
            start = spans.get((i, episode), (now, None))[0]
            spans[i, episode] = (start, None if fires else now)
        week = sorted(box.kept.values(), key=lambda d: d.created_at, reverse=True)
        ctx = replace(context(*alerts.values()), now=now)
        box.add(compose(news, person(), said_lately(week, frozenset(box.reached)), ctx))
        sent += box.send(now, alerts)
    return sent, spans


@given(st.lists(st.sets(st.integers(1, 4), max_size=2), min_size=1, max_size=60))
@settings(max_examples=150, deadline=None)
def test_whatever_happens_each_is_told_once_and_nobody_is_hurried(steps):
    """Five minutes of peace; each firing once; what was over in time never.

    No recovery without a firing, and what burns on is told within the interval.
    """
    quiet = [set()] * 40
    sent, spans = simulated([*steps, *quiet])
    end = NOW + timedelta(seconds=10 * (len(steps) + len(quiet) - 1))

    for kind in ("red", "recovered"):
        times = [one.sent_at for one in sent if one.kind == kind]
        gaps = [b - a for a, b in itertools.pairwise(times)]
        assert all(gap >= GROUP_INTERVAL for gap in gaps)
    reds = [pair for one in sent if one.kind == "red" for pair in one.alerts]
    ends = [pair for one in sent if one.kind == "recovered" for pair in one.alerts]
    assert len(reds) == len(set(reds))
    assert len(ends) == len(set(ends))
    assert set(ends) <= set(reds)
    for pair, (start, over) in spans.items():
        if over is not None and over - start < GROUP_WAIT:
            # Unless it joined a message that was about to go.
            told = [m for m in sent if m.kind == "red" and pair in m.alerts]
            assert all(m.sent_at < over for m in told)
        if over is None and end - start > GROUP_INTERVAL + GROUP_WAIT:
            assert pair in reds
