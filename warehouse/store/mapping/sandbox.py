"""A database that reaches nothing, and what may be said to it.

Expressions come from configuration files. They are parsed before they run: one scalar
or window expression over the columns of its row, whose result depends on nothing else.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import duckdb

from warehouse.errors import AftersightError

_SETTINGS = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": "",
    "memory_limit": "2GB",
    "threads": "2",
}
_INSTEAD = {
    "SUBQUERY": "a SELECT is not allowed inside; use a join or a window",
    "STAR": "name the columns one by one",
    "PARAMETER": "parameters are not allowed; write the value",
}
# They multiply rows.
_REFUSED = {"unnest", "generate_subscripts"}
# They are spelled like columns and change with the clock.
_CLOCKS = {"current_date", "current_time", "current_timestamp", "localtime"}


class MappingError(AftersightError):
    """An expression that cannot be parsed or evaluated; the caller knows the file."""


@dataclass(slots=True)
class Parsed:
    """What an expression refers to, and whether it looks beyond its own row."""

    columns: set[tuple[str, ...]] = field(default_factory=set)
    has_window: bool = False


def sandbox() -> duckdb.DuckDBPyConnection:
    """Return a database without files, network or extensions; none can be added."""
    connection = duckdb.connect(":memory:", config=_SETTINGS)
    connection.execute("set timezone = 'UTC'")
    connection.execute("set lock_configuration = true")
    return connection


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return sandbox()


@cache
def _volatile() -> frozenset[str]:
    """Return the functions whose result may differ for the same row."""
    found = _parser().execute(
        "select distinct function_name from duckdb_functions() "
        "where stability in ('VOLATILE', 'CONSISTENT_WITHIN_QUERY')"
    )
    return frozenset(name for (name,) in found.fetchall())


@cache
def parse(expression: str) -> Parsed:
    """Return what *expression* refers to.

    Raises:
        MappingError: it is not one scalar or window expression over columns.

    """
    # The line ends keep a comment in the expression from swallowing the bracket.
    found = _parser().execute(
        "select json_serialize_sql(?)", [f"select (\n{expression}\n)"]
    )
    (text,) = found.fetchone()
    tree = json.loads(text)
    if tree["error"]:
        raise MappingError(tree["error_message"])
    parsed = Parsed()
    for node, bound in _nodes(tree["statements"][0]["node"]["select_list"]):
        _refuse(node)
        if node.get("class") == "WINDOW":
            parsed.has_window = True
        if node.get("class") == "COLUMN_REF":
            name = tuple(node["column_names"])
            if name[0] not in bound:
                _refuse_clock(name)
                parsed.columns.add(name)
    return parsed


def _nodes(
    tree: Any, bound: frozenset[str] = frozenset()
) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    """Yield every node, each with the parameters of the lambdas around it."""
    if isinstance(tree, list):
        for member in tree:
            yield from _nodes(member, bound)
    elif isinstance(tree, dict):
        if tree.get("class") == "LAMBDA":
            bound = bound | {
                node["column_names"][0]
                for node, _ in _nodes(tree["lhs"])
                if node.get("class") == "COLUMN_REF"
            }
        yield tree, bound
        for member in tree.values():
            yield from _nodes(member, bound)


def _refuse(node: dict[str, Any]) -> None:
    kind = str(node.get("class"))
    if kind in _INSTEAD:
        raise MappingError(_INSTEAD[kind])
    name = str(node.get("function_name", "")).lower()
    if name in _REFUSED:
        raise MappingError(f"{name} is not allowed; one row stays one row")
    if name in _volatile():
        raise MappingError(f"{name} is not allowed; {_SAME}")


_SAME = "the same row must always give the same result"


def _refuse_clock(name: tuple[str, ...]) -> None:
    if name[0].lower() in _CLOCKS:
        raise MappingError(f"{name[0]} is not allowed; {_SAME}")
