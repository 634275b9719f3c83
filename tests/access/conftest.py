"""A real network of four stores in four regions, and readers of every kind."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dash import Dash
from flask.testing import FlaskClient

from app import create_app
from callbacks.identity import DEVICE_COOKIE
from etl.demo import write_network
from tests import kit
from tests.ui.readers import account, cookies, sign_in
from tests.ui.standin import StandIn
from warehouse.access.roles import ROLES, Role, ScopeKind
from warehouse.records import Store
from warehouse.scope import EVERYTHING
from warehouse.settings import Settings
from warehouse.store.state import State
from warehouse.store.warehouse import Warehouse

AS_OF = datetime(2026, 11, 19, 21, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

OWN, FOREIGN = "S001", "S003"


@dataclass
class Site:
    """An installation with its accounts."""

    warehouse: Warehouse
    settings: Settings
    state: State
    screens: dict[str, str] = field(default_factory=dict)

    @cached_property
    def app(self) -> Dash:
        """The dashboard over it; its first request has been made."""
        app = create_app(self.warehouse, self.settings, self.state)
        app.server.test_client().get("/login")
        return app

    @cached_property
    def stores(self) -> list[Store]:
        """Every store of the network."""
        return self.warehouse.batch().stores(EVERYTHING)

    def stranger(self) -> FlaskClient:
        """Return a client that nobody knows."""
        return self.app.server.test_client()

    def reader(self, role: Role, scope: str = "all") -> FlaskClient:
        """Return a client that somebody of this role and scope has signed in with."""
        return sign_in(self.stranger(), self.state, self.settings, role, scope)

    def program(self, scope: str = "all") -> FlaskClient:
        """Return a client that sends a key."""
        from datetime import timedelta

        person = account(self.state, Role.API_CLIENT, scope)
        now = datetime.now(UTC)
        key = self.state.tokens.create(person, timedelta(days=1), now=now)
        client = self.stranger()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        return client

    def screen(self, store_id: str) -> FlaskClient:
        """Return a client that is a paired screen of a store."""
        if store_id not in self.screens:
            now = datetime.now(UTC)
            claim, pairing = self.state.pairings.begin(now=now, address="")
            self.state.pairings.approve(pairing.code, store_id, "hall", "x", now=now)
            waiting = self.state.pairings.claimed(claim, now=now)
            self.screens[store_id] = self.state.pairings.finish(waiting, now=now)
        client = self.stranger()
        client.set_cookie(DEVICE_COOKIE, self.screens[store_id])
        return client

    def with_settings(self, **changes: Any) -> "Site":
        """Return the same installation with other settings."""
        return Site(self.warehouse, replace(self.settings, **changes), self.state)


def scopes_of(role: Role) -> list[str]:
    """Return scopes that a role can have: one of each kind."""
    written = {
        ScopeKind.ALL: "all",
        ScopeKind.STORE: f"store:{OWN}",
        ScopeKind.REGION: "region:华东",
        ScopeKind.PARTNER: "partner:P001",
    }
    return [written[kind] for kind in ScopeKind if kind in ROLES[role].scopes]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return the installation; it is loaded once."""
    folder = tmp_path_factory.mktemp("access")
    write_network(
        folder / "network", stores=4, months=2, seed=3, until=date(2026, 11, 20)
    )
    sources = [p for p in (folder / "network").iterdir() if p.is_dir()]
    kit.run(folder, sources, AS_OF)
    settings = replace(kit.settings_in(folder), requests_per_minute=1_000_000)
    state = State(settings.state)
    yield Site(Warehouse.open(settings), settings, state)
    state.close()


@pytest.fixture
def bare(tmp_path) -> Iterator[Site]:
    """Return an installation over a stand-in: quick, and without accounts."""
    settings = replace(kit.settings_in(tmp_path), requests_per_minute=1_000_000)
    state = State(settings.state)
    yield Site(StandIn(), settings, state)
    state.close()


@pytest.fixture
def open_page(site: Site) -> Callable[[FlaskClient, str], Any]:
    """Return a function that opens a page as Dash's scripts do: its layout."""

    def open_page(client: FlaskClient, path: str, search: str = "") -> Any:
        return client.post("/_dash-update-component", json=pages_body(path, search))

    return open_page


def pages_body(path: str, search: str = "") -> dict[str, Any]:
    """Return what Dash's scripts send when an address is opened."""
    inputs = [
        {"id": "_pages_location", "property": name, "value": value}
        for name, value in (("pathname", path), ("search", search))
    ]
    return {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [
            {"id": "_pages_content", "property": "children"},
            {"id": "_pages_store", "property": "data"},
        ],
        "inputs": inputs,
        "state": [],
        "changedPropIds": ["_pages_location.pathname"],
    }


__all__ = ["FOREIGN", "OWN", "Site", "cookies", "pages_body", "scopes_of"]
