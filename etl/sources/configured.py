"""A source that a TOML file configures: files of others, or queries."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from glob import glob
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from etl.sources.archives import members, unpacked
from etl.sources.config import JoinConfig, SourceConfig, TableConfig
from etl.sources.database import Database
from etl.sources.delivery import LINE, Piece, Rows, Seen
from etl.sources.files import is_workbook, read_file, sheets_of
from etl.sources.folder import refuse_changed
from etl.sources.mapped import Mappers, mapped_rows, used_columns
from etl.sources.places import (
    Found,
    content_of,
    delivered_at,
    digest,
    find,
    is_hidden,
    is_settled,
    place_of,
    unspeakable,
)
from warehouse.contracts import CONTRACTS
from warehouse.errors import SourceError

_SHEET = "#"
_MEMBER = "!"
_MASTERS = "+"
_DIGEST = 64
"""Characters of the part of a content that stands for the bytes of the file."""

_PARTITION = re.compile(r"([^/=]+)=([^/]*)/")


class _Part(NamedTuple):
    """A file, or the member of an archive, and the sheet of it, that a piece is."""

    file: str
    member: str | None = None
    sheet: str | None = None

    @property
    def place(self) -> str:
        """What reports call it."""
        member = f"{_MEMBER}{self.member}" if self.member else ""
        return f"{self.file}{member}" + (f"{_SHEET}{self.sheet}" if self.sheet else "")

    @property
    def suffix(self) -> str:
        """What tells it from other parts of the same file."""
        return self.place.removeprefix(self.file)

    def origin(self, table: TableConfig) -> dict[str, str]:
        """Return where the rows come from, as columns: file, sheet, partitions."""
        inside = f"{self.file}{_MEMBER}{self.member}" if self.member else self.file
        told = {"_file": inside, "_sheet": (self.sheet or "").strip()}
        told = {name: text for name, text in told.items() if name in repr(table)}
        return {**dict(_PARTITION.findall(inside)), **told}


class ConfiguredSource:
    """Files and queries of others, mapped onto the standard tables."""

    def __init__(self, config: SourceConfig, database: Database | None) -> None:
        self.config = config
        self.name = config.name
        self.notices: tuple[str, ...] = ()
        self._database = database
        self._tables = {table.recipe: table for table in config.tables}
        # What a process has looked at once: digests of masters, sheets of workbooks.
        self._digests: dict[Found, str] = {}
        self._sheets: dict[tuple[Found, str | None], list[str]] = {}
        self._parts: dict[str, _Part] = {}
        self._masters: dict[Found, pa.Table] = {}
        self._mappers = Mappers()
        # Which tables each file feeds, as the last listing found it.
        self._feeds: dict[Path, list[TableConfig]] = {}

    def pieces(
        self,
        watermarks: Mapping[str, str],
        now: datetime,
        seen: Mapping[str, Seen] | None = None,
    ) -> list[Piece]:
        """Return the files there are, oldest delivery first, then the queries."""
        notices: list[str] = []
        pieces: list[Piece] = []
        self._feeds.clear()
        for table in self.config.tables:
            if table.query and self._database:
                pieces.append(self._database.piece(table, watermarks, now))
                continue
            found = self._files(table, notices)
            if not found:
                notices.append(f"{table.table}: no file is called {_either(table)}")
            for file in found:
                self._feeds.setdefault(file.path, []).append(table)
                pieces += self._of_file(table, file, now, seen or {})
        self.notices = tuple(notices)
        order = {table: position for position, table in enumerate(CONTRACTS)}
        return sorted(pieces, key=lambda p: (p.delivered_at, order[p.table], p.place))

    def read(self, piece: Piece) -> Rows:
        """Read one file or query as one table.

        Raises:
            SourceError: it cannot be read as the configuration declares.

        """
        table = self._tables[piece.recipe]
        masters = {join.alias: self._master(join) for join in table.joins}
        if table.query and self._database:
            return self._database.read(table, piece, self._mappers, masters)
        part = self._parts[piece.place]
        path = self.config.folder / part.file
        refuse_changed(piece, find(path))
        place = str(self.config.folder / part.place)
        if path.suffix.lower() == ".zip" and not part.member:
            members(path, table.members)  # says why none could be listed
        with ExitStack() as opened:
            if part.member:
                inner = opened.enter_context(unpacked(path, part.member))
            else:
                inner = path
            with _named(place if part.member else str(path), inner):
                raw = read_file(inner, table.dialect, part.sheet)
            wanted: set[str] = set()
            for other in self._feeds.get(path, ()):
                if other is not table:
                    wanted |= used_columns(other, raw.columns)
            rows = mapped_rows(
                table,
                raw,
                self._mappers,
                masters,
                str(path) if not part.suffix else place,
                wanted,
                part.origin(table),
            )
            rows.batches = _held(rows.batches, opened.pop_all(), place, inner)
        return rows

    def _files(self, table: TableConfig, notices: list[str]) -> list[Found]:
        folder = self.config.folder
        if not folder.is_dir():
            raise SourceError(
                str(folder),
                "folder",
                "there is no such folder",
                f"correct `folder` in {self.config.file}",
            )
        names: dict[str, None] = {}
        for pattern in table.files:
            for name in sorted(glob(pattern, root_dir=folder, recursive=True)):
                if is_hidden(Path(name).name) or not (folder / name).is_file():
                    continue
                notice = unspeakable(name)
                if notice is None:
                    names[name] = None
                elif notice not in notices:
                    notices.append(notice)
        return [find(folder / name) for name in names]

    def _of_file(
        self, table: TableConfig, found: Found, now: datetime, seen: Mapping[str, Seen]
    ) -> list[Piece]:
        """Return the pieces of one file: one, or as many as sheets were asked for."""
        file = place_of(found.path, self.config.folder)
        parts = [_Part(file)]
        if found.path.suffix.lower() == ".zip":
            parts = self._members(table, found, file)
        elif table.dialect.sheets and is_workbook(found.path):
            parts = [_Part(file, None, one) for one in self._named(table, found)]
        return [
            self._piece(table, found, part, now, seen)
            for part in parts or [_Part(file)]
        ]

    def _members(self, table: TableConfig, found: Found, file: str) -> list[_Part]:
        """Return the members of an archive, and of those with sheets the sheets."""
        try:
            names = members(found.path, table.members)
        except SourceError:
            return []  # reading the archive as a whole says the same
        parts: list[_Part] = []
        for name in names:
            if table.dialect.sheets and is_workbook(Path(name)):
                sheets = self._named(table, found, name)
                parts += [_Part(file, name, one) for one in sheets or [None]]
            else:
                parts.append(_Part(file, name))
        return parts

    def _named(
        self, table: TableConfig, found: Found, member: str | None = None
    ) -> list[str]:
        """Return the sheets asked for; none where the file cannot be opened."""
        key = (found, f"{member}{table.dialect.sheets}")
        if key not in self._sheets:
            with ExitStack() as opened:
                opened.enter_context(suppress(SourceError))
                self._sheets[key] = []  # reading it says what is wrong
                path = found.path
                if member:
                    path = opened.enter_context(unpacked(path, member))
                self._sheets[key] = sheets_of(path, table.dialect)
        return self._sheets[key]

    def _piece(
        self,
        table: TableConfig,
        found: Found,
        part: _Part,
        now: datetime,
        seen: Mapping[str, Seen],
    ) -> Piece:
        self._parts[part.place] = part
        content = content_of(found, part.place, seen)[:_DIGEST] + part.suffix
        if part.origin(table):
            # The same bytes in another place are other rows.
            content = f"{content}@{part.file}"
        masters = [self._digest(join) for join in table.joins]
        names = [found.path.name, *Path(part.file).parent.parts[::-1]]
        return Piece(
            source=self.name,
            table=table.table,
            place=part.place,
            content=_MASTERS.join([content, *masters]),
            recipe=table.recipe,
            delivered_at=delivered_at(found, names),
            system=table.system,
            zone=table.zone,
            relaxed=table.severity,
            size=found.size,
            mtime_ns=found.mtime_ns if is_settled(found, now) else None,
            fresh_within=table.fresh_within,
        )

    def _digest(self, join: JoinConfig) -> str:
        found = find(self.config.folder / join.file)
        if found not in self._digests:
            self._digests[found] = digest(found.path)[:16]
        return self._digests[found]

    def _master(self, join: JoinConfig) -> pa.Table:
        """Return the text columns of a master, each row with its line."""
        found = find(self.config.folder / join.file)
        if found not in self._masters:
            raw = read_file(found.path, join.dialect)
            kinds = [(LINE, pa.int64()), *((name, pa.string()) for name in raw.columns)]
            batches = [batch.select([LINE, *raw.columns]) for batch in raw.batches]
            master = pa.Table.from_batches(batches, pa.schema(kinds))
            others = {f: m for f, m in self._masters.items() if f.path != found.path}
            self._masters = {**others, found: master}
        return self._masters[found]


@contextmanager
def _named(place: str, inner: Path) -> Iterator[None]:
    """Let an error name the member of an archive, not the file it was laid down in."""
    try:
        yield
    except SourceError as error:
        if error.where != str(inner) or place == error.where:
            raise
        raise SourceError(
            place,
            error.rule,
            error.found,
            error.remedy,
            line=error.line,
            column=error.column,
        ) from None


def _held(
    batches: Iterator[pa.RecordBatch], opened: ExitStack, place: str, inner: Path
) -> Iterator[pa.RecordBatch]:
    """Yield *batches*, and give back what was *opened* for them."""
    with opened, _named(place, inner):
        yield from batches


def _either(table: TableConfig) -> str:
    return " or ".join(table.files)
