"""State: what is not analytical data, in its own database (SQLite or PostgreSQL).

So far the record of every run, the refused and the failed ones too: those left no
batch behind, and the data page must still say why.
"""

import json
from datetime import datetime, timezone
from pathlib import Path

import sqlalchemy as sa

from warehouse.records import Counts, GateResult, Outcome, Run

METADATA = sa.MetaData()

RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("batch_id", sa.String(64), nullable=False),
    sa.Column("started_at", sa.DateTime, nullable=False, index=True),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("record", sa.Text, nullable=False),
)

KEPT_RUNS = 5000
"""Older run records go; the batches they made do not."""


class State:
    """The database of state, reached through SQLAlchemy."""

    def __init__(self, url: str) -> None:
        parsed = sa.make_url(url)
        is_file = parsed.get_backend_name() == "sqlite" and parsed.database
        if is_file:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = sa.create_engine(parsed, pool_pre_ping=True)
        if is_file:
            with self.engine.begin() as connection:
                connection.execute(sa.text("pragma journal_mode=wal"))
        METADATA.create_all(self.engine)

    def add_run(self, run: Run) -> None:
        """Keep the record of a run."""
        with self.engine.begin() as connection:
            connection.execute(
                RUNS.insert().values(
                    batch_id=run.batch_id,
                    started_at=run.started_at.replace(tzinfo=None),
                    outcome=run.outcome.value,
                    record=json.dumps(run.as_json()),
                )
            )
            newest = connection.scalar(sa.select(sa.func.max(RUNS.c.id)))
            connection.execute(RUNS.delete().where(RUNS.c.id <= newest - KEPT_RUNS))

    def runs(self, limit: int) -> list[Run]:
        """Return the newest runs first."""
        with self.engine.connect() as connection:
            rows = connection.scalars(
                sa.select(RUNS.c.record).order_by(RUNS.c.id.desc()).limit(limit)
            )
            return [run_from_json(json.loads(row)) for row in rows]

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


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
