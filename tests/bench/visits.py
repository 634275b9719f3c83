"""A reader's first visit over a slow line, in a real browser; prints it as JSON.

An empty cache, 20 Mbit/s and 30 ms, keep-alive as in production. The server has read
its batch already: what that costs stands in tests/bench/pages.py.
"""

import json
import os
import shutil
import statistics
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from app import create_app
from tests.conftest import ARGUMENTS
from tests.live.network import Quiet
from tests.live.test_first_visit import Visit, visited
from tests.ui.readers import cookies
from warehouse.scope import EVERYTHING
from warehouse.settings import Settings
from warehouse.store.state import State
from warehouse.store.warehouse import Warehouse

REPEATS = 3

WANTED = {
    "KPI": ".tile[data-metric][data-value]",
    "charts": ".js-plotly-plot .main-svg",
}

TITLE = "First visit at 20 Mbit/s and 30 ms, empty cache (medians of 3)"

HEADER = ("history", "page", "requests", "kB", "first KPI s", "charts s")


def main() -> None:
    """Visit overview and the first store of the installation of the environment."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        print(json.dumps({}))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(_measured(Path(folder), browser)))


def _measured(folder: Path, browser: str) -> dict[str, dict[str, float]]:
    from playwright.sync_api import sync_playwright

    settings = replace(
        Settings.from_environment(os.environ),
        state=f"sqlite:///{folder / 'state.db'}",
        requests_per_minute=1_000_000,
    )
    state = State(settings.state)
    warehouse = Warehouse.open(settings)
    store = warehouse.batch().stores(EVERYTHING)[0].store_id
    app = create_app(warehouse, settings, state)
    server = make_server(
        "127.0.0.1", 0, app.server, threaded=True, request_handler=Quiet
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}"
    own = [
        {"name": name, "value": value, "url": home}
        for name, value in cookies(state, settings).items()
    ]
    try:
        with sync_playwright() as api:
            chromium = api.chromium.launch(
                executable_path=browser, args=list(ARGUMENTS)
            )
            return {
                name: _middle(chromium, own, home + place)
                for name, place in (("overview", "/"), ("store", f"/stores/{store}"))
            }
    finally:
        server.shutdown()
        server.server_close()
        state.close()


def _middle(chromium: Any, own: list[dict[str, str]], address: str) -> dict[str, float]:
    """Return the medians of several visits, after one that warms the server."""
    visits: list[Visit] = []
    for _ in range(REPEATS + 1):
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies(own)
        visits.append(visited(context.new_page(), address, **WANTED))
        context.close()
    kept = visits[1:]
    return {
        "requests": statistics.median(one.requests for one in kept),
        "kilobytes": statistics.median(one.kilobytes for one in kept),
        **{
            name: statistics.median(one.seconds[name] for one in kept)
            for name in WANTED
        },
    }


def rows(name: str, told: dict[str, Any]) -> list[list[str]]:
    """Return a row for each page of a history called *name*; none without a browser."""
    return [
        [
            name,
            page,
            f"{one['requests']:.0f}",
            f"{one['kilobytes']:,.0f}",
            f"{one['KPI']:.1f}",
            f"{one['charts']:.1f}",
        ]
        for page, one in told.items()
    ]


if __name__ == "__main__":
    main()
