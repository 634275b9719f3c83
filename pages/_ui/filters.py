"""The choice of scope and period: native selects that write into the address.

`assets/20-view.js` reads `data-param` and changes the address; no callback listens
to these, so the address stays the only memory of a view.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from pages._ui import periods
from pages._ui.address import TREND_GRAINS, View
from pages._ui.codes import called
from pages._ui.wording import say
from warehouse.metrics.metric import Metric
from warehouse.records import SilentStore, Store
from warehouse.text import Language

Options = list[dict[str, str]]

EVERYTHING = "all"
"""The choice that leaves a parameter out; a select shows no option without a value."""


def filters(
    view: View,
    stores: Sequence[Store],
    today: date,
    language: Language,
    *,
    is_part: bool = False,
) -> list[html.Button | html.Div]:
    """Return the filters of the overview, set to *view*.

    *is_part* says that the network has more stores than the reader's *stores*.

    On a phone they are a sheet at the thumb: the button opens it and says what is
    chosen (`assets/21-sheet.js`).
    """
    where = scope_name(view, stores, language, is_part=is_part)
    chosen = f"{where} · {periods.label(view.period, today, language)}"
    return [
        html.Button(
            [
                html.Span(say("filter.open", language), className="sheet__word"),
                html.Span(chosen, className="sheet__chosen"),
            ],
            type="button",
            className="sheet__button",
            **{"data-sheet": "filters", "aria-expanded": "false"},
        ),
        html.Div(
            [*_choices(view, stores, today, language)],
            className="filters__choices",
        ),
    ]


def period_choice(view: View, today: date, language: Language) -> list[Any]:
    """Return the choice of period, and the two dates of one's own."""
    days = periods.named(view.period)
    offered = periods.offered(today)
    is_own = days is not None and view.period not in offered
    options = [
        {"value": p, "label": periods.label(p, today, language)} for p in offered
    ]
    if is_own:
        name = periods.label(view.period, today, language)
        options.append({"value": view.period, "label": name})
    options.append({"value": periods.CUSTOM, "label": say("period.custom", language)})
    return [
        _select("period", view.period, options, language),
        html.Div(
            className="dates",
            **{
                "data-dates": view.period if is_own else "",
                "data-from": say("period.from", language),
                "data-to": say("period.to", language),
                "data-today": today.isoformat(),
            },
        ),
    ]


def _choices(
    view: View, stores: Sequence[Store], today: date, language: Language
) -> list[Any]:
    inside = [s for s in stores if _fits(s, view)]
    return [
        _select(
            "region",
            view.region,
            _names("region", (s.region for s in stores), language),
            language,
        ),
        _select(
            "city_class",
            view.city_class,
            _names("city_class", (s.city_class for s in stores), language),
            language,
        ),
        _select("store", view.store, _stores(inside, language), language),
        *period_choice(view, today, language),
        html.A(
            say("filter.clear", language), href="/", className="filters__clear js-view"
        )
        if view.query(metric="", grain="") != "?"
        else None,
    ]


def trend_choices(
    view: View, metrics: Iterable[Metric], language: Language
) -> list[html.Label]:
    """Return the choice of metric and grain above the trend."""
    names = [{"value": m.id, "label": m.name[language]} for m in metrics]
    grains = [{"value": g, "label": say(f"grain.{g}", language)} for g in TREND_GRAINS]
    return [
        _choice("metric", say("trend.metric", language), view.metric, names),
        _choice("grain", say("trend.grain", language), view.grain, grains),
    ]


def store_name(store: Store | SilentStore, language: Language) -> str:
    """Return a store's name in *language* as far as it has one."""
    return (store.name_en or store.name) if language == "en" else store.name


def scope_name(
    view: View, stores: Iterable[Store], language: Language, *, is_part: bool = False
) -> str:
    """Return the scope in words.

    *stores* are those of the reader; with *is_part* the network has more, and what is
    chosen holds for his own only: one is named, of several it is told how many.
    """
    if view.store:
        named = (store_name(s, language) for s in stores if s.store_id == view.store)
        return next(named, view.store)
    inside = [s for s in stores if _fits(s, view)]
    if is_part and len(inside) == 1:
        return store_name(inside[0], language)
    regions = {s.region for s in inside if s.region}
    only = next(iter(regions)) if is_part and len(regions) == 1 else ""
    chosen = (("region", view.region or only), ("city_class", view.city_class))
    parts = [called(name, value, language) for name, value in chosen if value]
    if is_part:
        parts.append(say("scope.part", language, n=len(inside)))
    return " · ".join(parts) or say("scope.network", language)


def _fits(store: Store, view: View) -> bool:
    return (not view.region or store.region == view.region) and (
        not view.city_class or store.city_class == view.city_class
    )


def _names(dimension: str, values: Iterable[str | None], language: Language) -> Options:
    names = sorted({value for value in values if value})
    return _all(language) + [
        {"value": name, "label": called(dimension, name, language)} for name in names
    ]


def _stores(stores: Iterable[Store], language: Language) -> Options:
    named = sorted((store_name(s, language), s.store_id) for s in stores)
    return _all(language) + [{"value": i, "label": name} for name, i in named]


def _all(language: Language) -> Options:
    return [{"value": EVERYTHING, "label": say("filter.all", language)}]


def _select(
    param: str, chosen: str, options: Options, language: Language
) -> html.Label:
    return _choice(param, say(f"filter.{param}", language), chosen, options)


def _choice(param: str, label: str, chosen: str, options: Options) -> html.Label:
    """Return a labelled select; its key makes a chosen value win over a typed one."""
    return html.Label(
        [
            html.Span(label, className="choice__label"),
            dbc.Select(
                options=options,
                value=chosen or EVERYTHING,
                size="sm",
                className="choice__select",
            ),
        ],
        className="choice",
        **{
            "data-param": param,
            "data-chosen": "no" if chosen in {"", "default"} else "yes",
        },
    )
