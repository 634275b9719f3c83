"""Lines of metrics that people set on screen; nothing is ever changed or deleted."""

import json
from datetime import date, datetime

import sqlalchemy as sa

from warehouse.alerts.lines import check
from warehouse.alerts.records import LinesEdit
from warehouse.metrics.metric import Metric
from warehouse.store.state.alerts_tables import LINES
from warehouse.store.state.tables import Room


class Lines(Room):
    """The versions of the lines that were set on screen."""

    def set(self, metric: Metric, edit: LinesEdit, today: date) -> None:
        """Keep new lines of a metric.

        Raises:
            QuestionError: they begin in the past, or have no reason.
            DefinitionError: they contradict the metric's direction.

        """
        check(metric, edit, today)
        with self.writing() as connection:
            connection.execute(
                LINES.insert().values(
                    metric=edit.metric,
                    applies_to=json.dumps(dict(edit.applies_to), sort_keys=True),
                    green=edit.green,
                    red=edit.red,
                    green_high=edit.green_high,
                    red_high=edit.red_high,
                    valid_from=edit.valid_from,
                    decided_at=edit.decided_at,
                    decided_by=edit.decided_by[:120],
                    reason=edit.reason.strip(),
                )
            )

    def known_at(self, moment: datetime) -> list[LinesEdit]:
        """Return what had been decided by a moment, oldest first."""
        return self._find(LINES.c.decided_at <= moment)

    def of(self, metric_id: str) -> list[LinesEdit]:
        """Return every version of a metric's lines, newest first."""
        return self._find(LINES.c.metric == metric_id)[::-1]

    def _find(self, condition: sa.ColumnElement[bool]) -> list[LinesEdit]:
        names = [column.name for column in LINES.c if column.name != "id"]
        select = (
            sa.select(*[LINES.c[name] for name in names])
            .where(condition)
            .order_by(LINES.c.id)
        )
        with self.reading() as connection:
            rows = list(connection.execute(select).mappings())
        return [
            LinesEdit(
                **{**row, "applies_to": tuple(json.loads(row["applies_to"]).items())}
            )
            for row in rows
        ]
