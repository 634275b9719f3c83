"""Alerts on other pages: what most of a red comes from, and a store's own alerts.

They have callbacks of their own: splitting a gap takes longer than drawing a tile, and
an acknowledgement comes without a batch.
"""

from typing import Any

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.alerts import is_listed, setting_of
from callbacks.alerts_reading import seen, sentence
from callbacks.services import Services
from callbacks.session import spoken
from callbacks.store import store_of
from pages._ui import alert_list
from pages._ui.alert_address import AlertView
from pages._ui.ids import Overview, Shell, StorePage
from warehouse.alerts.alert import Level, Severity
from warehouse.alerts.records import Alert
from warehouse.errors import NoBatchError
from warehouse.text import Language

HOME = "/"

SHOWN = 3
"""Reds of the overview whose main driver is told."""


def register(app: Dash, services: Services) -> None:
    """Connect the parts about alerts of the overview and of a store's page."""

    @app.callback(
        Output(Overview.ALERTS, "children"),
        Input(Shell.URL, "pathname"),
        Input(Shell.NEWS, "data"),
        State(Shell.LANGUAGE, "data"),
    )
    def draw_reasons(path: str, _news: Any, language: Any) -> Any:
        if path != HOME:
            raise PreventUpdate
        return reasons(services, spoken(language))

    @app.callback(
        Output(StorePage.ALERTS, "children"),
        Input(Shell.URL, "pathname"),
        Input(Shell.NEWS, "data"),
        State(Shell.LANGUAGE, "data"),
    )
    def draw_of_store(path: str, _news: Any, language: Any) -> Any:
        store_id = store_of(path)
        if store_id is None:
            raise PreventUpdate
        return of_store(services, store_id, spoken(language))


def active(services: Services, language: Language) -> list[Alert]:
    """Return what burns, as the list of alerts shows it to this reader."""
    now = setting_of(services, language).now
    found = seen(services, services.state.alerts.active(now))
    return alert_list.ordered(a for a in found if is_listed(a))


def reasons(services: Services, language: Language) -> Any:
    """Return the widest reds with their main driver and who has them."""
    try:
        batch, _ = services.batches.newest()
    except NoBatchError:
        return []
    setting = setting_of(services, language)
    rank = {Level.NETWORK: 0, Level.REGION: 1, Level.STORE: 2}
    reds = [
        alert
        for alert in active(services, language)
        if alert.severity is Severity.RED
        and alert.metric
        and alert.instance.is_active
        and alert.instance.cover is None
    ]
    reds.sort(key=lambda alert: rank[alert.instance.key.scope.level])
    told = [
        (alert, sentence(services, batch, alert, language)) for alert in reds[:SHOWN]
    ]
    return alert_list.reasons(told, setting)


def of_store(services: Services, store_id: str, language: Language) -> Any:
    """Return the cards of one store's alerts."""
    view = AlertView(store=store_id)
    mine = [
        alert
        for alert in active(services, language)
        if alert.instance.key.scope.level is Level.STORE
        and alert.instance.key.scope.id == store_id
        and alert.instance.is_active
    ]
    return alert_list.cards(mine, view, setting_of(services, language))
