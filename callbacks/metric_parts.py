"""The parts of a metric's page, drawn from its numbers; each fails alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from callbacks import metric_screen as screens
from callbacks import questions
from callbacks.tile_reading import attempt
from pages._ui import (
    figures,
    metric_breakdown,
    metric_compare,
    metric_course,
    metric_definition,
    metric_rows,
    metric_spread,
)
from pages._ui import filters as ui_filters
from pages._ui import norms as ui_norms
from pages._ui.address import View
from pages._ui.codes import called
from pages._ui.kpi_tile import kpi_tile
from pages._ui.metric_address import NETWORK, PATH, Lens, export, href
from pages._ui.section import section
from pages._ui.states import failed, nothing
from pages._ui.wording import say
from warehouse.metrics.metric import Metric
from warehouse.records import Store
from warehouse.scope import Rights
from warehouse.text import Language

WEEK = 5
"""Weekdays that a period must hold to be shown as a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPage:
    """What every part of the page is drawn from."""

    batch: Any
    metric: Metric
    view: View
    lens: Lens
    stores: tuple[Store, ...]
    rights: Rights
    language: Language

    @property
    def is_part(self) -> bool:
        """Whether the network has more stores than the reader's."""
        return self.rights.store_ids is not None

    def read(self, ask: Callable[..., Any]) -> tuple[Any, str]:
        """Return what *ask* gives of this page, or why it could not."""
        return attempt(
            self.metric,
            lambda: ask(self.batch, self.metric, self.view, self.lens, self.rights),
        )


def head(on: OnPage) -> list[Any]:
    """Return the name, the way back, further filters, and the files."""
    language = on.language
    files = [
        html.A(
            say("export.page", language, form=form.upper()),
            href=export(on.metric, on.view, on.lens, "", form),
            className="export",
        )
        for form in ("csv", "xlsx")
    ]
    chips = [
        html.A(
            [
                say(
                    "metric.filter",
                    language,
                    name=_dim(name, language),
                    value=_value(on, name, value),
                )
            ],
            href=href(
                on.metric,
                on.view,
                on.lens,
                where=tuple(p for p in on.lens.where if p[0] != name),
            ),
            className="tag tag--off js-view",
            title=say("metric.filter.off", language),
        )
        for name, value in on.lens.where
    ]
    return [
        dcc.Link(say("metric.back", language), href=PATH, className="metric__back"),
        html.H1(on.metric.name[language], className="metric__name"),
        html.Span(chips, className="metric__filters") if chips else None,
        html.Span(files, className="exports"),
    ]


def _value(on: OnPage, name: str, value: str) -> str:
    """Return what a member is called."""
    return _names(on, name).get(value) or called(name, value, on.language)


def _names(on: OnPage, by: str) -> dict[str, str]:
    """Return what members are called that have names of their own."""
    if by != "store_id":
        return {}
    return {s.store_id: ui_filters.store_name(s, on.language) for s in on.stores}


def _dim(name: str, language: Language) -> str:
    return say(f"dim.{name}", language)


def filters(on: OnPage) -> list[Any]:
    """Return the choice of scope and period."""
    today = questions.local_day(on.batch.as_of, on.batch.timezone)
    return ui_filters.filters(
        on.view, on.stores, today, on.language, is_part=on.is_part
    )


def tile(on: OnPage) -> Any:
    """Return the number as a tile."""
    shown = screens.tile(on.batch, on.metric, on.view, on.lens, on.rights)
    return kpi_tile(shown, on.language)


def definition(metric: Metric, language: Language) -> Any:
    """Return what the metric means."""
    return metric_definition.definition(metric, language)


def lines(metric: Metric, language: Language) -> Any:
    """Return the lines and their history."""
    return metric_definition.lines(metric, language)


def norms(on: OnPage) -> list[Any]:
    """Return what is usual today, where the lines follow it."""
    if on.metric.baseline is None:
        return []
    found, error = attempt(on.metric, lambda: on.batch.norms(on.metric.id))
    if error:
        return [failed(error, on.language)]
    return ui_norms.norms(on.metric, found, on.language)


def feeds(on: OnPage) -> Any:
    """Return the tables behind the metric."""
    return metric_definition.feeds(
        on.metric,
        on.batch.sources(),
        on.batch.lacks(on.metric),
        on.batch.timezone,
        on.batch.as_of,
        on.language,
    )


def trend(on: OnPage) -> tuple[Any, ...]:
    """Return the choice of grain, the figure, and what is told below it."""
    course = screens.course(on.batch, on.metric, on.view, on.lens, on.rights)
    metric, language = on.metric, on.language
    choice = metric_course.grains(course.grain, language)
    if course.error:
        return [choice], figures.blank(), failed(course.error, language)
    if not any(reading.value is not None for reading in course.series):
        return [choice], figures.blank(), nothing(say("trend.empty", language))
    figure = metric_course.controlled(
        course.series, course.chart, metric, course.grain, language
    )
    table = metric_course.points(
        course.series, course.chart, metric, on.view, on.lens, language
    )
    below = [
        *metric_course.told(course.series, course.chart, metric, language),
        html.Details([html.Summary(say("trend.as_table", language)), table]),
    ]
    return [choice], figure, below


def breakdown(on: OnPage) -> tuple[Any, Any]:
    """Return the choice of dimension and the ranking."""
    found = screens.breakdown(on.batch, on.metric, on.view, on.lens, on.rights)
    language = on.language
    if not found.by:
        return [], nothing(say("metric.members.none", language))
    choice = metric_breakdown.dimensions(on.metric, found.by, language)
    if found.error:
        return [choice], failed(found.error, language)
    names = _names(on, found.by)
    return [choice], metric_breakdown.ranking(
        on.metric, found.by, found.members, names, on.view, on.lens, language
    )


def hours(on: OnPage) -> Any:
    """Return the week as a heat map; nothing where hours mean nothing."""
    cells, error = on.read(screens.hours)
    if not error and len({cell.weekday for cell in cells}) < WEEK:
        return []  # A few days are no week: its other days would read as quiet.
    told = (
        failed(error, on.language)
        if error
        else metric_spread.heat(cells, on.metric, on.language)
    )
    return section("heat.heading", on.language, told, name="hours", note="heat.note")


def spread(on: OnPage) -> Any:
    """Return how long durations are; nothing where there are none."""
    bins, error = on.read(screens.durations)
    if not error and not bins:
        return []
    told = (
        [failed(error, on.language)]
        if error
        else metric_spread.histogram(bins, on.metric, on.language)
    )
    return section(
        "spread.heading", on.language, *told, name="spread", note="spread.note"
    )


def compare(on: OnPage) -> tuple[Any, Any]:
    """Return the choice of the other scope, and both side by side."""
    language = on.language
    choice = metric_compare.against(on.metric, on.lens.vs, on.stores, language)
    if choice is None:
        return [], nothing(say("compare.network", language))
    if not on.lens.vs:
        return [choice], nothing(say("compare.hint", language))
    found, error = on.read(screens.compare)
    if error:
        return [choice], failed(error, language)
    here = ui_filters.scope_name(on.view, on.stores, language, is_part=on.is_part)
    return [choice], metric_compare.comparison(
        on.metric,
        (here, _other(on)),
        found.one,
        found.other,
        found.gap,
        language,
    )


def _other(on: OnPage) -> str:
    if on.lens.vs == NETWORK:
        return say("scope.network", on.language)
    name, _, value = on.lens.vs.partition("=")
    if name == "store_id":
        return _value(on, name, value)
    return f"{_dim(name, on.language)}: {_value(on, name, value)}"


def rows(on: OnPage) -> Any:
    """Return the way to the rows, or the page of them that is open."""
    if not on.lens.page:
        return metric_rows.shut(on.metric, on.view, on.lens, on.language)
    found, error = on.read(screens.rows)
    if error:
        return failed(error, on.language)
    behind, page = found
    number, _ = on.read(screens.reading)
    return metric_rows.opened(
        behind,
        number,
        on.metric,
        on.view,
        on.lens,
        page,
        screens.PAGE_SIZE,
        on.batch.timezone,
        on.language,
    )


def unknown(name: str, near: Sequence[Metric], language: Language) -> Any:
    """Return what stands in place of a metric that does not exist; *near* may help."""
    links = [
        html.Li(dcc.Link(one.name[language], href=f"{PATH}/{one.id}")) for one in near
    ]
    hint = [html.P(say("metric.unknown.near", language)), html.Ul(links)]
    return html.Section(
        [
            html.H1(say("metric.unknown", language)),
            html.P(say("metric.unknown.name", language, name=name)),
            *(hint if links else []),
            dcc.Link(say("metric.back", language), href=PATH),
        ],
        className="empty",
        **{"data-state": "missing"},
    )
