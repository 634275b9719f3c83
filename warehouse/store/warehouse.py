"""The warehouse as the rest of the product sees it: batches, and questions to them.

A reader looks at the manifest, opens the batch it names read-only, and keeps that
batch for as long as it needs one: a page is one batch, whatever is published
meanwhile. Nothing here ever waits for the writer.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Self

import pandas as pd
import sqlalchemy as sa

from warehouse.contracts import CONTRACTS
from warehouse.errors import NoBatchError
from warehouse.metrics import Metric, Reading
from warehouse.records import (
    Freshness,
    Inferred,
    RejectedRow,
    RejectGroup,
    Restatement,
    Run,
    SilentStore,
    SourceState,
    Store,
)
from warehouse.scope import Question, Rights
from warehouse.settings import Settings
from warehouse.store import shelves
from warehouse.store.asking import Asker
from warehouse.store.publishing import MANIFEST, Manifest, read_manifest
from warehouse.store.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    manifest: Manifest
    engine: sa.Engine
    filled: dict[str, bool] = field(default_factory=dict)


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
        return Batch(opened.manifest, opened.engine, self.zone, opened.filled)

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
                _Opened(manifest=manifest, engine=engine),
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


class Batch:
    """One published batch, pinned: everything read from it belongs together."""

    def __init__(
        self,
        manifest: Manifest,
        engine: sa.Engine,
        zone: str,
        filled: dict[str, bool],
    ) -> None:
        self.id = manifest.batch_id
        self.seq = manifest.seq
        self.timezone = zone
        self.as_of = _aware(manifest.as_of)
        self.published_at = _aware(manifest.published_at)
        self._engine = engine
        self._sources: list[SourceState] | None = None
        self._asker = Asker(
            self._fetch,
            batch_id=self.id,
            as_of=self.as_of.replace(tzinfo=None),
            zone=zone,
            filled=filled,
        )

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

    def read(self, metric_id: str, question: Question, rights: Rights) -> list[Reading]:
        """Return the readings of a metric; none where the scope has no rows.

        Raises:
            UnknownNameError: no such metric or dimension.
            QuestionError: the question contradicts itself.

        """
        return self._asker.read(metric_id, question, rights)

    def stores(self, rights: Rights) -> list[Store]:
        """Return the stores a reader may see, by region and name."""
        return shelves.stores(self._fetch, rights, self.as_of)

    def sources(self) -> list[SourceState]:
        """Return how far each table of each source reaches."""
        if self._sources is None:
            self._sources = shelves.sources(self._fetch, self.as_of)
        return list(self._sources)

    def silent_stores(self, rights: Rights) -> list[SilentStore]:
        """Return stores that are open, and whose data stopped."""
        return shelves.silent_stores(self._fetch, rights, self.as_of)

    def reject_groups(self) -> list[RejectGroup]:
        """Return the reasons for which rows are set aside, most rows first."""
        return shelves.reject_groups(self._fetch)

    def rejected_rows(self) -> int:
        """Return how many rows are set aside."""
        return shelves.rejected_rows(self._fetch)

    def rejects(
        self,
        *,
        source: str | None = None,
        table: str | None = None,
        rule: str | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[RejectedRow]:
        """Return rows set aside, one for each reason, newest delivery first."""
        return shelves.rejects(
            self._fetch,
            source=source,
            table=table,
            rule=rule,
            limit=limit,
            offset=offset,
        )

    def inferred(self) -> list[Inferred]:
        """Return members that are referred to and not described."""
        return shelves.inferred(self._fetch)

    def restatements(self, limit: int = 20) -> list[Restatement]:
        """Return the days that late rows changed, newest first."""
        return shelves.restatements(self._fetch, limit)

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
