"""Who has taken which red: asked once for all walls, every two seconds at most."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from callbacks.services import Services
from warehouse.alerts.alert import Level, Severity

RENEWED_EVERY = 2
"""Seconds. An acknowledgement comes without a batch, and is on the walls soon."""


def taken(services: Services, store_id: str, now: datetime) -> Mapping[str, str]:
    """Return who has taken which metric's red in a store: {metric: name}."""
    period = str(int(now.timestamp() // RENEWED_EVERY))
    read = partial(everywhere, services.state, now)
    found = services.latest.get(period, ("taken",), read)
    return found.get(store_id, {})


def everywhere(state: Any, now: datetime) -> Mapping[str, Mapping[str, str]]:
    """Return the same for all stores: {store: {metric: name}}."""
    found: dict[str, dict[str, str]] = {}
    for alert in state.alerts.active(now):
        scope = alert.instance.key.scope
        is_taken = scope.level is Level.STORE and alert.acknowledged_by
        if is_taken and alert.severity is Severity.RED:
            name = alert.owner or alert.acknowledged_by
            found.setdefault(scope.id, {})[alert.metric] = name
    return found
