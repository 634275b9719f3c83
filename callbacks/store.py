"""The page of one store: read the address, ask one batch, draw."""

from functools import partial
from typing import Any
from urllib.parse import unquote

from dash import Dash, Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate

from callbacks.frame import announce, held, ignored_notices, kept
from callbacks.questions import local_day
from callbacks.services import Services, Snapshots
from callbacks.session import rights, spoken
from callbacks.store_screen import StoreScreen, ladders, store_screen
from callbacks.trend import kept_course, trend_parts
from pages._ui import board, chosen, figures
from pages._ui.address import View
from pages._ui.filters import period_choice, store_name
from pages._ui.ids import Shell, StorePage
from pages._ui.kpi_tile import kpi_tile
from pages._ui.states import no_batch
from pages._ui.store_head import silence, store_head, unknown_store
from warehouse.errors import NoBatchError
from warehouse.records import Store
from warehouse.scope import Rights
from warehouse.text import Language

PREFIX = "/stores/"

LISTS = 5


def register(app: Dash, services: Services) -> None:
    """Connect the page of one store."""

    @app.callback(
        Output(StorePage.PLACE, "data-state"),
        Output(StorePage.DRAWN, "data"),
        Output(StorePage.HEAD, "children"),
        Output(StorePage.FILTERS, "children"),
        Output(StorePage.TILES, "children"),
        Output(StorePage.ORDERS, "children"),
        Output(StorePage.HANDS, "children"),
        Output(StorePage.PARTS, "children"),
        Output(StorePage.COMEBACKS, "children"),
        Output(StorePage.VOICES, "children"),
        Output(StorePage.TREND_HEAD, "children"),
        Output(StorePage.TREND, "figure"),
        Output(StorePage.TREND_NOTE, "children"),
        Input(Shell.URL, "search"),
        Input(Shell.URL, "pathname"),
        Input(Shell.NEWS, "data"),
        State(Shell.LANGUAGE, "data"),
        State(StorePage.DRAWN, "data"),
    )
    def draw(
        search: str | None, path: str, _news: Any, language: Any, drawn: Any
    ) -> tuple[Any, ...]:
        if store_of(path) is None:
            raise PreventUpdate
        return show(services, store_of(path), search, spoken(language), drawn)


def store_of(path: str | None) -> str | None:
    """Return the id that an address names; None for another page's address.

    It is read from the path alone: a query that names another store is ignored.
    """
    name = (path or "").removeprefix(PREFIX)
    if name == (path or "") or not name or "/" in name:
        return None
    return unquote(name)


def show(
    services: Services,
    store_id: str,
    search: str | None,
    language: Language,
    drawn: Any,
) -> tuple[Any, ...]:
    """Return the whole page; parts that *drawn* says are on screen are left alone."""
    try:
        batch, problem = services.batches.newest()
    except NoBatchError as error:
        announce(None, (), language)
        return _nothing("empty", no_batch(str(error), language))
    allowed = rights()
    once = partial(services.snapshots.get, batch.id)
    stores = once(("stores", allowed), lambda: batch.stores(allowed))
    store = next((one for one in stores if one.store_id == store_id), None)
    if store is None:
        announce(batch, [kept(problem, language)], language)
        return _nothing("unknown", unknown_store(store_id[:60], language))
    asked, ignored = View.read(search, stores, chosen.charted_ids())
    notices = [kept(problem, language), held(services, batch, language)]
    announce(batch, [*notices, *ignored_notices(ignored, language)], language)
    view = View(
        store=store_id, period=asked.period, metric=asked.metric, grain=asked.grain
    )
    shown = [batch.id, store_id, view.period, language]
    kept_parts = partial(
        _kept,
        services.snapshots,
        view=view,
        allowed=allowed,
        language=language,
    )
    services.ahead.note(("store", view, allowed, language), kept_parts)
    (head, *parts), trend = kept_parts(batch, is_whole=drawn != shown)
    today = local_day(batch.as_of, batch.timezone)
    return (
        "closed" if store.is_closed else "open",
        shown,
        head,
        period_choice(view, today, language),
        *parts,
        *trend,
    )


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

    The store is looked up in that batch: its name or hours may have changed.
    """
    once = partial(snapshots.get, batch.id)
    stores = once(("stores", allowed), lambda: batch.stores(allowed))
    store = next(one for one in stores if one.store_id == view.store)
    key = (allowed, view.store, view.period)
    parts: tuple[Any, ...] = (no_update,) * (LISTS + 2)
    if is_whole:
        # One for all readers: it is asked with each reader's rights.
        standing = once(("ladders", view.period), partial(ladders, batch, view))
        screen = once(
            ("store", *key),
            partial(store_screen, batch, store, view, allowed, standing),
        )
        parts = once(
            ("store parts", *key, language), partial(_parts, screen, batch, language)
        )
    course = kept_course(once, batch, view, allowed)
    key = ("store trend", allowed, view, language)
    return parts, once(key, partial(trend_parts, view, course, stores, language))


def _parts(screen: StoreScreen, batch: Any, language: Language) -> tuple[Any, ...]:
    """Return the head, the tiles and the lists."""
    store, told, now = screen.store, screen.board, batch.as_of
    silent = None if store.is_closed else screen.silent_since
    head = [
        *store_head(store, store_name(store, language), language),
        silence(silent, batch.timezone, language),
    ]
    tiles = [kpi_tile(tile, language) for tile in screen.tiles]
    if told is None:
        return (head, tiles, *[None] * LISTS)
    return (
        head,
        tiles,
        board.orders(told, screen.live, now, language),
        board.hands(told, now, language),
        board.parts(told.parts, told, language),
        board.comebacks(told.comebacks, told, language),
        board.voices(told.voices, told, language),
    )


def _nothing(state: str, tell: html.Section | Store) -> tuple[Any, ...]:
    """Return the page with nothing but *tell* on it."""
    return (
        *(state, None, tell, [], []),
        *([None] * LISTS),
        *([], figures.blank(), []),
    )
