"""A dry run: what a configuration would make of its files, before anything is loaded.

The refresh itself runs, on the first rows of each file, into a warehouse that is thrown
away: what it says of a row is what the real run will say of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from etl.refresh import Order, refresh
from etl.sources import Piece, Rows, Seen, Source
from etl.sources.archives import members, unpacked
from etl.sources.kinds import FileKind, kind_of
from etl.sources.profile import profile_of
from etl.sources.suggesting import described, suggested
from warehouse.errors import SourceError
from warehouse.records import Counts, RejectedRow, RejectGroup, Run
from warehouse.scope import EVERYTHING
from warehouse.settings import Settings
from warehouse.store.warehouse import Warehouse

SAMPLES = 3
"""Rows of each table that are shown."""

# A dry run is there to show what is wrong, so nothing is wrong enough to stop it.
_OPEN_GATE = "\n".join(
    f"{name} = {{ refuses = false }}"
    for name in (
        "rejected_share",
        "row_jump",
        "key_loss",
        "null_jump",
        "reference_loss",
    )
)


@dataclass(kw_only=True)
class Looked:
    """What one piece of a source looks like."""

    source: str
    table: str
    place: str
    rows: int = 0
    ignored: int = 0
    unknown: tuple[str, ...] = ()
    is_cut: bool = False
    error: str | None = None
    samples: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a dry run found.

    *rejects* are reasons, each with the number of its rows; *examples* are rows with
    file, line, column and value.
    """

    pieces: list[Looked]
    notices: list[str]
    counts: dict[str, Counts]
    rejects: list[RejectGroup]
    examples: list[RejectedRow]

    @property
    def errors(self) -> list[str]:
        """Return why files or queries cannot be read."""
        return [piece.error for piece in self.pieces if piece.error]


class _Glance:
    """A source of which only the first rows of each piece are read."""

    def __init__(self, source: Source, rows: int) -> None:
        self.name = source.name
        self.looked: list[Looked] = []
        self._source = source
        self._rows = rows

    @property
    def notices(self) -> tuple[str, ...]:
        """What the source has noticed."""
        return self._source.notices

    def pieces(
        self,
        watermarks: Mapping[str, str],
        now: datetime,
        seen: Mapping[str, Seen] | None = None,
    ) -> list[Piece]:
        """Return what there is to read."""
        return self._source.pieces(watermarks, now, seen)

    def read(self, piece: Piece) -> Rows:
        """Read the beginning of *piece*; what cannot be read is noted, not raised."""
        told = Looked(source=self.name, table=piece.table, place=piece.place)
        self.looked.append(told)
        try:
            rows = self._source.read(piece)
        except SourceError as error:
            told.error = str(error)
            return Rows(batches=iter(()))
        told.unknown = rows.unknown
        glanced = Rows(batches=iter(()), unknown=rows.unknown)
        glanced.batches = self._glanced(rows, told)
        return glanced

    def _glanced(self, rows: Rows, told: Looked) -> Iterator[pa.RecordBatch]:
        left = self._rows or None
        try:
            for batch in rows.batches:
                shown = batch if left is None else batch.slice(0, left)
                told.rows += shown.num_rows
                told.samples += _samples(shown, SAMPLES - len(told.samples))
                yield shown
                if left is not None:
                    left -= shown.num_rows
                    if left <= 0:
                        told.is_cut = True
                        break
        except SourceError as error:
            told.error = str(error)
        told.ignored = rows.ignored


def check(
    settings: Settings, sources: Sequence[Source], order: Order, rows: int
) -> Checked:
    """Return what the first *rows* of each piece (0: all) of *sources* would become.

    Nothing of it stays: neither rows, nor marks, nor alerts.

    Raises:
        SourceError: a folder or database cannot be listed.

    """
    glances = [_Glance(source, rows) for source in sources]
    with TemporaryDirectory(prefix="aftersight-check-") as name:
        folder = Path(name)
        (folder / "gate.toml").write_text(_OPEN_GATE, encoding="utf-8")
        apart = replace(
            settings,
            warehouse=folder / "warehouse",
            state=f"sqlite:///{folder / 'state.db'}",
            gate=folder / "gate.toml",
            alerts=None,
        )
        run = refresh(apart, glances, order, _silent)
        return _checked(apart, glances, run)


def _checked(settings: Settings, glances: Sequence[_Glance], run: Run) -> Checked:
    faults = [result.message for result in run.gate if result.check == "reachable"]
    if not any(run.tables.values()):
        rejects, examples = [], []
    else:
        batch = Warehouse.open(settings).batch()
        rejects = batch.reject_groups(EVERYTHING)
        examples = batch.rejects(EVERYTHING, limit=1000)
    return Checked(
        pieces=[told for glance in glances for told in glance.looked],
        notices=[*faults, *(n for glance in glances for n in glance.notices)],
        counts={name: count for name, count in run.tables.items() if count.read},
        rejects=rejects,
        examples=examples,
    )


def _samples(batch: pa.RecordBatch, count: int) -> list[dict[str, str]]:
    """Return some good rows: the fields that are not empty."""
    found = []
    for row in batch.slice(0, 50).to_pylist() if count > 0 else ():
        if row.get("_fault") is None and len(found) < count:
            kept = {k: v for k, v in row.items() if v is not None}
            found.append({k: v for k, v in kept.items() if not k.startswith("_")})
    return found


def first_look(path: Path) -> Iterator[str]:
    """Yield what is seen of a file that nobody has described, and a configuration.

    Raises:
        SourceError: it cannot be read at all.

    """
    if kind_of(path) != FileKind.ARCHIVE:
        profile = profile_of(path)
        yield from described(profile)
        yield suggested(profile)
        return
    names = members(path, ("*",))
    yield f"{path.name}: archive of {', '.join(names[:20])}"
    with unpacked(path, names[0]) as inner:
        profile = replace(profile_of(inner), path=path, member=names[0])
    yield from described(profile)
    yield suggested(profile)


def told(checked: Checked) -> Iterator[str]:
    """Yield the lines that say to a person what was found."""
    for piece in checked.pieces:
        more = ", only its beginning" if piece.is_cut else ""
        left = f", {piece.ignored} left out by where" if piece.ignored else ""
        yield f"{piece.table:18} {piece.place}: {piece.rows} rows{more}{left}"
        if piece.error:
            yield f"    CANNOT BE READ  {piece.error}"
        if piece.unknown:
            yield f"    nothing maps    {', '.join(piece.unknown)}"
        for row in piece.samples:
            yield "    " + "  ".join(f"{key}={value}" for key, value in row.items())
    for notice in checked.notices:
        yield f"notice: {notice}"
    yield ""
    for name, count in checked.counts.items():
        yield (
            f"{name:18} read {count.read} = loaded {count.loaded} + duplicate "
            f"{count.duplicate} + rejected {count.rejected}; inferred {count.inferred}"
        )
    for group in checked.rejects:
        yield _reason(group, checked.examples)


def _reason(group: RejectGroup, examples: Sequence[RejectedRow]) -> str:
    where = next(
        (
            f" in {row.file}, line {row.line}"
            for row in examples
            if (row.table, row.column or "", row.rule)
            == (group.table, group.column, group.rule)
        ),
        "",
    )
    name = f"{group.table}.{group.column}" if group.column else group.table
    return (
        f"{group.severity.upper():7} {group.rows}× {name}: {group.rule}: found "
        f"{group.example!r}{where}; right: {group.right}"
    )


def _silent(_: str) -> None:
    """Say nothing: the report is at the end."""
