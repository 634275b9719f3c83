"""Why red: the sentence, and the splits that add up to the gap."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui.alert_list import Setting
from pages._ui.codes import called
from pages._ui.plain_table import table
from pages._ui.states import nothing
from pages._ui.wording import say
from warehouse.alerts.drivers import Driver, Split
from warehouse.alerts.saying import amount, points
from warehouse.alerts.saying_why import DIMENSIONS, because, member_name
from warehouse.alerts.why import Why
from warehouse.text import Language

LISTED = 8
"""Drivers shown of each split; the others are added up."""


def why(found: Why | None, change: Why | None, setting: Setting) -> list[Any]:
    """Return the plain sentence and the splits behind it, then those of the change."""
    language = setting.language
    if found is None and change is None:
        return [nothing(say("alert.why.none", language))]
    parts: list[Any] = []
    for one, key in ((found, "alert.why.target"), (change, "alert.why.before")):
        if one is None:
            continue
        gap = points(one.metric, one.splits[0].gap, language, is_share=one.is_share)
        one = spoken(one, language)
        told = because(one, setting.names, language)
        parts.append(html.H3(say(key, language, gap=gap), className="why__heading"))
        parts.append(html.P(told, className="why__sentence"))
        parts += [_split(split, one, setting) for split in one.splits]
    return parts


def spoken(found: Why, language: Language) -> Why:
    """Return *found* with its members called as the reader calls them."""
    splits = tuple(_spoken(split, language) for split in found.splits)
    main = found.main
    if main is not None:
        named = dict(zip(map(id, found.splits), splits, strict=True))
        split, driver = main
        member = called(split.dimension, driver.member, language)
        main = (named[id(split)], replace(driver, member=member))
    return replace(found, splits=splits, main=main)


def _spoken(split: Split, language: Language) -> Split:
    drivers = tuple(
        replace(one, member=called(split.dimension, one.member, language))
        for one in split.drivers
    )
    return replace(split, drivers=drivers)


def _split(split: Split, found: Why, setting: Setting) -> html.Details:
    language = setting.language
    is_main = found.main is not None and found.main[0] is split
    kind = DIMENSIONS[split.dimension][language]
    rows = [_driver(split, d, found, setting) for d in split.drivers[:LISTED]]
    rest = split.drivers[LISTED:]
    if rest:
        rows.append(_rest(rest, found, setting))
    label = say("alert.why.by", language, name=kind)
    return html.Details(
        [
            html.Summary(label),
            table(
                (
                    "alert.why.member",
                    "alert.why.effect",
                    "alert.why.rate",
                    "alert.why.mix",
                    "alert.why.value",
                    "alert.why.n",
                ),
                rows,
                language,
                label=label,
                numeric=frozenset({1, 2, 3, 4, 5}),
            ),
        ],
        open=is_main,
        className="why__split",
        **{"data-dimension": split.dimension, "data-gap": fmt.raw(split.gap)},
    )


def _driver(
    split: Split, driver: Driver, found: Why, setting: Setting
) -> tuple[Any, ...]:
    language = setting.language

    def change(number: float) -> str:
        return points(found.metric, number, language, is_share=found.is_share)

    value = fmt.MISSING
    if driver.value is not None and driver.n >= 0:
        value = amount(found.metric, driver.value, language)
        if found.is_share:
            value = f"{driver.value * 100:.1f}%"
    return (
        html.Span(
            member_name(split, driver, setting.names, language),
            **{"data-effect": fmt.raw(driver.effect)},
        ),
        change(driver.effect),
        change(driver.rate),
        change(driver.mix),
        value,
        fmt.whole(driver.n),
    )


def _rest(rest: Sequence[Driver], found: Why, setting: Setting) -> tuple[Any, ...]:
    language = setting.language
    sums = [
        sum(getattr(driver, part) for driver in rest)
        for part in ("effect", "rate", "mix")
    ]
    told = say("alert.why.more", language, n=len(rest))
    return (
        html.Span(told, **{"data-effect": fmt.raw(sums[0])}),
        *(
            points(found.metric, number, language, is_share=found.is_share)
            for number in sums
        ),
        fmt.MISSING,
        fmt.whole(sum(driver.n for driver in rest)),
    )
