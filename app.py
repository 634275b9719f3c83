"""Put the dashboard together: settings, a warehouse, the pages, the callbacks."""

import os
import threading
from datetime import UTC, datetime
from functools import partial
from typing import Any

from dash import Dash
from flask import Flask

import callbacks
from callbacks import signin
from callbacks.ahead import warm
from callbacks.build import fingerprint
from callbacks.errors import report
from callbacks.services import Services
from pages._ui import index, locale, shell
from warehouse.settings import Settings
from warehouse.store.intake import Door
from warehouse.store.state import State
from warehouse.store.warehouse import Warehouse


class Cockpit(Dash):
    """Dash, with a first page in the reader's language."""

    def interpolate_index(self, **parts: Any) -> str:
        """Return the first HTML; Dash fills in its scripts."""
        return index.page(parts, locale.current(), self.get_asset_url)


def create_app(
    warehouse: Warehouse, settings: Settings, state: State | None = None
) -> Dash:
    """Return the dashboard, reading from *warehouse*.

    *state* has the accounts; without one it is opened as the settings say.
    """
    app = Cockpit(
        __name__,
        use_pages=True,
        title="售后驾驶舱",
        update_title=None,
        on_error=report,
        # The order of our stylesheets is ours: what is vendored comes in by a layer.
        assets_path_ignore=["vendor", "wall"],
        assets_ignore=index.LOADED_FIRST,
        include_pages_meta=False,
        # dash turns these on by itself when a package happens to be installed.
        use_async=False,
        enable_mcp=False,
    )
    app.layout = partial(shell.layout, settings)
    kept = state or State(settings.state)
    door = Door.open(settings)
    services = Services.over(warehouse, settings, fingerprint(), kept, door)
    callbacks.register(app, services)
    signin.prepare_demo(services, datetime.now(UTC))
    return app


def create_server() -> Flask:
    """Return the WSGI application: `gunicorn 'app:create_server()'`."""
    settings = Settings.from_environment(os.environ)
    warehouse = Warehouse.open(settings)
    server = create_app(warehouse, settings).server
    threading.Thread(target=warm, args=(warehouse,), daemon=True).start()
    return server


def main() -> None:
    """Serve the dashboard on this machine."""
    settings = Settings.from_environment(os.environ)
    app = create_app(Warehouse.open(settings), settings)
    app.run(
        host=settings.host,
        port=settings.port,
        debug=False,
        dev_tools_ui=False,
        dev_tools_disable_version_check=True,
    )


if __name__ == "__main__":
    main()
