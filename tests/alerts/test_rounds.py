"""One batch over many instances: silence, rest, inhibition."""

from datetime import datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.alerts.alert import (
    NETWORK,
    Happening,
    Instance,
    Key,
    Level,
    Observation,
    Scope,
    Seen,
    State,
)
from warehouse.alerts.engine import Tick
from warehouse.alerts.rounds import Round, evaluate
from warehouse.alerts.rules import FRESHNESS, rules
from warehouse.metrics import CATALOG

RULES = rules(CATALOG)
RED, AMBER = "wait_bay.red", "wait_bay.amber"
START = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)
BREACH, CLEAR = Observation(seen=Seen.BREACH), Observation(seen=Seen.CLEAR)


def store(number):
    return Scope(Level.STORE, f"S{number}")


def heard(seen, *, resting=(), gone=(), judged=(RED, AMBER)):
    """Return a round of {(rule, scope): seen}."""
    return Round(
        observations={Key(*key): Observation(seen=s) for key, s in seen.items()},
        judged=frozenset(judged),
        resting=frozenset(resting),
        gone=frozenset(gone),
    )


def go(rounds, *, minutes=15):
    """Return what comes of several rounds, one batch each."""
    instances, outcome, events = {}, None, []
    for number, one in enumerate(rounds):
        tick = Tick(f"B{number}", START + timedelta(minutes=minutes * number))
        outcome = evaluate(instances, RULES, one, tick)
        instances = dict(outcome.instances)
        events += outcome.events
    return outcome, events


def test_a_store_that_vanishes_stays_in_the_list():
    """Its rows are gone: NO_DATA, still red, nothing recovered; healthy again: once."""
    ill = heard({(RED, store(1)): Seen.BREACH})
    gone = heard({})
    well = heard({(RED, store(1)): Seen.CLEAR})
    key = Key(RED, store(1))

    outcome, events = go([ill, ill, gone, gone])
    assert outcome.instances[key].state is State.NO_DATA
    assert outcome.instances[key].is_active
    assert Happening.RECOVERED not in [e.kind for e in events]

    outcome, events = go([ill, ill, gone, well, well, well, well])
    assert outcome.instances[key].state is State.OK
    assert [e.kind for e in events].count(Happening.RECOVERED) == 1


def test_a_store_that_rests_is_not_missing():
    """Closed by its calendar: 休息, neither red nor silent."""
    well = heard({(RED, store(1)): Seen.CLEAR})
    rest = heard({}, resting=["S1"])

    outcome, events = go([well, rest])

    one = outcome.instances[Key(RED, store(1))]
    assert one.is_resting
    assert one.state is State.OK
    assert not events


def test_a_rule_that_was_not_looked_at_says_nothing():
    """Rules of the night are not missing by day."""
    ill = heard({(RED, store(1)): Seen.BREACH})
    day = heard({}, judged=["other"])

    outcome, _ = go([ill, ill, day])

    assert outcome.instances[Key(RED, store(1))].state is State.FIRING


def test_red_speaks_for_amber_and_the_network_for_its_stores():
    """One breach of the whole network is one alert with a list."""
    everywhere = heard(
        {
            (rule, scope): Seen.BREACH
            for rule in (RED, AMBER)
            for scope in (NETWORK, *map(store, range(3)))
        }
    )

    outcome, _ = go([everywhere, everywhere])

    by = {key: one.inhibited_by for key, one in outcome.instances.items()}
    assert by[Key(RED, NETWORK)] == ""
    assert by[Key(AMBER, NETWORK)] == str(Key(RED, NETWORK))
    assert {by[Key(RED, store(n))] for n in range(3)} == {str(Key(RED, NETWORK))}
    assert {by[Key(AMBER, store(n))] for n in range(3)} == {
        str(Key(RED, store(n))) for n in range(3)
    }


def test_a_source_that_is_down_is_one_alert():
    """Its metrics go STALE and point to it; none of them says anything."""
    source = Scope(Level.SOURCE, "dms/work_orders")
    well = heard(
        {(RED, store(1)): Seen.CLEAR, (FRESHNESS.id, source): Seen.CLEAR},
        judged=(RED, FRESHNESS.id),
    )
    down = heard(
        {(RED, store(1)): Seen.STALE, (FRESHNESS.id, source): Seen.BREACH},
        judged=(RED, FRESHNESS.id),
    )

    outcome, events = go([well, down, down])

    said = [e.key.rule for e in events if e.kind is Happening.FIRED]
    assert said == [FRESHNESS.id]
    one = outcome.instances[Key(RED, store(1))]
    assert (one.state, one.inhibited_by) == (State.STALE, FRESHNESS.id)


def test_what_exists_no_more_ends():
    """A store that closed for good, and a rule that was withdrawn, leave the list."""
    ill = heard({(RED, store(1)): Seen.BREACH})
    closed = heard({}, gone=["S1"])

    outcome, events = go([ill, ill, closed])
    assert outcome.instances[Key(RED, store(1))].state is State.OK
    assert events[-1].kind is Happening.ENDED

    key = Key("old.red", store(1))
    old = {key: Instance(key=key, base=State.FIRING)}
    after = evaluate(old, RULES, heard({}), Tick("B9", START))
    assert after.instances[key].state is State.OK
    assert [e.kind for e in after.events] == [Happening.ENDED]


def test_a_healthy_value_is_not_written_down_each_time():
    """An increment costs what it changes, not the number of stores."""
    well = heard({(RED, store(n)): Seen.CLEAR for n in range(300)})

    first, _ = go([well])
    second, _ = go([well, well])

    assert len(first.changed) == 300
    assert second.changed == ()


letters = st.sampled_from([Seen.BREACH, Seen.CLEAR, Seen.BETWEEN, Seen.STALE, None])


@given(st.lists(st.tuples(letters, letters, letters), min_size=1, max_size=25))
@settings(max_examples=100, deadline=None)
def test_a_round_repeated_changes_nothing(series):
    """The same batch twice: no change, no event; the order is all the same."""
    instances = {}
    for number, row in enumerate(series):
        seen = {(RED, store(n)): s for n, s in enumerate(row) if s is not None}
        tick = Tick(f"B{number}", START + timedelta(minutes=15 * number))
        outcome = evaluate(instances, RULES, heard(seen), tick)
        backwards = heard(dict(reversed(seen.items())))

        other = evaluate(instances, RULES, backwards, tick)
        again = evaluate(outcome.instances, RULES, heard(seen), tick)

        assert dict(other.instances) == dict(outcome.instances)
        assert set(other.events) == set(outcome.events)
        assert not again.changed
        assert not again.events
        instances = outcome.instances
