"""The warehouse as the rest of the product sees it: batches, and questions to them.

A reader looks at the manifest, opens the batch it names read-only, and keeps that
batch for as long as it needs one: a page is one batch, whatever is published
meanwhile. Nothing here ever waits for the writer.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Self

import pandas as pd
import sqlalchemy as sa

from warehouse.alerts.lines import edited
from warehouse.alerts.records import LinesEdit
from warehouse.contracts import CONTRACTS
from warehouse.errors import AftersightError, NoBatchError
from warehouse.metrics import Metric, Reading, metric
from warehouse.once import Once
from warehouse.records import (
    Freshness,
    Inferred,
    OpeningHours,
    RejectedRow,
    RejectGroup,
    Restatement,
    Run,
    SilentStore,
    SourceState,
    Store,
)
from warehouse.scope import EVERYTHING, Question, Rights
from warehouse.settings import Settings
from warehouse.store import opening, set_aside, shelves
from warehouse.store.alerting import Misses
from warehouse.store.asking import Asker, shared
from warehouse.store.batch_rows import BatchRows
from warehouse.store.boards import Boards
from warehouse.store.following import Norms
from warehouse.store.ladders import Ladders
from warehouse.store.publishing import MANIFEST, Manifest, read_manifest
from warehouse.store.state import State, exists

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    manifest: Manifest
    engine: sa.Engine
    once: Once = field(default_factory=shared)
    edits: tuple[LinesEdit, ...] = ()


class Warehouse:
    """Opens the newest batch when it changes, and hands it out.

    Safe to share between threads; each process has its own.
    """

    def __init__(self, settings: Settings) -> None:
        self.folder: Path = settings.warehouse
        self.zone = settings.timezone
        self._state_url = settings.state
        self._state: State | None = None
        self._lock = threading.Lock()
        self._mark: tuple[int, int] | None = None
        self._opened: _Opened | None = None

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Return the warehouse of an installation; nothing need be published yet."""
        return cls(settings)

    def batch(self) -> "Batch":
        """Return the newest published batch.

        Raises:
            NoBatchError: nothing has been published, or it cannot be opened.

        """
        try:
            stat = (self.folder / MANIFEST).stat()
        except FileNotFoundError:
            raise NoBatchError(
                f"nothing has been published in {self.folder} yet; "
                "run `python -m etl run`"
            ) from None
        mark = (stat.st_ino, stat.st_mtime_ns)
        opened = self._opened
        if opened is None or mark != self._mark:
            with self._lock:
                if self._opened is None or mark != self._mark:
                    self._swap()
                    self._mark = mark
                opened = self._opened
        return Batch(
            opened.manifest, opened.engine, self.zone, opened.once, opened.edits
        )

    def _swap(self) -> None:
        """Open the batch the manifest names; the old engine ends with its readers."""
        for attempt in (1, 2, 3):
            manifest = read_manifest(self.folder)
            if manifest is None:
                raise NoBatchError(f"{self.folder / MANIFEST} has vanished")
            try:
                engine = self._engine(manifest)
                with engine.connect() as connection:
                    connection.execute(sa.text("select 1 from stores limit 1"))
            except Exception as error:
                # The generation may have been replaced while it was being opened.
                if attempt == 3:
                    raise NoBatchError(
                        f"batch {manifest.batch_id} cannot be opened: {error}"
                    ) from error
                continue
            old, self._opened = (
                self._opened,
                _Opened(manifest=manifest, engine=engine, edits=self._edits(manifest)),
            )
            if old is not None:
                old.engine.dispose(close=False)
            return

    def _engine(self, manifest: Manifest) -> sa.Engine:
        engine = sa.create_engine(
            f"duckdb:///{self.folder / manifest.hot}",
            connect_args={
                "read_only": True,
                "config": {
                    "threads": 2,
                    "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False,
                },
            },
            pool_size=8,
            max_overflow=24,
        )
        hist = str(self.folder / manifest.hist).replace("'", "''")

        @sa.event.listens_for(engine, "connect")
        def attach(connection: Any, _record: object) -> None:
            connection.execute(f"attach if not exists '{hist}' as hist (read_only)")
            connection.execute("set timezone = 'UTC'")

        return engine

    def _edits(self, manifest: Manifest) -> tuple[LinesEdit, ...]:
        """Return the lines that people had set when a batch was published."""
        try:
            if self._state is None:
                if not exists(self._state_url):
                    return ()
                self._state = State(self._state_url)
            return tuple(self._state.lines.known_at(_aware(manifest.published_at)))
        except (AftersightError, sa.exc.SQLAlchemyError):
            logger.exception("lines set on screen cannot be read; the last ones hold")
            return () if self._opened is None else self._opened.edits

    def runs(self, limit: int = 20) -> list[Run]:
        """Return the newest runs first: published, refused and failed ones."""
        with self._lock:
            if self._state is None:
                self._state = State(self._state_url)
        return self._state.runs(limit)

    def close(self) -> None:
        """Give up what is open."""
        if self._opened is not None:
            self._opened.engine.dispose()
        if self._state is not None:
            self._state.close()


class Batch(BatchRows, Boards, Ladders, Misses, Norms):
    """One published batch, pinned: everything read from it belongs together."""

    def __init__(
        self,
        manifest: Manifest,
        engine: sa.Engine,
        zone: str,
        once: Once,
        edits: tuple[LinesEdit, ...] = (),
    ) -> None:
        self.id = manifest.batch_id
        self.seq = manifest.seq
        self.timezone = zone
        self.as_of = _aware(manifest.as_of)
        self.published_at = _aware(manifest.published_at)
        self._engine = engine
        self._asker = Asker(
            self._fetch,
            batch_id=self.id,
            as_of=self.as_of.replace(tzinfo=None),
            zone=zone,
            once=once,
            edits=edits,
        )
        self._today = self._asker.today(self._asker.as_of)

    def metric(self, metric_id: str) -> Metric:
        """Return a metric with the lines that hold for this batch."""
        return edited(metric(metric_id), self._asker.edits)

    @property
    def edits(self) -> tuple[LinesEdit, ...]:
        """The lines that people had set when this batch was published."""
        return tuple(self._asker.edits)

    def _fetch(self, select: sa.Select) -> pd.DataFrame:
        try:
            with self._engine.connect() as connection:
                return connection.execute(select).cursor.df()
        except sa.exc.ProgrammingError as error:
            # The batch lacks a table or column that this version reads.
            raise NoBatchError(
                f"batch {self.id} was written by another version; "
                f"run `python -m etl run` ({error.orig})"
            ) from error

    def _once(self, name: str, read: Callable[..., Any], *asked: Any) -> Any:
        """Return what *read* gives, read once for everybody who has this batch open."""
        return self._asker.once.get((name,), lambda: read(self._fetch, *asked))

    def read(self, metric_id: str, question: Question, rights: Rights) -> list[Reading]:
        """Return the readings of a metric.

        Without dimensions there is one a period, its value None where nothing feeds
        it; with dimensions, members without rows have none.

        Raises:
            UnknownNameError: no such metric or dimension.
            QuestionError: the question contradicts itself.

        """
        return self._asker.read(metric_id, question, rights)

    def stores(self, rights: Rights) -> list[Store]:
        """Return the stores a reader may see, by region and name."""
        every = self._once("stores", shelves.stores, EVERYTHING, self._today)
        return shelves.within(every, rights)

    def opening_hours(self, rights: Rights) -> list[OpeningHours]:
        """Return when the stores are open today, each by its own clock."""
        asked = (EVERYTHING, self.as_of, self.timezone)
        every = self._once("hours", opening.opening_hours, *asked)
        return shelves.within(every, rights)

    def sources(self) -> list[SourceState]:
        """Return how far each table of each source reaches."""
        return list(self._once("sources", shelves.sources, self.as_of))

    def silent_stores(self, rights: Rights) -> list[SilentStore]:
        """Return stores that are open, and whose data stopped."""
        asked = (EVERYTHING, self.as_of, self._today)
        every = self._once("silent", shelves.silent_stores, *asked)
        return shelves.within(every, rights)

    def reject_groups(self, rights: Rights) -> list[RejectGroup]:
        """Return the reasons for which rows are set aside, most rows first."""
        return set_aside.reject_groups(self._fetch, rights)

    def rejected_rows(self) -> int:
        """Return how many rows are set aside."""
        return set_aside.rejected_rows(self._fetch)

    def rejects(
        self,
        rights: Rights,
        *,
        source: str | None = None,
        table: str | None = None,
        rule: str | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[RejectedRow]:
        """Return rows set aside, one for each reason, newest delivery first."""
        return set_aside.rejects(
            self._fetch,
            rights,
            source=source,
            table=table,
            rule=rule,
            limit=limit,
            offset=offset,
        )

    def inferred(self, rights: Rights) -> list[Inferred]:
        """Return members that are referred to and not described."""
        return set_aside.inferred(self._fetch, rights)

    def restatements(self, rights: Rights, limit: int = 20) -> list[Restatement]:
        """Return the days that late rows changed, newest first."""
        return set_aside.restatements(self._fetch, rights, limit)

    def freshness_of(self, metric: Metric) -> Freshness:
        """Return the worst freshness among a metric's tables that have a limit."""
        return shelves.freshness_of(self.sources(), metric.sources)

    def data_as_of(self, metric: Metric) -> datetime | None:
        """Return the moment up to which a metric's data reach."""
        marks = shelves.watermarks(self.sources())
        found = [
            marks[t] for t in metric.sources if CONTRACTS[t].event and marks.get(t)
        ]
        return min(found, default=None)


def _aware(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


__all__ = ["Batch", "Warehouse"]
