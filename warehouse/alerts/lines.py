"""Thresholds edited on screen, laid over the catalogue: one threshold everywhere.

A batch takes what was decided before it was published, so that its tiles, walls,
alerts, legends and the API agree, and a replay of an older day uses that day's lines.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from warehouse.alerts.records import LinesEdit
from warehouse.errors import QuestionError
from warehouse.metrics.metric import Kind, Metric, Thresholds


def edited(metric: Metric, edits: Iterable[LinesEdit]) -> Metric:
    """Return the metric with the lines that were set on screen.

    Of two versions for the same scope the one that begins later holds; of two that
    begin on the same day the one decided last.
    """
    # The bare id of a time and its headline percentile are one thing: one threshold.
    is_time = metric.kind is Kind.TIME and metric.thresholds
    names = {metric.id, metric.fact} if is_time else {metric.id}
    mine = [edit for edit in edits if edit.metric in names]
    if not mine:
        return metric
    kept = {(t.applies_to, t.valid_from): t for t in metric.thresholds}
    for edit in mine:
        lines = as_thresholds(edit)
        kept[lines.applies_to, lines.valid_from] = lines
    return replace(metric, thresholds=tuple(kept.values()))


def as_thresholds(edit: LinesEdit) -> Thresholds:
    """Return an edit as the catalogue would declare it."""
    return Thresholds(
        green=edit.green,
        red=edit.red,
        green_high=edit.green_high,
        red_high=edit.red_high,
        valid_from=edit.valid_from,
        applies_to=edit.applies_to,
        source=f"{edit.decided_by} {edit.decided_at:%Y-%m-%d}: {edit.reason}",
    )


def check(metric: Metric, edit: LinesEdit, today: date) -> None:
    """Refuse lines that cannot hold.

    Raises:
        QuestionError: they begin in the past (a replay must stay what it was), lack a
            reason, or are about a scope that the metric has no lines for.
        DefinitionError: they contradict the metric's direction.

    """
    if edit.valid_from < today:
        raise QuestionError(f"lines hold from {today} on, not from {edit.valid_from}")
    if len(edit.reason.strip()) < 4:
        raise QuestionError("new lines need a reason")
    if edit.applies_to not in {t.applies_to for t in metric.thresholds}:
        raise QuestionError(f"{metric.id} has no lines for {dict(edit.applies_to)}")
    replace(metric, thresholds=(as_thresholds(edit),))
