"""One refresh: the order of its steps, from the sources to the published batch."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timezone

from etl.alerting import judge_newest
from etl.sources import Piece, Seen, Source
from warehouse.contracts import CONTRACTS, Contract
from warehouse.errors import AftersightError, NoBatchError, SourceError
from warehouse.moments import naive
from warehouse.records import GateResult, Outcome, Run
from warehouse.settings import Settings
from warehouse.store.gate import Gate
from warehouse.store.loading import Loader
from warehouse.store.publishing import Publisher, read_manifest
from warehouse.store.refresh import Refresh
from warehouse.store.state import State
from warehouse.store.work import Work

logger = logging.getLogger(__name__)

Say = Callable[[str], None]


class _RefusedError(AftersightError):
    """The gate said no: the transaction is rolled back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a refresh is to do.

    *now* is the moment of reading (UTC), *as_of* the moment that counts as now for
    the numbers. *repeats* tells whether files read before are counted as the
    duplicates they are, or passed over in silence (the intraday loop).
    """

    now: datetime
    as_of: datetime
    full: bool = False
    compact: bool = False
    repeats: bool = True


def refresh(
    settings: Settings, sources: Iterable[Source], order: Order, say: Say
) -> Run:
    """Run one refresh and keep its record; returns the record.

    Raises:
        BusyError: another refresh is running.
        ConfigurationError: the gate file says something impossible.

    """
    state = State(settings.state)
    try:
        gate = Gate.from_file(settings.gate)
        with Work(
            settings.warehouse, memory=settings.memory, threads=settings.threads
        ) as work:
            runner = _Runner(settings, work, list(sources), order, gate, say)
            try:
                run = runner.run()
            except Exception as error:
                reason = f"{type(error).__name__}: {error}"
                # What broke the run may break its record too; the first error counts.
                with suppress(Exception):
                    state.add_run(runner.record(Outcome.FAILED, [], reason))
                raise
        state.add_run(run)
        if run.outcome is Outcome.PUBLISHED:
            _judge(settings, state, order, say)
        return run
    finally:
        state.close()


def _judge(settings: Settings, state: State, order: Order, say: Say) -> None:
    """Evaluate the alerts of what was published; the numbers are out in any case."""
    try:
        judge_newest(
            settings,
            state,
            datetime.now(timezone.utc),
            say,
            is_intraday=not order.repeats,
        )
    except Exception as error:
        logger.exception("alerts could not be evaluated")
        say(f"alerts could not be evaluated: {type(error).__name__}: {error}")


@contextmanager
def loaded(
    settings: Settings, work: Work, sources: list[Source], order: Order, say: Say
) -> Iterator[None]:
    """Give the working file what *sources* hold, for the block only: a dry run."""
    work.con.execute("begin")
    try:
        _Runner(settings, work, sources, order, Gate(), say).fill()
        yield
    finally:
        work.con.execute("rollback")


class _Runner:
    def __init__(
        self,
        settings: Settings,
        work: Work,
        sources: list[Source],
        order: Order,
        gate: Gate,
        say: Say,
    ) -> None:
        self.settings = settings
        self.work = work
        self.sources = sources
        self.order = order
        self.say = say
        self.faults: list[GateResult] = []
        self._began = datetime.now(timezone.utc)
        self.job = Refresh(
            work,
            started_at=order.now,
            as_of=naive(order.as_of),
            zone=settings.timezone,
            gate=gate,
            nightly=order.repeats,
            published_seq=_published(settings),
        )
        self.full = order.full or self.job.is_outdated

    def run(self) -> Run:
        started = time.monotonic()
        outcome, gate, message = Outcome.PUBLISHED, [], ""
        try:
            with self.work.transaction():
                gate = self.fill()
                refused = [r for r in gate if not r.passed and r.refuses]
                if refused:
                    raise _RefusedError("; ".join(r.message for r in refused))
                self.job.record()
                self.job.tidy()
        except _RefusedError as error:
            outcome, message = Outcome.REFUSED, str(error)
            self.say(f"refused: {message}")
        if outcome is Outcome.PUBLISHED:
            self._publish()
        seconds = time.monotonic() - started
        self.say(f"{outcome.value} {self.job.batch_id} in {seconds:.1f} s")
        return self.record(outcome, gate, message)

    def record(self, outcome: Outcome, gate: list[GateResult], message: str) -> Run:
        finished = self.order.now + (datetime.now(timezone.utc) - self._began)
        return Run(
            batch_id=self.job.batch_id,
            started_at=self.order.now,
            finished_at=finished,
            as_of=self.order.as_of,
            outcome=outcome,
            tables=dict(sorted(self.job.counts.items())),
            gate=tuple(gate),
            message=message,
            sources=tuple(source.name for source in self.sources),
        )

    # ---------- steps

    def fill(self) -> list[GateResult]:
        pieces = self._pieces()
        if self.job.is_outdated:
            self.say("release or time zone is another one: everything is made anew")
        if self.full:
            self.job.start_over()
        for contract in CONTRACTS.values():
            self._load(contract, pieces.get(contract.table, []))
        if any(fault.refuses for fault in self.faults):
            return self.faults
        self.job.fill_gaps()
        self.say("deriving facts")
        self.job.connect()
        gate = [*self.faults, *self.job.judge()]
        if all(result.passed or not result.refuses for result in gate):
            self.say("summing marts")
            self.job.sum_up()
        return gate

    def _pieces(self) -> dict[str, list[tuple[Source, Piece]]]:
        marks = self.job.ledger.watermarks()
        seen = {place: Seen(*known) for place, known in self.job.ledger.seen().items()}
        found: dict[str, list[tuple[Source, Piece]]] = {}
        for source in self.sources:
            try:
                pieces = source.pieces(marks, self.order.now, seen)
            except SourceError as error:
                # Others' data need not wait for a source that is away.
                alone = len(self.sources) == 1
                self._fault("reachable", source.name, error, refuses=alone)
                continue
            for notice in source.notices if self.order.repeats else ():
                self.say(f"{source.name}: {notice}")
            for piece in pieces:
                found.setdefault(piece.table, []).append((source, piece))
        return found

    def _fault(
        self, check: str, table: str, error: SourceError, *, refuses: bool = True
    ) -> None:
        self.say(str(error))
        self.faults.append(
            GateResult(
                check=check,
                table=table,
                passed=False,
                found=None,
                limit=None,
                message=str(error),
                refuses=refuses,
            )
        )

    def _load(self, contract: Contract, pieces: list[tuple[Source, Piece]]) -> None:
        job = self.job
        if self.full:
            loader = job.reload(contract)
        elif pieces:
            loader = job.loader(contract)
        else:
            return
        fresh = [pair for pair in pieces if not self._is_repeat(pair[1])]
        # Versions are told apart in the order of delivery, whichever the source.
        fresh.sort(key=lambda pair: pair[1].delivered_at)
        if not fresh and not self.full:
            return
        for number, (source, piece) in enumerate(fresh, start=1):
            if number % 20 == 1 or number == len(fresh):
                self.say(
                    f"reading {contract.table} {number}/{len(fresh)}: {piece.place}"
                )
            try:
                self._read(loader, source, piece)
            except SourceError as error:
                self._fault("readable", contract.table, error)
        job.settle(loader)

    def _is_repeat(self, piece: Piece) -> bool:
        counts = self.job.ledger.recorded(piece)
        if counts is None:
            return False
        if self.order.repeats:
            self.job.add_counts(piece.table, counts, is_repeat=True)
        return True

    def _read(self, loader: Loader, source: Source, piece: Piece) -> None:
        note = self.job.ledger.note_piece(piece, self.order.now)
        loader.expect(note)
        rows = source.read(piece)
        for batch in rows.batches:
            loader.add(note.piece, batch)
        self.job.ledger.finish_piece(
            note.piece,
            ignored=rows.ignored,
            unknown=rows.unknown,
            watermark=rows.watermark,
        )

    def _publish(self) -> None:
        self.say("publishing")
        publisher = Publisher(self.settings.warehouse, self.work.con)
        publisher.publish(
            seq=self.job.seq,
            batch_id=self.job.batch_id,
            as_of=naive(self.order.as_of),
            published_at=naive(datetime.now(timezone.utc)),
            compact=self.full or self.order.compact,
        )


def _published(settings: Settings) -> int:
    """Return the number of the newest published batch, 0 if there is none."""
    try:
        known = read_manifest(settings.warehouse)
    except NoBatchError:
        return 0
    return known.seq if known else 0
