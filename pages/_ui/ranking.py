"""The stores of a scope by one metric, worst first, with bars and signs."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from dash import html

from pages._ui import format as fmt
from pages._ui import judging, status
from pages._ui.address import View, store_href
from pages._ui.filters import store_name
from pages._ui.states import nothing
from pages._ui.status import State
from pages._ui.tokens import TOKENS
from pages._ui.wording import say
from warehouse.metrics.metric import Direction, Metric, Status
from warehouse.metrics.reading import Reading
from warehouse.records import Store
from warehouse.text import Language

WORST, BEST = 10, 3
"""Stores listed from each end; who lies between is counted, and in the table below."""

WIDTH, HEIGHT = 200, 8


def ranking(
    stores: Sequence[Store],
    readings: Mapping[str, Reading],
    metric: Metric,
    view: View,
    language: Language,
) -> list[html.P | html.Ol]:
    """Return the worst stores and the best; those with too few cases are counted."""
    known = [
        (store, readings[store.store_id])
        for store in stores
        if store.store_id in readings and readings[store.store_id].value is not None
    ]
    ranked = [one for one in known if is_ranked(metric, one[1])]
    if not ranked:
        return [nothing(say("ranking.empty", language))]
    ranked.sort(key=lambda one: (badness(metric, one[1]), one[0].store_id))
    ranked.reverse()
    widest = max(abs(reading.value) for _, reading in ranked) or 1.0
    shown = list(enumerate(ranked, start=1))
    parts = [shown] if len(shown) <= WORST + BEST else [shown[:WORST], shown[-BEST:]]
    lists = [
        html.Ol(
            [_row(n, *one, widest, metric, view, language) for n, one in part],
            className="ranking",
        )
        for part in parts
    ]
    between = len(shown) - sum(map(len, parts))
    if between:
        text = say("ranking.between", language, n=between)
        lists.insert(1, html.P(text, className="ranking__between"))
    few = len(known) - len(ranked)
    if few:
        lists.append(html.P(say("ranking.few", language, n=few), className="note"))
    return lists


def is_ranked(metric: Metric, reading: Reading) -> bool:
    """Tell whether a store has enough cases to stand in a ranking."""
    return reading.value is not None and reading.n >= max(metric.minimum_n, 1)


def badness(metric: Metric, reading: Reading) -> float:
    """Return by what a store is ranked: the more, the worse."""
    if metric.direction is Direction.BAND and reading.thresholds is not None:
        return abs(judging.distance(reading.value, metric, reading.thresholds) or 0.0)
    return -reading.value if metric.direction is Direction.HIGHER else reading.value


def _row(
    place: int,
    store: Store,
    reading: Reading,
    widest: float,
    metric: Metric,
    view: View,
    language: Language,
) -> html.Li:
    state = State.GREY if reading.status is Status.NONE else State(reading.status.value)
    unjudged = status.is_unjudged(reading, state)
    spoken = status.word(state, language, unjudged=unjudged)
    sample = say("tile.n", language, n=fmt.whole(reading.n))
    shown = str(fmt.of(metric, reading.value, language))
    return html.Li(
        [
            html.Span(str(place), className="ranking__place"),
            html.A(
                store_name(store, language),
                href=store_href(store.store_id, view, metric=metric.id),
                className="ranking__name js-view",
            ),
            html.Img(
                src=f"data:image/svg+xml,{quote(_bar(reading, widest, state))}",
                alt="",
                className="ranking__bar",
            ),
            html.Span(
                [
                    html.Span(
                        status.sign(state, unjudged=unjudged),
                        className="cell__sign",
                        **{"aria-hidden": "true"},
                    ),
                    html.Span(spoken, className="visually-hidden"),
                    f" {shown}",
                ],
                className="cell ranking__value",
                **{"data-state": "unjudged" if unjudged else state.value},
            ),
        ],
        title=f"{shown} · {spoken} · {sample}",
        **{"data-store": store.store_id, "data-value": fmt.raw(reading.value)},
    )


def _bar(reading: Reading, widest: float, state: State) -> str:
    colour = TOKENS.get(f"chart-{state}", TOKENS["chart-line"])
    length = max(1.0, WIDTH * abs(reading.value) / widest)
    target = ""
    lines = reading.thresholds
    if lines is not None and 0 < lines.green <= widest:
        at = WIDTH * lines.green / widest
        target = (
            f'<path d="M{at:.1f} 0V{HEIGHT}" stroke="{TOKENS["chart-target"]}" '
            'stroke-width="2" stroke-dasharray="2 1"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'preserveAspectRatio="none"><rect width="{length:.1f}" height="{HEIGHT}" '
        f'fill="{colour}" fill-opacity="0.75"/>{target}</svg>'
    )
