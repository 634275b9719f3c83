"""Publish: immutable files, and one manifest that is replaced atomically.

`hist-<seq>.duckdb` holds everything up to its batch, `hot-<seq>.duckdb` what changed
since, with views that lay one over the other. A reader follows CURRENT to one hot
file and the hist file it belongs to: one batch, whatever is published meanwhile.
"""

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import sqlalchemy as sa

from warehouse.contracts import CONTRACTS
from warehouse.errors import NoBatchError
from warehouse.store.marts import MARTS
from warehouse.store.names import quoted
from warehouse.store.schema import (
    CONFORMED,
    FCT_ORDERS,
    FCT_SURVEYS,
    FCT_WORK_SEGMENTS,
    FINDINGS,
    PERSONS,
    REJECTS,
    RESTATED_SUMS,
    RESTATEMENTS,
    SOURCE_MARKS,
    STORE_DAYS,
    STORE_MARKS,
)

MANIFEST = "CURRENT"
KEEP_GENERATIONS = 4
"""Hot files that stay for readers which still hold them."""
HOT_ROWS = 250_000
"""So many changed rows, and a new hist file is written: a publish stays cheap."""
HOT_SHARE = 0.02
"""A long history is written anew only when this share of it has changed: what that
costs is spread over the more days the longer it takes."""
REJECT_ROWS = 200_000
"""Rejected rows that pages can look through; the groups count all of them."""

_KEYED: dict[str, tuple[sa.Table, tuple[str, ...], str | None]] = {
    **{
        name: (table, CONTRACTS[name].key, CONTRACTS[name].event)
        for name, table in CONFORMED.items()
    },
    "fct_orders": (FCT_ORDERS, ("work_order_id",), "checkin_at"),
    "fct_work_segments": (FCT_WORK_SEGMENTS, ("work_order_id",), "started_at"),
    "fct_surveys": (FCT_SURVEYS, ("survey_id",), "answered_at"),
    "store_days": (STORE_DAYS, ("store_id", "day"), "day"),
    "persons": (PERSONS, ("source_system", "source_customer_id"), None),
}
_WHOLE = (SOURCE_MARKS, STORE_MARKS, FINDINGS, RESTATEMENTS, RESTATED_SUMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What CURRENT says: the files of the newest batch."""

    seq: int
    batch_id: str
    hot: str
    hist: str
    hist_seq: int
    as_of: str
    published_at: str


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of *folder*; None when nothing was ever published."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        return Manifest(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise NoBatchError(
            f"{folder / MANIFEST} is damaged ({error}); the next `python -m etl run` "
            "writes it anew"
        ) from None


class Publisher:
    """Writes the files of a batch from the working file."""

    def __init__(self, folder: Path, con: duckdb.DuckDBPyConnection) -> None:
        self.folder = folder
        self.con = con
        for leftover in (*folder.glob("*.tmp"), *folder.glob("*.tmp.wal")):
            leftover.unlink(missing_ok=True)

    def publish(
        self,
        *,
        seq: int,
        batch_id: str,
        as_of: datetime,
        published_at: datetime,
        compact: bool = False,
    ) -> Manifest:
        """Make the working file's state the newest batch."""
        known = self._known()
        if (
            known is None
            or compact
            or not self._opens(known.hist)
            or self._is_much(self._changed_rows(known.hist_seq))
        ):
            hist, hist_seq = self._write_hist(seq), seq
        else:
            hist, hist_seq = known.hist, known.hist_seq
        hot = self._write_hot(seq, hist, hist_seq)
        manifest = Manifest(
            seq=seq,
            batch_id=batch_id,
            hot=hot,
            hist=hist,
            hist_seq=hist_seq,
            as_of=as_of.isoformat(),
            published_at=published_at.isoformat(),
        )
        write_atomically(self.folder / MANIFEST, json.dumps(asdict(manifest)))
        self._clean(manifest)
        return manifest

    def _known(self) -> Manifest | None:
        """The newest manifest, if it was made from this working file.

        After the working file was lost or restored, the published files belong to
        another history: nothing may be laid over them.
        """
        try:
            known = read_manifest(self.folder)
        except NoBatchError:
            return None
        if known is None:
            return None
        mine = self.con.execute(
            "select count(*) from batches where seq = ? and batch_id = ?",
            [known.seq, known.batch_id],
        ).fetchone()[0]
        return known if mine else None

    def _opens(self, hist: str) -> bool:
        path = str(self.folder / hist).replace("'", "''")
        try:
            self.con.execute(f"attach '{path}' as probe (read_only)")
        except duckdb.Error:
            return False
        self.con.execute("detach probe")
        return True

    def _is_much(self, changed: int) -> bool:
        return changed > HOT_ROWS and changed > HOT_SHARE * self._changed_rows(0)

    def _changed_rows(self, since: int) -> int:
        counts = [
            f"select count(*) as n from {name} where _seq > {since}" for name in _KEYED
        ]
        total = self.con.execute(
            f"select sum(n) from ({' union all '.join(counts)})"
        ).fetchone()[0]
        return int(total or 0)

    def _write_hist(self, seq: int) -> str:
        name = f"hist-{seq:08d}.duckdb"

        def fill() -> None:
            for table, (_, _, order) in _KEYED.items():
                by = f" order by {quoted(order)}" if order else ""
                self.con.execute(f"create table pub.{table} as from {table}{by}")
            for mart in MARTS.values():
                self.con.execute(
                    f"create table pub.{mart.name} as from {mart.name} "
                    "order by day, store_id"
                )

        self._write(name, fill)
        return name

    def _write_hot(self, seq: int, hist: str, hist_seq: int) -> str:
        name = f"hot-{seq:08d}.duckdb"
        path = str(self.folder / hist).replace("'", "''")
        self.con.execute(f"attach '{path}' as hist (read_only)")
        try:
            self._write(name, lambda: self._fill_hot(hist_seq))
        finally:
            self.con.execute("detach hist")
        return name

    def _fill_hot(self, hist_seq: int) -> None:
        con = self.con
        for table, (_, key, _) in _KEYED.items():
            con.execute(
                f"create table pub.{table}__hot as "
                f"select * from {table} where _seq > {hist_seq}"
            )
            keys = ", ".join(map(quoted, key))
            rows = con.execute(f"select count(*) from pub.{table}__hot").fetchone()[0]
            over = (
                f"select * from hist.main.{table} anti join {table}__hot "
                f"using ({keys}) union all by name select * from {table}__hot"
                if rows
                else f"select * from hist.main.{table}"
            )
            self._view(table, over)
        for fact, mart in MARTS.items():
            self._fill_mart(fact, mart.name, hist_seq)
        for table in _WHOLE:
            con.execute(f"create table pub.{table.name} as from {table.name}")
        con.execute(
            f"create table pub.{REJECTS.name} as from {REJECTS.name} "
            f"order by piece desc, line limit {REJECT_ROWS}"
        )
        con.execute(
            "create table pub.reject_groups as "
            "select source, table_name, column_name, rule, count(*) as rows, "
            "any_value(value) as example from rejects group by all"
        )

    def _fill_mart(self, fact: str, mart: str, hist_seq: int) -> None:
        days = f"select day from mart_days where fact = '{fact}' and seq > {hist_seq}"
        whole = self.con.execute(
            f"select count(*) > 0 from ({days}) where day is null"
        ).fetchone()[0]
        if whole:
            self.con.execute(f"create table pub.{mart}__hot as from {mart}")
            self._view(mart, f"select * from {mart}__hot")
            return
        self.con.execute(
            f"create table pub.{mart}__days as select distinct day from ({days});"
            f"create table pub.{mart}__hot as select * from {mart} "
            f"where day in (from pub.{mart}__days)"
        )
        self._view(
            mart,
            f"select * from hist.main.{mart} where day not in (from {mart}__days) "
            f"union all by name select * from {mart}__hot",
        )

    def _view(self, name: str, select: str) -> None:
        # A view keeps its names as written: they must mean the hot file's own tables.
        self.con.execute("use pub")
        try:
            self.con.execute(f"create view {name} as {select}")
        finally:
            self.con.execute("use work")

    def _write(self, name: str, fill: object) -> None:
        target = self.folder / name
        temporary = target.with_name(name + ".tmp")
        for path in (temporary, target.with_name(name + ".tmp.wal"), target):
            path.unlink(missing_ok=True)
        path = str(temporary).replace("'", "''")
        self.con.execute(f"attach '{path}' as pub")
        try:
            fill()
            self.con.execute("checkpoint pub")
        finally:
            self.con.execute("use work")
            self.con.execute("detach pub")
        descriptor = os.open(temporary, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(temporary, target)

    def _clean(self, manifest: Manifest) -> None:
        """Remove generations nobody can be on any more."""
        hots = sorted(self.folder.glob("hot-*.duckdb"))
        others = [hot for hot in hots if hot.name != manifest.hot]
        # A higher number is left over from another working file.
        older = [hot for hot in others if hot.name < manifest.hot]
        kept = older[-(KEEP_GENERATIONS - 1) :]
        self._remove(hot for hot in others if hot not in kept)
        # Each kept hot file lies over the newest hist file that is not newer than it.
        oldest = _number(min([*kept, self.folder / manifest.hot]))
        newest = _number(self.folder / manifest.hot)
        hists = sorted(self.folder.glob("hist-*.duckdb"))
        below = [hist for hist in hists if _number(hist) <= oldest][-1:]
        between = [hist for hist in hists if oldest < _number(hist) <= newest]
        needed = {manifest.hist, *[hist.name for hist in (*below, *between)]}
        self._remove(hist for hist in hists if hist.name not in needed)

    @staticmethod
    def _remove(paths: Iterable[Path]) -> None:
        for path in list(paths):
            with contextlib.suppress(OSError):
                path.unlink()


def _number(file: Path) -> str:
    return file.stem.partition("-")[2]


def write_atomically(path: Path, text: str) -> None:
    """Replace *path* by *text*: all of it is there, or the old one still is."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
