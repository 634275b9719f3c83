"""Whether an action helped: the metric before and after it, each with its interval."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from warehouse.alerts.alert import Scope
from warehouse.alerts.records import Action, Alert, Measured
from warehouse.alerts.why import WHERE
from warehouse.metrics import CATALOG
from warehouse.scope import EVERYTHING, Question


def measured(
    batch: Any, metric_id: str, scope: Scope, start: date, end: date
) -> Measured | None:
    """Return a metric of a scope over some days; None where there was nothing."""
    name = WHERE.get(scope.level)
    where = ((name, (scope.id,)),) if name else ()
    question = Question(start=start, end=end, where=where)
    found = batch.read(metric_id, question, EVERYTHING)
    if not found:
        return None
    one = found[0]
    return Measured(value=one.value, low=one.ci_low, high=one.ci_high, n=one.n)


def effect(batch: Any, alert: Alert, action: Action) -> Measured | None:
    """Return the value after an action; None while its days are not judged yet."""
    zone = ZoneInfo(batch.timezone)
    start = action.at.astimezone(zone).date() + timedelta(days=1)
    end = start + timedelta(days=action.plan.effect_days)
    lag = timedelta(days=CATALOG[alert.metric].window.lag_days)
    if batch.as_of.astimezone(zone).date() < end + lag:
        return None
    nothing = Measured(value=None, low=None, high=None, n=0)
    scope = alert.instance.key.scope
    return measured(batch, alert.metric, scope, start, end) or nothing


def before(batch: Any, alert: Alert, days: int) -> Measured | None:
    """Return the value over the newest judged days, as long as the effect's."""
    zone = ZoneInfo(batch.timezone)
    lag = timedelta(days=CATALOG[alert.metric].window.lag_days)
    end = batch.as_of.astimezone(zone).date() + timedelta(days=1) - lag
    start = end - timedelta(days=max(days, 1))
    return measured(batch, alert.metric, alert.instance.key.scope, start, end)
