"""Alarm hygiene and thresholds: read, draw."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from dash import Dash

from callbacks.alerts import setting_of
from callbacks.alerts_reading import seen
from callbacks.drawing import draw_page
from callbacks.frame import announce, kept
from callbacks.services import Services
from callbacks.session import may, rights
from pages._ui import alert_hygiene, alert_lines, alert_list
from pages._ui.ids import AlertsHygiene, AlertsLines
from pages._ui.states import no_batch
from pages._ui.wording import say
from warehouse.access.roles import Action
from warehouse.alerts.burn import SLAS, burn_metric
from warehouse.alerts.hygiene import hygiene
from warehouse.alerts.lines import edited
from warehouse.alerts.records import LinesEdit
from warehouse.alerts.rules import rules
from warehouse.errors import NoBatchError
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Kind, Metric
from warehouse.text import Language

HYGIENE = "/alerts/hygiene"

LINES = "/alerts/thresholds"

LOOKED_AT = timedelta(days=30)

_LIVE = frozenset(rule.id for rule in rules(CATALOG).values() if rule.is_live)


def register(app: Dash, services: Services) -> None:
    """Connect the two pages beside the list of alerts."""
    figures = ((AlertsHygiene.TABS, "children"), (AlertsHygiene.FIGURES, "children"))
    draw_page(app, HYGIENE, figures, partial(show_hygiene, services))
    forms = ((AlertsLines.TABS, "children"), (AlertsLines.LINES, "children"))
    draw_page(app, LINES, forms, partial(show_lines, services), with_news=False)


def _tabs(here: str, language: Language) -> Any:
    return alert_list.tabs(here, language, may_edit=may(Action.EDIT_THRESHOLDS))


def show_hygiene(
    services: Services, _search: str | None, language: Language
) -> tuple[Any, ...]:
    """Return the figures of the alerts that the reader may know of."""
    try:
        batch, problem = services.batches.newest()
    except NoBatchError as error:
        announce(None, (), language)
        return _tabs(HYGIENE, language), no_batch(str(error), language)
    announce(batch, [kept(problem, language)], language)
    setting, state = setting_of(services, language), services.state
    since = setting.now - LOOKED_AT
    entries = state.alerts.entries_since(since)
    ids = sorted({entry.alert_id for entry in entries})
    known = {a.id: a for a in seen(services, state.alerts.some(ids, setting.now))}
    active = seen(services, state.alerts.active(setting.now))
    # Who was told what is for those who see the whole network.
    sees_all = rights().store_ids is None
    found = hygiene(
        entries=[e for e in entries if e.alert_id in known],
        active=active,
        deliveries=state.deliveries.since(since) if sees_all else [],
        actions=[a for a in state.deeds.actions_since(since) if a.alert_id in known],
        judgements=state.deeds.judgements(),
        now=setting.now,
        zone=setting.zone,
        live={a.id for a in known.values() if a.instance.key.rule in _LIVE},
        evaluations=state.alerts.full_rounds(since),
    )
    return _tabs(HYGIENE, language), alert_hygiene.hygiene(found, known, setting)


def show_lines(
    services: Services, _search: str | None, language: Language
) -> tuple[Any, ...]:
    """Return every judged metric with its lines, those that begin later too."""
    try:
        batch, problem = services.batches.newest()
    except NoBatchError as error:
        announce(None, (), language)
        return _tabs(LINES, language), no_batch(str(error), language)
    announce(batch, [kept(problem, language)], language)
    if not may(Action.EDIT_THRESHOLDS):
        words = say("refused.forbidden", language)
        return _tabs(LINES, language), words
    now = setting_of(services, language).now
    edits = services.state.lines.known_at(now)
    metrics = list(_lined(edits))
    today = now.astimezone(ZoneInfo(services.settings.timezone)).date()
    usual = {m.id: batch.norms(m.id) for m in metrics if m.baseline is not None}
    return _tabs(LINES, language), alert_lines.lines(metrics, today, language, usual)


def _lined(edits: Sequence[LinesEdit]) -> Iterable[Metric]:
    """Return the metrics with lines, each followed by its burn rate if it has one."""
    for declared in CATALOG.values():
        if not _has_lines(declared):
            continue
        metric = edited(declared, edits)
        yield metric
        if declared.id in SLAS:
            yield burn_metric(metric, edits)


def _has_lines(metric: Metric) -> bool:
    """Whether a metric has lines of its own; a percentile has those of its time."""
    is_variant = metric.kind is Kind.TIME and metric.fact != metric.id
    return bool(metric.thresholds) and not is_variant
