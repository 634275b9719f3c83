"""A metric's page: read the address, ask one batch, draw part by part."""

from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from typing import Any

from dash import Dash, Input, Output, State, html
from dash.exceptions import PreventUpdate

from callbacks import audit, metric_parts
from callbacks.alerts_reading import in_force
from callbacks.frame import announce, held, ignored_notices, kept
from callbacks.services import Services
from callbacks.session import may, rights, spoken
from pages._ui import chosen, figures
from pages._ui.address import View
from pages._ui.ids import MetricPage, Shell
from pages._ui.metric_address import Lens, metric_of
from pages._ui.states import no_batch
from pages._ui.wording import say
from warehouse.access.events import Did
from warehouse.access.roles import Action
from warehouse.errors import NoBatchError
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Metric
from warehouse.text import Language

OUTPUTS = (
    (MetricPage.HEAD, "children"),
    (MetricPage.FILTERS, "children"),
    (MetricPage.TILE, "children"),
    (MetricPage.DEFINITION, "children"),
    (MetricPage.TREND_HEAD, "children"),
    (MetricPage.TREND, "figure"),
    (MetricPage.TREND_NOTE, "children"),
    (MetricPage.BREAKDOWN_HEAD, "children"),
    (MetricPage.BREAKDOWN, "children"),
    (MetricPage.HOURS, "children"),
    (MetricPage.SPREAD, "children"),
    (MetricPage.COMPARE_HEAD, "children"),
    (MetricPage.COMPARE, "children"),
    (MetricPage.ROWS, "children"),
    (MetricPage.LINES, "children"),
    (MetricPage.SOURCES, "children"),
)


def register(app: Dash, services: Services) -> None:
    """Connect the page of a metric."""

    @app.callback(
        *[Output(place, prop) for place, prop in OUTPUTS],
        Input(Shell.URL, "search"),
        Input(Shell.NEWS, "data"),
        State(Shell.URL, "pathname"),
        State(Shell.LANGUAGE, "data"),
    )
    def draw(
        search: str | None, _news: Any, path: str, language: Any
    ) -> tuple[Any, ...]:
        metric_id = metric_of(path)
        if not metric_id:
            raise PreventUpdate
        told = spoken(language)
        if metric_id not in CATALOG:
            return _unknown(metric_id, told)
        metric = in_force(services, CATALOG[metric_id])
        return show(services, metric, search, told)


def show(
    services: Services, metric: Metric, search: str | None, language: Language
) -> tuple[Any, ...]:
    """Return the whole page; without a batch, the definition and what to do."""
    try:
        batch, problem = services.batches.newest()
    except NoBatchError as error:
        announce(None, (), language)
        return _empty(metric, no_batch(str(error), language), language)
    # Lines that people have set hold here too: there is one threshold.
    metric = batch.metric(metric.id)
    allowed = rights()
    once = partial(services.snapshots.get, batch.id)
    stores = once(("stores", allowed), lambda: batch.stores(allowed))
    view, ignored = View.read(search, stores, chosen.charted_ids())
    lens, more = Lens.read(search, metric)
    unread = tuple(found for found in (*ignored, *more) if found[0] != "metric")
    notices = [kept(problem, language), held(services, batch, language)]
    announce(batch, [*notices, *ignored_notices(unread, language)], language)
    on_page = metric_parts.OnPage(
        batch=batch,
        metric=metric,
        view=view,
        lens=lens,
        stores=tuple(stores),
        rights=allowed,
        language=language,
    )
    return _drawn(on_page, once)


def _drawn(on_page: metric_parts.OnPage, once: Callable[..., Any]) -> tuple[Any, ...]:
    """Return every part; *once* keeps what is drawn of this batch for all readers."""
    metric, lens, language = on_page.metric, on_page.lens, on_page.language
    view = on_page.view
    mine = (metric.id, on_page.rights, language)

    def part(name: str, draw: Callable[[], Any], *parts: Any) -> Any:
        return once(("metric", name, *mine, *parts), draw)

    scope = (view.scope, lens.where)
    now = part("tile", partial(metric_parts.tile, on_page), *scope)
    trend = part("trend", partial(metric_parts.trend, on_page), view, lens)
    return (
        metric_parts.head(on_page),
        metric_parts.filters(on_page),
        now,
        metric_parts.definition(metric, language),
        *trend,
        *part("by", partial(metric_parts.breakdown, on_page), view.scope, lens),
        part("hours", partial(metric_parts.hours, on_page), *scope),
        part("spread", partial(metric_parts.spread, on_page), *scope),
        *part("vs", partial(metric_parts.compare, on_page), *scope, lens.vs),
        _rows(on_page),
        [
            metric_parts.lines(metric, language),
            *part("norms", partial(metric_parts.norms, on_page)),
        ],
        metric_parts.feeds(on_page),
    )


def _rows(on_page: metric_parts.OnPage) -> Any:
    """Return the rows as far as the reader may see them; a look is written down."""
    if not may(Action.SEE_ROWS):
        return html.P(say("rows.forbidden", on_page.language), className="nothing")
    if on_page.lens.page:
        audit.note(
            Did.SEE_ROWS,
            on_page.metric.id,
            scope=on_page.lens.query(on_page.view),
            page=on_page.lens.page,
        )
    return metric_parts.rows(on_page)


def _unknown(metric_id: str, language: Language) -> tuple[Any, ...]:
    near = get_close_matches(metric_id[:60], CATALOG, n=3)
    found = [CATALOG[name] for name in near]
    return _only(metric_parts.unknown(metric_id[:60], found, language))


def _empty(metric: Metric, told: Any, language: Language) -> tuple[Any, ...]:
    filled = list(_only(told))
    filled[3] = metric_parts.definition(metric, language)
    filled[-2] = metric_parts.lines(metric, language)
    return tuple(filled)


def _only(told: Any) -> tuple[Any, ...]:
    """Return the page with nothing but *told* at its head."""
    parts: list[Any] = [[] for _ in OUTPUTS]
    parts[0] = told
    parts[5] = figures.blank()
    return tuple(parts)
