"""What alerts ask of a batch beyond readings: how many cases missed a line."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse.metrics import Metric, Unit
from warehouse.scope import STORE_DIMENSIONS, Question, Rights
from warehouse.store.asking import Asker
from warehouse.store.facts import TIMES, Ask
from warehouse.store.facts.kit import at, flag
from warehouse.store.schema import STORE_DAYS

STORE_NAMES = set(STORE_DIMENSIONS)
SECONDS = {Unit.MINUTES: 60.0, Unit.HOURS: 3600.0}


class Misses:
    """The part of a batch that counts cases beyond a line."""

    _asker: Asker
    _fetch: Callable[[sa.Select], pd.DataFrame]

    def beyond(
        self, metric_id: str, question: Question, rights: Rights, line: float
    ) -> list[tuple[str, float, float]]:
        """Return (member, cases beyond, cases judged) of a time metric.

        *line* is in the metric's unit. A case that still runs counts once it is beyond
        the line; before that nobody can say. With the grain "day" the members are
        weekdays, "1" to "7".
        """
        asked = self._asker.asked(metric_id, question)
        return _counted(self._asker, asked.metric, question, rights, line, asked)

    def open_spans(
        self, store_ids: Collection[str], start: datetime, end: datetime
    ) -> dict[str, list[tuple[datetime, datetime]]]:
        """Return when stores were open between two moments (UTC, half-open), by store.

        A day whose hours nobody knows is open from midnight to midnight, UTC.
        """
        days = STORE_DAYS
        select = (
            sa.select(days.c.store_id, days.c.day, days.c.opens_at, days.c.closes_at)
            .where(
                days.c.store_id.in_(sorted(store_ids)),
                days.c.is_open,
                days.c.day >= start.date() - timedelta(days=1),
                days.c.day <= end.date() + timedelta(days=1),
            )
            .order_by(days.c.store_id, days.c.day)
        )
        found: dict[str, list[tuple[datetime, datetime]]] = {}
        for row in self._fetch(select).to_dict("records"):
            found.setdefault(row["store_id"], []).append(_span(row))
        return found


def _span(row: dict[str, Any]) -> tuple[datetime, datetime]:
    opens, closes = row["opens_at"], row["closes_at"]
    if pd.isna(opens) or pd.isna(closes):
        day = pd.Timestamp(row["day"]).tz_localize("UTC")
        return day.to_pydatetime(), (day + pd.Timedelta(days=1)).to_pydatetime()
    first, last = (pd.Timestamp(m).tz_localize("UTC") for m in (opens, closes))
    if last <= first:
        last += pd.Timedelta(days=1)
    return first.to_pydatetime(), last.to_pydatetime()


def _counted(
    asker: Asker,
    metric: Metric,
    question: Question,
    rights: Rights,
    line: float,
    asked: Any,
) -> list[tuple[str, float, float]]:
    names = {*question.by, *[name for name, _ in question.where]}
    wanted = frozenset(names - STORE_NAMES)
    ask = Ask(at(asked.now), wanted, asked.period.start, asked.period.end)
    rows = TIMES[metric.fact](ask).subquery("r")
    is_beyond = rows.c.seconds > line * SECONDS[metric.unit]
    beyond = sa.func.sum(flag(is_beyond)).label("beyond")
    judged = sa.func.sum(flag(sa.or_(rows.c.is_closed, is_beyond))).label("judged")
    bucket = None
    if question.grain == "day":
        bucket = sa.func.isodow(rows.c.day).label("weekday")
    select = asker.grouped(rows, [beyond, judged], question, rights, bucket)
    select = select.where(
        rows.c.day >= asked.period.start, rows.c.day < asked.period.end
    )
    frame = asker.fetch(select)
    return [_row(row, question) for row in frame.to_dict("records")]


def _row(row: dict[str, Any], question: Question) -> tuple[str, float, float]:
    name: Any = None
    if question.grain == "day":
        name = row["weekday"]
    elif question.by:
        name = row[f"by_{question.by[0]}"]
    member = "" if name is None or pd.isna(name) else str(name)
    beyond, judged = row["beyond"], row["judged"]
    return (
        member,
        0.0 if pd.isna(beyond) else float(beyond),
        0.0 if pd.isna(judged) else float(judged),
    )
