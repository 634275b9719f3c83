"""Mapping other people's columns onto standard ones, by configuration, in a sandbox."""

from warehouse.store.mapping.mapper import (
    Mapped,
    Mapper,
    check,
    check_format,
    columns_used,
)
from warehouse.store.mapping.recipe import Lookup, Recipe, Rule, Unpivot
from warehouse.store.mapping.sandbox import MappingError, parse

__all__ = [
    "Lookup",
    "Mapped",
    "Mapper",
    "MappingError",
    "Recipe",
    "Rule",
    "Unpivot",
    "check",
    "check_format",
    "columns_used",
    "parse",
]
