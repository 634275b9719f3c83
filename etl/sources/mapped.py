"""Rows of any origin, mapped as a [[table]] of a configuration says."""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

import pyarrow as pa

from etl.sources.config import TableConfig
from etl.sources.delivery import FAULT, LINE, RAW, Rows
from etl.sources.dialect import RawRows
from etl.sources.recipes import canonical, recipe_for
from warehouse.errors import SourceError
from warehouse.store.mapping import (
    Mapped,
    Mapper,
    MappingError,
    Recipe,
    columns_used,
)

_REMEDY = "check the file's header and the configuration (docs/sources.md)"


class Mappers:
    """The mappers used last: files with the same header share one."""

    def __init__(self, kept: int = 4) -> None:
        self._kept = kept
        # The masters are kept beside the mapper, so that their ids stay theirs.
        self._mappers: dict[object, tuple[Mapping[str, pa.Table], Mapper]] = {}

    def get(
        self, recipe: Recipe, columns: tuple[str, ...], masters: Mapping[str, pa.Table]
    ) -> Mapper:
        """Return a mapper, a new one only where none of its kind is at hand.

        Raises:
            MappingError: the recipe does not fit *columns*.

        """
        owners = tuple((alias, id(table)) for alias, table in masters.items())
        key = (repr(recipe), columns, owners)
        if key not in self._mappers:
            self._mappers[key] = (masters, Mapper(recipe, columns, masters))
            while len(self._mappers) > self._kept:
                _, oldest = self._mappers.pop(next(iter(self._mappers)))
                oldest.close()
        return self._mappers[key][1]


def mapped_rows(
    config: TableConfig,
    raw: RawRows,
    mappers: Mappers,
    masters: Mapping[str, pa.Table],
    place: str,
    wanted: Collection[str] = (),
    origin: Mapping[str, str] = MappingProxyType({}),
) -> Rows:
    """Return *raw* as rows of the standard table.

    *wanted* are columns that another table of the same file uses; *origin* holds
    columns that the place of the file says: the same for each of its rows.

    Raises:
        SourceError: a column is missing that the configuration needs.

    """
    if not raw.columns:
        return Rows(batches=iter(()))
    names = _canonical(config, raw.columns, place)
    origin = {name: text for name, text in origin.items() if name not in names}
    columns = (*names, *origin)
    columns += tuple(name for name in config.optional if name not in columns)
    try:
        mapper = mappers.get(recipe_for(config, columns), columns, masters)
    except MappingError as error:
        raise SourceError(place, "mapping", str(error), _REMEDY, line=1) from None
    known = {*mapper.used, *config.ignore, *wanted}
    unknown = tuple(name for name in names if name not in known)
    rows = Rows(batches=iter(()), unknown=unknown)
    rows.batches = _batches(config, raw, names, mapper, rows, place, origin)
    return rows


def _canonical(
    config: TableConfig, columns: tuple[str, ...], place: str
) -> tuple[str, ...]:
    try:
        return canonical(config, columns)
    except MappingError as error:
        raise SourceError(place, "mapping", str(error), _REMEDY, line=1) from None


def used_columns(config: TableConfig, columns: tuple[str, ...]) -> set[str]:
    """Return the names that *config* gives to those of *columns* which it uses."""
    try:
        names = canonical(config, columns)
        used = columns_used(recipe_for(config, names), names)
    except MappingError:
        used = set()
    return used | set(config.ignore)


def _batches(
    config: TableConfig,
    raw: RawRows,
    names: tuple[str, ...],
    mapper: Mapper,
    rows: Rows,
    place: str,
    origin: Mapping[str, str],
) -> Iterator[pa.RecordBatch]:
    gathered: list[pa.RecordBatch] = []
    targets = tuple(config.columns)
    for batch in raw.batches:
        batch = batch.rename_columns([*batch.schema.names[:3], *names])
        if batch.num_rows and batch[FAULT][0].is_valid:
            yield _faults(batch, targets)
        elif mapper.is_whole:
            gathered.append(_needed(batch, mapper, origin))
        else:
            yield from _mapped(mapper, [_needed(batch, mapper, origin)], rows, place)
    if gathered:
        yield from _mapped(mapper, gathered, rows, place)


def _needed(
    batch: pa.RecordBatch, mapper: Mapper, origin: Mapping[str, str]
) -> pa.RecordBatch:
    """Return `_line` and the columns used; those the file lacks are empty."""
    present = set(batch.schema.names)

    def constant(name: str) -> pa.Array:
        return pa.repeat(pa.scalar(origin.get(name) or None, pa.string()), len(batch))

    columns = [batch[n] if n in present else constant(n) for n in mapper.used]
    return pa.RecordBatch.from_arrays(
        [batch[LINE], *columns], names=[LINE, *mapper.used]
    )


def _mapped(
    mapper: Mapper, batches: list[pa.RecordBatch], rows: Rows, place: str
) -> Iterator[pa.RecordBatch]:
    try:
        found: Mapped = mapper.apply(pa.Table.from_batches(batches))
    except MappingError as error:
        remedy = "make the expression null where it cannot be computed (try_cast, try)"
        raise SourceError(place, "mapping", str(error), remedy) from None
    rows.ignored += found.ignored
    nothing = pa.nulls(found.rows.num_rows, pa.string())
    table = found.rows.add_column(1, FAULT, nothing).add_column(2, RAW, nothing)
    yield from table.to_batches()


def _faults(batch: pa.RecordBatch, targets: tuple[str, ...]) -> pa.RecordBatch:
    nothing = pa.nulls(batch.num_rows, pa.string())
    return pa.RecordBatch.from_arrays(
        [batch[LINE], batch[FAULT], batch[RAW], *([nothing] * len(targets))],
        names=[LINE, FAULT, RAW, *targets],
    )
