"""The stores of a scope by one metric, worst first, with bars and signs."""

from collections.abc import Mapping, Sequence

from dash import html

from pages._ui import format as fmt
from pages._ui import judging, status
from pages._ui.address import View, store_href
from pages._ui.filters import store_name
from pages._ui.lane import Scale, lane
from pages._ui.states import nothing
from pages._ui.status import State
from pages._ui.wording import say
from warehouse.metrics.metric import Metric, Status
from warehouse.metrics.reading import Reading
from warehouse.metrics.standing import badness, is_ranked
from warehouse.records import Store
from warehouse.text import Language

WORST, BEST = 10, 3
"""Stores listed from each end; who lies between is counted, and in the table below."""


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
    if len(known) == 1:
        return [nothing(say("ranking.single", language))]
    ranked.sort(key=lambda one: (badness(metric, one[1]), one[0].store_id))
    ranked.reverse()
    scale = Scale.of(metric, [reading for _, reading in ranked])
    bad = [badness(metric, reading) for _, reading in ranked]
    # 1 is the best everywhere, on the page of a store too; ties share a place.
    shown = [
        (1 + sum(other < own for other in bad), *one)
        for own, one in zip(bad, ranked, strict=True)
    ]
    parts = [shown] if len(shown) <= WORST + BEST else [shown[:WORST], shown[-BEST:]]
    lists = [
        html.Ol(
            [_row(*one, scale, metric, view, language) for one in part],
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


def _row(
    place: int,
    store: Store,
    reading: Reading,
    scale: Scale,
    metric: Metric,
    view: View,
    language: Language,
) -> html.Li:
    state = State.GREY if reading.status is Status.NONE else State(reading.status.value)
    unjudged = status.is_unjudged(reading, state)
    spoken = status.word(state, language, unjudged=unjudged)
    sample = say("tile.n", language, n=fmt.whole(reading.n))
    shown = str(judging.shown(reading, language))
    return html.Li(
        [
            html.Span(str(place), className="ranking__place"),
            html.A(
                store_name(store, language),
                href=store_href(store.store_id, view, metric=metric.id),
                className="ranking__name js-view",
            ),
            lane(reading, scale, state.value),
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
