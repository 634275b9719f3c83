"""What breaks around a refresh: a clear message, and the old batch still served."""

import gzip
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import date

import pytest

from etl.sources import standard_folder
from tests.kit import write_delivery
from tests.stress.kills import kill_runs
from tests.stress.site import ROOT, Site, order
from warehouse.records import Outcome
from warehouse.scope import EVERYTHING, Question
from warehouse.store.state import State
from warehouse.store.work import Work

MARCH = Question(start=date(2025, 3, 1), end=date(2025, 4, 1))


def orders(count, start=0):
    """Return orders of one day."""
    return {
        "work_orders": [order(start + n, "2025-03-01T09:00:00") for n in range(count)]
    }


@pytest.fixture
def site(tmp_path):
    """Return an installation that has published one order."""
    site = Site(tmp_path / "site")
    site.take("2025-03-02", orders(1))
    return site


def served(site):
    """Return what the newest batch counts, and which it is."""
    batch = site.batch()
    (reading,) = batch.read("orders_arrived", MARCH, EVERYTHING)
    return reading.value, batch.id


def refuses(site, *words, code=4):
    """Run; check the exit code, what was said, and that the old batch stands."""
    before = served(site)
    done = site.refresh_in_shell()
    assert done.returncode == code, (done.returncode, done.stderr)
    for word in words:
        assert word in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert served(site) == before
    return done


def test_a_few_kills_leave_nothing_wrong(tmp_path):
    """A sample of `make stress`: readers see no error, the end is as if undisturbed."""
    figures = kill_runs(tmp_path, kills=4, readers=2)

    assert figures.errors == []
    assert figures.is_same
    assert figures.kills >= 2


def test_a_cut_off_archive_is_refused_whole(site):
    """Nothing of it is loaded; complete, it is."""
    folder = site.deliver("2025-03-03", orders(2000, 10))
    plain = folder / "work_orders.csv"
    packed = gzip.compress(plain.read_bytes())
    plain.unlink()
    file = folder / "work_orders.csv.gz"
    file.write_bytes(packed[: len(packed) * 2 // 3])

    refuses(site, "2025-03-03/work_orders.csv.gz")

    state = State(site.settings.state)
    assert "work_orders.csv.gz" in state.runs(1)[0].message
    state.close()
    file.write_bytes(packed)
    assert site.refresh_in_shell().returncode == 0
    assert served(site)[0] == 2001


def test_an_empty_archive_is_refused(site):
    """A file of no bytes is no gzip."""
    folder = site.source / "2025-03-03"
    folder.mkdir()
    (folder / "work_orders.csv.gz").write_bytes(b"")

    refuses(site, "work_orders.csv.gz")


def test_bytes_of_another_encoding_are_refused_with_their_line(site):
    """GB18030 in a standard file is no UTF-8; the message says where."""
    folder = site.source / "2025-03-03"
    folder.mkdir()
    (folder / "stores.csv").write_bytes(
        "store_id,name\nS8,Xuhui\nS9,静安\n".encode("gb18030")
    )

    refuses(site, "stores.csv, line 3", "utf-8")


def test_a_required_column_that_is_missing_is_named(site):
    """The message says which, what is there, and what was meant perhaps."""
    folder = site.source / "2025-03-03"
    folder.mkdir()
    (folder / "stores.csv").write_text("store_id,nam\nS9,静安\n", encoding="utf-8")

    refuses(site, "stores.csv, line 1, column name", "did you mean nam")


def garbage(path, size):
    """Write *size* random bytes, the same each time."""
    draw = random.Random(1)
    with path.open("wb") as file:
        for _ in range(size >> 20):
            file.write(draw.randbytes(1 << 20))


@pytest.mark.parametrize(
    "name", ["work_orders.csv", "work_orders.parquet", "work_orders.xlsx"]
)
def test_fifty_megabytes_of_garbage_are_refused(site, name):
    """Noise is found out soon, and named by its file."""
    folder = site.source / "2025-03-03"
    folder.mkdir()
    garbage(folder / name, 50 << 20)
    began = time.monotonic()

    refuses(site, name)

    assert time.monotonic() - began < 60


def test_garbage_that_looks_like_text_is_refused(site):
    """Lines without number or meaning below a right header are all set aside."""
    folder = site.source / "2025-03-03"
    header = write_delivery(folder, orders(1)) / "work_orders.csv"
    names = header.read_text(encoding="utf-8").splitlines()[0]
    draw = random.Random(2)
    lines = ["".join(draw.choices("abc,;\t\"' 汉字", k=60)) for _ in range(20_000)]
    header.write_text("\n".join([names, *lines]), encoding="utf-8")

    refuses(site, "work_orders")


def test_a_source_that_is_away_does_not_stop_the_others(site, tmp_path):
    """What is there is published; the run says what was not."""
    site.deliver("2025-03-03", orders(1, 10))
    away = standard_folder(tmp_path / "away")

    run = site.run(standard_folder(site.source), away)

    assert served(site)[0] == 2
    (warned,) = [r for r in run.gate if r.check == "reachable"]
    assert (warned.table, warned.passed, warned.refuses) == ("away", False, False)
    assert str(tmp_path / "away") in warned.message


def test_a_folder_that_never_was_is_a_mistake_of_the_command(site, tmp_path):
    """Nothing is read at all, and the exit code says usage."""
    done = site.shell("-m", "etl", "run", "--source", str(tmp_path / "away"))

    assert done.returncode == 2
    assert str(tmp_path / "away") in done.stderr


def test_a_second_refresh_is_told_who_is_at_work(site):
    """It names the file and the process, and ends at once."""
    with Work(site.settings.warehouse):
        refuses(
            site, "work.duckdb", "another refresh is running", str(os.getpid()), code=1
        )


def test_a_refresh_killed_leaves_no_lock(site):
    """The system frees the lock of a process that is killed."""
    held = site.start(
        [
            "-c",
            f"""
from pathlib import Path
from warehouse.store.work import Work
w = Work(Path({str(site.settings.warehouse)!r}))
print("held", flush=True)
input()
""",
        ],
        stdin=subprocess.PIPE,
    )
    assert held.stdout.readline() == "held\n"
    refuses(site, str(held.pid), code=1)
    held.send_signal(signal.SIGKILL)
    held.communicate()

    assert site.refresh_in_shell().returncode == 0


def test_a_working_file_that_is_no_database_is_named(site):
    """The batch that was published is still served."""
    (site.settings.warehouse / "work.duckdb").write_bytes(b"noise" * 4000)

    refuses(site, "work.duckdb", code=1)


def last_word(done):
    """Return the line that a run ends with, which is for people."""
    line = done.stderr.strip().splitlines()[-1]
    assert line.startswith("error: "), done.stderr[-2000:]
    return line


FULL = """
import resource, sys
from etl.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
sys.exit(main(sys.argv[1:]))
"""


def test_a_full_disk_stops_the_run_and_nothing_else(site):
    """No file may grow: the message names the file, the old batch is served."""
    site.deliver("2025-03-03", orders(20_000, 10))
    before = served(site)
    size = (site.settings.warehouse / "work.duckdb").stat().st_size

    done = site.shell("-c", FULL.format(size=size + 65536), *site.run_command()[2:])

    assert done.returncode == 1, done.stderr
    assert str(site.settings.warehouse) in last_word(done)
    assert served(site) == before
    assert site.refresh_in_shell().returncode == 0
    assert served(site)[0] == 20_001


@pytest.fixture
def small_disk(tmp_path):
    """Yield a folder on a file system of 64 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"no small file system: {made.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def test_a_disk_that_fills_up_is_survived(small_disk):
    """Space for one batch and not for the next: told, served, and healed."""
    site = Site(small_disk)
    site.source = small_disk.parent / "source"
    site.take("2025-03-02", orders(1))
    ballast = small_disk / "ballast"
    free = shutil.disk_usage(small_disk).free
    ballast.write_bytes(b"\0" * (free - (1 << 20)))
    site.deliver("2025-03-03", orders(20_000, 10))
    before = served(site)

    done = site.refresh_in_shell()

    assert done.returncode == 1, done.stderr
    assert str(site.settings.warehouse) in last_word(done)
    assert served(site) == before
    ballast.unlink()
    assert site.refresh_in_shell().returncode == 0
    assert served(site)[0] == 20_001


def test_a_run_that_failed_is_in_the_record(site):
    """The data page can say that the newest attempt failed, and why."""
    site.deliver("2025-03-03", orders(20_000, 10))
    size = (site.settings.warehouse / "work.duckdb").stat().st_size

    site.shell("-c", FULL.format(size=size + 65536), *site.run_command()[2:])

    state = State(site.settings.state)
    newest = state.runs(1)[0]
    state.close()
    assert newest.outcome is Outcome.FAILED
    assert "too large" in newest.message


POWERLESS = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
"""Makes root ask for permission like everybody else."""


def powerless(site, *command):
    """Run `python ARGUMENTS…` without the right to pass over permissions."""
    prefix = POWERLESS if os.geteuid() == 0 else []
    return subprocess.run(
        [*prefix, sys.executable, *command],
        cwd=ROOT,
        env=site.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.skipif(
    os.geteuid() == 0 and shutil.which("setpriv") is None,
    reason="root passes over permissions, and setpriv is not here to stop it",
)
def test_a_folder_that_may_not_be_written_is_named(site):
    """The message says which file it is; pages are served all the same."""
    site.deliver("2025-03-03", orders(1, 10))
    before = served(site)
    for path in (*site.settings.warehouse.iterdir(), site.settings.warehouse):
        path.chmod(0o555 if path.is_dir() else 0o444)

    done = powerless(site, *site.run_command())
    asked = powerless(
        site,
        "-m",
        "warehouse",
        "query",
        "orders_arrived",
        "--from",
        "2025-03-01",
        "--to",
        "2025-04-01",
        "--format",
        "json",
    )

    assert done.returncode == 1, done.stderr
    assert str(site.settings.warehouse) in last_word(done)
    assert served(site) == before
    assert asked.returncode == 0, asked.stderr
    assert '"value": 1' in asked.stdout
