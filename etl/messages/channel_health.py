"""A channel that does not deliver is an alert itself, told over the others."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from warehouse.alerts.alert import Key, Level, Observation, Scope, Seen
from warehouse.alerts.engine import Tick
from warehouse.alerts.records import Delivery, Found, Sending
from warehouse.alerts.rounds import Round, evaluate
from warehouse.alerts.rules import BROKEN_CHANNEL, rules
from warehouse.metrics import CATALOG
from warehouse.store.state import State

LOOKED_AT = timedelta(days=1)
TRIES = 3
"""A message that failed so often says that its channel is broken."""


def judge_channels(state: State, channels: Iterable[str], now: datetime) -> None:
    """Raise or end the alerts of channels; nothing is written while nothing changes."""
    active = {
        alert.instance.key.scope.id
        for alert in state.alerts.active(now)
        if alert.instance.key.rule == BROKEN_CHANNEL.id
    }
    seen = health(state.deliveries.since(now - LOOKED_AT), channels)
    for name in active - set(seen):
        seen[name] = Observation(seen=Seen.GONE, note="channel is not configured")
    wanted = {
        name: one
        for name, one in seen.items()
        if (one.seen is Seen.BREACH) != (name in active)
        and one.seen is not Seen.BETWEEN
    }
    if not wanted:
        return
    declared = rules(CATALOG)
    heard = Round(
        observations={
            Key(BROKEN_CHANNEL.id, Scope(Level.CHANNEL, name)): one
            for name, one in wanted.items()
        },
        judged=frozenset(),
    )
    found = Found(batch=f"notifier {now:%Y%m%dT%H%M%S.%f}", as_of=now, noted_at=now)
    tick = Tick(found.batch, now)
    state.alerts.evaluate_apart(
        found, declared, lambda known: evaluate(known, declared, heard, tick)
    )


def health(
    lately: Iterable[Delivery], channels: Iterable[str]
) -> dict[str, Observation]:
    """Return how each channel is, from its newest messages (newest first)."""
    by_channel: dict[str, list[Delivery]] = {name: [] for name in channels}
    for one in lately:
        if one.attempts and one.channel in by_channel:
            by_channel[one.channel].append(one)
    return {name: _health(tried) for name, tried in by_channel.items()}


def _health(tried: list[Delivery]) -> Observation:
    arrived = [one for one in tried if one.status is Sending.SENT]
    last = max((one.sent_at for one in arrived if one.sent_at), default=None)
    broken = [
        one
        for one in tried
        if (one.status is Sending.FAILED or one.attempts >= TRIES)
        and one.status is not Sending.SENT
        and (last is None or one.created_at > last)
    ]
    if broken:
        return Observation(seen=Seen.BREACH, n=len(broken), note=broken[0].error[:300])
    return Observation(seen=Seen.CLEAR if arrived else Seen.BETWEEN)
