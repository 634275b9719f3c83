"""The dashboard over a stand-in of the warehouse, over HTTP and in a browser."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from app import create_app
from tests.ui.standin import REJECTS, StandIn, StandInBatch, history
from warehouse.settings import Settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

SETTINGS = Settings(demo=True, refresh_seconds=1.0)


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark of tests that need a browser."""
    config.addinivalue_line("markers", "browser: needs chromium")


@pytest.fixture
def standin() -> StandIn:
    """Return a warehouse with one batch, three runs and two kinds of rejected rows."""
    return StandIn(current=StandInBatch(groups=list(REJECTS)), history=history())


@pytest.fixture
def app(standin: StandIn) -> Dash:
    """Return the dashboard over the stand-in."""
    return create_app(standin, SETTINGS)


@pytest.fixture
def client(app: Dash) -> FlaskClient:
    """Return a client that has asked for nothing yet."""
    return app.server.test_client()


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
            if f"{component}.{prop}" in one["output"].strip(".").split("...")
        )
        outputs = [
            dict(zip(("id", "property"), name.rsplit(".", 1), strict=True))
            for name in spec["output"].strip(".").split("...")
        ]

        def filled(wanted: list[dict[str, str]]) -> list[dict[str, Any]]:
            return [
                {**one, "value": given.get(f"{one['id']}.{one['property']}")}
                for one in wanted
            ]

        response = client.post(
            "/_dash-update-component",
            json={
                "output": spec["output"],
                "outputs": outputs if len(outputs) > 1 else outputs[0],
                "inputs": filled(spec["inputs"]),
                "state": filled(spec["state"]),
                "changedPropIds": [
                    f"{one['id']}.{one['property']}" for one in spec["inputs"]
                ],
            },
        )
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
    """A running dashboard: its address, its warehouse, and how to end it."""

    url: str
    standin: StandIn
    stop: Callable[[], None]


@pytest.fixture
def site(app: Dash, standin: StandIn) -> Iterator[Site]:
    """Serve the dashboard on a port of its own for one test."""
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    yield Site(f"http://127.0.0.1:{server.server_port}", standin, stop)
    stop()
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Return a running browser."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as api:
        browser = api.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """Return a function that opens an address; a complaint of the browser fails."""
    contexts, wrong = [], []

    def listen(page: Any) -> None:
        page.on(
            "console",
            lambda m: wrong.append(m.text) if m.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda r: (
                None
                if r.url.startswith((site.url, "data:", "blob:"))
                else wrong.append(f"another host: {r.url}")
            ),
        )

    def visit(
        address: str = "/",
        *,
        width: int = 1440,
        height: int = 900,
        theme: str = "light",
        quiet: bool = True,
    ) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme
        )
        contexts.append(context)
        page = context.new_page()
        if quiet:
            listen(page)
        page.goto(site.url + address)
        page.locator("#shell-frame[data-page]:not([data-page=''])").wait_for()
        return page

    yield visit
    for context in contexts:
        context.close()
    assert wrong == []
