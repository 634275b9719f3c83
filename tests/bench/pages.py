"""Draws overview, store and metric page; prints times as JSON.

Server time from the question to the answer as a browser gets it (read, drawn, made
JSON, compressed), and its bytes. Each batch is read and drawn once for all viewers:
"first" is paid once a batch, by whoever asks it first; "next" by the first viewer of
another scope (a region, another store, another metric's scope), who takes his part of
what has been read; "again" by each further viewer.
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
from callbacks.trend import trend_parts
from pages._ui import chosen
from pages._ui.address import View
from pages._ui.metric_address import Lens
from warehouse.scope import EVERYTHING
from warehouse.settings import Settings
from warehouse.store.warehouse import Batch, Warehouse

REPEATS = 5

METRIC = "ftfr_30d"


def drawn_overview(batch: Batch, number: int) -> tuple[Any, ...]:
    """Return all that the overview shows, as its callback answers.

    *number* 0 is the network's, 1 the first region's.
    """
    stores = batch.stores(EVERYTHING)
    view = View(region=stores[0].region or "") if number else View()
    screen = overview_screen.screen(batch, view, EVERYTHING)
    course = overview_screen.course(batch, view, EVERYTHING)
    return (
        *overview._parts(screen, "zh"),
        *overview._trend(view, course, stores, "zh"),
    )


def drawn_store(batch: Batch, number: int) -> tuple[Any, ...]:
    """Return all that the page of a store shows."""
    stores = batch.stores(EVERYTHING)
    view = View(store=stores[number].store_id)
    screen = store_screen.store_screen(
        batch, stores[number], view, EVERYTHING, store_screen.ladders(batch, view)
    )
    course = overview_screen.course(batch, view, EVERYTHING)
    return (
        *store._parts(screen, batch, "zh"),
        *trend_parts(view, course, stores, "zh"),
    )


def drawn_metric(batch: Batch, number: int, lens: Lens) -> tuple[Any, ...]:
    """Return all that the page of a metric shows, its rows if *lens* opens them."""
    stores = batch.stores(EVERYTHING)
    on_page = metric_parts.OnPage(
        batch=batch,
        metric=batch.metric(METRIC),
        view=View(region=stores[0].region or "") if number else View(),
        lens=lens,
        stores=tuple(stores),
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


def measured(
    draw: Callable[[Batch, int], Any], opened: Callable[[], Batch]
) -> dict[str, float]:
    """Return median seconds to draw, seconds to send what is kept, and bytes.

    *opened* gives a batch of which nobody has asked anything yet.
    """
    times: dict[str, list[float]] = {"first": [], "cpu": [], "next": []}
    for _ in range(REPEATS):
        batch = opened()
        start, computed = time.monotonic(), time.process_time()
        parts = draw(batch, 0)
        times["first"].append(time.monotonic() - start)
        times["cpu"].append(time.process_time() - computed)
        start = time.monotonic()
        draw(batch, 1)
        times["next"].append(time.monotonic() - start)
    start = time.monotonic()
    text = json.dumps(parts, cls=PlotlyJSONEncoder).encode()
    packed = gzip.compress(text, 5)
    return {
        **{name: sorted(taken)[REPEATS // 2] for name, taken in times.items()},
        "again": time.monotonic() - start,
        "bytes": len(text),
        "packed": len(packed),
    }


def main() -> None:
    """Measure the pages on the installation that the environment names."""
    settings = Settings.from_environment(os.environ)

    def opened() -> Batch:
        return Warehouse.open(settings).batch()

    batch = opened()
    today = questions.local_day(batch.as_of, batch.timezone)
    told = {
        "overview": measured(drawn_overview, opened),
        "store": measured(drawn_store, opened),
        "metric": measured(partial(drawn_metric, lens=Lens()), opened),
        "rows": measured(partial(drawn_metric, lens=Lens(page=1)), opened),
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
            f"{told[page]['cpu']:.2f}",
            f"{told[page]['next']:.2f}",
            f"{told[page]['again'] * 1000:.0f}",
            f"{told[page]['bytes'] // 1024:,}",
            f"{told[page]['packed'] / 1024:.1f}",
        ]
        for page in ("overview", "store", "metric", "rows")
    ]


TITLE = (
    "Pages drawn whole (first: once a batch; next: once another scope of it; again: "
    "each further viewer)"
)

HEADER = (
    "history",
    "page",
    "first s",
    "its cpu s",
    "next s",
    "again ms",
    "kB",
    "kB packed",
)


if __name__ == "__main__":
    main()
