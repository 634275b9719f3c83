"""How far each source reaches: sources and tables, silent stores, what was restated."""

from collections.abc import Sequence
from datetime import datetime

from dash import html

from pages._ui import format as fmt
from pages._ui.filters import store_name
from pages._ui.plain_table import badge, code, table
from pages._ui.states import nothing
from pages._ui.wording import say
from warehouse.records import (
    Freshness,
    Inferred,
    Restatement,
    SilentStore,
    SourceState,
)
from warehouse.text import Language

STATES: dict[Freshness, tuple[str, str]] = {
    Freshness.FRESH: ("green", "●"),
    Freshness.LATE: ("amber", "▲"),
    Freshness.STALE: ("stale", "◇"),
    Freshness.NO_DATA: ("nodata", "–"),
    Freshness.UNLIMITED: ("unjudged", "·"),
}
"""How a freshness looks: the mark of the stylesheet and the sign."""

SHOWN_SILENT = 100

WORST_FIRST = (
    Freshness.STALE,
    Freshness.NO_DATA,
    Freshness.LATE,
    Freshness.FRESH,
    Freshness.UNLIMITED,
)


def freshness_badge(freshness: Freshness, language: Language) -> html.Span:
    """Return a freshness as sign and word."""
    state, sign = STATES[freshness]
    return badge(say(f"fresh.{freshness}", language), state, sign)


def summary(facts: Sequence[tuple[str, str, str]], language: Language) -> html.Dl:
    """Return the figures at the head of the page: (key, text, state)."""
    return html.Dl(
        [
            html.Div(
                [html.Dt(say(key, language)), html.Dd(text)],
                className="summary__item",
                **{"data-state": state},
            )
            for key, text, state in facts
        ],
        className="summary",
    )


def sources(
    states: Sequence[SourceState], zone: str, now: datetime, language: Language
) -> html.Div | html.P:
    """Return the sources and their tables, the worst first within a source."""
    if not states:
        return nothing(say("sources.none", language))
    ordered = sorted(
        states, key=lambda s: (s.source, WORST_FIRST.index(s.freshness), s.table)
    )
    return table(
        (
            "sources.source",
            "sources.table",
            "sources.state",
            "sources.age",
            "sources.watermark",
            "sources.delivery",
            "sources.rows",
            "sources.unknown",
        ),
        [
            (
                state.source,
                code(state.table),
                freshness_badge(state.freshness, language),
                _age(state, language),
                fmt.clock(state.watermark, zone, now, language),
                fmt.clock(state.last_delivery_at, zone, now, language),
                fmt.whole(state.rows),
                ", ".join(state.unknown_columns) or fmt.MISSING,
            )
            for state in ordered
        ],
        language,
        label=say("sources.heading", language),
        numeric=frozenset({6}),
    )


def silent(
    stores: Sequence[SilentStore], zone: str, now: datetime, language: Language
) -> list[html.Div | html.P]:
    """Return the stores that have stopped sending, longest silence first."""
    if not stores:
        return [nothing(say("silent.none", language), "good")]
    ordered = sorted(stores, key=lambda s: s.age, reverse=True)
    shown = [
        table(
            ("silent.store", "sources.table", "sources.age", "sources.watermark"),
            [
                (
                    html.A(store_name(s, language), href=f"/?store={s.store_id}"),
                    code(s.table),
                    fmt.age(s.age, language),
                    fmt.clock(s.watermark, zone, now, language),
                )
                for s in ordered[:SHOWN_SILENT]
            ],
            language,
            label=say("silent.heading", language),
        )
    ]
    if (rest := len(ordered) - SHOWN_SILENT) > 0:
        shown.append(html.P(say("silent.more", language, n=rest), className="note"))
    return shown


def inferred(members: Sequence[Inferred], language: Language) -> html.Div | html.P:
    """Return what is referred to and not yet described."""
    if not members:
        return nothing(say("inferred.none", language), "good")
    return table(
        ("sources.table", "inferred.members", "inferred.examples"),
        [
            (code(m.table), fmt.whole(m.members), code(", ".join(m.examples)))
            for m in members
        ],
        language,
        label=say("inferred.heading", language),
        numeric=frozenset({1}),
    )


def restated(
    days: Sequence[Restatement], zone: str, language: Language
) -> html.Div | html.P:
    """Return the days that late rows have changed."""
    if not days:
        return nothing(say("restated.none", language))
    return table(
        (
            "restated.when",
            "sources.table",
            "restated.days",
            "restated.count",
            "restated.rows",
            "rejects.batch",
        ),
        [
            (
                fmt.moment(r.restated_at, zone, language),
                code(r.table),
                _days(r, language),
                fmt.whole(r.days),
                fmt.whole(r.rows),
                code(r.batch_id),
            )
            for r in days
        ],
        language,
        label=say("restated.heading", language),
        numeric=frozenset({3, 4}),
    )


def _days(restatement: Restatement, language: Language) -> str:
    first, last = restatement.first_day, restatement.last_day
    if first == last:
        return fmt.day(first, language)
    return f"{fmt.day(first, language)} – {fmt.day(last, language)}"


def _age(state: SourceState, language: Language) -> str:
    age = fmt.age(state.age, language)
    if state.limit is None:
        return age
    return f"{age} / {fmt.age(state.limit, language)}"
