"""The dashboard over a stand-in of the warehouse, over HTTP and in a browser."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from app import create_app
from tests.serving import whole
from tests.ui.posting import outputs_of, post
from tests.ui.readers import cookies, sign_in
from tests.ui.records import REJECTS, history
from tests.ui.standin import StandIn, StandInBatch
from warehouse.access.roles import Role
from warehouse.settings import Settings
from warehouse.store.state import State

SETTINGS = Settings(demo=True, refresh_seconds=1.0, requests_per_minute=100_000)


@pytest.fixture
def standin() -> StandIn:
    """Return a warehouse with one batch, three runs and two kinds of rejected rows."""
    return StandIn(current=StandInBatch(groups=list(REJECTS)), history=history())


@pytest.fixture
def app(standin: StandIn, state: State) -> Dash:
    """Return the dashboard over the stand-in."""
    return create_app(standin, SETTINGS, state)


@pytest.fixture
def client(app: Dash, state: State) -> FlaskClient:
    """Return a signed-in client that has asked for nothing yet."""
    return sign_in(app.server.test_client(), state, SETTINGS)


@pytest.fixture
def fire(client: FlaskClient) -> Callable[..., dict[str, Any]]:
    """Return a function that fires the callback behind one output property.

    It returns everything the browser would be told: {component: {property: value}},
    what `set_props` said included.
    """

    def fire(component: str, prop: str, **given: Any) -> dict[str, Any]:
        (spec,) = (
            one
            for one in client.get("/_dash-dependencies").json
            if f"{component}.{prop}" in outputs_of(one)
        )
        response = post(client, spec, given)
        if response.status_code == 204:
            return {}
        assert response.status_code == 200, response.text
        told = dict(response.json["response"])
        for name, props in response.json.get("sideUpdate", {}).items():
            told[name] = {**told.get(name, {}), **props}
        return told

    return fire


@dataclass
class Site:
    """A running dashboard: its address and its warehouse."""

    url: str
    standin: StandIn


class Server:
    """A dashboard on a port of its own."""

    def __init__(self, standin: StandIn, state: State) -> None:
        app = create_app(standin, SETTINGS, state)
        self._server = make_server("127.0.0.1", 0, whole(app.server), threaded=True)
        self.site = Site(f"http://127.0.0.1:{self._server.server_port}", standin)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End it: connections are refused from now on."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="session")
def shared_server(state: State) -> Iterator[Server]:
    """Serve one dashboard for all tests, so that the browser's cache is warm."""
    server = Server(StandIn(current=StandInBatch()), state)
    yield server
    server.stop()


@pytest.fixture
def site(shared_server: Server, standin: StandIn) -> Site:
    """Return the running dashboard with a fresh warehouse.

    Its batch has a number of its own: what an earlier test saw is cached under
    another key.
    """
    running = shared_server.site
    number = int((running.standin.current or standin.current).id[-6:]) + 1
    running.standin.__dict__.update(standin.__dict__)
    running.standin.publish(number)
    return running


def listen(page: Any, home: str, wrong: list[str]) -> None:
    """Note in *wrong* what the browser complains of, and calls to other hosts."""

    def on_console(message: Any) -> None:
        if message.type in {"error", "warning"}:
            wrong.append(message.text)

    def on_request(request: Any) -> None:
        if not request.url.startswith((home, "data:", "blob:")):
            wrong.append(f"another host: {request.url}")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("pageerror", lambda error: wrong.append(str(error)))


@pytest.fixture
def visit(
    browser_context: Any, site: Site, state: State
) -> Iterator[Callable[..., Any]]:
    """Return a function that opens an address; a complaint of the browser fails.

    The reader is signed in before the page opens, never under an open page: that one
    would go on asking with half of the old and half of the new cookies.
    """
    pages, wrong = [], []
    signed: dict[Role | None, dict[str, str]] = {None: {}}

    def visit(
        address: str = "/",
        *,
        width: int = 1440,
        height: int = 900,
        theme: str = "light",
        quiet: bool = True,
        url: str = site.url,
        role: Role | None = Role.DATA_ADMIN,
    ) -> Any:
        page = browser_context.new_page()
        pages.append(page)
        if role not in signed:
            signed[role] = cookies(state, SETTINGS, role)
        browser_context.add_cookies(
            [{"name": n, "value": v, "url": url} for n, v in signed[role].items()]
        )
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme)
        if quiet:
            listen(page, site.url, wrong)
        page.goto(url + address)
        if role:
            page.locator("#shell-frame[data-page]:not([data-page=''])").wait_for()
        return page

    yield visit
    for page in pages:
        with suppress(Exception):  # A page whose server is gone has no storage.
            page.evaluate("localStorage.clear()")
        page.close()
    browser_context.clear_cookies()
    assert wrong == []
