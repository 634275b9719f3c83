"""Reading from somebody else's database: increments by query, never a write.

The only place outside `warehouse/store/` that speaks to a database, and it is never
ours.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from etl.sources.config import QueryConfig, SourceConfig, TableConfig
from etl.sources.delivery import Piece, Rows
from etl.sources.dialect import RawRows, batch, header_names
from etl.sources.mapped import Mappers, mapped_rows
from etl.sources.values import as_text
from warehouse.errors import ConfigurationError, SourceError, did_you_mean

CHUNK = 5000
"""Rows fetched at a time."""

_FIRST = {"timestamp": "1970-01-01T00:00:00", "integer": "0", "text": ""}
_CONNECT_SECONDS = 10


@dataclass(slots=True)
class _Mark:
    """The highest watermark seen while rows went by."""

    position: int | None
    value: Any = None

    def pass_by(self, rows: list[tuple[Any, ...]]) -> None:
        """Look at the watermark of *rows*."""
        if self.position is None:
            return
        seen = [row[self.position] for row in rows]
        known = [value for value in [self.value, *seen] if value is not None]
        self.value = max(known, default=None)


class Database:
    """A foreign database, opened for each query and closed behind it."""

    def __init__(self, config: SourceConfig, password: str | None) -> None:
        try:
            parsed = sa.make_url(config.url or "")
        except ArgumentError:
            raise ConfigurationError(
                f"{config.file}: url: found no SQLAlchemy URL; "
                "write dialect+driver://user@host/name and keep the password in "
                "password_env"
            ) from None
        self._source = config.name
        self._url = parsed.set(password=password) if password else parsed
        self._secrets = [str(s) for s in (password, parsed.password) if s]
        self.where = sa.URL.create(
            parsed.drivername,
            parsed.username,
            host=parsed.host,
            port=parsed.port,
            database=parsed.database,
        ).render_as_string()

    def piece(
        self, table: TableConfig, watermarks: Mapping[str, str], now: datetime
    ) -> Piece:
        """Return the query as a piece that resumes from its watermark."""
        query = _query_of(table)
        mark = f"{self._source}/{table.table}/{_digest(query.text)[:8]}"
        since = watermarks.get(mark)
        return Piece(
            source=self._source,
            table=table.table,
            place=f"{self.where}#{table.table}",
            # The moment belongs to it: the same question may have a new answer.
            content=_digest(f"{query.text}\n{since}\n{now.isoformat()}"),
            recipe=table.recipe,
            delivered_at=now,
            system=table.system,
            zone=table.zone,
            relaxed=table.severity,
            mark=mark if query.watermark else None,
            since=since,
            fresh_within=table.fresh_within,
        )

    def read(
        self,
        table: TableConfig,
        piece: Piece,
        mappers: Mappers,
        masters: Mapping[str, pa.Table],
    ) -> Rows:
        """Read what is new since the piece's watermark, that moment included.

        Raises:
            SourceError: the database cannot be reached, or the query fails.

        """
        query = _query_of(table)
        connection = self._connect()
        try:
            result = self._execute(connection, query, piece.since)
            columns = header_names(list(result.keys()))
            mark = _Mark(self._position(query, columns))
            raw = RawRows(columns, self._batches(connection, result, columns, mark))
            # The mark is used, whether or not it is mapped.
            mark_only = {query.watermark} if query.watermark else set()
            rows = mapped_rows(table, raw, mappers, masters, piece.place, mark_only)
        except SQLAlchemyError as error:
            connection.close()
            raise self._refused("query", error) from None
        except Exception:
            connection.close()
            raise
        rows.batches = _until_marked(rows, rows.batches, mark, piece.since)
        return rows

    def _connect(self) -> sa.Connection:
        name = self._url.get_backend_name()
        options: dict[str, Any] = {}
        if name == "postgresql":
            options["connect_args"] = {"connect_timeout": _CONNECT_SECONDS}
        try:
            engine = sa.create_engine(self._url, poolclass=NullPool, **options)
            connection = engine.connect()
            if name == "postgresql":
                connection = connection.execution_options(postgresql_readonly=True)
            elif name == "sqlite":
                connection.exec_driver_sql("pragma query_only = on")
            elif name in ("mysql", "mariadb"):
                connection.exec_driver_sql("set session transaction read only")
        except ModuleNotFoundError as error:
            raise SourceError(
                self.where, "driver", str(error), "install the driver named in url"
            ) from None
        except (SQLAlchemyError, OSError) as error:
            raise self._refused("connection", error) from None
        return connection.execution_options(stream_results=True, max_row_buffer=CHUNK)

    def _execute(
        self, connection: sa.Connection, query: QueryConfig, since: str | None
    ) -> sa.CursorResult[Any]:
        text = query.text.strip().rstrip(";")
        if not query.watermark:
            return connection.execute(sa.text(text))
        if ":watermark" not in text:
            quote = connection.dialect.identifier_preparer.quote
            column = quote(query.watermark)
            # The query is the configuration's own; the connection is read-only. A row
            # without a watermark would never come again: it comes each time.
            text = (
                f"select * from (\n{text}\n) found "
                f"where {column} >= :watermark or {column} is null order by {column}"
            )
        return connection.execute(sa.text(text), {"watermark": _bound(query, since)})

    def _position(self, query: QueryConfig, columns: tuple[str, ...]) -> int | None:
        if not query.watermark:
            return None
        if query.watermark not in columns:
            raise SourceError(
                self.where,
                "watermark",
                f"the query returns no column {query.watermark!r}",
                did_you_mean(query.watermark, columns),
            )
        return columns.index(query.watermark)

    def _batches(
        self,
        connection: sa.Connection,
        result: sa.CursorResult[Any],
        columns: tuple[str, ...],
        mark: _Mark,
    ) -> Iterator[pa.RecordBatch]:
        line = 2  # as if the names of the columns were a header
        try:
            for rows in result.partitions(CHUNK):
                mark.pass_by(rows)
                cells = zip(*rows, strict=True)
                values = [pa.array(map(as_text, cell), pa.string()) for cell in cells]
                lines = pa.array(range(line, line + len(rows)), pa.int64())
                yield batch(columns, lines, values)
                line += len(rows)
        except (SQLAlchemyError, OSError) as error:
            raise self._refused("query", error) from None
        finally:
            with suppress(SQLAlchemyError):
                result.close()
                connection.close()

    def _refused(self, rule: str, error: Exception) -> SourceError:
        cause = getattr(error, "orig", None) or error
        found = " ".join(str(cause).split())
        for secret in self._secrets:
            found = found.replace(secret, "***")
        remedy = {
            "connection": "check url, password_env, and that the server is reachable",
            "query": "check the query and the rights of the user",
        }[rule]
        return SourceError(self.where, rule, found, remedy)


def _query_of(table: TableConfig) -> QueryConfig:
    if table.query is None:
        raise ConfigurationError(f"{table.table}: there is no query")
    return table.query


def _bound(query: QueryConfig, since: str | None) -> Any:
    """Return the watermark as the type that the column is compared with."""
    text = since if since is not None else _FIRST[query.kind]
    if query.kind == "integer":
        return int(text)
    if query.kind == "text":
        return text
    moment = datetime.fromisoformat(text)
    return moment if since is None else moment - query.lookback


def _until_marked(
    rows: Rows, batches: Iterator[pa.RecordBatch], mark: _Mark, since: str | None
) -> Iterator[pa.RecordBatch]:
    """Yield *batches*; only when all have gone by is there a new watermark."""
    yield from batches
    if mark.position is not None:
        rows.watermark = _later(as_text(mark.value), since, mark.value)


def _later(found: str | None, since: str | None, value: Any) -> str | None:
    """Return *found*, unless a lookback saw nothing newer than *since*."""
    if found is None:
        return since
    if since is not None and isinstance(value, datetime):
        return max(found, since, key=datetime.fromisoformat)
    return found


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
