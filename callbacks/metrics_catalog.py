"""The catalogue of metrics: what is declared, and what feeds it in this batch."""

from functools import partial
from typing import Any

from dash import Dash, html

from callbacks.alerts_reading import in_force_all
from callbacks.drawing import draw_page
from callbacks.frame import announce, kept
from callbacks.services import Services
from pages._ui import metric_catalog as catalog
from pages._ui.ids import Catalog
from pages._ui.metric_address import PATH
from pages._ui.states import no_batch
from pages._ui.wording import say
from warehouse.errors import NoBatchError
from warehouse.metrics import CATALOG
from warehouse.text import Language


def register(app: Dash, services: Services) -> None:
    """Connect the catalogue."""
    parts = ((Catalog.FILTERS, "children"), (Catalog.TABLE, "children"))
    draw_page(app, PATH, parts, partial(show, services))


def show(services: Services, search: str | None, language: Language) -> tuple[Any, ...]:
    """Return the filters and the table."""
    wanted = catalog.Wanted.read(search)
    metrics = in_force_all(services)
    choices = catalog.choices(wanted, metrics, language)
    try:
        batch, problem = services.batches.newest()
    except NoBatchError as error:
        announce(None, (), language)
        return choices, no_batch(str(error), language)
    announce(batch, [kept(problem, language)], language)
    fed = services.snapshots.get(batch.id, ("feeds",), lambda: feeds(batch))
    in_force = [batch.metric(metric.id) for metric in metrics]
    found = catalog.found(in_force, fed, wanted)
    count = say("catalog.count", language, n=len(found), total=len(metrics))
    return choices, [
        html.P(count, className="note"),
        catalog.listing(found, fed, language),
    ]


def feeds(batch: Any) -> dict[str, str]:
    """Return the state of what feeds each metric: its freshness, or that it lacks."""
    return {
        metric.id: "missing"
        if batch.lacks(metric)
        else batch.freshness_of(metric).value
        for metric in CATALOG.values()
    }
