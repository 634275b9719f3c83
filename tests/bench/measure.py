"""What is measured: seconds and memory of processes of their own."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A process that has ended: how long it took and how much it held.

    *cpu* is the time it computed: that is the same on a machine that others use too.
    """

    seconds: float
    cpu: float
    megabytes: float
    told: dict = field(default_factory=dict)


def process(arguments: Sequence[str], folder: Path) -> Ended:
    """Run `python ARGUMENTS…` on the installation in *folder* and measure it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AFTERSIGHT_")}
    environment = {
        **kept,
        "AFTERSIGHT_WAREHOUSE": str(folder / "warehouse"),
        "AFTERSIGHT_STATE": f"sqlite:///{folder / 'state.db'}",
    }
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=(folder / "stderr.txt").open("w"),
    ) as child:
        out = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    if child.returncode not in (0, 3):
        raise SystemExit((folder / "stderr.txt").read_text()[-3000:])
    told = json.loads(out.splitlines()[-1])
    return Ended(
        seconds=seconds,
        cpu=usage.ru_utime + usage.ru_stime,
        megabytes=usage.ru_maxrss / 1024,
        told=told,
    )


def refresh(folder: Path, source: Path, as_of: str) -> Ended:
    """Run one refresh of *source*."""
    command = ["-m", "etl", "run", "--source", str(source), "--as-of", as_of]
    return process(command, folder)


def timed(work: Callable[[], object]) -> Ended:
    """Measure *work* in this process."""
    began, computed = time.monotonic(), time.process_time()
    work()
    return Ended(
        seconds=time.monotonic() - began,
        cpu=time.process_time() - computed,
        megabytes=0,
    )


def middle(runs: Sequence[Ended]) -> Ended:
    """Return the medians of several runs, and the most memory of any."""
    return Ended(
        seconds=statistics.median(run.seconds for run in runs),
        cpu=statistics.median(run.cpu for run in runs),
        megabytes=max(run.megabytes for run in runs),
    )


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table whose columns fit their cells."""
    cells = [list(map(str, row)) for row in (header, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    print(f"\n{title}")
    for number, row in enumerate(cells):
        first, *rest = zip(row, widths, strict=True)
        print("  ".join([first[0].ljust(first[1]), *(c.rjust(w) for c, w in rest)]))
        if number == 0:
            print("  ".join("-" * width for width in widths))
    sys.stdout.flush()
