"""The database of state: run records outlive the process, in SQLite and PostgreSQL."""

import json
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.etl.sources.conftest import postgres  # noqa: F401  (a fixture)
from warehouse.errors import StateError
from warehouse.records import Counts, GateResult, Outcome, Run
from warehouse.store.state import State
from warehouse.store.state.database import HEAD, MIGRATIONS
from warehouse.store.state.tables import METADATA

ROOT = Path(__file__).parents[1]

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


def shape(state: State) -> list:
    """Return where the rooms and the migrations differ."""
    with state.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, METADATA)


def test_migrations_build_what_the_rooms_declare(tmp_path):
    """A table that is changed in one place only would fail at somebody's upgrade."""
    state = State(f"sqlite:///{tmp_path}/state.db")

    assert shape(state) == []
    state.close()


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_migrations_build_the_same_in_postgresql(postgres):  # noqa: F811
    """Both databases have the same shape."""
    url = f"postgresql+psycopg://dms:{postgres.password}@127.0.0.1:{postgres.port}"
    state = State(f"{url}/postgres")

    assert shape(state) == []
    state.close()


def test_the_migrations_are_one_line():
    """Two migrations of one number would part the databases of two installations."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_state_from_before_migrations_is_adopted(tmp_path):
    """Its runs stay; what it lacks is added."""
    file = tmp_path / "state.db"
    with closing(sqlite3.connect(file)) as old, old:
        old.execute(
            "create table runs (id integer not null primary key,"
            " batch_id varchar(64) not null, started_at datetime not null,"
            " outcome varchar(16) not null,"
            " record text not null)"
        )
        old.execute("create index ix_runs_started_at on runs (started_at)")
        old.execute(
            "insert into runs values (1, 'b1', '2026-03-01 02:02:03', 'published', ?)",
            (json.dumps(_run(1).as_json()),),
        )

    state = State(f"sqlite:///{file}")

    assert state.runs(5) == [_run(1)]
    assert shape(state) == []
    state.close()


def test_a_newer_state_is_refused(tmp_path):
    """An old program does not write into tables it does not know."""
    url = f"sqlite:///{tmp_path}/state.db"
    State(url).close()
    with closing(sqlite3.connect(tmp_path / "state.db")) as later, later:
        later.execute("update alembic_version set version_num = '9999'")

    with pytest.raises(StateError, match="newer version"):
        State(url)


OPEN = "import sys; from warehouse.store.state import State; State(sys.argv[1]).close()"


def test_processes_that_start_together_take_turns(tmp_path):
    """One of them makes the tables, the others wait for it."""
    url = f"sqlite:///{tmp_path}/state.db"
    starting = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", OPEN, url], cwd=ROOT)
        for _ in range(4)
    ]

    assert [process.wait(timeout=120) for process in starting] == [0] * 4


def test_writers_wait_for_each_other(tmp_path):
    """Every one of many simultaneous writes is kept."""
    state = State(f"sqlite:///{tmp_path}/state.db")

    def write(number: int) -> None:
        for one in range(20):
            state.attempts.note(f"{number}-{one}", now=BEGAN)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert all(
        state.attempts.count(f"{n}-{one}", since=BEGAN) == 1
        for n in range(6)
        for one in range(20)
    )
    state.close()


def test_a_url_that_cannot_be_used_is_told(tmp_path):
    """The setting's name stands in the message."""
    with pytest.raises(StateError, match="AFTERSIGHT_STATE"):
        State("nonsense")


@pytest.mark.parametrize("inside", ["", "/state.db"])
def test_a_file_that_cannot_be_opened_is_named(tmp_path, inside):
    """Which file it is, by which setting, and what to look at."""
    path = tmp_path / "taken"
    path.mkdir() if not inside else path.write_text("no folder", encoding="utf-8")

    with pytest.raises(StateError, match=r"taken.*AFTERSIGHT_STATE.*written to"):
        State(f"sqlite:///{path}{inside}")
