"""The fast way to read CSV: a block of well-formed rows, parsed by vectors.

It takes a block only where it provably reads what the careful way would read;
whatever it cannot prove, it leaves alone.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import csv

from etl.sources.dialect import batch
from etl.sources.text_blocks import Block
from etl.sources.values import trimmed

LONGEST_FIELD = 1 << 20
"""Characters that one field may have; more is an unclosed quote or garbage."""

_NEWLINE = ord("\n")


class _Shape(NamedTuple):
    """The line that each row begins in, and whether a row has several lines."""

    lines: np.ndarray
    is_broken: bool


def parse(
    block: Block, columns: tuple[str, ...], delimiter: str, quote: str
) -> list[pa.RecordBatch] | None:
    """Return the rows of *block*, or None where only care can tell what they are."""
    # A single column cannot tell an empty field from an empty line.
    shape = _shape(block, delimiter, quote) if len(columns) > 1 else None
    if shape is None:
        return None
    numbers = [str(position) for position in range(len(columns))]
    size = len(block.data) + 1
    try:
        table = csv.read_csv(
            pa.BufferReader(block.data),
            csv.ReadOptions(column_names=numbers, block_size=size),
            csv.ParseOptions(
                delimiter=delimiter,
                quote_char=quote or False,
                newlines_in_values=shape.is_broken,
            ),
            csv.ConvertOptions(
                column_types=dict.fromkeys(numbers, pa.string()), null_values=[]
            ),
        )
    except pa.ArrowInvalid:
        return None  # a wrong number of fields, or bytes that are no UTF-8
    if table.num_rows != len(shape.lines):
        return None  # there is an empty line
    return _batches(table, shape.lines, columns)


def _batches(
    table: pa.Table, lines: np.ndarray, columns: tuple[str, ...]
) -> list[pa.RecordBatch]:
    batches = []
    start = 0
    for chunk in table.to_batches():
        values = [trimmed(value) for value in chunk.columns]
        numbers = pa.array(lines[start : start + chunk.num_rows])
        batches.append(batch(columns, numbers, values))
        start += chunk.num_rows
    return batches


def _shape(block: Block, delimiter: str, quote: str) -> _Shape | None:
    """Return where rows begin, or None where quotes or bytes are out of place."""
    data = block.data
    if b"\0" in data or _has_lone_return(data):
        return None
    found = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(found == _NEWLINE)
    of_rows = np.arange(len(ends))
    if quote and quote.encode() in data:
        toggles = _toggles(found, delimiter, quote)
        if toggles is None:
            return None
        of_rows = np.flatnonzero(np.searchsorted(toggles, ends) % 2 == 0)
    bounds = ends[of_rows]
    if np.diff(bounds, prepend=-1, append=len(data)).max() > LONGEST_FIELD:
        return None
    lines = block.line + np.concatenate(([0], of_rows + 1))
    if data.endswith(b"\n"):
        lines = lines[:-1]
    return _Shape(lines, len(of_rows) < len(ends))


def _has_lone_return(data: bytes) -> bool:
    return b"\r" in data and data.count(b"\r") != data.count(b"\r\n")


def _toggles(found: np.ndarray, delimiter: str, quote: str) -> np.ndarray | None:
    """Return where quoted text begins and ends by turns, None if a quote is misplaced.

    A quote begins a text behind a bound (delimiter or line end) and ends it before
    one. An escaped quote is two: the first ends the text, the second begins it again,
    so a quote is a bound, too.
    """
    places = np.flatnonzero(found == ord(quote))
    if len(places) % 2:
        return None
    is_bound = np.zeros(256, bool)
    is_bound[np.frombuffer(f"{delimiter}\r\n{quote}".encode(), np.uint8)] = True
    # Both ends of a block are bounds.
    begins, ends = places[::2], places[1::2]
    if begins[0] == 0:
        begins = begins[1:]
    if ends[-1] == len(found) - 1:
        ends = ends[:-1]
    if is_bound[found[begins - 1]].all() and is_bound[found[ends + 1]].all():
        return places
    return None
