"""One round: all rules on one batch, and which alerts others speak for."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from warehouse.alerts.alert import (
    NETWORK,
    Basis,
    Event,
    Instance,
    Key,
    Level,
    Observation,
    Rule,
    Seen,
    Severity,
    State,
    Timing,
)
from warehouse.alerts.engine import Tick, advance
from warehouse.alerts.rules import FRESHNESS, louder


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a batch has to say.

    *observations* are by instance; *judged* are the ids of the rules that were looked
    at (a rule of the night is not, in most batches of a day), those in *stale* have
    sources that are too old, those in *broken* failed, with the reason. *gone* are
    stores that closed for good, *resting* those that are closed by calendar or hour.
    """

    observations: Mapping[Key, Observation]
    judged: frozenset[str]
    gone: frozenset[str] = frozenset()
    resting: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()
    broken: Mapping[str, str] = field(default_factory=dict)
    known_stores: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The instances that differ from before, and what happened."""

    changed: tuple[Instance, ...] = ()
    events: tuple[Event, ...] = ()
    instances: Mapping[Key, Instance] = field(default_factory=dict)


def evaluate(
    instances: Mapping[Key, Instance],
    rules: Mapping[str, Rule],
    heard: Round,
    tick: Tick,
) -> Outcome:
    """Return all instances after a batch; the same batch twice changes nothing."""
    after: dict[Key, Instance] = dict(instances)
    events: list[Event] = []
    for key in _concerned(instances, rules, heard):
        rule = rules.get(key.rule)
        seen = _seen(key, rule, heard)
        before = instances.get(key)
        if before is None:
            if seen.seen in _NOTHING_YET:
                continue  # What never was does not vanish.
            before = Instance(key=key)
        if rule is None:
            rule = _withdrawn(key)
        after[key], told = advance(rule, before, seen, tick)
        events += told
    after = inhibit(after, rules)
    changed = [one for key, one in after.items() if _differs(instances.get(key), one)]
    return Outcome(changed=tuple(changed), events=tuple(events), instances=after)


_NOTHING_YET = (Seen.ABSENT, Seen.STALE, Seen.ERROR, Seen.GONE)


def _concerned(
    instances: Mapping[Key, Instance], rules: Mapping[str, Rule], heard: Round
) -> Iterable[Key]:
    """Return every instance that this batch speaks of, by silence too."""
    known = [
        key
        for key in instances
        if key not in heard.observations
        and (key.rule in heard.judged or key.rule not in rules)
    ]
    return [*heard.observations, *known]


def _seen(key: Key, rule: Rule | None, heard: Round) -> Observation:
    if rule is None:
        return Observation(seen=Seen.GONE, note="rule withdrawn")
    if key.rule in heard.stale:
        return Observation(seen=Seen.STALE)
    if key.rule in heard.broken:
        return Observation(seen=Seen.ERROR, note=heard.broken[key.rule])
    seen = heard.observations.get(key)
    if key.scope.level is Level.STORE:
        is_known = heard.known_stores is None or key.scope.id in heard.known_stores
        if key.scope.id in heard.gone or not is_known:
            return Observation(seen=Seen.GONE, note="store closed for good")
        rests = key.scope.id in heard.resting
        # A rate over months can be judged on a holiday; a wait of today cannot.
        is_missing = seen is None or seen.seen is Seen.ABSENT
        if rests and (rule.is_live or is_missing):
            return Observation(seen=Seen.CLOSED)
    if seen is not None:
        return seen
    return Observation(seen=Seen.CLEAR if rule.absent_is_none else Seen.ABSENT)


def _withdrawn(key: Key) -> Rule:
    return Rule(
        id=key.rule,
        basis=Basis.THRESHOLD,
        severity=Severity.AMBER,
        levels=(key.scope.level,),
        timing=Timing(),
    )


def inhibit(
    instances: Mapping[Key, Instance], rules: Mapping[str, Rule]
) -> dict[Key, Instance]:
    """Return the instances, each with the alert that speaks for it, if one does.

    Red speaks for amber, and for a fast burn of the same metric; a network-wide breach
    for its regions and stores; data that are too old for everything computed from them.
    """
    active = {key for key, one in instances.items() if one.is_active}
    sources_down = any(key.rule == FRESHNESS.id for key in active)
    marked = {}
    for key, one in instances.items():
        by = ""
        if one.base is not State.OK or one.cover is State.STALE:
            by = _speaker(key, one, rules, active, sources_down=sources_down)
        marked[key] = one if one.inhibited_by == by else replace(one, inhibited_by=by)
    return marked


def _speaker(
    key: Key,
    one: Instance,
    rules: Mapping[str, Rule],
    active: Collection[Key],
    *,
    sources_down: bool,
) -> str:
    rule = rules.get(key.rule)
    if rule is None:
        return ""
    needs_sources = rule.basis in (Basis.SILENCE, Basis.FLEET)
    if needs_sources or one.cover is State.STALE:
        return FRESHNESS.id if sources_down else ""
    for louder_rule in louder(rule):
        spoken = Key(louder_rule, key.scope)
        if spoken in active:
            return str(spoken)
    network = Key(key.rule, NETWORK)
    if key != network and network in active:
        return str(network)
    return ""


def _differs(before: Instance | None, after: Instance) -> bool:
    """Whether something is worth writing down: a healthy value is not, each time."""
    if before is None:
        return True
    if after.base is State.OK and before.base is State.OK:
        return (
            before.cover is not after.cover
            or before.is_resting != after.is_resting
            or before.inhibited_by != after.inhibited_by
        )
    return before != after
