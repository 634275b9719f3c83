"""How a number spreads: a heat map of weekday × hour, and the lengths of durations."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui.charts import chart
from pages._ui.figures.trend import Figure
from pages._ui.plain_table import table
from pages._ui.tokens import TOKENS, template
from pages._ui.wording import say
from warehouse.behind import Bin, HourCell
from warehouse.metrics.metric import Metric
from warehouse.text import Language

LEVELS = 5

FEWEST = 5
"""Cells with fewer rows show their value without a tint: it says little."""

LABELS = 6
"""Bars that are named below a figure: more would touch on a phone."""


def heat(cells: Sequence[HourCell], metric: Metric, language: Language) -> html.Div:
    """Return the week as a table, darker where the value is higher."""
    found = {(cell.weekday, cell.hour): cell for cell in cells}
    hours = sorted({cell.hour for cell in cells})
    level = _levels(cells)
    unit = fmt.UNITS[metric.unit][language]
    day = say("heat.day", language)
    head = [html.Th(f"{day} ({unit})" if unit else day, scope="col")]
    head += [html.Th(f"{hour}:00", scope="col") for hour in hours]
    body = []
    for weekday in range(1, 8):
        name = fmt.WEEKDAYS[language][weekday - 1]
        row: list[Any] = [html.Th(name, scope="row")]
        for hour in hours:
            cell = found.get((weekday, hour))
            row.append(_heat_cell(cell, level, metric, f"{name} {hour}:00", language))
        body.append(html.Tr(row))
    return html.Div(
        html.Table(
            [html.Thead(html.Tr(head)), html.Tbody(body)], className="table heat"
        ),
        className="table-scroll",
        tabIndex=0,
        role="region",
        **{"aria-label": say("heat.heading", language)},
    )


def _levels(cells: Sequence[HourCell]) -> Any:
    """Return what tells a cell's fifth of the week: one odd hour hides no other."""
    known = [c.value for c in cells if c.value is not None and c.n >= FEWEST]
    shown = sorted(set(known))

    def level(cell: HourCell) -> str:
        if cell.value is None or cell.n < FEWEST or len(shown) < 2:
            return "few"
        return str(1 + bisect_left(shown, cell.value) * LEVELS // len(shown))

    return level


def _heat_cell(
    cell: HourCell | None, level: Any, metric: Metric, when: str, language: Language
) -> html.Td:
    if cell is None:
        return html.Td("", **{"data-level": "none"})
    shown = fmt.of(metric, cell.value, language)
    tip = say("heat.cell", language, when=when, value=shown, n=fmt.whole(cell.n))
    return html.Td(shown.number, title=tip, **{"data-level": level(cell)})


def histogram(bins: Sequence[Bin], metric: Metric, language: Language) -> list[Any]:
    """Return how many durations are how long, as a figure and as a table."""
    rows = [
        (
            _span(one, metric, language),
            fmt.whole(one.closed),
            fmt.whole(one.running),
        )
        for one in bins
    ]
    return [
        chart(bars(bins, metric, language), is_low=True),
        html.Details(
            [
                html.Summary(say("trend.as_table", language)),
                table(
                    ("spread.length", "spread.closed", "spread.running"),
                    rows,
                    language,
                    label=say("spread.heading", language),
                    numeric=frozenset({1, 2}),
                ),
            ]
        ),
    ]


def bars(bins: Sequence[Bin], metric: Metric, language: Language) -> Figure:
    """Return the figure: closed durations, and those that still run on top."""
    spans = [_span(one, metric, language) for one in bins]
    named = _named(len(bins))
    parts = (("spread.closed", "closed", "chart-line"),)
    if any(one.running for one in bins):
        parts += (("spread.running", "running", "chart-amber"),)
    return {
        "data": [
            {
                "type": "bar",
                "name": say(key, language),
                "x": spans,
                "y": [getattr(one, name) for one in bins],
                "marker": {"color": TOKENS[colour]},
                "hovertemplate": "%{x}<br>%{y}<extra>%{fullData.name}</extra>",
            }
            for key, name, colour in parts
        ],
        "layout": {
            "template": template(),
            "barmode": "stack",
            "bargap": 0.08,
            "showlegend": len(parts) > 1,
            "legend": {"orientation": "h", "y": 1.12},
            "xaxis": {
                "type": "category",
                "tickangle": 0,
                "tickvals": [spans[i] for i in named],
                "ticktext": [_ends(bins[i]) for i in named],
                "title": {"text": fmt.UNITS[metric.unit][language]},
            },
            "margin": {"l": 8, "r": 8, "t": 12, "b": 8},
        },
    }


def _named(bars: int) -> list[int]:
    """Return the bars to name: a few, and the last, which holds all that is longer."""
    step = -(-bars // LABELS)
    last = bars - 1
    return [i for i in range(0, bars, max(step, 1)) if last - i > step / 2] + [last]


def _ends(one: Bin) -> str:
    return f"≥ {one.low:g}" if one.high is None else f"{one.low:g}–{one.high:g}"


def _span(one: Bin, metric: Metric, language: Language) -> str:
    return f"{_ends(one)} {fmt.UNITS[metric.unit][language]}"
