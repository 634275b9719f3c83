"""What a file is, by its first bytes: endings lie, above all `.xls`."""

import codecs
from enum import StrEnum
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from etl.sources.text_blocks import head_of
from warehouse.errors import SourceError

HEAD = 1 << 16
"""Bytes that are looked at."""

_BINARY = {
    b"PAR1": "parquet",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "workbook",
}
_FOREIGN = {
    b"Rar!\x1a\x07": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"%PDF-": "a PDF document",
    b"ORC": "an ORC file",
    b"Obj\x01": "an Avro file",
    b"SQLite format 3\0": "an SQLite database",
}
_WORKBOOK_PARTS = ("[Content_Types].xml", "mimetype")
_JSON = (".json", ".jsonl", ".ndjson", ".geojson")


class FileKind(StrEnum):
    """What decides how a file is read."""

    PARQUET = "parquet"
    WORKBOOK = "workbook"
    SHEET_XML = "sheet_xml"
    HTML = "html"
    XML = "xml"
    JSON = "json"
    ARCHIVE = "archive"
    TEXT = "text"


def kind_of(path: Path) -> FileKind:
    """Return what *path* is.

    Raises:
        SourceError: it cannot be read, or is of a kind that nothing here reads.

    """
    with_head = _binary_head(path)
    for mark, kind in _BINARY.items():
        if with_head.startswith(mark):
            return FileKind(kind)
    for mark, words in _FOREIGN.items():
        if with_head.startswith(mark):
            remedy = "unpack it, or save it as CSV, xlsx, Parquet or JSON"
            if b"SQLite" in mark:
                remedy = "name it in url: sqlite:///<path>, and write a query"
            raise SourceError(str(path), "format", f"this is {words}", remedy)
    if with_head.startswith(b"PK\x03\x04"):
        return _packed(path)
    return _of_text(path)


def _binary_head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(16)
    except OSError as error:
        raise SourceError(
            str(path), "file", error.strerror or str(error), "make it readable"
        ) from None


def _packed(path: Path) -> FileKind:
    """Tell a workbook, which is a zip archive, too, from other archives."""
    try:
        with ZipFile(path) as archive:
            parts = archive.namelist()
    except (BadZipFile, OSError, ValueError):
        # Damaged: whoever reads it says what is wrong.
        is_zip = path.suffix.lower() == ".zip"
        return FileKind.ARCHIVE if is_zip else FileKind.WORKBOOK
    is_workbook = any(part in parts for part in _WORKBOOK_PARTS)
    return FileKind.WORKBOOK if is_workbook else FileKind.ARCHIVE


def _of_text(path: Path) -> FileKind:
    bare = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    ending = bare.suffix.lower()
    if ending in _JSON:
        return FileKind.JSON
    start = _text(head_of(path, HEAD)).lstrip().lower()
    if not start.startswith("<"):
        return FileKind.TEXT
    if "urn:schemas-microsoft-com:office:spreadsheet" in start and (
        start.startswith("<?xml") or "<workbook" in start[:2000]
    ):
        return FileKind.SHEET_XML
    if any(tag in start for tag in ("<html", "<table", "<!doctype html")):
        return FileKind.HTML
    is_xml = start.startswith("<?xml") or ending == ".xml"
    return FileKind.XML if is_xml else FileKind.TEXT


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    return data.removeprefix(codecs.BOM_UTF8).decode("latin-1")
