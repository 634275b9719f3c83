"""The table of stores on a phone: a card each, the worst first, what is off named."""

from collections.abc import Sequence

from dash import html

from pages._ui.status import SIGNS, State
from pages._ui.table import Row
from pages._ui.wording import say
from warehouse.metrics.metric import Metric
from warehouse.text import Language

SHOWN = 20
"""Cards on the page; the others are counted, and found with the filters."""

OFF = (State.RED, State.AMBER)


def store_cards(
    rows: Sequence[Row], metrics: Sequence[Metric], language: Language
) -> list[html.Ol | html.P]:
    """Return the rows of the table as cards; nothing where there are none."""
    if not rows:
        return []
    worst = sorted(rows, key=lambda row: [-n for n in _counts(row, metrics)])
    cards = html.Ol(
        [_card(row, metrics, language) for row in worst[:SHOWN]], className="cards"
    )
    rest = len(worst) - SHOWN
    if rest <= 0:
        return [cards]
    return [cards, html.P(say("cards.more", language, n=rest), className="note")]


def _counts(row: Row, metrics: Sequence[Metric]) -> list[int]:
    states = [row.get(f"{metric.id}__state") for metric in metrics]
    return [states.count(state.value) for state in OFF]


def _card(row: Row, metrics: Sequence[Metric], language: Language) -> html.Li:
    told = {state: _named(row, metrics, state) for state in State}
    off = [one for state in OFF for one in told[state]]
    good = len(told[State.GREEN])
    stale = len(told[State.STALE])
    rest = [
        say(key, language, n=n)
        for key, n in (("cards.good", good), ("cards.stale", stale))
        if n
    ]
    if not off and not rest:
        rest = [say("state.nodata", language)]
    return html.Li(
        [
            html.Div(
                [
                    html.A(row["store"], href=row["href"], className="cards__name"),
                    html.Span(row["place"], className="cards__place"),
                ],
                className="cards__head",
            ),
            html.Ul(
                [_line(row, metric, language) for metric in off], className="cards__off"
            )
            if off
            else None,
            html.P(" · ".join(rest), className="cards__rest") if rest else None,
        ],
        className="cards__card",
        **{"data-store": row["store_id"], "data-reds": str(row["reds"])},
    )


def _named(row: Row, metrics: Sequence[Metric], state: State) -> list[Metric]:
    return [m for m in metrics if row.get(f"{m.id}__state") == state.value]


def _line(row: Row, metric: Metric, language: Language) -> html.Li:
    state = State(row[f"{metric.id}__state"])
    return html.Li(
        [
            html.Span(SIGNS[state], className="chip__sign", **{"aria-hidden": "true"}),
            html.Span(row[f"{metric.id}__word"], className="visually-hidden"),
            html.Span(metric.name[language], className="cards__metric"),
            html.Span(row[f"{metric.id}__text"], className="cards__value"),
        ],
        **{"data-state": state.value},
    )
