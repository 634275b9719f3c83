"""The last step of an answer: sums and durations become judged readings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from warehouse.contracts.instruments import NPS_INDEX_WORD
from warehouse.metrics import Interval, Kind, Metric, Reading, Unit
from warehouse.metrics.judging import judge
from warehouse.metrics.metric import Thresholds
from warehouse.metrics.statistics import nps_margin, wilson
from warehouse.moments import aware

if TYPE_CHECKING:
    from warehouse.scope import Question
    from warehouse.store.asking import Asker, Period

_MOSTLY_CLOSED = 0.95
# Denominators that count the immature too; the others leave them out.
_COUNTS_IMMATURE = {"delivered", "nps_answers"}

# A third-party index lives around 77-87: its lines are not those of a true NPS.
NPS_INDEX_LINES = Thresholds(green=75, red=70, source="kpis.md §7, R1562")


def dimensions_of(question: Question, row: Any) -> dict[str, str | None]:
    """Return the values of the dimensions a row was grouped by."""
    return {name: _text(row[f"by_{name}"]) for name in question.by}


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def bucket_end(start: date, grain: str) -> date:
    """Return the day after the day, week or month that begins on *start*."""
    if grain == "day":
        return start + timedelta(days=1)
    if grain == "week":
        return start + timedelta(days=7)
    return (start.replace(day=1) + timedelta(days=32)).replace(day=1)


def span_of(question: Question, period: Period, row: Any) -> tuple[date, date]:
    """Return the first day of a row's period, and the day after its last."""
    if question.grain == "total" or "bucket" not in row:
        return period.start, period.end
    start = pd.Timestamp(row["bucket"]).date()
    end = bucket_end(start, question.grain)
    return max(start, period.start), min(end, period.end)


def lines_for(
    one: Metric, question: Question, dimensions: dict[str, str | None], on: date
) -> Thresholds | None:
    """Return the lines in force: those of the scope that is shown or filtered to."""
    told = {name: v[0] for name, v in question.where if len(v) == 1} | dimensions
    instrument = told.get("instrument_id") or ""
    if one.id == "nps" and NPS_INDEX_WORD in instrument.lower():
        return NPS_INDEX_LINES
    return one.lines(told, on)


def _number(value: Any) -> float | None:
    if value is None or pd.isna(value):
        return None
    return float(value)


def _whole(value: float | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if float(value).is_integer() else float(value)


def make_reading(
    asker: Asker,
    one: Metric,
    question: Question,
    span: tuple[date, date],
    now: datetime,
    dimensions: dict[str, str | None],
    *,
    value: float | None,
    numerator: float | None,
    denominator: float | None,
    n: int,
    interval: tuple[float | None, float | None] | None = None,
    judged_by: tuple[float, float] | None = None,
    maturity: float | None = None,
) -> Reading:
    """Return a value with its colour and all that it rests on."""
    lines = lines_for(one, question, dimensions, asker.today(now))
    low, high = interval or (None, None)
    return Reading(
        metric=one,
        dimensions=dimensions,
        period_start=span[0],
        period_end=span[1],
        value=_whole(value) if one.unit is Unit.COUNT else value,
        numerator=_whole(numerator),
        denominator=_whole(denominator),
        n=n,
        ci_low=low,
        ci_high=high,
        maturity=maturity,
        status=judge(one, lines, value, n, judged_by),
        as_of=aware(now),
        batch_id=asker.batch_id,
        thresholds=lines,
        is_provisional=_is_provisional(one, maturity),
    )


def _is_provisional(one: Metric, maturity: float | None) -> bool:
    """Whether the value itself may still change by time alone.

    A ratio that leaves the immature out is final for what it counts; one that counts
    them is not. Of durations a few that still run move nothing.
    """
    if one.kind is Kind.SURVIVAL:
        return True
    if maturity is None:
        return False
    if one.kind is Kind.TIME:
        return maturity < _MOSTLY_CLOSED
    return one.denominator in _COUNTS_IMMATURE and maturity < 1


def from_sums(
    asker: Asker,
    one: Metric,
    question: Question,
    period: Period,
    now: datetime,
    rows: Iterable[Mapping[str, Any]],
) -> list[Reading]:
    """Return the readings of ratios, counts and states."""
    readings = []
    for row in rows:
        top = _number(row[one.numerator])
        if top is None and not _has_rows(one, row):
            top = 0.0 if not question.by and one.unit is Unit.COUNT else None
            if question.by or question.grain != "total":
                continue
        dimensions = dimensions_of(question, row)
        parts = _ratio(one, row, top)
        readings.append(
            make_reading(
                asker,
                one,
                question,
                span_of(question, period, row),
                now,
                dimensions,
                maturity=_maturity(one, row, parts["denominator"]),
                **parts,
            )
        )
    return readings


def no_data(
    asker: Asker, one: Metric, question: Question, period: Period, now: datetime
) -> list[Reading]:
    """Return the reading of a metric that nothing in the warehouse feeds."""
    if question.by or question.grain != "total":
        return []
    return [
        make_reading(
            asker,
            one,
            question,
            (period.start, period.end),
            now,
            {},
            value=None,
            numerator=None,
            denominator=None,
            n=0,
        )
    ]


def _has_rows(one: Metric, row: Any) -> bool:
    names = [one.numerator, one.denominator]
    return any(name and _number(row[name]) is not None for name in names)


def _ratio(one: Metric, row: Any, top: float | None) -> dict[str, Any]:
    """Return value, numerator, denominator, n and interval of one row of sums."""
    if one.denominator is None:
        n = int(_number(row[one.counted or one.numerator]) or 0)
        return {"value": top, "numerator": top, "denominator": None, "n": n}
    bottom = _number(row[one.denominator]) or 0.0
    top = top or 0.0
    n = round(bottom)
    if one.interval is Interval.NPS:
        detractors = _number(row["detractors"]) or 0.0
        return _nps(top, detractors, bottom)
    value = top / bottom if bottom > 0 else None
    interval = None
    if one.interval is Interval.WILSON and value is not None:
        interval = wilson(top, bottom)
    return {
        "value": value,
        "numerator": top,
        "denominator": bottom,
        "n": n,
        "interval": interval,
        "judged_by": interval,
    }


def _nps(promoters: float, detractors: float, answers: float) -> dict[str, Any]:
    value = 100 * (promoters - detractors) / answers if answers else None
    margin = nps_margin(promoters, detractors, answers)
    interval = None
    if value is not None and margin is not None:
        interval = (max(-100.0, value - margin), min(100.0, value + margin))
    return {
        "value": value,
        "numerator": promoters - detractors,
        "denominator": answers,
        "n": int(answers),
        "interval": interval,
        "judged_by": interval,
    }


def _maturity(one: Metric, row: Any, bottom: float | None) -> float | None:
    """Matured / (matured + immature); None where it has no meaning or no rows."""
    if one.immature is None:
        return None
    young = _number(row[one.immature]) or 0.0
    bottom = bottom or 0.0
    inside = one.denominator in _COUNTS_IMMATURE
    whole = bottom if inside else bottom + young
    return (whole - young) / whole if whole else None


__all__ = [
    "bucket_end",
    "dimensions_of",
    "from_sums",
    "lines_for",
    "make_reading",
    "no_data",
    "span_of",
]
