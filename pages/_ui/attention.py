"""The list of what needs attention: what is red, where, since when, how much."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dash import html

from pages._ui import format as fmt
from pages._ui import judging, status
from pages._ui.plain_table import badge
from pages._ui.states import nothing
from pages._ui.status import State
from pages._ui.wording import say
from warehouse.metrics.metric import Direction, Interval, Metric, Unit
from warehouse.metrics.reading import Reading
from warehouse.text import Language

ATTENTION_ANCHOR = "attention"

NAMED_STORES = 3
"""Stores named under a finding; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A metric that is off its target in the scope, or in some of its stores.

    *reading* is the scope's own; *stores* are its red stores, worst first; *since* is
    the first day of the present streak, and *is_longer* says that the streak fills
    everything that was looked at.
    """

    metric: Metric
    state: State
    reading: Reading | None
    impact: float
    stores: tuple[tuple[str, str, Reading], ...] = ()
    since: date | None = None
    is_longer: bool = False
    href: str = ""
    store_hrefs: tuple[str, ...] = ()


def attention(findings: Sequence[Finding], language: Language) -> html.Ol | html.P:
    """Return the findings, worst first."""
    if not findings:
        return nothing(say("attention.none", language), "good")
    return html.Ol(
        [_finding(finding, language) for finding in findings], className="findings"
    )


def tally(states: Sequence[State], language: Language) -> list[html.A]:
    """Return how many tiles are in which state: the answer in ten seconds."""
    counted = Counter(
        state if state in {State.RED, State.AMBER, State.GREEN} else State.GREY
        for state in states
    )
    return [
        html.A(
            [
                html.Span(
                    status.SIGNS[state],
                    className="chip__sign",
                    **{"aria-hidden": "true"},
                ),
                html.Span(
                    say(
                        "tally.other" if state is State.GREY else f"tally.{state}",
                        language,
                        n=counted[state],
                    )
                ),
            ],
            href=f"#{ATTENTION_ANCHOR}",
            className="chip chip--tally js-view",
            **{"data-state": state.value},
        )
        for state in (State.RED, State.AMBER, State.GREEN, State.GREY)
        if counted[state]
    ]


def _finding(finding: Finding, language: Language) -> html.Li:
    return html.Li(
        [
            html.Div(
                [
                    html.A(
                        finding.metric.name[language],
                        href=finding.href,
                        className="finding__name js-view",
                    ),
                    _mark(finding, language),
                ],
                className="finding__head",
            ),
            html.P(_sentence(finding, language), className="finding__text")
            if finding.reading is not None
            else None,
            _stores(finding, language),
        ],
        className="finding",
        **{"data-status": finding.state.value, "data-finding": finding.metric.id},
    )


def _mark(finding: Finding, language: Language) -> html.Span:
    """Return the state of the scope, or how many stores are red within a good one."""
    if finding.reading is not None:
        return status.chip(finding.state, language)
    sign = status.SIGNS[finding.state]
    return badge(_counted(finding, language), finding.state.value, sign)


def _counted(finding: Finding, language: Language) -> str:
    total = len(finding.stores)
    key = "attention.store" if total == 1 else "attention.stores"
    return say(key, language, n=total)


def _sentence(finding: Finding, language: Language) -> str:
    reading, metric = finding.reading, finding.metric
    parts = []
    if reading is not None and reading.thresholds is not None:
        gap = judging.distance(reading.value, metric, reading.thresholds)
        parts.append(
            say(
                "attention.gap",
                language,
                value=fmt.of(metric, reading.value, language),
                target=judging.target_text(metric, reading.thresholds, language),
                gap=fmt.difference(gap, metric.unit, language),
            )
            if gap
            else str(fmt.of(metric, reading.value, language))
        )
        if lacking := _lacking(reading):
            parts.append(
                say("attention.lacking", language, n=fmt.count(lacking, language))
            )
    if finding.since is not None:
        key = "attention.since.more" if finding.is_longer else "attention.since"
        parts.append(say(key, language, day=fmt.day(finding.since, language)))
    return ("；" if language == "zh" else "; ").join(parts)


def _lacking(reading: Reading) -> int | None:
    """Return how many cases are missing to the target, where cases are counted."""
    lines = reading.thresholds
    if (
        reading.metric.unit is not Unit.SHARE
        or reading.metric.direction is Direction.BAND
        or reading.metric.interval is not Interval.WILSON
        or lines is None
        or reading.value is None
    ):
        return None
    return round(abs(reading.value - lines.green) * reading.n) or None


def _stores(finding: Finding, language: Language) -> html.Ul | None:
    if not finding.stores:
        return None
    named = [
        html.Li(
            [
                html.A(name, href=href, className="js-view"),
                html.Span(
                    f" {fmt.of(finding.metric, r.value, language)}"
                    f" · {say('tile.n', language, n=fmt.whole(r.n))}",
                    className="finding__value",
                ),
            ]
        )
        for (_, name, r), href in zip(
            finding.stores[:NAMED_STORES], finding.store_hrefs, strict=False
        )
    ]
    rest = len(finding.stores) - len(named)
    return html.Div(
        [
            html.P(_counted(finding, language), className="finding__count")
            if finding.reading is not None
            else None,
            html.Ul(named, className="finding__stores"),
            html.P(say("attention.more", language, n=rest), className="finding__more")
            if rest > 0
            else None,
        ]
    )
