"""What a metric means: in plain words, exactly, and with the history of its lines."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui import judging
from pages._ui.codes import called
from pages._ui.plain_table import code, table
from pages._ui.sources import sources
from pages._ui.states import nothing
from pages._ui.wording import say
from warehouse.metrics.metric import Interval, Kind, Metric
from warehouse.records import SourceState
from warehouse.text import Language

ALWAYS = date(1990, 1, 1)
"""From when lines hold that name no day."""


def definition(metric: Metric, language: Language) -> html.Dl:
    """Return the definition as a list of terms."""
    rows = [
        ("metric.plain", metric.question[language]),
        ("metric.formula", metric.formula[language]),
        ("metric.exact", code(_exact(metric))),
        ("metric.cohort", metric.cohort[language]),
        ("metric.window", _window(metric, language)),
        ("metric.include", metric.include[language] if metric.include else ""),
        ("metric.exclude", metric.exclude[language] if metric.exclude else ""),
        ("metric.maturity", _maturity(metric, language)),
        ("metric.rollup", say(f"metric.rollup.{metric.kind}", language)),
        ("metric.minimum", _minimum(metric, language)),
        ("metric.interval", say(_interval(metric), language)),
        ("metric.direction", say(f"metric.direction.{metric.direction}", language)),
        ("metric.level", say(f"metric.level.{metric.level}", language)),
        ("metric.cadence", say(f"metric.cadence.{metric.cadence}", language)),
        ("metric.owner", called("owner", metric.owner, language)),
        ("metric.version", _version(metric, language)),
        ("metric.id", code(metric.id)),
    ]
    return html.Dl(
        [
            html.Div([html.Dt(say(key, language)), html.Dd(text)])
            for key, text in rows
            if text
        ],
        className="facts facts--wide",
    )


def lines(metric: Metric, language: Language) -> html.Div | html.P:
    """Return every set of lines that ever held, the newest first."""
    if not metric.thresholds:
        return nothing(say("metric.lines.none", language))
    newest = sorted(metric.thresholds, key=lambda t: t.valid_from, reverse=True)
    heads = ("metric.since", "metric.applies", "tile.target", "metric.red")
    return table(
        (*heads, "metric.source"),
        [
            (
                _since(t.valid_from, language),
                _applies(t.applies_to, language),
                judging.target_text(metric, t, language),
                judging.red_text(metric, t, language),
                t.source,
            )
            for t in newest
        ],
        language,
        label=say("metric.lines.heading", language),
    )


def feeds(
    metric: Metric,
    states: Sequence[SourceState],
    missing: Sequence[str],
    zone: str,
    now: Any,
    language: Language,
) -> list[Any]:
    """Return the tables behind a metric, how old each is, and what nobody sends."""
    told: list[Any] = []
    if missing:
        text = say("metric.missing", language, what=", ".join(missing))
        told.append(html.P(text, className="notice"))
    own = [state for state in states if state.table in metric.sources]
    sent = {state.table for state in own}
    unsent = [name for name in metric.sources if name not in sent]
    if own:
        told.append(sources(own, zone, now, language))
    if unsent:
        text = say("metric.unsent", language, what=", ".join(unsent))
        told.append(html.P(text, className="note"))
    return told


def _exact(metric: Metric) -> str:
    if metric.kind is Kind.TIME:
        how = "mean" if metric.quantile is None else f"P{metric.quantile * 100:.0f}"
        return f"{how}({metric.fact}.{metric.numerator})"
    if metric.kind is Kind.SURVIVAL:
        return f"Kaplan-Meier({metric.fact}, 30 d)"
    top = f"Σ {metric.fact}.{metric.numerator}"
    if metric.interval is Interval.NPS:
        top = f"100 × (Σ {metric.fact}.promoters − Σ {metric.fact}.detractors)"
    if metric.denominator is None:
        return top
    return f"{top} ÷ Σ {metric.fact}.{metric.denominator}"


def _window(metric: Metric, language: Language) -> str:
    window = metric.window
    if window.months:
        return say("metric.window.months", language, n=window.months)
    if window.lag_days:
        return say("metric.window.lag", language, n=window.days, lag=window.lag_days)
    return say("metric.window.days", language, n=window.days)


def _maturity(metric: Metric, language: Language) -> str:
    if not metric.maturity_days:
        return ""
    return say("metric.maturity.days", language, n=metric.maturity_days)


def _minimum(metric: Metric, language: Language) -> str:
    if not metric.minimum_n:
        return say("metric.minimum.none", language)
    return say("metric.minimum.n", language, n=metric.minimum_n)


def _interval(metric: Metric) -> str:
    if metric.interval is Interval.NONE and metric.kind is Kind.TIME:
        return "metric.interval.order"
    names = {Interval.ORDER_STATISTIC: "order", Interval.WILSON: "wilson"}
    names |= {Interval.NPS: "nps", Interval.NONE: "none"}
    return f"metric.interval.{names[metric.interval]}"


def _version(metric: Metric, language: Language) -> str:
    return say(
        "tile.version.value",
        language,
        version=metric.version,
        day=fmt.day(metric.valid_from, language, year=True),
    )


def _since(day: date, language: Language) -> str:
    """Return from when lines hold; those of the declaration's default always did."""
    if day <= ALWAYS:
        return say("metric.always", language)
    return fmt.day(day, language, year=True)


def _applies(pairs: tuple[tuple[str, str], ...], language: Language) -> str:
    if not pairs:
        return say("metric.applies.all", language)
    return " · ".join(called(name, value, language) for name, value in pairs)
