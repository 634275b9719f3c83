"""Kill a refresh at random points while readers ask, and compare what comes of it."""

import json
import random
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.kit import Rows
from tests.stress.site import Site, order, vin

STORES = ("S1", "S2", "S3")


@dataclass
class Figures:
    """What a series of kills came to."""

    kills: int = 0
    finished: int = 0
    wrong_exits: list[str] = field(default_factory=list)
    readers: list[dict] = field(default_factory=list)
    run_seconds: list[float] = field(default_factory=list)
    is_same: bool = False

    @property
    def errors(self) -> list[str]:
        """Everything that readers or runs complained of."""
        return [*self.wrong_exits, *(e for r in self.readers for e in r["errors"])]

    def __str__(self) -> str:
        """Return the figures in one line."""
        pages = sum(r["pages"] for r in self.readers)
        swaps = sum(r["batches"] for r in self.readers)
        slowest = max((r["slowest"] for r in self.readers), default=0)
        usual = statistics.median(self.run_seconds) if self.run_seconds else 0
        return (
            f"{self.kills} kills, {self.finished} runs finished before theirs; "
            f"{len(self.readers)} readers: {pages} pages of {swaps} batches, slowest "
            f"{slowest:.1f} s; a run took {usual:.1f} s; {len(self.errors)} errors; "
            f"same tables as undisturbed: {self.is_same}"
        )


def delivery(number: int) -> Rows:
    """Return one order with line and answer for each store."""
    day = f"2025-03-{number % 18 + 1:02d}"
    tables: Rows = {"work_orders": [], "work_order_lines": [], "surveys": []}
    for place, store in enumerate(STORES):
        this = number * 10 + place
        tables["work_orders"].append(
            order(
                this,
                f"{day}T09:00:00",
                store_id=store,
                vin=vin(this),
                status="closed",
                delivered_at=f"{day}T17:00:00",
                ready_notified_at=f"{day}T16:00:00",
            )
        )
        tables["work_order_lines"].append(
            {"work_order_id": f"W{this}", "line_no": 1, "complaint_group": "异响"}
        )
        tables["surveys"].append(
            {
                "survey_id": f"Q{this}",
                "instrument_id": "csat",
                "store_id": store,
                "work_order_id": f"W{this}",
                "sent_at": f"{day}T18:00:00",
                "answered_at": f"{day}T19:00:00",
                "score": 4,
            }
        )
    return tables


def add(site: Site, number: int) -> None:
    """Deliver as a careful source does: under another name until all is there."""
    made = site.folder / "making" / f"delivery-{number:04d}"
    tables = delivery(number)
    if number == 0:
        tables["stores"] = [{"store_id": s, "name": s} for s in STORES]
    site.deliver(str(made), tables)
    made.rename(site.source / made.name)


def kill_runs(folder: Path, *, kills: int, readers: int, seed: int = 1) -> Figures:
    """Kill *kills* runs at random points, finish the last, compare with a calm one."""
    draw, figures = random.Random(seed), Figures()
    site = Site(folder / "killed")
    add(site, 0)
    began = time.monotonic()
    first = site.refresh_in_shell()
    assert first.returncode == 0, first.stderr
    usual = time.monotonic() - began
    figures.run_seconds.append(usual)
    stop = folder / "stop"
    asking = [
        site.start(
            ["-m", "tests.stress.reader", str(site.settings.warehouse), str(stop)]
        )
        for _ in range(readers)
    ]
    try:
        for number in range(1, kills + 1):
            add(site, number)
            usual = _kill_one(site, draw.uniform(0.25, 1.15) * usual, usual, figures)
        began = time.monotonic()
        last = site.refresh_in_shell()
        figures.run_seconds.append(time.monotonic() - began)
        if last.returncode != 0:
            figures.wrong_exits.append(f"last run: {last.returncode} {last.stderr}")
    finally:
        stop.touch()
        for reader in asking:
            out, err = reader.communicate(timeout=120)
            told = (
                json.loads(out.splitlines()[-1])
                if out
                else {"pages": 0, "batches": 0, "slowest": 0, "errors": [err]}
            )
            figures.readers.append(told)
    calm = Site(folder / "calm")
    for number in range(kills + 1):
        add(calm, number)
    calm.run()
    figures.is_same = site.everything() == calm.everything()
    return figures


def _kill_one(site: Site, after: float, usual: float, figures: Figures) -> float:
    """Start a run and kill it; return how long a run takes by now."""
    began = time.monotonic()
    process = site.start(site.run_command())
    try:
        _, err = process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        figures.kills += 1
        return usual
    figures.finished += 1
    took = time.monotonic() - began
    figures.run_seconds.append(took)
    if process.returncode != 0:
        figures.wrong_exits.append(f"exit {process.returncode}: {err[-500:]}")
    return 0.7 * usual + 0.3 * took
