"""A value beside earlier ones: the previous period, the year before, what it was."""

from dataclasses import dataclass
from datetime import timedelta

from dash import html

from pages._ui import format as fmt
from pages._ui import judging
from pages._ui.wording import say
from warehouse.chinese_calendar import Aligned, working_days
from warehouse.metrics.metric import Kind, Metric
from warehouse.metrics.reading import Reading
from warehouse.restatement import Restated
from warehouse.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a reading is compared with; None where there is nothing to compare.

    *aligned* says which days of the year before were taken; *restated* what the value
    was before late rows changed it.
    """

    previous: Reading | None = None
    year_before: Reading | None = None
    aligned: Aligned | None = None
    restated: Restated | None = None


def changes(
    metric: Metric, now: Reading | None, past: Past, language: Language
) -> list[html.Span]:
    """Return the change against the previous period, and against the year before."""
    shown = [_change(metric, now, past.previous, _compared(now, past), "", language)]
    if past.aligned is not None:
        key = "tile.year.festival" if past.aligned.is_festival else "tile.year"
        shown.append(_change(metric, now, past.year_before, key, "year", language))
    return shown


def _change(
    metric: Metric,
    now: Reading | None,
    then: Reading | None,
    key: str,
    name: str,
    language: Language,
) -> html.Span:
    label = say(key, language)
    marks = {"data-change": name or "previous"}
    is_known = then is not None and then.value is not None and then.n > 0
    if now is None or now.value is None or not is_known:
        title = say("tile.change.none", language)
        text = f"{label} {fmt.MISSING}"
        return html.Span(text, className="tile__change", title=title, **marks)
    change = now.value - then.value
    # What reads as nothing has no direction, and is neither good nor bad.
    is_same = not change or fmt.is_zero(change, metric.unit)
    arrow = "→" if is_same else ("↗" if change > 0 else "↘")
    better = None if is_same else judging.is_better(change, metric, now)
    return html.Span(
        [
            f"{label} ",
            html.Span(arrow, **{"aria-hidden": "true"}),
            f" {_difference(metric, now, then, language)}",
        ],
        className="tile__change",
        title=_explained(metric, now, then, name, language),
        **marks,
        **{"data-better": {True: "yes", False: "no", None: "same"}[better]},
    )


def _difference(metric: Metric, now: Reading, then: Reading, language: Language) -> str:
    """Return the change: counts in per cent, rates in percentage points."""
    if metric.kind is Kind.COUNT and then.value:
        return fmt.growth(now.value / then.value - 1)
    return str(fmt.difference(now.value - then.value, metric.unit, language))


def _explained(
    metric: Metric, now: Reading, then: Reading, name: str, language: Language
) -> str:
    told = say(
        "tile.year.title" if name else "tile.change.title",
        language,
        period=fmt.period(then.period_start, then.period_end, language),
        value=fmt.of(metric, then.value, language),
    )
    a_day = per_working_day(now), per_working_day(then)
    if None not in a_day:
        told += say(
            "tile.change.workday",
            language,
            now=fmt.decimal(a_day[0]),
            then=fmt.decimal(a_day[1]),
        )
    return told


def per_working_day(reading: Reading) -> float | None:
    """Return a count a working day, today among them; None for rates and for a day."""
    days = (reading.period_end - reading.period_start).days
    if reading.metric.kind is not Kind.COUNT or days < 2 or reading.value is None:
        return None
    known = reading.as_of.date() + timedelta(days=1)
    worked = working_days(reading.period_start, min(reading.period_end, known))
    return reading.value / worked if worked else None


def _compared(now: Reading | None, past: Past) -> str:
    """Return what the change is against: this morning against yesterday's."""
    before = past.previous
    is_cut = now is not None and before is not None and before.as_of < now.as_of
    is_day = before is not None and (before.period_end - before.period_start).days == 1
    return "tile.change.yesterday" if is_cut and is_day else "tile.change"


def is_restated(now: Reading | None, past: Past, language: Language) -> bool:
    """Tell whether late rows changed what a reader sees of a value."""
    if now is None or past.restated is None:
        return False
    was = fmt.of(now.metric, past.restated.was, language)
    return was != fmt.of(now.metric, now.value, language)


def restated_text(now: Reading, past: Restated, zone: str, language: Language) -> str:
    """Return was → is, when, and why."""
    return say(
        "tile.restated.title",
        language,
        was=fmt.of(now.metric, past.was, language),
        now=fmt.of(now.metric, now.value, language),
        moment=fmt.moment(past.at, zone, language),
        days=fmt.span(past.first_day, past.last_day, language),
    )
