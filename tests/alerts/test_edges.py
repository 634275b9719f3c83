"""Alerts at edges: closing time, the end of a month, the end of a day's grace."""

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from warehouse.alerts.alert import (
    NETWORK,
    Instance,
    Key,
    Level,
    Observation,
    Scope,
    Seen,
    State,
)
from warehouse.alerts.engine import Tick, advance
from warehouse.alerts.hearing import hear, is_open, old_sources
from warehouse.alerts.hygiene import STALE_AFTER, is_stale
from warehouse.alerts.rounds import Round, evaluate
from warehouse.alerts.rules import rules
from warehouse.metrics import CATALOG
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness, OpeningHours, SourceState

RULES = rules(CATALOG)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("rule", "is_judged"), [("wait_bay.red", False), ("ftfr_30d.red", True)]
)
def test_a_closed_store_is_not_blamed_for_a_wait(rule, is_judged):
    """A car there at night is no wait of today; a rate over months still counts."""
    key = Key(rule, Scope(Level.STORE, "S1"))
    heard = Round(
        observations={key: Observation(seen=Seen.BREACH)},
        judged=frozenset({rule}),
        resting=frozenset({"S1"}),
    )

    one = evaluate({}, RULES, heard, Tick("B1", NOW)).instances[key]

    assert one.is_resting is not is_judged
    assert (one.base is not State.OK) is is_judged


@pytest.mark.parametrize(
    ("minutes", "state"), [(-1, State.RECOVERING), (0, State.OK), (61, State.OK)]
)
def test_a_month_ends_at_local_midnight(minutes, state):
    """What is judged by the month recovers when the month of its zone is over."""
    key = Key("partner_tier.red", Scope(Level.STORE, "S1"))
    rule = RULES["wait_bay.red"]
    rule = replace(rule, timing=replace(rule.timing, until_next_month=True))
    midnight = datetime(2026, 12, 1, tzinfo=SHANGHAI).astimezone(timezone.utc)
    breached = midnight - timedelta(hours=3)
    firing = Instance(key=key, base=State.FIRING, since=breached, breached_at=breached)

    tick = Tick("B2", midnight + timedelta(minutes=minutes), "Asia/Shanghai")
    after, _ = advance(rule, firing, Observation(seen=Seen.CLEAR), tick)

    assert after.base is state


def test_an_alert_is_forgotten_after_more_than_a_day():
    """A day to the second is still in time, and a deed makes it no longer forgotten."""
    alert = SimpleNamespace(id=7, noted_at=NOW, instance=SimpleNamespace(episode=2))

    assert not is_stale(alert, NOW + STALE_AFTER, [])
    assert is_stale(alert, NOW + STALE_AFTER + timedelta(seconds=1), [(7, 1)])
    assert not is_stale(alert, NOW + STALE_AFTER + timedelta(seconds=1), [(7, 2)])


@pytest.mark.parametrize(
    ("clock", "opened"),
    [((8, 29), False), ((8, 30), True), ((17, 59), True), ((18, 0), False)],
)
def test_a_store_is_open_by_its_own_clock(clock, opened):
    """From the minute it opens to the minute before it closes, in its own zone."""
    now = datetime(2026, 11, 20, *clock, tzinfo=SHANGHAI)
    hours = OpeningHours(
        store_id="S1",
        zone="Asia/Shanghai",
        day=now.date(),
        is_open=True,
        opens_at=time(8, 30),
        closes_at=time(18, 0),
    )

    assert is_open(hours, now.astimezone(timezone.utc)) is opened


class Course:
    """A batch that knows the days of one share for the network, and nothing else."""

    as_of, timezone, edits = NOW, "Asia/Shanghai", ()

    def __init__(self, metric, shares):
        self.readings = [
            Reading(
                metric=metric,
                period_start=day,
                period_end=day + timedelta(days=1),
                value=top / 100,
                numerator=top,
                denominator=100,
                n=100,
                as_of=NOW,
                batch_id="B1",
            )
            for day, top in shares.items()
        ]

    def metric(self, metric_id):
        """Return a metric as the catalogue has it."""
        return CATALOG[metric_id]

    def freshness_of(self, _metric):
        """All is fresh."""
        return Freshness.FRESH

    def read(self, _metric_id, question, _rights):
        """Return the days of the network."""
        return [] if question.by else self.readings

    def sources(self):
        """No source says anything."""
        return []

    def nothing(self, _rights):
        """No store is known."""
        return []

    stores = silent_stores = opening_hours = nothing


@pytest.mark.parametrize(("gap", "seen"), [(0, Seen.BREACH), (1, Seen.FEW)])
def test_a_signal_is_of_yesterday_or_of_no_day(gap, seen):
    """An older jump is not told again because nobody came since."""
    rule = RULES["comeback_in.signal"]
    yesterday = NOW.astimezone(SHANGHAI).date() - timedelta(days=1)
    days = [yesterday - timedelta(days=gap + back) for back in range(30)]
    shares = {day: 10 + number % 3 for number, day in enumerate(days)}
    shares[days[0]] = 60

    heard = hear(Course(CATALOG[rule.metric], shares), {rule.id: rule}, is_full=True)

    assert heard.observations[Key(rule.id, NETWORK)].seen is seen


def state(table, *, hours, limit):
    """Return a table of the source `dms` that is some hours old."""
    age, allowed = timedelta(hours=hours), timedelta(hours=limit)
    return SourceState(
        source="dms",
        table=table,
        rows=1,
        watermark=NOW - age,
        last_delivery_at=NOW - age,
        limit=allowed,
        age=age,
        freshness=Freshness.STALE if age > allowed else Freshness.FRESH,
    )


def test_the_oldest_table_speaks_for_its_source():
    """Oldest by its own limit: 3 h of 2 h are worse than 30 h of 26 h."""
    tables = [
        state("surveys", hours=30, limit=26),
        state("work_orders", hours=3, limit=2),
        state("stores", hours=1, limit=26),
    ]

    (seen,) = old_sources(tables).values()

    assert (seen.seen, seen.n, seen.value, seen.line) == (Seen.BREACH, 2, 3.0, 2.0)
    assert seen.note == "surveys, work_orders"
