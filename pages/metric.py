"""One metric: its number, its definition, its course, its parts and its rows."""

import dash
from dash import html

from pages._ui import locale
from pages._ui.charts import trend_section
from pages._ui.ids import MetricPage
from pages._ui.metric_address import PATH
from pages._ui.metric_rows import ANCHOR
from pages._ui.section import section
from pages._ui.wording import say
from warehouse.metrics import CATALOG
from warehouse.text import Language


def title(metric: str = "", **_rest: str) -> str:
    """Return the title of the browser's tab."""
    language = locale.current()
    known = CATALOG.get(metric)
    name = known.name[language] if known else say("metric.unknown", language)
    return say("title.metric", language, name=name)


def layout(**_query: str) -> html.Div:
    """Return the empty page; callbacks/metric.py fills it from one batch.

    Which metric it is says the path and nothing else: a query could name another.
    """
    language = locale.current()
    filters = html.Div(id=MetricPage.FILTERS, className="filters")
    return html.Div(
        [
            html.Div(id=MetricPage.HEAD, className="metric__head"),
            html.Div(filters, className="bar"),
            html.Div(id=MetricPage.TILE, className="metric__tile"),
            _definition(language),
            _rows(language),
            trend_section(MetricPage, language),
            *_parts(language),
            *_background(language),
        ],
        className="metric",
    )


def _rows(language: Language) -> html.Section:
    return section(
        "rows.heading",
        language,
        html.Div(id=MetricPage.ROWS),
        name="rows",
        note="rows.note",
        anchor=ANCHOR,
    )


def _parts(language: Language) -> list[html.Section | html.Div]:
    """Return what the number is made of: members, hours, lengths, another scope."""
    return [
        section(
            "metric.breakdown.heading",
            language,
            html.Div(id=MetricPage.BREAKDOWN_HEAD, className="choices"),
            html.Div(id=MetricPage.BREAKDOWN),
            name="breakdown",
        ),
        html.Div(id=MetricPage.HOURS),
        html.Div(id=MetricPage.SPREAD),
        section(
            "compare.heading",
            language,
            html.Div(id=MetricPage.COMPARE_HEAD, className="choices"),
            html.Div(id=MetricPage.COMPARE),
            name="compare",
        ),
    ]


def _background(language: Language) -> list[html.Section]:
    """Return the history of the lines, and the tables that feed the metric."""
    return [
        section(
            "metric.lines.heading",
            language,
            html.Div(id=MetricPage.LINES),
            name="lines",
        ),
        section(
            "metric.sources.heading",
            language,
            html.Div(id=MetricPage.SOURCES),
            name="feeds",
        ),
    ]


def _definition(language: Language) -> html.Section:
    return section(
        "metric.definition.heading",
        language,
        html.Div(id=MetricPage.DEFINITION),
        name="definition",
        note="metric.definition.note",
    )


dash.register_page(
    __name__, path_template=f"{PATH}/<metric>", name="metric", title=title
)
