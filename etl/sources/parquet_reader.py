"""Parquet, as the text that a CSV of the same rows would hold."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from etl.sources.dialect import RawRows, batch, header_names
from etl.sources.values import column_as_text
from warehouse.errors import SourceError

BATCH = 1 << 16
"""Rows read at a time."""

# What a damaged file has been seen to raise, ValueError with UnicodeError included.
_DAMAGE = (pa.ArrowException, OSError, ValueError, MemoryError)


def read_parquet(path: Path) -> RawRows:
    """Return the rows of a Parquet file; the first row is line 2, as below a header.

    Raises:
        SourceError: it is no whole Parquet file.

    """
    try:
        file = pq.ParquetFile(path)
        columns = header_names(file.schema_arrow.names)
    except _DAMAGE as error:
        raise _unreadable(path, 1, error) from None
    return RawRows(columns, _batches(path, file, columns))


def _batches(
    path: Path, file: pq.ParquetFile, columns: tuple[str, ...]
) -> Iterator[pa.RecordBatch]:
    line = 2
    reading = file.iter_batches(BATCH)
    with file:
        while True:
            try:
                found = next(reading, None)
                if found is None:
                    return
                values = [column_as_text(column) for column in found.columns]
            except _DAMAGE as error:
                raise _unreadable(path, line, error) from None
            count = found.num_rows
            lines = pa.array(np.arange(line, line + count, dtype=np.int64))
            yield batch(columns, lines, values)
            line += count


def _unreadable(path: Path, line: int, error: Exception) -> SourceError:
    return SourceError(
        str(path),
        "Parquet file",
        f"damaged or cut off ({error})",
        "deliver the whole file again",
        line=line,
    )
