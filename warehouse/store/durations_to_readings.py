"""Durations become readings: percentiles, means and survival, open items censored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from warehouse.metrics import Metric, Reading, Unit
from warehouse.metrics.judging import bounds
from warehouse.metrics.statistics import percentile, restricted_mean, survival_at
from warehouse.store.rows_to_readings import dimensions_of, make_reading, span_of

if TYPE_CHECKING:
    from warehouse.scope import Question
    from warehouse.store.asking import Asker, Period
    from warehouse.store.by_store import Group

_SECONDS = {Unit.MINUTES: 60.0, Unit.HOURS: 3600.0}
_THIRTY_DAYS = 30 * 86400.0


def groups_of(question: Question, frame: pd.DataFrame) -> list[Group]:
    """Return the durations of a frame by the question's groups."""
    keys = [f"by_{name}" for name in question.by]
    if question.grain != "total":
        keys = ["bucket", *keys]
    if not keys:
        return [({}, *_arrays(frame))]
    return [
        (dict(zip(keys, values, strict=True)), *_arrays(part))
        for values, part in frame.groupby(keys, dropna=False, sort=True)
    ]


def _arrays(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return (
        frame["seconds"].to_numpy(dtype=float),
        frame["is_closed"].to_numpy(dtype=bool),
    )


def from_durations(
    asker: Asker,
    one: Metric,
    question: Question,
    period: Period,
    now: datetime,
    groups: Iterable[Group],
) -> list[Reading]:
    """Return percentiles or means of durations, open ones censored."""
    scale = _SECONDS[one.unit]
    readings = []
    for row, seconds, closed in groups:
        durations = seconds / scale
        n = durations.size
        low = high = None
        if one.quantile is None:
            value = restricted_mean(durations, closed)
        else:
            estimate = percentile(durations, closed, one.quantile)
            value, low, high = estimate.value, estimate.low, estimate.high
        all_closed = bool(n) and bool(closed.all())
        readings.append(
            make_reading(
                asker,
                one,
                question,
                span_of(question, period, row),
                now,
                dimensions_of(question, row),
                value=value,
                numerator=float(durations.sum()) if all_closed else None,
                denominator=n if all_closed else None,
                n=n,
                interval=(low, high),
                judged_by=None if one.quantile is None else bounds(low, high),
                maturity=float(np.mean(closed)) if n else None,
            )
        )
    return readings


def from_survival(
    asker: Asker,
    one: Metric,
    question: Question,
    period: Period,
    now: datetime,
    groups: Iterable[Group],
) -> list[Reading]:
    """Return the share that would survive 30 days, of a cohort still too young."""
    readings = []
    for row, seconds, failed in groups:
        readings.append(
            make_reading(
                asker,
                one,
                question,
                span_of(question, period, row),
                now,
                dimensions_of(question, row),
                value=survival_at(seconds, failed, _THIRTY_DAYS),
                numerator=None,
                denominator=None,
                n=seconds.size,
                maturity=0.0 if seconds.size else None,
            )
        )
    return readings
