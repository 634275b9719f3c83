"""Alerts as other screens ask for them: within rights, and what drives them."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from callbacks.services import Services
from callbacks.session import known_stores, rights
from pages._ui.alert_address import AlertView
from warehouse.alerts.alert import Scope
from warehouse.alerts.lines import edited
from warehouse.alerts.records import Alert, LinesEdit, Sending
from warehouse.alerts.saying import because, store_names
from warehouse.alerts.sight import is_spoken_for, regions_of, sees
from warehouse.alerts.why import Why, why
from warehouse.errors import AftersightError, NoBatchError
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Metric
from warehouse.scope import Rights
from warehouse.text import Language

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What another screen says beside a red: who has it, since when, where to look."""

    alert_id: int
    state: str
    severity: str
    taken_by: str
    since: datetime | None
    href: str


def seen(services: Services, alerts: Iterable[Alert]) -> list[Alert]:
    """Return those alerts that the reader may know of.

    An alert that is spoken for by one he may not see stands for itself.
    """
    regions = regions_of(known_stores(services))
    mine, found = rights(), []
    for alert in alerts:
        if not sees(mine, alert.instance.key.scope, regions):
            continue
        by = alert.instance.inhibited_by
        if by and not is_spoken_for(mine, alert.instance, regions):
            alone = replace(alert.instance, inhibited_by="")
            found.append(replace(alert, instance=alone))
        else:
            found.append(alert)
    return found


def notes(services: Services) -> Mapping[tuple[str, Scope], Note]:
    """Return the active alerts by metric and scope; of two the worse one.

    For the overview's list of what needs attention and for the page of a store:
    `notes(services).get(("ftfr_30d", Scope(Level.STORE, "S001")))`.
    """
    found: dict[tuple[str, Scope], Note] = {}
    active = seen(services, services.state.alerts.active(datetime.now(UTC)))
    for alert in sorted(active, key=lambda a: a.severity == "red"):
        if not alert.instance.is_active or not alert.metric:
            continue
        found[alert.metric, alert.instance.key.scope] = Note(
            alert_id=alert.id,
            state=alert.instance.state.value,
            severity=alert.severity.value,
            taken_by=alert.owner or alert.acknowledged_by,
            since=alert.instance.fired_at,
            href=AlertView(alert=alert.id).href(),
        )
    return found


def sentence(
    services: Services, batch: Any, metric_id: str, scope: Scope, language: Language
) -> str:
    """Return what most of a metric's gap in a scope comes from, or "".

    Computed once a batch for all readers with the same rights.
    """
    found = splits(services, batch, metric_id, scope, rights(), change=False)
    if found is None:
        return ""
    return because(found, store_names(known_stores(services)), language)


def explained(
    services: Services, batch: Any, alert: Alert, mine: Rights
) -> tuple[Why | None, Why | None]:
    """Return the splits of an alert's gap to the target, and of its change."""
    if not alert.metric:
        return None, None
    scope = alert.instance.key.scope
    return (
        splits(services, batch, alert.metric, scope, mine, change=False),
        splits(services, batch, alert.metric, scope, mine, change=True),
    )


def splits(
    services: Services,
    batch: Any,
    metric_id: str,
    scope: Scope,
    mine: Rights,
    *,
    change: bool,
) -> Why | None:
    """Return what drives a metric in a scope, computed once a batch and rights."""

    def compute() -> Why | None:
        try:
            return why(batch, metric_id, scope, mine, change=change)
        except AftersightError:
            logger.exception("what drives %s in %s cannot be found", metric_id, scope)
            return None

    key = ("why", metric_id, scope, mine, change)
    return services.snapshots.get(batch.id, key, compute)


def in_force(services: Services, metric: Metric) -> Metric:
    """Return a metric with the lines that hold for the batch on screen."""
    return edited(metric, _edits(services))


def in_force_all(services: Services) -> list[Metric]:
    """Return the catalogue with the lines that hold for the batch on screen."""
    edits = _edits(services)
    return [edited(metric, edits) for metric in CATALOG.values()]


def _edits(services: Services) -> list[LinesEdit]:
    try:
        batch, _ = services.batches.newest()
    except NoBatchError:
        return []
    read = services.state.lines.known_at
    return services.snapshots.get(
        batch.id, ("lines",), lambda: read(batch.published_at)
    )


def operation(services: Services) -> dict[str, Any]:
    """Return how evaluator and notifier are, for `/readyz`."""
    now, last = datetime.now(UTC), services.state.alerts.last()
    lately = services.state.deliveries.since(now - timedelta(days=1))
    tried = [one for one in lately if one.attempts]
    sent = sum(one.status is Sending.SENT for one in tried)
    waiting = [one for one in lately if one.status is Sending.WAITING]
    oldest = min((one.due_at for one in waiting), default=None)
    return {
        "evaluator": {
            "batch": last.batch if last else None,
            "seconds": last.seconds if last else None,
            "active": last.active if last else None,
        },
        "notifier": {
            "tried": len(tried),
            "sent": sent,
            "failed": sum(one.status is Sending.FAILED for one in lately),
            "waiting": len(waiting),
            "late_seconds": max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
        },
    }
