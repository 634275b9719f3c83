"""Overview: read the address, ask one batch, draw."""

from functools import partial
from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate

from callbacks import overview_screen as screens
from callbacks.findings import renamed
from callbacks.frame import announce, kept
from callbacks.services import Services
from callbacks.session import rights, spoken
from pages._ui import chosen, figures
from pages._ui.address import View
from pages._ui.attention import attention, tally
from pages._ui.filters import filters, scope_name, store_name, trend_choices
from pages._ui.ids import Overview, Shell
from pages._ui.kpi_tile import kpi_tile
from pages._ui.states import failed, no_batch, nothing
from pages._ui.table import store_rows, table_note
from pages._ui.wording import say
from warehouse.errors import NoBatchError
from warehouse.metrics import CATALOG
from warehouse.text import Language

PATH = "/"


def register(app: Dash, services: Services) -> None:
    """Connect the overview page."""

    @app.callback(
        Output(Overview.DRAWN, "data"),
        Output(Overview.FILTERS, "children"),
        Output(Overview.TALLY, "children"),
        Output(Overview.TILES, "children"),
        Output(Overview.ATTENTION, "children"),
        Output(Overview.TABLE, "rowData"),
        Output(Overview.TABLE_NOTE, "children"),
        Output(Overview.TREND_HEAD, "children"),
        Output(Overview.TREND, "figure"),
        Output(Overview.TREND_NOTE, "children"),
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
    view, ignored = View.read(search, batch.stores(allowed), CATALOG)
    notices = [kept(problem, language), *_ignored(ignored, language)]
    announce(batch, notices, language)
    scope = View(
        region=view.region,
        city_class=view.city_class,
        store=view.store,
        period=view.period,
    )
    screen = services.snapshots.get(
        ("overview", batch.id, allowed, scope),
        partial(screens.screen, batch, scope, allowed),
    )
    course = services.snapshots.get(
        ("trend", batch.id, allowed, scope, view.metric, view.grain),
        partial(screens.course, batch, view, allowed),
    )
    key = [batch.id, scope.query(), language]
    parts = (no_update,) * 5 if drawn == key else _parts(screen, language)
    return (
        key,
        filters(view, screen.all_stores, language),
        *parts,
        *_trend(view, course, screen, language),
    )


def _parts(screen: screens.Screen, language: Language) -> tuple[Any, ...]:
    """Return tally, tiles, findings, rows and the note under the table."""
    metrics = chosen.columns()
    named = {s.store_id: store_name(s, language) for s in screen.all_stores}
    broken = [m.name[language] for m in screens.names(screen.failed)]
    return (
        tally([tile.state for tile in screen.tiles], language),
        [kpi_tile(tile, language) for tile in screen.tiles],
        attention([renamed(f, named) for f in screen.findings], language),
        store_rows(
            screen.stores, screen.cells, screen.stale, screen.view, metrics, language
        ),
        table_note(len(screen.stores), broken, language),
    )


def _trend(
    view: View, course: screens.Course, screen: screens.Screen, language: Language
) -> tuple[Any, ...]:
    """Return the choices above the trend, the figure, and what stands below."""
    shown = View(metric=course.metric.id, grain=course.grain)
    heads = trend_choices(shown, chosen.charted(), language)
    figure = figures.trend(course.series, course.metric, course.grain, language)
    if course.error:
        return heads, figure, failed(course.error, language)
    if not any(reading.value is not None for reading in course.series):
        return heads, figure, nothing(say("trend.empty", language))
    note = say(
        "trend.note",
        language,
        metric=course.metric.name[language],
        scope=scope_name(view, screen.all_stores, language),
        grain=say(f"grain.{course.grain}", language),
    )
    table = figures.trend_table(course.series, course.metric, language)
    below = [
        html.P(note, className="note"),
        html.Details([html.Summary(say("trend.as_table", language)), table]),
    ]
    return heads, figure, below


def _ignored(ignored: tuple[tuple[str, str], ...], language: Language) -> list[str]:
    return [
        say("filter.unknown", language, name=name, value=value)
        for name, value in ignored
    ]


def _empty(reason: str, language: Language) -> tuple[Any, ...]:
    return (None, [], [], no_batch(reason, language), [], [], [], [], {}, [])
