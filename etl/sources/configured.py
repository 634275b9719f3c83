"""A source that a TOML file configures: files of others, or queries."""

from collections.abc import Mapping
from datetime import datetime
from glob import glob
from pathlib import Path

import pyarrow as pa

from etl.sources.config import JoinConfig, SourceConfig, TableConfig
from etl.sources.database import Database
from etl.sources.delivery import LINE, Piece, Rows, Seen
from etl.sources.files import is_workbook, read_file
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
from etl.sources.sheet_reader import sheet_names
from warehouse.contracts import CONTRACTS
from warehouse.errors import SourceError

_SHEET = "#"
_MASTERS = "+"


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
        self._sheets: dict[Found, list[str]] = {}
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
        place, _, sheet = piece.place.partition(_SHEET)
        path = self.config.folder / place
        refuse_changed(piece, find(path))
        raw = read_file(path, table.dialect, sheet or None)
        wanted: set[str] = set()
        for other in self._feeds.get(path, ()):
            if other is not table:
                wanted |= used_columns(other, raw.columns)
        return mapped_rows(table, raw, self._mappers, masters, str(path), wanted)

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
        place = place_of(found.path, self.config.folder)
        if not (table.dialect.sheets and is_workbook(found.path)):
            return [self._piece(table, found, place, now, seen)]
        if found not in self._sheets:
            self._sheets[found] = sheet_names(found.path, table.dialect.sheets)
        return [
            self._piece(table, found, f"{place}{_SHEET}{sheet}", now, seen)
            for sheet in self._sheets[found]
        ]

    def _piece(
        self,
        table: TableConfig,
        found: Found,
        place: str,
        now: datetime,
        seen: Mapping[str, Seen],
    ) -> Piece:
        path, _, sheet = place.partition(_SHEET)
        content = content_of(found, place, seen).partition(_MASTERS)[0]
        if sheet and not content.endswith(f"{_SHEET}{sheet}"):
            content = f"{content}{_SHEET}{sheet}"
        masters = [self._digest(join) for join in table.joins]
        names = [found.path.name, *Path(path).parent.parts[::-1]]
        return Piece(
            source=self.name,
            table=table.table,
            place=place,
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


def _either(table: TableConfig) -> str:
    return " or ".join(table.files)
