"""Overview: read the address, ask one batch, draw."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate

from callbacks import overview_screen as screens
from callbacks.findings import renamed
from callbacks.frame import announce, held, ignored_notices, kept
from callbacks.questions import local_day
from callbacks.services import Services, Snapshots
from callbacks.session import rights, spoken
from callbacks.trend import kept_course, trend_parts
from pages._ui import chosen, figures, status
from pages._ui.address import View
from pages._ui.attention import attention, brief, tally
from pages._ui.filters import filters, store_name
from pages._ui.ids import Overview, Shell
from pages._ui.kpi_tile import kpi_tile
from pages._ui.ranking import ranking
from pages._ui.states import no_batch
from pages._ui.store_cards import store_cards
from pages._ui.table import grid_looks, store_rows, table_note
from warehouse.errors import NoBatchError
from warehouse.records import Store
from warehouse.scope import Rights
from warehouse.text import Language

PATH = "/"

PARTS = 7
"""What is drawn from the scope alone, and left alone while it stays."""


def register(app: Dash, services: Services) -> None:
    """Connect the overview page."""

    @app.callback(
        Output(Overview.DRAWN, "data"),
        Output(Overview.FILTERS, "children"),
        Output(Overview.TALLY, "children"),
        Output(Overview.TILES, "children"),
        Output(Overview.ATTENTION, "children"),
        Output(Overview.TABLE, "rowData"),
        Output(Overview.TABLE, "className"),
        Output(Overview.CARDS, "children"),
        Output(Overview.TABLE_NOTE, "children"),
        Output(Overview.TREND_HEAD, "children"),
        Output(Overview.TREND, "figure"),
        Output(Overview.TREND_NOTE, "children"),
        Output(Overview.RANKING, "children"),
        Input(Shell.URL, "search"),
        Input(Shell.NEWS, "data"),
        State(Shell.URL, "pathname"),
        State(Shell.LANGUAGE, "data"),
        State(Overview.DRAWN, "data"),
    )
    def draw(
        search: str | None, _news: Any, path: str, language: Any, drawn: Any
    ) -> tuple[Any, ...]:
        if path != PATH:
            raise PreventUpdate
        return show(services, search, spoken(language), drawn)


def show(
    services: Services, search: str | None, language: Language, drawn: Any
) -> tuple[Any, ...]:
    """Return the whole page; parts that *drawn* says are on screen are left alone."""
    try:
        batch, problem = services.batches.newest()
    except NoBatchError as error:
        announce(None, (), language)
        return _empty(str(error), language)
    allowed = rights()
    once = partial(services.snapshots.get, batch.id)
    stores = once(("stores", allowed), lambda: batch.stores(allowed))
    view, ignored = View.read(search, stores, chosen.charted_ids())
    notices = [kept(problem, language), held(services, batch, language)]
    announce(batch, [*notices, *ignored_notices(ignored, language)], language)
    shown = [batch.id, view.scope.query(), language]
    kept_parts = partial(
        _kept, services.snapshots, view=view, allowed=allowed, language=language
    )
    services.ahead.note(("overview", view, allowed, language), kept_parts)
    parts, trend = kept_parts(batch, is_whole=drawn != shown)
    today = local_day(batch.as_of, batch.timezone)
    is_part = allowed.store_ids is not None
    choices = filters(view, stores, today, language, is_part=is_part)
    return (shown, choices, *parts, *trend)


def _kept(
    snapshots: Snapshots,
    batch: Any,
    *,
    view: View,
    allowed: Rights,
    language: Language,
    is_whole: bool = True,
) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return the parts and the trend of a batch, drawn once for all readers.

    What is drawn is kept as well as what was read: drawing costs more than sending.
    """
    once = partial(snapshots.get, batch.id)
    stores = once(("stores", allowed), lambda: batch.stores(allowed))
    key = (allowed, view.scope)
    screen = once(("screen", *key), partial(screens.screen, batch, view.scope, allowed))
    parts: tuple[Any, ...] = (no_update,) * PARTS
    if is_whole:
        parts = once(("parts", *key, language), partial(_parts, screen, language))
    course = kept_course(once, batch, view, allowed)
    key = ("trend", allowed, view, language)
    return parts, once(key, partial(_trend, view, course, stores, language, allowed))


def _parts(screen: screens.Screen, language: Language) -> tuple[Any, ...]:
    """Return tally, tiles, findings, rows, cards and the note under the table."""
    metrics = chosen.columns()
    named = {s.store_id: store_name(s, language) for s in screen.all_stores}
    broken = [m.name[language] for m in screens.names(screen.failed)]
    found = [renamed(finding, named) for finding in screen.findings]
    states = [tile.state for tile in screen.tiles]
    counted = tally(states, found, language)
    rows = store_rows(
        screen.stores, screen.cells, screen.stale, screen.view, metrics, language
    )
    return (
        [html.Div(counted, className="tally__chips"), brief(found, language)],
        [kpi_tile(tile, language) for tile in screen.tiles],
        attention(found, language, states.count(status.State.STALE)),
        rows,
        grid_looks(len(screen.stores)),
        store_cards(rows, metrics, language),
        table_note(len(screen.stores), broken, language),
    )


def _trend(
    view: View,
    course: screens.Course,
    stores: Sequence[Store],
    language: Language,
    allowed: Rights,
) -> tuple[Any, ...]:
    """Return the choices above the trend, the figure, the note, and the ranking."""
    inside = [store for store in stores if view.holds(store)]
    ranked = ranking(inside, course.by_store or {}, course.metric, view, language)
    is_part = allowed.store_ids is not None
    trend = trend_parts(view, course, stores, language, is_part=is_part)
    return (*trend, ranked)


def _empty(reason: str, language: Language) -> tuple[Any, ...]:
    tell = no_batch(reason, language)
    return (None, [], [], tell, [], [], "grid", [], [], [], figures.blank(), [], [])
