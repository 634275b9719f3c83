"""A question that was checked, and the local days it is about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from warehouse.errors import QuestionError
from warehouse.metrics import Metric
from warehouse.scope import Question


@dataclass(frozen=True, slots=True)
class Period:
    """Local days [start, end)."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was checked; *is_fed* tells whether anything feeds its metric."""

    metric: Metric
    question: Question
    now: datetime
    period: Period
    is_fed: bool


EARLIEST, LATEST = 1990, 2199
"""Years a question may be about: what lies beyond is a slip of the pen."""


def check_period(question: Question) -> None:
    """Refuse a period that ends before it begins, or that nobody can mean.

    Raises:
        QuestionError: with what would be right.

    """
    start, end = question.start, question.end
    if start and end and start >= end:
        raise QuestionError(
            f"from {start} is not before to {end}; the period is half-open",
            f"from {start} 不早于 to {end}；周期含首日、不含末日",
        )
    for moment in filter(None, (start, end, question.as_of)):
        if not EARLIEST <= moment.year <= LATEST:
            raise QuestionError(
                f"{moment} is out of reach; use years {EARLIEST} to {LATEST}",
                f"{moment} 超出范围；请用 {EARLIEST} 到 {LATEST} 年",
            )


def split(period: Period, grain: str) -> list[Period]:
    """Cut a period into its days, weeks (from Monday) or months."""
    if grain == "total":
        return [period]
    parts, start = [], period.start
    while start < period.end:
        if grain == "day":
            following = start + timedelta(days=1)
        elif grain == "week":
            following = start + timedelta(days=7 - start.weekday())
        else:
            following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        parts.append(Period(start, min(following, period.end)))
        start = following
    return parts
