"""JSON and XML as rows: each record a row, its inner objects columns `a.b`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from etl.sources.dialect import Dialect, RawRows, batch, faults, header_names
from etl.sources.text_blocks import text_blocks, whole_text
from etl.sources.values import as_text, trimmed
from etl.sources.xml_tree import LARGEST, parsed_xml, tree_of
from warehouse.errors import SourceError

BATCH = 1 << 14
"""Rows handed on at a time."""

ITSELF = "."
"""The way to the records where the document is the record, or the list of them."""

EVERY = "*"
"""A step of the way: every member of an object whose keys are data (`_key`)."""

_KEY = "_key"
_ROOT = "$"
_LONGEST_RAW = 4000
_EXACT = {"parse_float": str, "parse_int": str, "parse_constant": lambda _: None}


def read_json(path: Path, dialect: Dialect) -> RawRows:
    """Return the records of a JSON document, or of a file with one on each line.

    A record's line is its number in the document; in JSON lines its own line.

    Raises:
        SourceError: it cannot be read or parsed, or the records are not found.

    """
    if _is_lines(path, dialect):
        return _read_lines(path, dialect)
    text = whole_text(path, dialect.encodings, LARGEST)
    if not text.strip():
        return RawRows((), iter(()))
    try:
        document = json.loads(text, **_EXACT)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise _unreadable(path, error, line) from None
    del text
    found = list(_records(path, document, dialect.records))
    return _rows(list(enumerate(found, start=1)))


def read_xml(path: Path, dialect: Dialect) -> RawRows:
    """Return the records of an XML document: elements, their children and attributes.

    Raises:
        SourceError: it cannot be read or parsed, declares entities of its own, or the
            records are not found.

    """
    document = tree_of(parsed_xml(path, dialect.encodings))
    found = list(_records(path, document, dialect.records))
    return _rows(list(enumerate(found, start=1)))


def _is_lines(path: Path, dialect: Dialect) -> bool:
    """Tell JSON lines from a document: the first line is whole, and is not the last."""
    if path.name.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson")):
        return True
    lines = (
        line
        for block in text_blocks(path, dialect.encodings)
        for line in block.data.split(b"\n")
        if line.strip()
    )
    try:
        first, second = next(lines, b""), next(lines, None)
        is_object = isinstance(json.loads(first), dict)
    except (ValueError, RecursionError, SourceError):
        return False
    return is_object and second is not None


def _read_lines(path: Path, dialect: Dialect) -> RawRows:
    """Return records by line; once through for the names, once for the rows."""
    columns: dict[str, None] = {}
    for _, _, found, _ in _lines(path, dialect):
        for record in found:
            columns.update(dict.fromkeys(record))
    named = header_names(tuple(columns))

    def batches() -> Iterator[pa.RecordBatch]:
        good: list[tuple[int, dict[str, Any]]] = []
        bad: list[tuple[int, str, str]] = []
        for line, raw, found, fault in _lines(path, dialect):
            good += [(line, record) for record in found]
            if fault:
                bad.append((line, fault, raw[:_LONGEST_RAW]))
            if len(good) >= BATCH:
                yield _batch(good, columns, named)
                good = []
        if good:
            yield _batch(good, columns, named)
        if bad:
            yield faults(named, bad)

    return RawRows(named, batches())


def _lines(
    path: Path, dialect: Dialect
) -> Iterator[tuple[int, str, list[dict[str, Any]], str | None]]:
    """Yield line, text, records and fault of every line with anything on it."""
    for block in text_blocks(path, dialect.encodings):
        for number, data in enumerate(block.data.split(b"\n"), start=block.line):
            text = data.decode("utf-8", "replace").strip()
            if not text:
                continue
            try:
                document = json.loads(text, **_EXACT)
            except (json.JSONDecodeError, RecursionError) as error:
                yield number, text, [], f"no JSON: {error}"
                continue
            if not isinstance(document, dict | list):
                yield number, text, [], "no JSON object"
                continue
            way = dialect.records or ITSELF
            found = list(_walked(document, _steps(way), {}, _ROOT, [False]))
            yield number, text, found, None


def _records(path: Path, document: Any, way: str | None) -> Iterator[dict[str, Any]]:
    """Return the records on the *way*, or those of the only list there is."""
    if way is None:
        lists = sorted(set(_lists(document, "")))
        if isinstance(document, list):
            way = ITSELF
        elif len(lists) == 1:
            (way,) = lists
        else:
            shown = f"lists of objects: {', '.join(lists) or 'none'}"
            remedy = f'name the records: records = "{lists[0] if lists else ITSELF}"'
            raise SourceError(str(path), "records", shown, remedy)
    arrived = [False]
    yield from _walked(document, _steps(way), {}, _ROOT, arrived)
    if not arrived[0]:
        keys = ", ".join(document) if isinstance(document, dict) else "a list"
        lists = ", ".join(sorted(set(_lists(document, "")))) or "none"
        found = f"nothing stands under {way!r}; the document holds {keys}"
        raise SourceError(str(path), "records", found, f"lists of objects: {lists}")


def _steps(way: str) -> list[str]:
    return [] if way == ITSELF else way.split(".")


def _lists(node: Any, way: str) -> Iterator[str]:
    """Yield the ways to lists of objects that are not inside another such list."""
    if isinstance(node, list) and any(isinstance(member, dict) for member in node):
        yield way or ITSELF
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _lists(value, f"{way}.{key}" if way else key)


def _walked(
    node: Any, steps: list[str], above: dict[str, Any], name: str, arrived: list[bool]
) -> Iterator[dict[str, Any]]:
    """Yield the records below *node*, each with what the objects above it say."""
    if isinstance(node, list):
        arrived[0] = arrived[0] or not steps
        for member in node:
            yield from _walked(member, steps, above, name, arrived)
    elif not steps:
        arrived[0] = True
        if isinstance(node, dict):
            yield {**_flat(node), **above}
        elif node is not None:
            yield {"value": node, **above}
    elif isinstance(node, dict):
        step, rest = steps[0], steps[1:]
        if step == EVERY:
            for key, value in node.items():
                yield from _walked(value, rest, {**above, _KEY: key}, name, arrived)
        elif step in node:
            arrived[0] = arrived[0] or node[step] is None
            others = {k: v for k, v in node.items() if k != step}
            said = {f"{name}.{k}": v for k, v in _flat(others).items()}
            yield from _walked(node[step], rest, {**above, **said}, step, arrived)


def _flat(node: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Return an object with those inside it spelled out; lists stay what they are."""
    found: dict[str, Any] = {}
    for key, value in node.items():
        if isinstance(value, dict) and value:
            found |= _flat(value, f"{before}{key}.")
        else:
            found[f"{before}{key}"] = value
    return found


def _rows(records: list[tuple[int, dict[str, Any]]]) -> RawRows:
    columns: dict[str, None] = {}
    for _, record in records:
        columns.update(dict.fromkeys(record))
    named = header_names(tuple(columns))

    def batches() -> Iterator[pa.RecordBatch]:
        for start in range(0, len(records), BATCH):
            yield _batch(records[start : start + BATCH], columns, named)

    return RawRows(named, batches())


def _batch(
    records: list[tuple[int, dict[str, Any]]],
    columns: dict[str, None],
    named: tuple[str, ...],
) -> pa.RecordBatch:
    lines = pa.array([line for line, _ in records], pa.int64())
    values = [
        trimmed(pa.array([_text(r.get(name)) for _, r in records], pa.string()))
        for name in columns
    ]
    return batch(named, lines, values)


def _text(value: Any) -> str | None:
    """Write plain values as the standard format does, lists of objects as JSON."""
    if isinstance(value, list) and any(isinstance(v, dict | list) for v in value):
        return json.dumps(value, ensure_ascii=False)
    return as_text(value)


def _unreadable(path: Path, error: Exception, line: int) -> SourceError:
    return SourceError(
        str(path),
        "JSON",
        f"it cannot be parsed ({error})",
        "deliver the whole document again",
        line=line,
    )
