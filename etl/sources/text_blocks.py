"""Text files as blocks of whole lines in UTF-8, whatever they were written in.

Every block begins at a line and knows its number, so that a reader may take a block
with a fast parser or with a careful one without losing its place.
"""

import bz2
import codecs
import gzip
import lzma
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from warehouse.errors import SourceError

BLOCK = 1 << 22
"""Bytes read at a time: big enough for vectors, small enough for memory."""

LONGEST = 2 * BLOCK
"""A line longer than this is no line of a table."""

_MARK = "\ufeff"
_OPENERS = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
_DAMAGE = (EOFError, zlib.error, lzma.LZMAError, OSError)
_NEWLINE = ord("\n")
# Strict multi-byte codecs first: latin-1 fits anything and proves nothing.
_CANDIDATES = ("utf-8", "utf-16", "gb18030", "latin-1")
_UTF8 = ("utf-8", "utf-8-sig")


class Block(NamedTuple):
    """Whole lines as UTF-8; *line* is the number of the first."""

    data: bytes
    line: int


def line_ends(data: bytes) -> int:
    """Return how many lines end in *data*, whichever way they end."""
    ends = int(np.count_nonzero(np.frombuffer(data, np.uint8) == _NEWLINE))
    if b"\r" in data:
        ends += data.count(b"\r") - data.count(b"\r\n")
    return ends


def text_blocks(path: Path, encodings: Sequence[str]) -> Iterator[Block]:
    """Yield the text of *path*.

    The first of *encodings* that fits is taken; UTF-8 is handed on unchecked where
    it is the only one, whoever parses it has to.

    Raises:
        SourceError: the file cannot be read, decompressed or decoded.

    """
    encoding = codecs.lookup(_choose(path, encodings)).name
    line = 1
    pending = b""
    reading = _utf8(path) if encoding in _UTF8 else _decoded(path, encoding)
    while True:
        try:
            chunk = next(reading, None)
        except _DAMAGE as error:
            raise _unreadable(path, line + line_ends(pending), error) from None
        pending += chunk or b""
        cut = len(pending) if chunk is None else _last_line_end(pending)
        if cut:
            yield Block(pending[:cut], line)
            line += line_ends(pending[:cut])
            pending = pending[cut:]
        if chunk is None:
            return
        if len(pending) > LONGEST:
            raise SourceError(
                str(path),
                "line length",
                f"a line of more than {LONGEST} bytes",
                "check that this is a text file",
                line=line,
            )


def undecodable(path: Path, line: int, error: UnicodeDecodeError) -> SourceError:
    """Return the error for bytes that the declared encoding does not know."""
    return SourceError(
        str(path),
        f"encoding {error.encoding}",
        f"byte 0x{error.object[error.start]:02x}",
        f"declare an encoding that fits the whole file: {_fitting(path)}",
        line=line,
    )


def _last_line_end(data: bytes) -> int:
    """Return the length of the whole lines; a carriage return may be half an end."""
    lone = data.rfind(b"\r", 0, len(data) - 1)
    return max(data.rfind(b"\n"), lone) + 1


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading, unpacked if it begins as a compressed file does."""
    with path.open("rb") as file:
        head = file.peek(6)[:6]
        opener = next(
            (o for mark, o in _OPENERS.items() if head.startswith(mark)), None
        )
        if path.suffix.lower() == ".gz" and not head:
            # An archive of nothing still has a header; this was never written.
            raise EOFError("0 bytes")
        with opener(file) if opener else file as plain:
            yield plain


def _chunks(path: Path) -> Iterator[bytes]:
    with _opened(path) as plain:
        yield from _whole_chunks(plain)


def _whole_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what *file* holds, also what it held before it broke off."""
    parts: list[bytes] = []
    size = 0
    read = getattr(file, "read1", file.read)
    try:
        while part := read(BLOCK):
            parts.append(part)
            size += len(part)
            if size >= BLOCK:
                yield b"".join(parts)
                parts, size = [], 0
    except _DAMAGE:
        yield b"".join(parts)
        raise
    yield b"".join(parts)


def head_of(path: Path, size: int) -> bytes:
    """Return the first bytes of *path*, unpacked; none where it is damaged.

    Raises:
        SourceError: the file cannot be read.

    """
    try:
        with _opened(path) as plain:
            return plain.read(size)
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile):
        return b""
    except OSError as error:
        raise _unreadable(path, 1, error) from None


def whole_text(path: Path, encodings: Sequence[str], largest: int) -> str:
    """Return all the text of a file that has to be read as a whole.

    Raises:
        SourceError: it cannot be read or decoded, or has more than *largest* bytes.

    """
    encoding = codecs.lookup(_choose(path, encodings)).name
    reading = _decoded(path, "utf-8" if encoding in _UTF8 else encoding)
    parts: list[bytes] = []
    size = 0
    try:
        for part in reading:
            parts.append(part)
            size += len(part)
            if size > largest:
                raise SourceError(
                    str(path),
                    "file size",
                    f"more than {largest} bytes in one document",
                    "deliver several files, or one record a line (JSON lines, CSV)",
                )
    except _DAMAGE as error:
        raise _unreadable(path, 1, error) from None
    return b"".join(parts).decode()


def _utf8(path: Path) -> Iterator[bytes]:
    chunks = _chunks(path)
    first = next(chunks, b"")
    yield first.removeprefix(codecs.BOM_UTF8)
    yield from chunks


def _decoded(path: Path, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    line, is_first = 1, True
    for chunk in _chunks(path):
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            before = bytes(error.object[: error.start])
            raise undecodable(path, line + line_ends(before), error) from None
        except UnicodeError as error:
            remedy = f"declare an encoding that fits: {_fitting(path)}"
            raise SourceError(
                str(path), f"encoding {encoding}", str(error), remedy, line=line
            ) from None
        if is_first:
            text, is_first = text.removeprefix(_MARK), not text
        data = text.encode()
        line += line_ends(data)
        yield data
    try:
        yield decoder.decode(b"", final=True).encode()
    except UnicodeDecodeError as error:
        raise undecodable(path, line, error) from None


def _choose(path: Path, encodings: Sequence[str]) -> str:
    if head_of(path, 2).startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"  # no text of another encoding begins like this
    if len(encodings) == 1:
        return encodings[0]
    for encoding in encodings:
        if _fits(path, encoding):
            return encoding
    raise SourceError(
        str(path),
        "encoding",
        f"none of {', '.join(encodings)} fits the whole file",
        f"add one that does: {_fitting(path)}",
    )


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except (UnicodeError, *_DAMAGE):
        return False
    return True


def _fitting(path: Path) -> str:
    start = next(_chunks(path), b"")[:2]
    # Nearly any bytes are UTF-16; only its mark at the start is a reason to offer it.
    marked = start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    names = [n for n in _CANDIDATES if (n != "utf-16" or marked) and _fits(path, n)]
    return ", ".join(names)


def _unreadable(path: Path, line: int, error: Exception) -> SourceError:
    is_gzip = isinstance(
        error, EOFError | zlib.error | lzma.LZMAError | gzip.BadGzipFile
    )
    return SourceError(
        str(path),
        "compressed file" if is_gzip else "file",
        f"damaged or cut off ({error})" if is_gzip else str(error),
        "deliver the whole file again" if is_gzip else "make it readable",
        line=line,
    )
