"""The question that a request's parameters ask, checked as the command checks it."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request

from callbacks.questions import local_day
from pages._ui import locale
from warehouse.errors import QuestionError, did_you_mean
from warehouse.metrics.metric import Kind, Metric
from warehouse.scope import GRAINS, Question
from warehouse.text import LANGUAGES

PARAMETERS = ("by", "grain", "from", "to", "where", "as_of", "lang")

ONCE = ("grain", "from", "to", "as_of", "lang")

MOST_STATES = 400
"""States of the past that one request may have restored: each is a query."""

MOST_BUCKETS = 4000

_STEP = {"day": 1, "week": 7, "month": 28}


def asked(zone: str) -> Question:
    """Return the question that the request's parameters ask.

    Raises:
        QuestionError: a parameter is unknown or cannot be read.

    """
    _check_names()
    grain = request.args.get("grain", "total")
    if grain not in GRAINS:
        known = ", ".join(GRAINS)
        raise QuestionError(
            f"grain={grain!r}; use one of {known}", f"grain={grain!r}；请用 {known}"
        )
    by = [name for text in request.args.getlist("by") for name in text.split(",")]
    return Question(
        by=tuple(name for name in by if name),
        grain=grain,
        start=_day("from"),
        end=_day("to"),
        as_of=_moment("as_of", zone),
        where=_where(request.args.getlist("where")),
    )


def within_limits(metric: Metric, question: Question, batch: Any) -> None:
    """Refuse a question that would be many thousand ones.

    Raises:
        QuestionError: too many days, weeks or months are asked for at once.

    """
    step = _STEP.get(question.grain)
    if step is None or question.start is None:
        return
    end = question.end or local_day(batch.as_of, batch.timezone) + timedelta(days=1)
    buckets = (end - question.start).days // step
    most = MOST_STATES if metric.kind is Kind.STATE else MOST_BUCKETS
    if buckets > most:
        raise QuestionError(
            f"{buckets} periods are asked for, {most} at most; use a coarser grain",
            f"一次问了 {buckets} 个周期，最多 {most} 个；请用更粗的粒度",
        )


def _check_names() -> None:
    for name in request.args:
        if name not in PARAMETERS:
            hint = did_you_mean(name, PARAMETERS)
            raise QuestionError(
                f"unknown parameter {name!r}; {hint}",
                f"没有参数 {name!r}；可用的有 {', '.join(PARAMETERS)}",
            )
    for name in ONCE:
        if len(request.args.getlist(name)) > 1:
            raise QuestionError(f"{name} is given twice", f"{name} 给了不止一次")
    language = request.args.get("lang")
    if language is not None and locale.language_of(language) is None:
        known = ", ".join(LANGUAGES)
        raise QuestionError(
            f"lang={language!r}; use one of {known}", f"lang={language!r}；请用 {known}"
        )


def _day(name: str) -> date | None:
    text = request.args.get(name)
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or text != found.isoformat():
        raise QuestionError(
            f"{name}={text!r}; use a day such as 2026-11-21",
            f"{name}={text!r}；请写成 2026-11-21 这样的日期",
        )
    return found


def _moment(name: str, zone: str) -> datetime | None:
    text = request.args.get(name)
    if text is None:
        return None
    try:
        # A "+" of an offset arrives as a blank unless the client has escaped it.
        moment = datetime.fromisoformat(text.replace(" 0", "+0", 1))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone))
        return moment.astimezone(ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        raise QuestionError(
            f"{name}={text!r}; use a time such as 2026-11-21T10:15:00+08:00",
            f"{name}={text!r}；请写成 2026-11-21T10:15:00+08:00 这样的时刻",
        ) from None


def _where(texts: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    wanted: dict[str, list[str]] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not (name and separator and value) or "\0" in text:
            raise QuestionError(
                f"where={text!r}; use where=DIMENSION=VALUE",
                f"where={text!r}；请写成 where=维度=值",
            )
        wanted.setdefault(name, []).append(value)
    return tuple((name, tuple(values)) for name, values in wanted.items())
