"""What is usual, class by class: the table behind lines that follow it."""

from collections.abc import Sequence
from typing import Any

from dash import html

from pages._ui import format as fmt
from pages._ui import judging
from pages._ui.codes import called
from pages._ui.plain_table import table
from pages._ui.wording import say
from warehouse.metrics.baseline import Norm
from warehouse.metrics.metric import Bound, Metric
from warehouse.text import Language

CREPT = 0.20
"""What is usual grew by more than this in a quarter: somebody should look."""

HEADS = (
    "norms.class",
    "norms.day",
    "norms.usual",
    "norms.lines",
    "norms.sample",
    "norms.span",
    "norms.drift",
)


def rule(metric: Metric, language: Language) -> html.P | None:
    """Return in words how the lines of a metric follow what is usual."""
    how = metric.baseline
    if how is None:
        return None
    text = say(
        "norms.rule",
        language,
        percentile=f"P{(metric.quantile or 0) * 100:.0f}",
        days=how.days,
        n=how.minimum_n,
        margin=f"{how.margin:.0%}",
        floor=f"{how.floor:.0%}",
        coverage=f"{how.coverage:.0%}",
    )
    if how.has_promise:
        allowed = f"{1 - (metric.quantile or 0):.0%}"
        text += say("norms.promise", language, allowed=allowed)
    return html.P(text, className="note")


def norms(metric: Metric, found: Sequence[Norm], language: Language) -> list[Any]:
    """Return the rule and the lines of today; nothing for metrics without it."""
    told = rule(metric, language)
    if told is None:
        return []
    heading = html.H3(say("norms.heading", language))
    if not found:
        return [heading, told]
    return [
        heading,
        told,
        table(
            HEADS,
            [_row(metric, one, language) for one in found],
            language,
            label=say("norms.heading", language),
            numeric=frozenset({2, 3, 4, 6}),
        ),
    ]


def _row(metric: Metric, one: Norm, language: Language) -> tuple[Any, ...]:
    on = one.lines.basis
    name = called("store_class", one.store_class or "", language)
    of_day = say(f"norms.day.{one.of_day.value}", language)
    green = judging.target_text(metric, one.lines, language)
    both = f"{green} / {judging.red_text(metric, one.lines, language)}"
    if on is None or on.usual is None or on.first is None or on.last is None:
        few = say("norms.few", language)
        return name, of_day, fmt.MISSING, both, few, fmt.MISSING, fmt.MISSING
    usual = str(fmt.of(metric, on.usual, language))
    bound = say(f"norms.bound.{on.bound.value}", language) if on.bound.value else ""
    return (
        name,
        of_day,
        usual,
        html.Span(both, title=bound, **{"data-bound": on.bound.value or "none"}),
        say("norms.cases", language, days=on.days, n=fmt.whole(on.n)),
        f"{fmt.day(on.first, language)} – {fmt.day(on.last, language)}",
        _drift(one, on.bound, language),
    )


def _drift(one: Norm, bound: Bound, language: Language) -> Any:
    """Return how far what is usual has moved, marked where it crept off."""
    notes = [say("norms.bound.red", language)] if bound is Bound.RED else []
    if one.drift is None:
        return notes[0] if notes else fmt.MISSING
    shown = f"{one.drift:+.0%}"
    if one.drift > CREPT:
        notes.insert(0, say("norms.crept", language))
    if not notes:
        return shown
    return html.Span(f"{shown} · {' · '.join(notes)}", className="norms__crept")
