"""Mapping other people's columns onto standard ones, by configuration, in a sandbox."""

from warehouse.store.mapping.mapper import (
    Mapped,
    Mapper,
    check,
    check_format,
    columns_used,
    formats_that_read,
    referred,
)
from warehouse.store.mapping.numbers import NUMBER_STYLES
from warehouse.store.mapping.recipe import Lookup, Recipe, Rule, Unpivot
from warehouse.store.mapping.sandbox import MappingError, parse

__all__ = [
    "NUMBER_STYLES",
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
    "formats_that_read",
    "parse",
    "referred",
]
