"""Administration: read what the reader may manage, draw it."""

from datetime import UTC, datetime
from typing import Any

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.services import Services
from callbacks.session import known_stores, may, principal, rights, spoken
from pages._ui import audit_log, fleet, people
from pages._ui.ids import Admin, Shell
from pages._ui.long_list import Chosen
from warehouse.access.roles import Action
from warehouse.errors import NoBatchError
from warehouse.records import Store
from warehouse.text import Language

PATH = "/admin"


def register(app: Dash, services: Services) -> None:
    """Connect the administration; it does not follow batches: people fill in forms.

    The screens follow the clock, while no form about them is open
    (`assets/42-access.js`).
    """

    @app.callback(
        Output(Admin.PEOPLE, "children"),
        Output(Admin.AUDIT, "children"),
        Input(Shell.URL, "search"),
        Input(Shell.URL, "pathname"),
        State(Shell.LANGUAGE, "data"),
    )
    def draw(search: str | None, path: str, language: Any) -> tuple[Any, ...]:
        if path != PATH:
            raise PreventUpdate
        return show(services, search, spoken(language))

    @app.callback(
        Output(Admin.DEVICES, "children"),
        Input(Shell.URL, "search"),
        Input(Shell.URL, "pathname"),
        Input(Admin.TICK, "data"),
        State(Shell.LANGUAGE, "data"),
    )
    def draw_fleet(search: str | None, path: str, _tick: Any, language: Any) -> Any:
        if path != PATH:
            raise PreventUpdate
        return show_fleet(services, search, spoken(language))


def show(services: Services, search: str | None, language: Language) -> tuple[Any, ...]:
    """Return people and log, as far as the reader's role includes them."""
    now = datetime.now(UTC)
    return (
        _people(services, search, now, language) if may(Action.MANAGE_PEOPLE) else [],
        _log(services, search, language) if may(Action.SEE_AUDIT) else [],
    )


def show_fleet(services: Services, search: str | None, language: Language) -> Any:
    """Return the screens of the reader's stores, if his role includes them."""
    if not may(Action.MANAGE_DEVICES):
        return []
    return _fleet(services, search, datetime.now(UTC), language)


def own_stores(services: Services) -> list[Store]:
    """Return the stores of the newest batch that the reader is responsible for."""
    allowed = rights().store_ids
    return [
        store
        for store in known_stores(services)
        if allowed is None or store.store_id in allowed
    ]


def _people(
    services: Services, search: str | None, now: datetime, language: Language
) -> Any:
    state, chosen = services.state, Chosen.read("people", search)
    every, sessions = state.people.every(), state.sessions.count(now)
    return people.people(every, sessions, principal().actor.id, chosen, language)


def _fleet(
    services: Services, search: str | None, now: datetime, language: Language
) -> Any:
    allowed, state = rights().store_ids, services.state
    try:
        newest = services.batches.newest()[0].id
    except NoBatchError:
        newest = ""
    known = fleet.Fleet(
        devices=state.devices.every(allowed),
        waiting=state.pairings.waiting(allowed, now=now),
        stores=[s for s in own_stores(services) if not s.is_closed],
        newest=newest,
        now=now,
        zone=services.settings.timezone,
    )
    return fleet.fleet(known, Chosen.read("screens", search), language)


def _log(services: Services, search: str | None, language: Language) -> Any:
    chosen, zone = audit_log.LogFilter.read(search), services.settings.timezone
    # One line more than a page tells whether there is a next page.
    found = services.state.audit.find(
        chosen.search(zone),
        limit=audit_log.PAGE_SIZE + 1,
        offset=(chosen.page - 1) * audit_log.PAGE_SIZE,
    )
    return audit_log.audit_log(
        found[: audit_log.PAGE_SIZE],
        chosen,
        services.settings.audit_days,
        zone,
        language,
        has_more=len(found) > audit_log.PAGE_SIZE,
    )
