"""Two scopes of one metric side by side, and whether they differ."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui.codes import called
from pages._ui.filters import EVERYTHING, store_name
from pages._ui.metric_address import NETWORK
from pages._ui.metric_choice import choice
from pages._ui.plain_table import table
from pages._ui.states import nothing
from pages._ui.status import chip, is_unjudged, state_of
from pages._ui.tile_details import interval
from pages._ui.wording import say
from warehouse.metrics.comparing import Difference
from warehouse.metrics.metric import Metric
from warehouse.metrics.reading import Reading
from warehouse.records import Freshness, Store
from warehouse.text import Language


def against(
    metric: Metric, chosen: str, stores: Sequence[Store], language: Language
) -> html.Label | None:
    """Return the choice of the other scope; None where a metric has no stores."""
    if "store_id" not in metric.dimensions:
        return None
    options = [
        {"value": EVERYTHING, "label": say("compare.nobody", language)},
        {"value": NETWORK, "label": say("scope.network", language)},
        *_options("region", (s.region for s in stores), "filter.region", language),
        *_options(
            "city_class",
            (s.city_class for s in stores),
            "filter.city_class",
            language,
        ),
        *[
            {"value": f"store_id={s.store_id}", "label": store_name(s, language)}
            for s in sorted(stores, key=lambda s: store_name(s, language))
        ],
    ]
    known = {one["value"] for one in options}
    if chosen and chosen not in known:
        options.append({"value": chosen, "label": chosen})
    label = say("compare.with", language)
    return choice("vs", label, chosen or EVERYTHING, options, EVERYTHING)


def _options(
    name: str, values: Iterable[str | None], key: str, language: Language
) -> list[dict[str, str]]:
    label = say(key, language)
    found = sorted({value for value in values if value})
    return [
        {"value": f"{name}={v}", "label": f"{label}: {called(name, v, language)}"}
        for v in found
    ]


def comparison(
    metric: Metric,
    names: tuple[str, str],
    one: Reading | None,
    other: Reading | None,
    gap: Difference | None,
    language: Language,
) -> list[Any]:
    """Return both readings as a table, and what lies between them."""
    if one is None or other is None:
        return [nothing(say("compare.none", language))]
    rows = [
        (
            name,
            str(fmt.of(metric, r.value, language)),
            _state(r, language),
            fmt.whole(r.n),
            interval(r, language),
            fmt.period(r.period_start, r.period_end, language),
        )
        for name, r in zip(names, (one, other), strict=True)
    ]
    heads = ("compare.scope", "trend.value", "metric.state", "tile.sample")
    listing = table(
        (*heads, "tile.interval", "tile.period"),
        rows,
        language,
        label=say("compare.heading", language),
        numeric=frozenset({1, 3}),
    )
    return [listing, *_gap(metric, gap, language)]


def _state(reading: Reading, language: Language) -> Any:
    state = state_of(reading, Freshness.FRESH)
    return chip(state, language, unjudged=is_unjudged(reading, state))


def _gap(metric: Metric, gap: Difference | None, language: Language) -> list[html.P]:
    if gap is None:
        return []
    unit = metric.unit
    shown = fmt.difference(gap.value, unit, language)
    if gap.is_clear is None:
        text = say("compare.gap", language, gap=shown)
    else:
        key = "compare.gap.clear" if gap.is_clear else "compare.gap.unclear"
        low, high = (fmt.difference(v, unit, language) for v in (gap.low, gap.high))
        text = say(key, language, gap=shown, low=low, high=high)
    return [html.P(text, className="note")]
