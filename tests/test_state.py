"""The database of state: run records outlive the process, in SQLite and PostgreSQL."""

from datetime import datetime, timedelta, timezone

import pytest

from tests.etl.sources.conftest import postgres  # noqa: F401  (a fixture)
from warehouse.records import Counts, GateResult, Outcome, Run
from warehouse.store.state import State

BEGAN = datetime(2026, 3, 1, 1, 2, 3, tzinfo=timezone.utc)


def _run(number: int, outcome: Outcome = Outcome.PUBLISHED) -> Run:
    return Run(
        batch_id=f"b{number}",
        started_at=BEGAN + timedelta(hours=number),
        finished_at=BEGAN + timedelta(hours=number, seconds=5),
        as_of=BEGAN,
        outcome=outcome,
        message="三月的第一批",
        sources=("dms",),
        tables={"stores": Counts(read=3, loaded=1, duplicate=1, rejected=1)},
        gate=(
            GateResult(
                check="row_jump",
                table="stores",
                passed=True,
                found=0.5,
                limit=20.0,
                message="fine",
            ),
        ),
    )


def _keeps_runs(url: str) -> None:
    state = State(url)
    for number in range(3):
        state.add_run(_run(number))
    state.add_run(_run(3, Outcome.REFUSED))
    state.close()

    again = State(url)
    try:
        newest = again.runs(2)
        assert newest == [_run(3, Outcome.REFUSED), _run(2)]
        assert len(again.runs(10)) == 4
    finally:
        again.close()


def test_runs_are_kept_in_sqlite(tmp_path):
    """What was recorded comes back whole, newest first."""
    _keeps_runs(f"sqlite:///{tmp_path}/deep/state.db")


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_runs_are_kept_in_postgresql(postgres):  # noqa: F811
    """Several machines share one state: the same records, through the same code."""
    url = f"postgresql+psycopg://dms:{postgres.password}@127.0.0.1:{postgres.port}"
    _keeps_runs(f"{url}/postgres")
