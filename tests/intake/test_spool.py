"""What was answered for is on the disk; what the ETL has read it never reads again."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from etl.refresh import Order, refresh
from etl.sources import Intake
from tests.kit import settings_in, silent
from warehouse.errors import QuestionError
from warehouse.scope import EVERYTHING, Question
from warehouse.store.intake import Spool
from warehouse.store.intake.spool import rows_of
from warehouse.store.warehouse import Batch, Warehouse

AT = datetime(2026, 3, 2, 1, 0, tzinfo=timezone.utc)

STORE = {"store_id": "S1", "name": "one"}


def order(number: int, **more: str | None) -> dict[str, str | None]:
    """Return a work order checked in on 2 March, local time."""
    return {
        "work_order_id": f"W{number}",
        "store_id": "S1",
        "vin": "LSVAA4183E2000001",
        "order_type": "repair",
        "status": "open",
        "checkin_at": "2026-03-02T08:00:00",
        **more,
    }


def take_in(folder: Path, now: datetime = AT, *, full: bool = False) -> Batch:
    """Load what the spool of an installation holds."""
    settings = settings_in(folder)
    refresh(
        settings,
        [Intake(settings.intake)],
        Order(now=now, as_of=now, repeats=False, full=full),
        silent,
    )
    return Warehouse.open(settings).batch()


def arrived(batch: Batch) -> float | None:
    """Return how many orders have arrived on the day of the batch."""
    readings = batch.read("orders_arrived", Question(), EVERYTHING)
    return readings[0].value if readings else None


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """Return the spool of an installation in `tmp_path`."""
    spool = Spool(tmp_path / "intake")
    yield spool
    spool.close()


def test_rows_taken_become_numbers(tmp_path: Path, spool: Spool) -> None:
    """A row that was taken is in the next batch, under the name of its sender."""
    spool.keep("dms", "stores", [STORE], AT)
    spool.keep("dms", "work_orders", [order(1), order(2)], AT)
    batch = take_in(tmp_path)
    assert arrived(batch) == 2
    assert {(s.source, s.table, s.rows) for s in batch.sources()} == {
        ("dms", "stores", 1),
        ("dms", "work_orders", 2),
    }


def test_each_row_is_read_once(tmp_path: Path, spool: Spool) -> None:
    """A second round reads only what was taken since; nothing is counted twice."""
    settings = settings_in(tmp_path)
    spool.keep("dms", "work_orders", [order(1)], AT)
    take_in(tmp_path)
    spool.keep("dms", "work_orders", [order(2)], AT + timedelta(seconds=5))
    now = AT + timedelta(seconds=10)
    run = refresh(
        settings,
        [Intake(settings.intake)],
        Order(now=now, as_of=now, repeats=False),
        silent,
    )
    counts = run.tables["work_orders"]
    assert (counts.read, counts.loaded, counts.duplicate) == (1, 1, 0)
    assert arrived(Warehouse.open(settings).batch()) == 2


def test_the_later_of_two_messages_wins(tmp_path: Path, spool: Spool) -> None:
    """Two versions without a time of their own, taken in one round: the later stays."""
    spool.keep("dms", "work_orders", [order(1)], AT)
    spool.keep(
        "dms", "work_orders", [order(1, status="cancelled")], AT + timedelta(seconds=1)
    )
    now = AT + timedelta(seconds=5)
    assert arrived(take_in(tmp_path, now)) in (None, 0)
    # The times of taking are kept in staging, too: a rebuild decides alike.
    later = now + timedelta(seconds=5)
    assert arrived(take_in(tmp_path, later, full=True)) in (None, 0)


def test_a_bad_row_is_set_aside_with_its_line(tmp_path: Path, spool: Spool) -> None:
    """What the contract refuses is listed with segment and line, and loads nothing."""
    spool.keep("dms", "work_orders", [order(1), order(2, status="eaten")], AT)
    batch = take_in(tmp_path)
    assert arrived(batch) == 1
    (reject,) = batch.rejects(EVERYTHING)
    assert (reject.line, reject.column, reject.value) == (3, "status", "eaten")
    assert reject.file.startswith("dms/work_orders/20260302T010000Z-")


def test_a_torn_line_was_never_answered_for(tmp_path: Path, spool: Spool) -> None:
    """What a dying process left unfinished is passed over, what came before is not."""
    spool.keep("dms", "work_orders", [order(1)], AT)
    (segment,) = spool.segments()
    with segment.path.open("ab") as file:
        file.write(b'{"at": "2026-03-02T01:00:00+00:00", "row": {"work_or')
    assert arrived(take_in(tmp_path)) == 1


def test_a_spoiled_line_is_set_aside(tmp_path: Path, spool: Spool) -> None:
    """A line that somebody edited is a rejected row, and the rest is read."""
    spool.keep("dms", "work_orders", [order(1)], AT)
    (segment,) = spool.segments()
    with segment.path.open("ab") as file:
        file.write(b"oops\n")
    spool.keep("dms", "work_orders", [order(2)], AT)
    batch = take_in(tmp_path)
    assert arrived(batch) == 2
    (reject,) = batch.rejects(EVERYTHING)
    assert reject.rule == "fields"
    assert "oops" in reject.value


@pytest.mark.parametrize("client", ["", "../up", "UPPER", "a b", "x" * 64])
def test_a_client_cannot_choose_a_folder(client: str, spool: Spool) -> None:
    """A name that is more than a plain word is refused before anything is written."""
    with pytest.raises(QuestionError):
        spool.keep(client, "stores", [STORE], AT)


def test_a_new_day_begins_a_new_segment(spool: Spool) -> None:
    """A segment holds one day, so that old ones can be put away."""
    spool.keep("dms", "stores", [STORE], AT)
    spool.keep("dms", "stores", [STORE], AT + timedelta(days=1))
    assert len(spool.segments()) == 2


WRITER = """
import json, sys
from datetime import datetime, timezone
from pathlib import Path
from warehouse.store.intake import Spool
spool = Spool(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    at = datetime.now(timezone.utc)
    spool.keep("dms", "stores", [{"store_id": f"S{number}", "name": "n"}], at)
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


def survived(folder: Path, seconds: float) -> tuple[int, int]:
    """Kill a writer after *seconds*; return what it answered for, and what is there."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    first = writer.stdout.readline()
    time.sleep(seconds)
    os.kill(writer.pid, signal.SIGKILL)
    lines = [first, *writer.stdout.read().split(b"\n")]
    writer.stdout.close()
    writer.wait()
    answered = max(int(line) for line in lines if line.strip())
    spool = Spool(folder)
    found = {
        taken.row["store_id"]
        for segment in spool.segments()
        for taken in rows_of(segment, 0)
    }
    missing = {f"S{n}" for n in range(1, answered + 1)} - found
    assert not missing
    return answered, len(found)


def test_a_kill_loses_nothing_answered_for(tmp_path: Path) -> None:
    """Killed at random moments, every row that was answered for can be read."""
    draw = random.Random(5)
    for round_ in range(4):
        answered, found = survived(tmp_path / str(round_), draw.uniform(0, 0.15))
        assert found >= answered >= 1


@pytest.mark.stress
def test_two_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    """The same, two hundred times; the figures are printed."""
    draw = random.Random(6)
    rows = sum(survived(tmp_path / str(n), draw.uniform(0, 0.3))[0] for n in range(200))
    print(json.dumps({"kills": 200, "rows_answered_for": rows, "lost": 0}))
