"""Writing typed values as the text that a CSV of the standard format would hold."""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_WHOLE = 2.0**63
_UNITS = ("s", "ms", "us", "ns")


def as_text(value: Any) -> str | None:
    """Return *value* of a sheet or a database row as text; None where it is empty."""
    if value is None:
        return None
    # A sheet has millions of values of four types; subclasses are looked for after.
    write = _EXACT.get(type(value))
    if write is not None:
        return write(value)
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    return str(value).strip() or None


def _number(value: float) -> str | None:
    if not isfinite(value):
        return None
    if value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    return repr(value)


def _moment(value: datetime) -> str:
    """Write a time, rounding what a sheet lost by keeping fractions of a day."""
    remainder = value.microsecond % 1000
    if value.microsecond and min(remainder, 1000 - remainder) <= 5:
        nearest = round(value.microsecond, -3)
        value += timedelta(microseconds=nearest - value.microsecond)
    return value.isoformat()


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _several(value: Any) -> str | None:
    """Write a list as the standard format does, its members joined by `;`."""
    return ";".join(text for text in map(as_text, value) if text) or None


_WRITERS: tuple[tuple[Any, Callable[[Any], str | None]], ...] = (
    (str, lambda value: value.strip() or None),
    (bool, lambda value: "true" if value else "false"),
    (int, str),
    (float, _number),
    (Decimal, lambda value: format(value, "f") if value.is_finite() else None),
    (datetime, _moment),
    ((date, time), lambda value: value.isoformat()),
    (timedelta, _duration),
    (dict, lambda value: json.dumps(value, ensure_ascii=False, default=as_text)),
    ((list, tuple, set, frozenset), _several),
    (memoryview, lambda value: value.hex() or None),
    (bytes, lambda value: value.hex() or None),
)


_EXACT = {
    kind: write
    for kind, write in _WRITERS
    if isinstance(kind, type) and kind is not int
} | {int: str, date: date.isoformat, time: time.isoformat}


def column_as_text(column: pa.Array) -> pa.Array:
    """Return a typed Arrow column as text, null where it is empty."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return column_as_text(column.dictionary_decode())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return trimmed(column.cast(pa.string()))
    if pa.types.is_floating(kind):
        return _numbers(column.cast(pa.float64()))
    if pa.types.is_timestamp(kind):
        return _moments(column)
    if pa.types.is_null(kind) or pa.types.is_date32(kind) or pa.types.is_integer(kind):
        return column.cast(pa.string())
    if pa.types.is_boolean(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.string())
    return pa.array([as_text(value) for value in column.to_pylist()], pa.string())


BLANKS = " \t\r\n\v\f\u00a0\u3000\ufeff"
"""What surrounds a value without belonging to it; both CSV paths cut the same."""


def trimmed(column: pa.Array) -> pa.Array:
    """Return a text column without surrounding blanks, null where nothing is left.

    `="00123"` is how exports keep a spreadsheet from taking a text for a number.
    """
    cut = pc.utf8_trim(column, BLANKS)
    if pc.any(pc.starts_with(cut, '="')).as_py():
        bare = pc.replace_substring_regex(cut, r'^="([^"]*)"$', r"\1")
        cut = pc.utf8_trim(bare, BLANKS)
    return pc.if_else(pc.equal(pc.binary_length(cut), 0), None, cut)


def _numbers(column: pa.Array) -> pa.Array:
    finite = pc.if_else(pc.is_finite(column), column, None)
    whole = pc.and_(pc.equal(finite, pc.floor(finite)), pc.less(pc.abs(finite), _WHOLE))
    as_whole = pc.if_else(whole, finite, None).cast(pa.int64()).cast(pa.string())
    if as_whole.null_count == finite.null_count:
        return as_whole
    # Arrow writes 1.38e+10 from ten digits on; repr never does for what has a fraction.
    broken = pc.if_else(whole, None, finite).to_pylist()
    written = pa.array([None if v is None else repr(v) for v in broken], pa.string())
    return pc.coalesce(as_whole, written)


def _moments(column: pa.Array) -> pa.Array:
    zone = column.type.tz
    for unit in _UNITS:
        try:
            column = column.cast(pa.timestamp(unit, zone))
            break
        except pa.ArrowInvalid:
            continue  # finer than this unit
    if not zone:
        return pc.strftime(column, "%Y-%m-%dT%H:%M:%S")
    written = pc.strftime(column, "%Y-%m-%dT%H:%M:%S%z")
    return pc.replace_substring_regex(written, r"([+-]\d\d)(\d\d)$", r"\1:\2")
