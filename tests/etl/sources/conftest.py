"""Files to read: text, workbooks written by hand, and a real PostgreSQL."""

import os
import shutil
import socket
import subprocess  # the programs of PostgreSQL, found on this machine
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import pyarrow as pa
import pytest

from etl.sources.delivery import FAULT, LINE, Rows

NOW = datetime(2100, 1, 1, tzinfo=UTC)
"""Later than any file a test writes, so that every file counts as settled."""


@pytest.fixture
def now() -> datetime:
    """Return a moment after everything."""
    return NOW


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write bytes or text to a file below the test's folder."""

    def write(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def good() -> Callable[[Any], list[dict[str, Any]]]:
    """Return the rows of what was read, without the columns that only faults use."""

    def good(rows: Any) -> list[dict[str, Any]]:
        found = [row for batch in rows.batches for row in batch.to_pylist()]
        return [
            {k: v for k, v in row.items() if k not in ("_fault", "_raw")}
            for row in found
            if row[FAULT] is None
        ]

    return good


@pytest.fixture
def everything() -> Callable[[Any], list[dict[str, Any]]]:
    """Return rows and faults in the order of their lines."""

    def everything(rows: Any) -> list[dict[str, Any]]:
        found = [row for batch in rows.batches for row in batch.to_pylist()]
        return sorted(found, key=lambda row: row[LINE])

    return everything


@pytest.fixture
def table() -> Callable[[Rows], pa.Table]:
    """Return all rows as one table."""
    return lambda rows: pa.Table.from_batches(list(rows.batches))


# ---------- workbooks, by hand: the product only reads them


class Cell(NamedTuple):
    """A number shown in the format of a style: 1 date, 2 date and time, 3 time."""

    number: float
    style: int


_NAMESPACE = "http://schemas.openxmlformats.org"
_MAIN = f"{_NAMESPACE}/spreadsheetml/2006/main"
_RELATIONS = f"{_NAMESPACE}/officeDocument/2006/relationships"
_PACKAGE = f"{_NAMESPACE}/package/2006"


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Write an xlsx of sheets of rows; None leaves a cell out."""

    def workbook(
        name: str,
        sheets: dict[str, Sequence[Sequence[Any]]],
        *,
        year_1904: bool = False,
    ) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with ZipFile(path, "w") as archive:
            for part, text in _parts(sheets, year_1904).items():
                archive.writestr(part, f'<?xml version="1.0"?>{text}')
        return path

    return workbook


def _parts(
    sheets: dict[str, Sequence[Sequence[Any]]], year_1904: bool
) -> dict[str, str]:
    numbers = range(1, len(sheets) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for n in numbers
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATIONS}/worksheet" '
        f'Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>'
        for n, name in enumerate(sheets, start=1)
    )
    styles = "".join(f'<xf numFmtId="{n}"/>' for n in (0, 14, 22, 21))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        '.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"'
        f'>{relations}<Relationship Id="s" Type="{_RELATIONS}/styles" '
        'Target="styles.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        f'<workbookPr date1904="{int(year_1904)}"/><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs>{styles}</cellXfs>'
        "</styleSheet>",
    }
    for number, rows in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows)
    return parts


def _sheet(rows: Sequence[Sequence[Any]]) -> str:
    written = []
    for number, row in enumerate(rows, start=1):
        cells = [
            _cell(f"{chr(65 + position)}{number}", value)
            for position, value in enumerate(row)
            if value is not None
        ]
        if cells:
            written.append(f'<row r="{number}">{"".join(cells)}</row>')
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(written)}</sheetData>'
        "</worksheet>"
    )


def _cell(place: str, value: Any) -> str:
    if isinstance(value, Cell):
        return f'<c r="{place}" s="{value.style}"><v>{value.number}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


@pytest.fixture
def cell() -> type[Cell]:
    """Return the class of numbers that have a date style."""
    return Cell


# ---------- a PostgreSQL of our own


class Server(NamedTuple):
    """Where the server listens and what its only user's password is."""

    port: int
    password: str

    def url(self, driver: str = "postgresql+psycopg") -> str:
        """Return the address, without the password."""
        return f"{driver}://dms@127.0.0.1:{self.port}/postgres"


def _tools() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return versions[-1] if versions else None


def _as_user() -> list[str] | None:
    """Return what to put before a command so that it does not run as root."""
    if os.geteuid() != 0:
        return []
    if (
        shutil.which("runuser")
        and Path("/etc/passwd").read_text().find("postgres:") >= 0
    ):
        return ["runuser", "-u", "postgres", "--"]
    return None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start a server that lives as long as the tests."""
    pytest.importorskip("psycopg", reason="no driver for PostgreSQL")
    tools, prefix = _tools(), _as_user()
    if tools is None:
        pytest.skip("PostgreSQL is not installed (no initdb)")
    if prefix is None:
        pytest.skip("PostgreSQL refuses to run as root, and there is no user for it")
    folder = Path(tempfile.mkdtemp(prefix="aftersight-pg-"))
    secret = folder / "secret"
    secret.write_text("s3cret-pass")
    if prefix:
        for path in (folder, secret):
            shutil.chown(path, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    control = [*prefix, str(tools / "pg_ctl"), "-D", str(data), "-w"]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    try:
        _run(
            *prefix,
            *(str(tools / "initdb"), "-D", str(data), "-U", "dms", "-N"),
            *("--auth=scram-sha-256", f"--pwfile={secret}", "-E", "UTF8"),
            "--locale=C",
        )
        _run(*control, "-o", options, "-l", str(folder / "log"), "start")
        yield Server(port, "s3cret-pass")
    finally:
        _run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str) -> None:
    found = subprocess.run(
        command, check=False, capture_output=True, cwd="/", text=True
    )
    if found.returncode:
        pytest.skip(f"{Path(command[-1]).name} failed: {found.stderr[-300:]}")
