"""The fast way to read CSV: a block of well-formed rows, parsed by vectors.

It takes a block only where it provably reads what the careful way would read;
whatever it cannot prove, it leaves alone.
"""

import numpy as np
import pyarrow as pa
from pyarrow import csv

from etl.sources.dialect import batch
from etl.sources.text_blocks import Block, line_ends
from etl.sources.values import trimmed

LONGEST_FIELD = 1 << 20
"""Characters that one field may have; more is an unclosed quote or garbage."""

_NEWLINE = ord("\n")


def parse(
    block: Block, columns: tuple[str, ...], delimiter: str, quote: str
) -> list[pa.RecordBatch] | None:
    """Return the rows of *block*, or None where only care can tell what they are."""
    data = block.data
    # A single column cannot tell an empty field from an empty line.
    if len(columns) < 2 or not _is_plain(data, delimiter, quote):
        return None
    rows = line_ends(data) + (not data.endswith(b"\n"))
    numbers = [str(position) for position in range(len(columns))]
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            csv.ReadOptions(column_names=numbers, block_size=len(data) + 1),
            csv.ParseOptions(delimiter=delimiter, quote_char=quote or False),
            csv.ConvertOptions(
                column_types=dict.fromkeys(numbers, pa.string()), null_values=[]
            ),
        )
    except pa.ArrowInvalid:
        return None  # a wrong number of fields, or bytes that are no UTF-8
    if table.num_rows != rows:
        return None  # an empty line, or a line end within quotes
    return _batches(table, block.line, columns)


def _batches(
    table: pa.Table, line: int, columns: tuple[str, ...]
) -> list[pa.RecordBatch] | None:
    batches = []
    for chunk in table.to_batches():
        values = [trimmed(value) for value in chunk.columns]
        lines = pa.array(np.arange(line, line + chunk.num_rows, dtype=np.int64))
        batches.append(batch(columns, lines, values))
        line += chunk.num_rows
    return batches


def _is_plain(data: bytes, delimiter: str, quote: str) -> bool:
    """Return whether every line is a row whose quotes stand where they belong."""
    if b"\0" in data:
        return False
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return False
    found = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(found == _NEWLINE)
    longest = np.diff(ends, prepend=-1, append=len(data)).max(initial=0)
    if longest > LONGEST_FIELD:
        return False
    return not quote or _quotes_fit(found, delimiter, quote)


def _quotes_fit(found: np.ndarray, delimiter: str, quote: str) -> bool:
    """Return whether quotes come in pairs that open and close whole fields."""
    places = np.flatnonzero(found == ord(quote))
    if not len(places):
        return True
    if len(places) % 2:
        return False
    bounds = np.frombuffer(f"{delimiter}\r\n".encode(), np.uint8)
    # The edges of a block are line ends.
    opening, closing = places[::2], places[1::2]
    before = found[opening[opening > 0] - 1]
    after = found[closing[closing < len(found) - 1] + 1]
    is_bound = np.zeros(256, bool)
    is_bound[bounds] = True
    return bool(is_bound[before].all() and is_bound[after].all())
