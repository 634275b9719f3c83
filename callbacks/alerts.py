"""Alerts: read what the reader may know of, draw the list or one of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from dash import Dash, no_update

from callbacks.alerts_reading import explained, seen
from callbacks.drawing import draw_page
from callbacks.frame import announce, kept
from callbacks.services import Services
from callbacks.session import known_stores, may, principal, rights
from pages._ui import alert_detail, alert_forms, alert_list, alert_why
from pages._ui import format as fmt
from pages._ui.alert_address import PATH, AlertView
from pages._ui.alert_list import Setting
from pages._ui.ids import Alerts
from pages._ui.states import no_batch
from pages._ui.wording import say
from warehouse.access.roles import Action
from warehouse.alerts.alert import Severity
from warehouse.alerts.records import Alert
from warehouse.alerts.saying import store_names
from warehouse.alerts.why import days_of
from warehouse.errors import NoBatchError
from warehouse.text import Language

RECENT = timedelta(days=7)


PARTS = (
    (Alerts.TABS, "children"),
    (Alerts.FILTERS, "children"),
    (Alerts.FILTERS, "hidden"),
    (Alerts.LIST, "children"),
    (Alerts.DETAIL, "hidden"),
    (Alerts.HEAD, "children"),
    (Alerts.WHY, "children"),
    (Alerts.ACTIONS, "children"),
    (Alerts.HISTORY, "children"),
    (Alerts.DELIVERIES, "children"),
)


def register(app: Dash, services: Services) -> None:
    """Connect the page of alerts."""
    draw_page(app, PATH, PARTS, partial(show, services))
    forms = [(Alerts.FORMS, "children")]
    draw_page(app, PATH, forms, partial(show_forms, services), with_news=False)


def setting_of(services: Services, language: Language) -> Setting:
    """Return what cards are drawn with."""
    return Setting(
        names=store_names(known_stores(services)),
        zone=services.settings.timezone,
        now=datetime.now(UTC),
        language=language,
        may_act=may(Action.ACKNOWLEDGE),
    )


def show(services: Services, search: str | None, language: Language) -> tuple[Any, ...]:
    """Return tabs, filters, list, and the parts of one alert."""
    tabs = alert_list.tabs(PATH, language, may_edit=may(Action.EDIT_THRESHOLDS))
    try:
        batch, problem = services.batches.newest()
    except NoBatchError as error:
        announce(None, (), language)
        empty = no_batch(str(error), language)
        return (tabs, [], True, empty, True, *[no_update] * 5)
    notices = [kept(problem, language), behind(services, batch, language)]
    announce(batch, notices, language)
    view = AlertView.read(search, known_stores(services))
    setting = setting_of(services, language)
    if view.alert:
        return (tabs, [], True, [], False, *_one(services, batch, view, setting))
    return (tabs, *_list(services, view, setting), True, *[no_update] * 5)


def behind(services: Services, batch: Any, language: Language) -> str:
    """Return the notice that the evaluator has not judged the batch on screen."""
    last = services.state.alerts.last()
    if last is None:
        return say("alerts.never", language)
    if last.batch == batch.id or last.as_of >= batch.as_of:
        return ""
    moment = fmt.moment(last.as_of, batch.timezone, language)
    # A publish is judged a moment after it is out: that is no delay.
    if batch.as_of - last.as_of < timedelta(minutes=5):
        return ""
    return say("alerts.behind", language, batch=last.batch, moment=moment)


def _list(
    services: Services, view: AlertView, setting: Setting
) -> tuple[Any, bool, Any]:
    stores = [
        s
        for s in known_stores(services)
        if rights().store_ids is None or s.store_id in rights().store_ids
    ]
    found = _lists(services, setting)
    counts = {name: len(alerts) for name, alerts in found.items()}
    wanted = [a for a in found[view.show] if _fits(a, view, stores)]
    cards = alert_list.cards(alert_list.ordered(wanted), view, setting)
    return alert_list.filters(view, stores, counts, setting.language), False, cards


def _lists(services: Services, setting: Setting) -> dict[str, list[Alert]]:
    state, now = services.state, setting.now
    burning = seen(services, state.alerts.active(now))
    plain = [a for a in burning if is_listed(a)]
    me = principal().name
    return {
        "active": plain,
        "open": [a for a in plain if a.is_open and a.severity != "amber"],
        "mine": [a for a in plain if me in (a.owner, a.acknowledged_by)],
        "unknown": seen(services, state.alerts.unknown(now)),
        "spoken": [a for a in burning if not is_listed(a)],
        "recent": seen(services, state.alerts.since(now - RECENT, now)),
    }


def is_listed(alert: Alert) -> bool:
    """Whether an alert stands in the list for itself.

    Another one may speak for it; but a red whose data stopped never leaves the list.
    """
    one = alert.instance
    if not one.inhibited_by:
        return True
    is_red = alert.severity is Severity.RED and one.is_active
    return is_red and one.cover is not None


def _fits(alert: Alert, view: AlertView, stores: Sequence[Any]) -> bool:
    scope = alert.instance.key.scope
    if view.severity and alert.severity != view.severity:
        return False
    if view.store:
        return scope.level == "store" and scope.id == view.store
    if view.region:
        inside = {s.store_id for s in stores if s.region == view.region}
        return (scope.level == "region" and scope.id == view.region) or (
            scope.level == "store" and scope.id in inside
        )
    return True


def one_of(services: Services, alert_id: int, now: datetime) -> Alert | None:
    """Return an alert, if the reader may know of it."""
    found = services.state.alerts.get(alert_id, now)
    known = seen(services, [found] if found else [])
    return known[0] if known else None


def _one(
    services: Services, batch: Any, view: AlertView, setting: Setting
) -> tuple[Any, ...]:
    alert = one_of(services, view.alert, setting.now)
    if alert is None:
        return (alert_detail.missing(view, setting.language), [], [], [], [])
    state = services.state
    told, change = explained(services, batch, alert, rights())
    return (
        alert_detail.head(alert, view, setting, days_of(batch, alert)),
        alert_why.why(told, change, setting),
        alert_detail.actions(state.deeds.actions(alert.id), alert, setting),
        alert_detail.history(alert, state.alerts.history(alert.id, 200), setting),
        alert_detail.deliveries(state.deliveries.of_alert(alert.id), setting),
    )


def show_forms(services: Services, search: str | None, language: Language) -> Any:
    """Return what the reader can do about the alert in the address."""
    view = AlertView.read(search, ())
    if not view.alert:
        return []
    setting = setting_of(services, language)
    alert = one_of(services, view.alert, setting.now)
    if alert is None:
        return []
    return alert_forms.deeds(alert, principal().name, setting)
