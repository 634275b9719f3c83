"""One delivery: the rows of every system for a stretch of time, written as files."""

import gzip
import io
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from etl.demo.dirt import Ledger, soil
from etl.demo.network import Network
from etl.demo.orders import Rows
from etl.demo.render import Renderer, iso
from etl.demo.schema import Sheet
from etl.demo.sheets import SHEETS
from etl.demo.visible import ALWAYS, change_between, clock_of_rows, visible
from etl.demo.world import Tables

_WORDS = {  # how a system writes true and false in text files
    "dms": ("是", "否"),
    "crm": ("1", "0"),
    "finance": ("1", "0"),
}


@dataclass(kw_only=True)
class Clerk:
    """Writes deliveries of one network and keeps count of what it wrote."""

    network: Network
    renderer: Renderer
    ledger: Ledger = field(default_factory=Ledger)
    rows: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, network: Network) -> "Clerk":
        """Return a clerk for *network*."""
        return cls(network=network, renderer=Renderer(network))

    def deliver(
        self, out: Path, name: str, tables: Tables, window: "Window"
    ) -> list[Path]:
        """Write the folders ``<system>/<name>`` that have anything to say."""
        drafts: dict[str, Path] = {}
        for sheet in SHEETS:
            table = self._table(sheet, tables[sheet.key], window)
            if table is None:
                continue
            if sheet.system not in drafts:
                drafts[sheet.system] = out / sheet.system / f".{name}.part"
                shutil.rmtree(drafts[sheet.system], ignore_errors=True)
                drafts[sheet.system].mkdir(parents=True)
            form = window.form(sheet)
            write(table, drafts[sheet.system] / f"{sheet.table}.{form}", form)
        folders = []
        for draft in drafts.values():
            folder = draft.with_name(name)
            # A crash may have left the folder behind; its rows are in the draft again.
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(draft, folder)
            folders.append(folder)
        return folders

    def _table(self, sheet: Sheet, rows: Rows, window: "Window") -> pa.Table | None:
        since = ALWAYS - 1 if sheet.full and window.whole else window.told_since
        shown, many = visible(sheet, rows, since, window.now, self.network.problems)
        if not many:
            return None
        self._count(sheet, rows, shown, window)
        table = self.renderer.table(sheet, shown)
        if window.form(sheet) == "parquet":
            return table
        table = texts(table, sheet.system)
        key = shown.get("key", shown.get("number", np.arange(many)))
        settled = (shown[sheet.settled] <= window.now) & (
            np.maximum(shown[sheet.settled], shown["known"]) > window.told_since
        )
        if sheet.full:
            return table
        return soil(sheet, table, settled, key + shown.get("line", 0), self.ledger)

    def _count(self, sheet: Sheet, rows: Rows, shown: Rows, window: "Window") -> None:
        """Note rows, rows told before without a change, and newer versions."""
        many = len(shown["known"])
        self.rows[sheet.table] = self.rows.get(sheet.table, 0) + many
        clock = clock_of_rows(sheet, rows, window.now, self.network.problems)
        fresh = change_between(sheet, rows, window.since, clock)
        again = int((rows["known"][fresh] <= window.since).sum())
        self.ledger.add(sheet, "told_again", "", "duplicate", many - int(fresh.sum()))
        self.ledger.add(sheet, "newer_version", "", "update", again)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The stretch of time a delivery tells: after *since*, up to *now*."""

    since: int
    now: int
    overlap: int = 0  # seconds before *since* that are told once more
    number: int = 0  # of the delivery; the form of some files alternates
    whole: bool = False  # masters are told completely
    live: bool = False

    @property
    def told_since(self) -> int:
        """The start, overlap included."""
        return self.since - self.overlap

    def form(self, sheet: Sheet) -> str:
        """Return the file form of a sheet in this delivery."""
        if self.live:
            return "csv"
        return "csv.gz" if sheet.also_csv and self.number % 2 else sheet.form


def texts(table: pa.Table, system: str) -> pa.Table:
    """All columns as the text that a CSV file holds."""
    yes, no = _WORDS.get(system, ("true", "false"))
    columns = []
    for column in table.columns:
        if pa.types.is_timestamp(column.type):
            columns.append(iso(column))
        elif pa.types.is_boolean(column.type):
            columns.append(pc.if_else(column, yes, no))
        else:
            columns.append(column.cast(pa.string()))
    return pa.table(columns, names=table.column_names)


def write(table: pa.Table, path: Path, form: str) -> None:
    """Write one file; the same table gives the same bytes."""
    if form == "parquet":
        pq.write_table(table, path, compression="zstd")
        return
    text = io.BytesIO()
    pa_csv.write_csv(table, text)
    if form == "csv":
        path.write_bytes(text.getvalue())
        return
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 5, raw, mtime=0) as packed:
        packed.write(text.getvalue())
