"""The list of what needs attention: what is red, where, since when, how much."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dash import html

from pages._ui import format as fmt
from pages._ui import judging, status
from pages._ui.plain_table import badge
from pages._ui.states import nothing
from pages._ui.status import State
from pages._ui.wording import say
from warehouse.metrics.metric import Direction, Interval, Metric, Unit
from warehouse.metrics.reading import Reading
from warehouse.metrics.streaks import Run
from warehouse.text import Language

ATTENTION_ANCHOR = "attention"

TALLIED = (State.ERROR, State.RED, State.AMBER, State.STALE, State.GREEN)
"""States that are counted at a glance, each for itself."""

BRIEF = 3
"""Findings told in short."""

NAMED_STORES = 3
"""Stores named under a finding; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedStore:
    """A store that is red within a finding; *run* is since when, where it is known."""

    store_id: str
    name: str
    reading: Reading
    run: Run | None = None
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A metric that is off its target in the scope, or in some of its stores.

    *reading* is the scope's own; *stores* are its red stores, worst first; *customers*
    are those it touches a day; *run* is the present run off target.
    """

    metric: Metric
    state: State
    reading: Reading | None
    impact: float
    customers: float = 0.0
    stores: tuple[RedStore, ...] = ()
    run: Run | None = None
    href: str = ""


def attention(
    findings: Sequence[Finding], language: Language, stale: int = 0
) -> html.Ol | html.P:
    """Return the findings, worst first; *stale* tiles nobody can judge."""
    if not findings and stale:
        return nothing(say("attention.none.stale", language, n=stale))
    if not findings:
        return nothing(say("attention.none", language), "good")
    return html.Ol(
        [_finding(finding, language) for finding in findings], className="findings"
    )


def tally(
    states: Sequence[State], findings: Sequence[Finding], language: Language
) -> list[html.A]:
    """Return how many tiles are in which state: the answer in ten seconds.

    Stores can be red where the whole is not; they are counted beside the tiles.
    """
    reds = len({store.store_id for one in findings for store in one.stores})
    counted = Counter(state if state in TALLIED else State.GREY for state in states)
    told = [
        (
            state,
            "tally.other" if state is State.GREY else f"tally.{state}",
            counted[state],
        )
        for state in (*TALLIED, State.GREY)
    ]
    stores = "tally.store" if reds == 1 else "tally.stores"
    told.insert(1 + TALLIED.index(State.RED), (State.RED, stores, reds))
    return [
        _counter(state, say(key, language, n=n), key) for state, key, n in told if n
    ]


def _counter(state: State, text: str, key: str) -> html.A:
    sign = html.Span(
        status.SIGNS[state], className="chip__sign", **{"aria-hidden": "true"}
    )
    return html.A(
        [sign, html.Span(text)],
        href=f"#{ATTENTION_ANCHOR}",
        className="chip chip--tally js-view",
        **{"data-state": state.value, "data-tally": key.removeprefix("tally.")},
    )


def brief(findings: Sequence[Finding], language: Language) -> html.Ul | None:
    """Return the worst findings in a line each, for a screen without room for more.

    What, how far, since when, where: a phone answers at a glance, too.
    """
    if not findings:
        return None
    return html.Ul(
        [_line(finding, language) for finding in findings[:BRIEF]], className="brief"
    )


def _line(finding: Finding, language: Language) -> html.Li:
    worst = next(iter(finding.stores), None)
    reading = finding.reading or (worst.reading if worst else None)
    run = finding.run or (worst.run if worst else None)
    told = [str(judging.shown(reading, language)) if reading else fmt.MISSING]
    if run is not None:
        told.append(_since(run, finding.state, language))
    if worst is not None:
        told.append(worst.name)
        rest = len(finding.stores) - 1
        told += [say("attention.more", language, n=rest)] if rest else []
    return html.Li(
        [
            html.Span(
                status.SIGNS[finding.state],
                className="chip__sign",
                **{"aria-hidden": "true"},
            ),
            html.A(
                [
                    html.Span(finding.metric.name[language], className="brief__name"),
                    html.Span(" · ".join(told), className="brief__told"),
                ],
                href=f"#{ATTENTION_ANCHOR}",
                className="js-view",
            ),
        ],
        **{"data-state": finding.state.value, "data-brief": finding.metric.id},
    )


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
            _touched(finding, language),
            _stores(finding, language),
        ],
        className="finding",
        **{
            "data-status": finding.state.value,
            "data-finding": finding.metric.id,
            "data-since": finding.run.since.isoformat() if finding.run else "",
        },
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
        gap = judging.gap_text(reading, language)
        shown = judging.shown(reading, language)
        target = judging.target_text(metric, reading.thresholds, language)
        told = say("attention.gap", language, value=shown, target=target, gap=gap)
        parts.append(told if gap else str(shown))
        if lacking := _lacking(reading):
            parts.append(
                say("attention.lacking", language, n=fmt.count(lacking, language))
            )
    if finding.run is not None:
        parts.append(_since(finding.run, finding.state, language))
    return ("；" if language == "zh" else "; ").join(parts)


def _since(run: Run, state: State, language: Language) -> str:
    """Return since when: of a red value, since when it has been red."""
    off = "red" if state is State.RED else "off"
    key = f"attention.since.{off}.more" if run.is_longer else f"attention.since.{off}"
    return say(key, language, day=fmt.day(run.since, language))


def _touched(finding: Finding, language: Language) -> html.P | None:
    """Return whom the gap touches: what the list is ordered by."""
    number = round(finding.customers)
    if not number:
        return None
    text = say("attention.customers", language, n=fmt.count(number, language))
    return html.P(text, className="finding__touched")


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


def _store(finding: Finding, one: RedStore, language: Language) -> html.Li:
    shown = judging.shown(one.reading, language)
    sample = say("tile.n", language, n=fmt.whole(one.reading.n))
    return html.Li(
        [
            html.Div(
                [
                    html.A(one.name, href=one.href, className="js-view"),
                    html.Span(f" {shown} · {sample}", className="finding__value"),
                ],
                className="finding__store",
            ),
            html.Span(_since(one.run, State.RED, language), className="finding__since")
            if one.run is not None
            else None,
        ]
    )


def _stores(finding: Finding, language: Language) -> html.Ul | None:
    if not finding.stores:
        return None
    named = [_store(finding, one, language) for one in finding.stores[:NAMED_STORES]]
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
