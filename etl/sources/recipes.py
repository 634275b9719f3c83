"""From what a configuration says to the recipe for the header of one file."""

from collections.abc import Sequence
from dataclasses import fields
from fnmatch import fnmatchcase

from etl.sources.config import ColumnConfig, TableConfig
from etl.sources.dialect import folded
from warehouse.store.mapping import (
    Lookup,
    MappingError,
    Recipe,
    Rule,
    Unpivot,
    referred,
)

_SHARED = {field.name for field in fields(Rule)} - {"column"}


def draft(config: TableConfig) -> Recipe:
    """Return the recipe for a file that has every column the configuration names."""
    rules = {
        name: _rule(column, column.names[0] if column.names else None)
        for name, column in config.columns.items()
    }
    return _recipe(config, rules, config.unpivot.columns if config.unpivot else ())


def recipe_for(config: TableConfig, columns: Sequence[str]) -> Recipe:
    """Return the recipe for a file with *columns*.

    Raises:
        MappingError: a column is missing that is not optional.

    """
    rules = {
        name: _rule(column, _present(config, name, column, columns))
        for name, column in config.columns.items()
    }
    wide: tuple[str, ...] = ()
    if config.unpivot:
        patterns = config.unpivot.columns
        wide = tuple(c for c in columns if any(fnmatchcase(c, p) for p in patterns))
        if not wide:
            raise MappingError(f"unpivot: no column matches {', '.join(patterns)}")
    return _recipe(config, rules, wide)


def canonical(config: TableConfig, columns: Sequence[str]) -> tuple[str, ...]:
    """Return *columns* under the names by which the configuration calls them.

    These are those of its `headers` (of several variants in one file, the one named
    first is meant), and names that differ from a file's by nothing but blanks, line
    breaks, capitals or full-width forms.

    Raises:
        MappingError: a name of `headers` is that of another column.

    """
    spelled = _respelled(config, columns)
    renamed = {}
    for name, variants in config.headers.items():
        present = [variant for variant in variants if variant in spelled]
        if not present or name in spelled:
            continue
        other = next((c for c in spelled if c.lower() == name.lower()), present[0])
        if other != present[0]:
            raise MappingError(
                f"headers.{name}: the file has a column {other!r} of its own, and "
                "capitals do not tell two columns apart; choose another name"
            )
        renamed[present[0]] = name
    return tuple(renamed.get(column, column) for column in spelled)


def _respelled(config: TableConfig, columns: Sequence[str]) -> list[str]:
    """Return *columns*, each spelled as the configuration spells it."""
    called = {name for column in config.columns.values() for name in column.names}
    called |= {v for variants in config.headers.values() for v in variants}
    called |= {*config.optional, *config.ignore, *referred(draft(config))}
    taken = {column.lower() for column in columns}
    meant: dict[str, list[str]] = {}
    for name in sorted(called):
        if name.lower() not in taken:
            meant.setdefault(folded(name), []).append(name)
    found = []
    for column in columns:
        names = meant.get(folded(column), []) if column not in called else []
        # Two spellings of the configuration, or of the file, are not one column.
        found.append(meant.pop(folded(column))[0] if len(names) == 1 else column)
    return found


def _recipe(
    config: TableConfig, rules: dict[str, Rule], wide: tuple[str, ...]
) -> Recipe:
    unpivot = config.unpivot
    return Recipe(
        rules=rules,
        compute=config.compute,
        where=config.where,
        lookups=tuple(
            Lookup(alias=join.alias, on=join.on, keep=join.keep)
            for join in config.joins
        ),
        unpivot=unpivot
        and Unpivot(
            columns=wide,
            name=unpivot.name,
            value=unpivot.value,
            keep_empty=unpivot.keep_empty,
        ),
        null_values=config.null_values,
        fill_down=config.fill_down,
    )


def _rule(column: ColumnConfig, name: str | None) -> Rule:
    shared = {key: getattr(column, key) for key in _SHARED}
    return Rule(column=name, **shared)


def _present(
    config: TableConfig, target: str, column: ColumnConfig, columns: Sequence[str]
) -> str | None:
    """Return the first name of *column* that the row has."""
    if not column.names:
        return None
    made = {*columns, *config.compute}
    if config.unpivot:
        made |= {config.unpivot.name, config.unpivot.value}
    aliases = tuple(f"{join.alias}." for join in config.joins)
    for name in column.names:
        if name in made or (aliases and name.startswith(aliases)):
            return name
    # The mapper says best what is missing; an optional column is simply empty.
    return None if column.optional else column.names[0]
