"""Alerts as other screens ask for them: within rights, and what drives them."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from callbacks.services import Services
from callbacks.session import known_stores, rights
from pages._ui.alert_why import spoken as spoken_members
from warehouse.alerts.lines import edited
from warehouse.alerts.records import Alert, LinesEdit, Sending
from warehouse.alerts.saying import store_names
from warehouse.alerts.saying_why import because
from warehouse.alerts.sight import is_spoken_for, regions_of, sees
from warehouse.alerts.why import Why, days_of, why
from warehouse.errors import AftersightError, NoBatchError
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Metric
from warehouse.scope import Rights
from warehouse.text import Language

logger = logging.getLogger(__name__)


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


def sentence(services: Services, batch: Any, alert: Alert, language: Language) -> str:
    """Return what most of an alert's gap comes from, or "".

    Computed once a batch for all readers with the same rights.
    """
    found, _ = explained(services, batch, alert, rights(), changes=False)
    if found is None:
        return ""
    found = spoken_members(found, language)
    return because(found, store_names(known_stores(services)), language)


def explained(
    services: Services, batch: Any, alert: Alert, mine: Rights, *, changes: bool = True
) -> tuple[Why | None, Why | None]:
    """Return the splits of an alert's gap to the target and, if wanted, its change."""
    if not alert.metric:
        return None, None
    days = days_of(batch, alert)
    scope = alert.instance.key.scope

    def compute(change: bool) -> Why | None:
        try:
            return why(batch, alert.metric, scope, mine, change=change, days=days)
        except AftersightError:
            logger.exception("what drives alert %s cannot be found", alert.id)
            return None

    def split(change: bool) -> Why | None:
        key = ("why", alert.metric, scope, mine, change, days)
        return services.snapshots.get(batch.id, key, partial(compute, change))

    return split(False), split(True) if changes else None


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
