"""The record of every run, the refused and the failed ones too.

Those left no batch behind, and the data page must still say why.
"""

import json
from datetime import datetime, timezone

import sqlalchemy as sa

from warehouse.records import Counts, GateResult, Outcome, Run
from warehouse.store.state.tables import METADATA, Moment, Room

RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("batch_id", sa.String(64), nullable=False),
    sa.Column("started_at", Moment, nullable=False, index=True),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("record", sa.Text, nullable=False),
)

KEPT_RUNS = 5000
"""Older run records go; the batches they made do not."""


class RunRecords(Room):
    """The newest runs."""

    def add(self, run: Run) -> None:
        """Keep the record of a run."""
        with self.writing() as connection:
            connection.execute(
                RUNS.insert().values(
                    batch_id=run.batch_id,
                    started_at=run.started_at,
                    outcome=run.outcome.value,
                    record=json.dumps(run.as_json()),
                )
            )
            newest = connection.scalar(sa.select(sa.func.max(RUNS.c.id)))
            connection.execute(RUNS.delete().where(RUNS.c.id <= newest - KEPT_RUNS))

    def newest(self, limit: int) -> list[Run]:
        """Return the newest runs first."""
        with self.reading() as connection:
            rows = connection.scalars(
                sa.select(RUNS.c.record).order_by(RUNS.c.id.desc()).limit(limit)
            )
            return [run_from_json(json.loads(row)) for row in rows]


def run_from_json(record: dict) -> Run:
    """Return a run as it was recorded."""

    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).astimezone(timezone.utc)

    return Run(
        batch_id=record["batch_id"],
        started_at=moment(record["started_at"]),
        finished_at=moment(record["finished_at"]),
        as_of=moment(record["as_of"]),
        outcome=Outcome(record["outcome"]),
        message=record.get("message", ""),
        sources=tuple(record.get("sources", ())),
        tables={name: Counts(**c) for name, c in record["tables"].items()},
        gate=tuple(GateResult(**result) for result in record["gate"]),
    )
