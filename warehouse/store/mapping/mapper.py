"""Running a recipe over rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import duckdb
import pyarrow as pa

from warehouse.errors import did_you_mean
from warehouse.store.mapping.recipe import Recipe
from warehouse.store.mapping.sandbox import MappingError, parse, sandbox
from warehouse.store.mapping.times import NAMED_FORMATS, dated
from warehouse.store.mapping.writing import (
    FOUND,
    KEPT,
    LINE,
    master_table,
    raw_step,
    source_steps,
    statement,
    text_steps,
)
from warehouse.store.names import literal


class Mapped(NamedTuple):
    """Rows of the standard table (`_line` and the recipe's columns), and how many not.

    *ignored* counts the rows that the recipe's *where* leaves out.
    """

    rows: pa.Table
    ignored: int


class Mapper:
    """Maps rows with *columns*, a bounded number of rows at a time if it may.

    *masters* holds, by alias, the text columns of each lookup and `_line`.
    *is_whole* says that an expression looks beyond its row: all rows of a file must
    then be given at once. Of *columns* only *used* are needed.
    """

    def __init__(
        self,
        recipe: Recipe,
        columns: Sequence[str],
        masters: Mapping[str, pa.Table],
    ) -> None:
        looks_beyond = any(parse(t).has_window for t in recipe.expressions.values())
        self.is_whole = looks_beyond or bool(recipe.fill_down)
        self.used = _used(recipe, columns, masters)
        self._recipe = recipe
        self._connection = sandbox()
        for lookup in recipe.lookups:
            self._connection.register(FOUND, masters[lookup.alias])
            self._connection.execute(master_table(lookup, FOUND))
            self._connection.unregister(FOUND)
        self._statement = self._compiled()

    def apply(self, rows: pa.Table) -> Mapped:
        """Return *rows* (`_line` and the columns used, all text) as the recipe says.

        Raises:
            MappingError: an expression fails on a value.

        """
        try:
            found = self._run(self._statement, rows)
        except duckdb.Error as error:
            raise MappingError(self._blamed(rows, error)) from None
        kept = found.filter(found[KEPT]).drop_columns([KEPT])
        return Mapped(kept, found.num_rows - kept.num_rows)

    def close(self) -> None:
        """Give back the memory."""
        self._connection.close()

    def _run(self, text: str, rows: pa.Table) -> pa.Table:
        self._connection.register(FOUND, rows)
        try:
            return self._connection.execute(text).to_arrow_table()
        finally:
            self._connection.unregister(FOUND)

    def _compiled(self) -> str:
        """Return the statement, written for the types that the expressions have."""
        nothing = _nothing(self.used)
        steps = [*source_steps(self._recipe, self.used), raw_step(self._recipe)]
        try:
            self._connection.register(FOUND, nothing)
            shape = self._connection.sql(statement(steps))
            kinds = dict(zip(shape.columns, map(str, shape.types), strict=True))
            self._connection.unregister(FOUND)
            # DuckDB keeps the order of rows unless something brings them together.
            stirred = self.is_whole or self._recipe.lookups or self._recipe.unpivot
            texts = text_steps(self._recipe, kinds)
            whole = statement([*steps, *texts], ordered=bool(stirred))
            self._run(whole, nothing)
        except duckdb.Error as error:
            raise MappingError(self._blamed(nothing, error)) from None
        return whole

    def _blamed(self, rows: pa.Table, error: duckdb.Error) -> str:
        """Return what is wrong, with the name of the expression it is wrong in."""
        for part in _parts(self._recipe):
            steps = [*source_steps(part, self.used), raw_step(part)]
            try:
                self._run(statement(steps), rows)
            except duckdb.Error as own:
                name = list(part.expressions)[-1] if part.expressions else "mapping"
                return f"{name}: {_plain(own)}"
        return _plain(error)


def columns_used(recipe: Recipe, columns: Sequence[str]) -> set[str]:
    """Return which of a file's *columns* the recipe refers to."""
    referred = {reference[0].lower() for _, reference in _references(recipe)}
    return {name for name in columns if name.lower() in referred}


def check(recipe: Recipe) -> None:
    """Refuse a recipe that no file could satisfy.

    Raises:
        MappingError: an expression that cannot be parsed, or does not fit its types.

    """
    for name, text in recipe.expressions.items():
        try:
            parse(text)
        except MappingError as error:
            raise MappingError(f"{name}: {error}") from None
    aliases = {lookup.alias for lookup in recipe.lookups}
    masters: dict[str, dict[str, None]] = {alias: {} for alias in aliases}
    columns: dict[str, None] = {}
    for _, reference in _references(recipe):
        if reference[0] in aliases and len(reference) > 1:
            masters[reference[0]][reference[1]] = None
        else:
            columns[reference[0]] = None
    made = {name.lower() for name in {*recipe.compute} | _made_by_unpivot(recipe)}
    made.add(LINE)
    found = {name.lower(): name for name in columns if name.lower() not in made}
    lookups = {alias: _nothing(list(names)) for alias, names in masters.items()}
    Mapper(recipe, list(found.values()), lookups).close()


def check_format(pattern: str) -> None:
    """Refuse a time format that cannot be read.

    Raises:
        MappingError: it holds a directive that does not exist, or none at all and
            is no named format either.

    """
    if "%" not in pattern and pattern not in NAMED_FORMATS:
        raise MappingError(did_you_mean(pattern, NAMED_FORMATS))
    with sandbox() as connection:
        try:
            connection.execute(f"select {dated(literal('1'), pattern)}")
        except duckdb.Error as error:
            raise MappingError(_plain(error)) from None


def formats_that_read(values: Sequence[str], formats: Sequence[str]) -> tuple[str, ...]:
    """Return those of *formats* that read each of *values* as a time since 1950."""
    texts = ", ".join(f"({literal(value)})" for value in values)
    found = []
    with sandbox() as connection:
        for pattern in formats:
            read = dated("v", pattern)
            (is_read,) = connection.execute(
                f"select bool_and(coalesce(left({read}, 4) between '1950' and '2100', "
                f"false)) from (values {texts}) as told(v)"
            ).fetchone()
            if is_read:
                found.append(pattern)
    return tuple(found)


def _references(recipe: Recipe) -> list[tuple[str, tuple[str, ...]]]:
    """Return every column reference with the name of what refers."""
    aliases = {lookup.alias for lookup in recipe.lookups}
    found = [
        (name, reference)
        for name, text in recipe.expressions.items()
        for reference in sorted(parse(text).columns)
    ]
    for name, rule in recipe.rules.items():
        if rule.column is not None:
            alias, dot, column = rule.column.partition(".")
            inside = dot and alias in aliases
            reference = (alias, column) if inside else (rule.column,)
            found.append((f"columns.{name}", reference))
    for lookup in recipe.lookups:
        for left, right in lookup.on:
            found.append((f"join.{lookup.alias}", (left,)))
            found.append((f"join.{lookup.alias}", (lookup.alias, right)))
    if recipe.unpivot:
        found += [("unpivot", (name,)) for name in recipe.unpivot.columns]
    found += [("fill_down", (name,)) for name in recipe.fill_down]
    return found


def referred(recipe: Recipe) -> set[str]:
    """Return the names by which a recipe refers to columns of its rows."""
    aliases = {lookup.alias for lookup in recipe.lookups}
    return {r[0] for _, r in _references(recipe) if len(r) == 1 or r[0] not in aliases}


def _made_by_unpivot(recipe: Recipe) -> set[str]:
    return {recipe.unpivot.name, recipe.unpivot.value} if recipe.unpivot else set()


def _used(
    recipe: Recipe, columns: Sequence[str], masters: Mapping[str, pa.Table]
) -> tuple[str, ...]:
    """Return the source columns that the recipe needs, refusing what is not there."""
    made = {name.lower() for name in {*recipe.compute} | _made_by_unpivot(recipe)}
    made.add(LINE)
    known = {name.lower(): name for name in columns}
    used: set[str] = set()
    for name, reference in _references(recipe):
        first = reference[0]
        if first in masters and len(reference) > 1:
            _refuse_unknown(name, reference[1], masters[first].column_names)
        elif first.lower() in known:
            used.add(known[first.lower()])
        elif first.lower() not in made:
            _refuse_unknown(name, first, [*columns, *masters])
    return tuple(name for name in columns if name in used)


def _refuse_unknown(name: str, column: str, known: Sequence[str]) -> None:
    if column.lower() not in {other.lower() for other in known}:
        hint = did_you_mean(column, set(known) - {LINE})
        raise MappingError(f"{name}: there is no column {column!r}; {hint}")


def _parts(recipe: Recipe) -> list[Recipe]:
    """Return recipes with one expression more each, the last of them to blame."""
    bare = replace(recipe, rules={}, compute={}, where=None)
    named = list(recipe.compute.items())
    parts = [bare]
    parts += [replace(bare, compute=dict(named[: n + 1])) for n in range(len(named))]
    computed = replace(bare, compute=recipe.compute)
    if recipe.where is not None:
        parts.append(replace(computed, where=recipe.where))
    for name, rule in recipe.rules.items():
        parts.append(replace(computed, rules={name: rule}))
    return parts


def _nothing(columns: Sequence[str]) -> pa.Table:
    kinds = [(LINE, pa.int64()), *((name, pa.string()) for name in columns)]
    return pa.schema(kinds).empty_table()


def _plain(error: Exception) -> str:
    """Return the first line of what DuckDB says, without its class."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return "the rows do not fit into memory; split the file or avoid the window"
    first = str(error).strip().splitlines()[0].split("Error: ", 1)[-1]
    if "GROUP BY" in first:
        return "it gathers several rows into one; write … over (partition by …)"
    return first
