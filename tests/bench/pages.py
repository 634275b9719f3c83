"""Draws overview, store and metric page; prints times as JSON.

Server time from the question to the answer as a browser gets it (read, drawn, made
JSON, compressed), and its bytes. Each batch is drawn once for all viewers, so "first"
is paid once a batch and view, "again" by each further viewer.
"""

import gzip
import json
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from plotly.utils import PlotlyJSONEncoder

from callbacks import (
    metric_parts,
    overview,
    overview_screen,
    questions,
    store,
    store_screen,
)
from pages._ui import chosen
from pages._ui.address import View
from pages._ui.metric_address import Lens
from warehouse.scope import EVERYTHING
from warehouse.settings import Settings
from warehouse.store.warehouse import Batch, Warehouse

REPEATS = 5

METRIC = "ftfr_30d"


def drawn_overview(batch: Batch) -> tuple[Any, ...]:
    """Return all that the overview shows, as its callback answers."""
    view = View()
    stores = batch.stores(EVERYTHING)
    screen = overview_screen.screen(batch, view, EVERYTHING)
    course = overview_screen.course(batch, view, EVERYTHING)
    return (
        *overview._parts(screen, "zh"),
        *overview._trend(view, course, stores, "zh"),
    )


def drawn_store(batch: Batch) -> tuple[Any, ...]:
    """Return all that the page of the first store shows."""
    stores = batch.stores(EVERYTHING)
    view = View(store=stores[0].store_id)
    screen = store_screen.store_screen(batch, stores[0], view, EVERYTHING)
    course = overview_screen.course(batch, view, EVERYTHING)
    return (
        *store._parts(screen, batch, "zh"),
        *overview.trend_parts(view, course, stores, "zh"),
    )


def drawn_metric(batch: Batch, lens: Lens) -> tuple[Any, ...]:
    """Return all that the page of a metric shows, its rows if *lens* opens them."""
    on_page = metric_parts.OnPage(
        batch=batch,
        metric=batch.metric(METRIC),
        view=View(),
        lens=lens,
        stores=tuple(batch.stores(EVERYTHING)),
        rights=EVERYTHING,
        language="zh",
    )
    return (
        metric_parts.tile(on_page),
        *metric_parts.trend(on_page),
        *metric_parts.breakdown(on_page),
        metric_parts.hours(on_page),
        metric_parts.spread(on_page),
        metric_parts.rows(on_page),
    )


def measured(draw: Callable[[Batch], Any], batch: Batch) -> dict[str, float]:
    """Return median seconds to draw, seconds to send what is kept, and bytes."""
    times = []
    for _ in range(REPEATS):
        start = time.monotonic()
        parts = draw(batch)
        times.append(time.monotonic() - start)
    start = time.monotonic()
    text = json.dumps(parts, cls=PlotlyJSONEncoder).encode()
    packed = gzip.compress(text, 5)
    return {
        "first": sorted(times)[REPEATS // 2],
        "again": time.monotonic() - start,
        "bytes": len(text),
        "packed": len(packed),
    }


def main() -> None:
    """Measure both pages on the installation that the environment names."""
    batch = Warehouse.open(Settings.from_environment(os.environ)).batch()
    today = questions.local_day(batch.as_of, batch.timezone)
    told = {
        "overview": measured(drawn_overview, batch),
        "store": measured(drawn_store, batch),
        "metric": measured(partial(drawn_metric, lens=Lens()), batch),
        "rows": measured(partial(drawn_metric, lens=Lens(page=1)), batch),
        "tiles": len(chosen.headline()),
        "stores": len(batch.stores(EVERYTHING)),
        "day": today.isoformat(),
    }
    print(json.dumps(told))


def rows(name: str, told: dict[str, Any]) -> list[list[str]]:
    """Return a row for each page of a history called *name*."""
    return [
        [
            name,
            page,
            f"{told[page]['first']:.2f}",
            f"{told[page]['again'] * 1000:.0f}",
            f"{told[page]['bytes'] // 1024:,}",
            f"{told[page]['packed'] / 1024:.1f}",
        ]
        for page in ("overview", "store", "metric", "rows")
    ]


TITLE = "Pages drawn whole (first: once a batch and view; again: each further viewer)"

HEADER = ("history", "page", "first s", "again ms", "kB", "kB packed")


if __name__ == "__main__":
    main()
