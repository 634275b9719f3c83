"""An installation in a folder, refreshed delivery by delivery, and looked into."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

import duckdb

from etl.refresh import Order, refresh
from etl.sources import standard_folder
from tests.content import content_hash
from tests.kit import Rows, settings_in, silent, write_delivery
from warehouse.records import Run
from warehouse.store.marts import MARTS
from warehouse.store.names import quoted
from warehouse.store.schema import METADATA
from warehouse.store.warehouse import Batch, Warehouse

ROOT = Path(__file__).parents[2]
AS_OF = datetime(2025, 3, 20, 4, tzinfo=timezone.utc)
"""Noon in Shanghai."""

DERIVED = (
    "fct_orders",
    "fct_work_segments",
    "fct_surveys",
    "store_days",
    *(mart.name for mart in MARTS.values()),
)


def vin(number: int) -> str:
    """Return a VIN whose check digit is right."""
    body = f"LSVAA4180E2{number:06d}"
    values = dict(
        zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True)
    )
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(
        (values.get(sign) or int(sign)) * weight
        for sign, weight in zip(body, weights, strict=True)
    )
    return body[:8] + "0123456789X"[total % 11] + body[9:]


def order(number: int, checkin: str, **more: object) -> dict:
    """Return a repair order that is open unless *more* says otherwise."""
    return {
        "work_order_id": f"W{number}",
        "store_id": "S1",
        "vin": vin(number),
        "order_type": "repair",
        "status": "open",
        "checkin_at": checkin,
        **more,
    }


class Site:
    """One installation; its deliveries lie in `source/<day>/`."""

    def __init__(self, folder: Path, **more: object) -> None:
        self.folder = folder
        self.source = folder / "source"
        self.settings = settings_in(folder, threads=1, **more)
        self.source.mkdir(parents=True, exist_ok=True)

    def deliver(self, name: str, tables: Rows) -> Path:
        """Write a delivery; the day in its *name* is when it came."""
        return write_delivery(self.source / name, tables)

    def run(
        self,
        *sources: object,
        as_of: datetime = AS_OF,
        full: bool = False,
        repeats: bool = True,
    ) -> Run:
        """Refresh from *sources*, or from the folder of deliveries."""
        order = Order(now=as_of, as_of=as_of, full=full, repeats=repeats)
        chosen = sources or (standard_folder(self.source),)
        run = refresh(self.settings, chosen, order, silent)
        wrong = {name: c for name, c in run.tables.items() if not c.adds_up}
        assert not wrong, f"rows were lost: {wrong}"
        return run

    def take(self, name: str, tables: Rows, **more: object) -> Run:
        """Deliver and run."""
        self.deliver(name, tables)
        return self.run(**more)

    def batch(self) -> Batch:
        """Return the newest batch."""
        return Warehouse.open(self.settings).batch()

    @contextmanager
    def work(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Look into the working file."""
        path = str(self.settings.warehouse / "work.duckdb")
        with duckdb.connect(path, read_only=True) as con:
            con.execute("set timezone = 'UTC'")
            yield con

    def sql(self, query: str) -> list[tuple]:
        """Return the rows of a query to the working file."""
        with self.work() as con:
            return con.execute(query).fetchall()

    def content(self) -> str:
        """Return the hash of what was loaded."""
        with self.work() as con:
            return content_hash(con)

    def derived(self) -> dict[str, list[tuple]]:
        """Return what was derived and summed, in order of its values."""
        with self.work() as con:
            return {
                name: con.execute(
                    f"select {_told(name)} from {name} order by all"
                ).fetchall()
                for name in DERIVED
            }

    def everything(self) -> tuple[str, dict[str, list[tuple]]]:
        """Return what two installations with the same input agree on."""
        return self.content(), self.derived()

    def environment(self) -> dict[str, str]:
        """Return the environment of a process that runs this installation."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AFTERSIGHT_")}
        gate = self.settings.gate
        return {
            **kept,
            "AFTERSIGHT_WAREHOUSE": str(self.settings.warehouse),
            "AFTERSIGHT_STATE": self.settings.state,
            **({"AFTERSIGHT_GATE": str(gate)} if gate else {}),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def start(self, command: Sequence[str], **more: object) -> subprocess.Popen:
        """Start `python ARGUMENTS…` as a process of its own."""
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **more,
        )

    def shell(self, *command: str, **more: object) -> subprocess.CompletedProcess:
        """Run `python ARGUMENTS…` to its end."""
        process = self.start(command, **more)
        out, err = process.communicate(timeout=600)
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def refresh_in_shell(self, **more: object) -> subprocess.CompletedProcess:
        """Run `python -m etl run` on the deliveries, at the usual moment."""
        return self.shell(*self.run_command(), **more)

    def run_command(self) -> list[str]:
        """Return the arguments of the run that `run` does in this process."""
        moment = AS_OF.isoformat()
        return ["-m", "etl", "run", "--source", str(self.source), "--as-of", moment]


def _told(name: str) -> str:
    """Return the columns that tell what, not how."""
    columns = METADATA.tables[name].columns
    return ", ".join(quoted(c.name) for c in columns if not c.name.startswith("_"))
