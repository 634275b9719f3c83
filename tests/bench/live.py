"""What a refresh of a wall costs, beside the plain Dash way over the same warehouse.

The plain way is what a Dash tutorial shows: dcc.Interval, and a callback that for each
viewer reads what his screen shows and builds its figures anew.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dash
from dash import Dash, Input, Output, dcc, html
from plotly import graph_objects as go

from app import create_app
from callbacks import wall_screen
from callbacks.identity import DEVICE_COOKIE
from pages._ui import wall_pages
from tests.bench.measure import table
from tests.live.installation import STORES, Installation
from tests.live.network import pair
from warehouse.scope import Question, Rights
from warehouse.settings import Settings
from warehouse.store.state import State
from warehouse.store.warehouse import Warehouse

EVERY = 5.0
"""Seconds between two refreshes of a wall."""

DRAWN = ("wait_writeup", "ftfr_30d", "nps")
"""Metrics that the plain way draws a figure of."""


def walls(folder: Path) -> None:
    """Print what one refresh of one wall computes, either way."""
    site = Installation.build(folder)
    warehouse = Warehouse.open(site.settings)
    state = State(site.settings.state)
    settings = Settings(requests_per_minute=10_000_000)
    ours = create_app(warehouse, settings, state).server.test_client()
    ours.set_cookie(DEVICE_COOKIE, pair(state, STORES[7])[0])
    address = f"/api/v1/walls/{STORES[7]}"
    tag = {"If-None-Match": ours.get(address).headers["ETag"]}
    packed = {"Accept-Encoding": "gzip"}
    plain = _plain(warehouse.batch()).server.test_client()
    rows = [
        ("ours, nothing new (304)", _cpu(lambda: ours.get(address, headers=tag), 400)),
        ("ours, news (200)", _cpu(lambda: ours.get(address, headers=packed), 400)),
        ("Interval + callback", _cpu(lambda: _ask(plain), 12)),
    ]
    base = rows[0][1]
    table(
        "One refresh of one wall, computed in the server (with the gate; plain: none)",
        ("way", "cpu ms", "x ours", f"walls a core at {EVERY:g} s"),
        [
            [name, f"{ms:.2f}", f"{ms / base:,.0f}", f"{1000 * EVERY / ms:,.0f}"]
            for name, ms in rows
        ],
    )
    batch = warehouse.batch()
    seconds = _cpu(lambda: wall_screen.read_network(batch, []), 3) / 1000
    print(
        f"a publish: {len(wall_pages.metrics())} questions for all {len(STORES)} "
        f"stores, {seconds:.2f} s computed once, whatever the number of screens"
    )
    state.close()


def _cpu(work: Callable[[], Any], times: int) -> float:
    """Return the milliseconds that this process computes for one *work*."""
    work()
    began = time.process_time()
    for _ in range(times):
        work()
    return 1000 * (time.process_time() - began) / times


def _plain(batch: Any) -> Dash:
    """Return a dashboard as a tutorial writes it, for one store."""
    dash.page_registry.clear()
    app = Dash("plain", use_async=False)
    app.layout = html.Div(
        [
            dcc.Interval(id="tick", interval=1000 * EVERY),
            html.Div(id="tiles"),
            *[dcc.Graph(id=f"figure-{name}") for name in DRAWN],
        ]
    )

    @app.callback(
        Output("tiles", "children"),
        *[Output(f"figure-{name}", "figure") for name in DRAWN],
        Input("tick", "n_intervals"),
    )
    def draw(_ticks: int) -> tuple[Any, ...]:
        scope = (("store_id", (STORES[7],)),)
        allowed = Rights(store_ids=frozenset({STORES[7]}))
        found = {}
        for metric in wall_pages.metrics():
            (reading,) = batch.read(metric.id, Question(where=scope), allowed)
            found[metric.id] = reading
        tiles = [
            html.Div([html.H3(r.metric.name.zh), html.P(str(r.value))])
            for r in found.values()
        ]
        return tiles, *[_figure(found[name]) for name in DRAWN]

    return app


def _figure(reading: Any) -> go.Figure:
    figure = go.Figure(go.Scatter(x=[0, 1], y=[reading.value, reading.value]))
    figure.update_layout(title=reading.metric.name.zh, margin={"l": 8, "r": 8})
    return figure


def _ask(client: Any) -> None:
    names = ["tiles.children", *[f"figure-{name}.figure" for name in DRAWN]]
    outputs = [
        dict(zip(("id", "property"), name.split("."), strict=True)) for name in names
    ]
    response = client.post(
        "/_dash-update-component",
        json={
            "output": f"..{'...'.join(names)}..",
            "outputs": outputs,
            "inputs": [{"id": "tick", "property": "n_intervals", "value": 1}],
            "changedPropIds": ["tick.n_intervals"],
        },
    )
    if response.status_code != 200:
        raise SystemExit(response.text[-2000:])
