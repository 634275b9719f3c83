"""What a batch says to the rules: some readings of each metric, all scopes at once.

A metric that cannot be computed is ERROR for its rules and an alert of its own; the
others are heard all the same.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from warehouse.alerts.alert import (
    NETWORK,
    Basis,
    Key,
    Level,
    Observation,
    Rule,
    Scope,
    Seen,
)
from warehouse.alerts.burn import LONG, SHORT, burn_metric, observe_burn, span
from warehouse.alerts.observing import observe, observe_ceiling, observe_signal
from warehouse.alerts.rounds import Round
from warehouse.alerts.rules import BROKEN_RULE, FRESHNESS, SILENCE
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness, OpeningHours, SourceState
from warehouse.scope import EVERYTHING, Question

logger = logging.getLogger(__name__)

SIGNAL_DAYS = 60
"""Whole days that a control chart is made of."""

BY: dict[Level, tuple[str, ...]] = {
    Level.NETWORK: (),
    Level.REGION: ("region",),
    # With the class: flagships have lines of their own.
    Level.STORE: ("store_id", "store_class"),
}
NAMED = {Level.REGION: "region", Level.STORE: "store_id"}

FULL_EVERY = timedelta(hours=1)
"""Rules of the night are heard once an hour while a batch comes every few seconds."""


@dataclass
class _Heard:
    """What has been heard so far."""

    observations: dict[Key, Observation] = field(default_factory=dict)
    judged: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)


def is_full_round(
    now: datetime, last_full: datetime | None, *, is_intraday: bool
) -> bool:
    """Whether all rules are heard: each night, at each run by hand, and each hour."""
    if not is_intraday or last_full is None:
        return True
    return not timedelta(0) <= now - last_full < FULL_EVERY


def hear(batch: Any, rules: Mapping[str, Rule], *, is_full: bool) -> Round:
    """Return what *batch* says; without *is_full* only to the rules of the day."""
    heard = _Heard()
    wanted = [rule for rule in rules.values() if is_full or rule.is_live]
    by_metric: dict[str, list[Rule]] = {}
    for rule in wanted:
        if rule.metric:
            by_metric.setdefault(rule.metric, []).append(rule)
    for metric_id, mine in by_metric.items():
        _hear_metric(batch, metric_id, mine, heard)
    heard.observations |= old_sources(batch.sources())
    _hear_silence(batch, heard)
    heard.judged |= {SILENCE.id, BROKEN_RULE.id, FRESHNESS.id}
    stores = batch.stores(EVERYTHING)
    known = {store.store_id for store in stores}
    return Round(
        observations=heard.observations,
        judged=frozenset(heard.judged),
        stale=frozenset(heard.stale),
        broken=dict(heard.broken),
        gone=frozenset(store.store_id for store in stores if store.is_closed),
        known_stores=frozenset(known),
        resting=resting(batch.opening_hours(EVERYTHING), batch.as_of),
    )


def resting(hours: Iterable[OpeningHours], now: datetime) -> frozenset[str]:
    """Return the stores that are closed at *now*, by calendar or by hour."""
    return frozenset(one.store_id for one in hours if not is_open(one, now))


def is_open(hours: OpeningHours, now: datetime) -> bool:
    """Whether a store is open at a moment of the day its hours are for."""
    if not hours.is_open:
        return False
    if hours.opens_at is None or hours.closes_at is None:
        return True
    clock = now.astimezone(ZoneInfo(hours.zone)).time()
    if hours.opens_at <= hours.closes_at:
        return hours.opens_at <= clock < hours.closes_at
    return clock >= hours.opens_at or clock < hours.closes_at


def _hear_metric(batch: Any, metric_id: str, rules: list[Rule], heard: _Heard) -> None:
    ids = {rule.id for rule in rules}
    heard.judged |= ids
    metric = batch.metric(metric_id)
    if batch.freshness_of(metric) is Freshness.STALE:
        heard.stale |= ids
        return
    try:
        found: dict[Key, Observation] = {}
        for basis in {rule.basis for rule in rules}:
            mine = [rule for rule in rules if rule.basis is basis]
            found |= _LISTENERS[basis](batch, metric_id, mine)
    except Exception as error:
        logger.exception("rules of %s could not be computed", metric_id)
        reason = f"{type(error).__name__}: {error}"[:300]
        heard.broken |= dict.fromkeys(ids, reason)
        key = Key(BROKEN_RULE.id, Scope(Level.RULE, metric_id))
        heard.observations[key] = Observation(seen=Seen.BREACH, note=reason)
        return
    heard.observations |= found


def _readings(
    batch: Any, metric_id: str, level: Level, question: Question
) -> Iterable[tuple[Scope, Reading]]:
    for reading in batch.read(metric_id, question, EVERYTHING):
        if level is Level.NETWORK:
            yield NETWORK, reading
        elif reading.dimensions.get(NAMED[level]):
            yield Scope(level, str(reading.dimensions[NAMED[level]])), reading


def _thresholds(
    batch: Any, metric_id: str, rules: list[Rule]
) -> dict[Key, Observation]:
    return {
        Key(rule.id, scope): observe(rule, reading)
        for level in rules[0].levels
        for scope, reading in _readings(batch, metric_id, level, Question(by=BY[level]))
        for rule in rules
    }


def _ceilings(batch: Any, metric_id: str, rules: list[Rule]) -> dict[Key, Observation]:
    judged_as = batch.metric(rules[0].lines_of)
    today = batch.as_of.astimezone(ZoneInfo(batch.timezone)).date()
    found = {}
    for level in rules[0].levels:
        # A wait of this moment is set against the lines of the day it belongs to.
        asked = Question(by=BY[level], start=today, end=today + timedelta(days=1))
        of_today = dict(_readings(batch, judged_as.id, level, asked))
        for scope, reading in _readings(
            batch, metric_id, level, Question(by=BY[level])
        ):
            lines = judged_as.lines(reading.dimensions, today)
            for rule in rules:
                found[Key(rule.id, scope)] = observe_ceiling(
                    rule, reading, judged_as, lines, of_today.get(scope)
                )
    return found


def _signals(batch: Any, metric_id: str, rules: list[Rule]) -> dict[Key, Observation]:
    metric = batch.metric(metric_id)
    today = batch.as_of.astimezone(ZoneInfo(batch.timezone)).date()
    found = {}
    for level in rules[0].levels:
        question = Question(
            by=BY[level][:1],
            grain="day",
            start=today - timedelta(days=SIGNAL_DAYS),
            end=today,
        )
        courses: dict[Scope, list[Reading]] = {}
        for scope, reading in _readings(batch, metric_id, level, question):
            courses.setdefault(scope, []).append(reading)
        for scope, course in courses.items():
            course.sort(key=lambda reading: reading.period_start)
            seen = observe_signal(metric, course)
            if course[-1].period_end != today:
                seen = Observation(seen=Seen.FEW)  # Yesterday nobody came.
            for rule in rules:
                found[Key(rule.id, scope)] = seen
    return found


def _burns(batch: Any, metric_id: str, rules: list[Rule]) -> dict[Key, Observation]:
    """Return what the two windows of an SLA say: two readings a level, no more."""
    burning = burn_metric(batch.metric(metric_id), batch.edits)
    today = batch.as_of.astimezone(ZoneInfo(batch.timezone)).date()
    found = {}
    for level in rules[0].levels:
        asked = (_window(metric_id, level, today, days) for days in (LONG, SHORT))
        long, short = (dict(_readings(batch, metric_id, level, q)) for q in asked)
        for scope, reading in long.items():
            for rule in rules:
                found[Key(rule.id, scope)] = observe_burn(
                    rule, burning, reading, short.get(scope), today
                )
    return found


def _window(metric_id: str, level: Level, today: date, days: int) -> Question:
    start, end = span(metric_id, today, days)
    return Question(by=BY[level], start=start, end=end)


_LISTENERS = {
    Basis.BURN: _burns,
    Basis.THRESHOLD: _thresholds,
    Basis.CEILING: _ceilings,
    Basis.SIGNAL: _signals,
}


def old_sources(states: Iterable[SourceState]) -> dict[Key, Observation]:
    """Return how each source stands: one alert, however many of its tables are old.

    A table that never had a row waits; it is neither old nor fresh.
    """
    sources: dict[str, list[SourceState]] = {}
    for state in states:
        if state.limit is not None:
            sources.setdefault(state.source, []).append(state)
    return {
        Key(FRESHNESS.id, Scope(Level.SOURCE, source)): _source(tables)
        for source, tables in sources.items()
    }


def _source(states: list[SourceState]) -> Observation:
    old = [s for s in states if s.freshness is Freshness.STALE and s.age and s.limit]
    if not old:
        is_fresh = all(s.freshness is Freshness.FRESH for s in states)
        return Observation(seen=Seen.CLEAR if is_fresh else Seen.BETWEEN)
    worst = max(old, key=lambda s: s.age / s.limit)
    return Observation(
        seen=Seen.BREACH,
        value=worst.age.total_seconds() / 3600,
        n=len(old),
        line=worst.limit.total_seconds() / 3600,
        note=", ".join(sorted(s.table for s in old)),
    )


def _hear_silence(batch: Any, heard: _Heard) -> None:
    worst: dict[str, Any] = {}
    for store in batch.silent_stores(EVERYTHING):
        known = worst.get(store.store_id)
        if known is None or store.age > known.age:
            worst[store.store_id] = store
    for store_id, store in worst.items():
        heard.observations[Key(SILENCE.id, Scope(Level.STORE, store_id))] = Observation(
            seen=Seen.BREACH,
            value=store.age.total_seconds() / 3600,
            note=store.table,
        )
