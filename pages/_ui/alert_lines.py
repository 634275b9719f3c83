"""The lines of every judged metric, and the form that sets new ones."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui import forms, judging
from pages._ui.norms import norms
from pages._ui.plain_table import table
from pages._ui.wording import say
from warehouse.metrics.baseline import Norm
from warehouse.metrics.metric import Direction, Metric, Thresholds, Unit
from warehouse.text import Language

Usual = Mapping[str, Sequence[Norm]]
"""What is usual today, of metrics whose lines follow it."""


def lines(
    metrics: Sequence[Metric], today: date, language: Language, usual: Usual
) -> list[Any]:
    """Return one part for each metric that has lines."""
    return [
        _metric(metric, today, language, usual.get(metric.id, ())) for metric in metrics
    ]


def _metric(
    metric: Metric, today: date, language: Language, usual: Sequence[Norm]
) -> html.Details:
    current = _newest(metric, today)
    rows = [_row(metric, one, language) for one in _sorted(metric.thresholds)]
    heads = ("lines.scope", "lines.green", "lines.red", "lines.from", "lines.source")
    return html.Details(
        [
            html.Summary(
                [
                    metric.name[language],
                    html.Span(
                        f" {_text(metric, current[0], language)}" if current else "",
                        className="note",
                    ),
                ]
            ),
            table(
                heads,
                rows,
                language,
                label=metric.name[language],
                numeric=frozenset({1, 2}),
            ),
            *norms(metric, usual, language),
            *[_form(metric, one, today, language) for one in current],
        ],
        className="lines",
        **{"data-metric": metric.id},
    )


def _sorted(found: Sequence[Thresholds]) -> list[Thresholds]:
    return sorted(found, key=lambda t: (t.applies_to, t.valid_from), reverse=True)


def _newest(metric: Metric, today: date) -> list[Thresholds]:
    """Return the lines in force today, one for each scope that has its own."""
    by_scope: dict[Any, Thresholds] = {}
    for one in sorted(metric.thresholds, key=lambda t: t.valid_from):
        if one.valid_from <= today:
            by_scope[one.applies_to] = one
    return [by_scope[scope] for scope in sorted(by_scope, key=len)]


def _row(metric: Metric, one: Thresholds, language: Language) -> tuple[Any, ...]:
    def both(low: float, high: float | None) -> str:
        text = str(fmt.of(metric, low, language))
        return text if high is None else f"{text} – {fmt.of(metric, high, language)}"

    since = fmt.MISSING if one.valid_from.year < 2000 else one.valid_from.isoformat()
    return (
        _scope(one, language),
        both(one.green, one.green_high),
        both(one.red, one.red_high),
        since,
        one.source,
    )


def _text(metric: Metric, one: Thresholds, language: Language) -> str:
    """Return both lines with their sense; a burn rate is told in times."""
    texts = (
        judging.target_text(metric, one, language),
        judging.red_text(metric, one, language),
    )
    unit = say("lines.times", language) if metric.unit is Unit.RATIO else ""
    space = "\N{NO-BREAK SPACE}" if unit else ""
    return " / ".join(f"{text}{space}{unit}" for text in texts)


def _scope(one: Thresholds, language: Language) -> str:
    told = ", ".join(f"{name}={value}" for name, value in one.applies_to)
    return told or say("lines.everywhere", language)


def _form(
    metric: Metric, one: Thresholds, today: date, language: Language
) -> html.Details:
    fields = [("green", "lines.green", one.green), ("red", "lines.red", one.red)]
    if metric.direction is Direction.BAND:
        fields.append(("green_high", "lines.green_high", one.green_high))
        fields.append(("red_high", "lines.red_high", one.red_high))
    unit = fmt.UNITS[metric.unit][language] or metric.unit.value
    if metric.unit is Unit.RATIO:
        unit = say("lines.times", language)
    scope = ";".join(f"{name}={value}" for name, value in one.applies_to)
    return html.Details(
        [
            html.Summary(f"{say('lines.edit', language)} · {_scope(one, language)}"),
            html.P(say("lines.unit", language, unit=unit), className="note"),
            forms.form(
                f"/alerts/thresholds/{metric.id}",
                *[
                    forms.text(
                        name,
                        label,
                        language,
                        value=_shown(metric, value),
                        required=True,
                    )
                    for name, label, value in fields
                ],
                forms.text(
                    "valid_from",
                    "lines.from",
                    language,
                    kind="date",
                    value=today.isoformat(),
                    required=True,
                ),
                forms.text("reason", "lines.reason", language, required=True),
                forms.button("lines.save", language),
                scope=scope,
            ),
        ],
        className="actions",
    )


def _shown(metric: Metric, value: float | None) -> str:
    """Return a line as people type it: a share in percent."""
    if value is None:
        return ""
    return f"{value * 100:.10g}" if metric.unit is Unit.SHARE else f"{value:.10g}"


def typed(metric: Metric, text: str) -> float:
    """Return a line as people typed it, in the metric's unit.

    Raises:
        ValueError: it is no number.

    """
    number = float(text.strip().removesuffix("%"))
    return number / 100 if metric.unit is Unit.SHARE else number
