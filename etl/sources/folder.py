"""A folder in the product's own format (interfaces.md §3)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from etl.sources.delivery import RESERVED, Piece, Rows, Seen
from etl.sources.dialect import STANDARD, RawRows
from etl.sources.files import is_workbook, read_file
from etl.sources.places import (
    FORMATS,
    Found,
    content_of,
    delivered_at,
    find,
    is_settled,
    place_of,
    unspeakable,
    walk,
)
from etl.sources.sheet_reader import read_sheet, sheet_names
from warehouse.contracts import CONTRACTS, Contract
from warehouse.errors import SourceError, did_you_mean

RECIPE = "standard-1"
"""Changes when the same bytes of a standard file are read differently."""

_SILENT = (".json", ".txt", ".md", ".html", ".pdf")
_MANIFESTS = ("_SUCCESS", "SHA256SUMS", "MANIFEST", "Thumbs.db", "desktop.ini")


class StandardFolder:
    """Every folder below *root* that holds `<table>.csv` and the like is a delivery."""

    def __init__(self, root: Path, name: str) -> None:
        self.root = root
        self.name = name
        self.notices: tuple[str, ...] = ()
        # A delivery may be the root itself, named by where it lies.
        self._own_name = root.resolve().name

    def pieces(
        self,
        watermarks: Mapping[str, str],
        now: datetime,
        seen: Mapping[str, Seen] | None = None,
    ) -> list[Piece]:
        """Return the files there are, oldest delivery first, in order of loading."""
        notices, pieces = [], []
        for found in walk(self.root):
            table = table_of(found.path.name)
            notice = unspeakable(place_of(found.path, self.root))
            if notice:
                notices.append(notice)
            elif table:
                pieces.append(self._piece(table, found, now, seen or {}))
            elif not _is_silent(found.path):
                notices.append(_unknown_file(place_of(found.path, self.root)))
        self.notices = tuple(notices)
        order = {table: position for position, table in enumerate(CONTRACTS)}
        return sorted(pieces, key=lambda p: (p.delivered_at, order[p.table], p.place))

    def read(self, piece: Piece) -> Rows:
        """Read one file.

        Raises:
            SourceError: it cannot be read, has changed, or lacks a required column.

        """
        path = self.root / piece.place
        refuse_changed(piece, find(path))
        contract = CONTRACTS[piece.table]
        raw = _read(path, contract)
        if not raw.columns:
            return Rows(batches=iter(()))
        refuse_missing(path, contract, raw.columns)
        kept = [name for name in raw.columns if name in contract.column_names]
        unknown = tuple(name for name in raw.columns if name not in kept)
        return Rows(batches=_selected(raw, kept), unknown=unknown)

    def _piece(
        self, table: str, found: Found, now: datetime, seen: Mapping[str, Seen]
    ) -> Piece:
        place = place_of(found.path, self.root)
        names = [*place.split("/")[-2::-1], self._own_name]
        return Piece(
            source=self.name,
            table=table,
            place=place,
            content=content_of(found, place, seen),
            recipe=RECIPE,
            delivered_at=delivered_at(found, names),
            size=found.size,
            mtime_ns=found.mtime_ns if is_settled(found, now) else None,
        )


def table_of(name: str) -> str | None:
    """Return the standard table that a file of this name holds, if it holds one."""
    for ending in FORMATS:
        table = name.lower().removesuffix(ending)
        if table != name.lower() and table in CONTRACTS:
            return table
    return None


def refuse_changed(piece: Piece, found: Found) -> None:
    """Refuse a file that is not the one that was listed.

    Raises:
        SourceError: size or time differ.

    """
    same_size = piece.size in (None, found.size)
    same_time = piece.mtime_ns in (None, found.mtime_ns)
    if not (same_size and same_time):
        raise SourceError(
            str(found.path),
            "file",
            "it was written to after it had been listed",
            "deliver under another name and rename when complete",
        )


def refuse_missing(path: Path, contract: Contract, columns: Sequence[str]) -> None:
    """Refuse a file without a column that the contract requires.

    Raises:
        SourceError: a required column is missing; the message offers what is there.

    """
    others = set(columns) - set(contract.column_names)
    for name in contract.required:
        if name not in columns:
            raise SourceError(
                str(path),
                "required column",
                f"{name!r} is not among {', '.join(columns)}",
                did_you_mean(name, others) if others else "add it to the file",
                line=1,
                column=name,
            )


def _read(path: Path, contract: Contract) -> RawRows:
    if not is_workbook(path):
        return read_file(path, STANDARD)
    every = sheet_names(path, ("*",))
    named = [sheet for sheet in every if sheet.strip().lower() == contract.table]
    return read_sheet(path, (named or sheet_names(path, ()))[0], STANDARD)


def _selected(raw: RawRows, kept: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for batch in raw.batches:
        yield batch.select([*RESERVED, *kept])


def _is_silent(path: Path) -> bool:
    return path.suffix.lower() in _SILENT or path.name in _MANIFESTS


def _unknown_file(place: str) -> str:
    stem = Path(place).name.split(".")[0]
    hint = did_you_mean(stem, CONTRACTS)
    return f"{place} is no standard table and was left alone; {hint}"
