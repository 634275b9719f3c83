"""Backup and restore: one file that holds a consistent warehouse and its state.

Published files never change, so they are copied while pages read them; the working
file and an SQLite state are copied by their own engines.
"""

import contextlib
import sqlite3
import tarfile
import tempfile
from pathlib import Path

import sqlalchemy as sa

from warehouse.errors import NoBatchError
from warehouse.settings import Settings
from warehouse.store.publishing import MANIFEST, read_manifest
from warehouse.store.work import WORK_FILE, Work

_STATE = "state.db"


def _state_file(settings: Settings) -> Path | None:
    url = sa.make_url(settings.state)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(url.database)


def backup(settings: Settings, file: str) -> None:
    """Write warehouse and embedded state to *file* (tar.gz).

    The refresh must not run meanwhile (its lock is taken); pages may. A PostgreSQL
    state is not included: it has its own tools.
    """
    folder = settings.warehouse
    manifest = read_manifest(folder)
    if manifest is None:
        raise NoBatchError(f"nothing has been published in {folder} yet")
    with Work(folder, memory=settings.memory, threads=settings.threads) as work:
        work.con.execute("checkpoint")
        with (
            tempfile.TemporaryDirectory() as scratch,
            tarfile.open(file, "w:gz") as tar,
        ):
            for name in (manifest.hist, manifest.hot, WORK_FILE, MANIFEST):
                tar.add(folder / name, arcname=f"warehouse/{name}")
            state = _state_file(settings)
            if state is not None and state.exists():
                copy = Path(scratch) / _STATE
                with sqlite3.connect(state) as live, sqlite3.connect(copy) as saved:
                    live.backup(saved)
                tar.add(copy, arcname=_STATE)


def restore(settings: Settings, file: str) -> None:
    """Bring *file* back; the manifest comes last, so readers never see half of it."""
    folder = settings.warehouse
    folder.mkdir(parents=True, exist_ok=True)
    # A damaged working file is what a backup is brought back for; a busy one is not.
    with contextlib.suppress(NoBatchError):
        Work(folder).close()
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        try:
            with tarfile.open(file) as tar:
                tar.extractall(scratch, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise NoBatchError(f"{file} cannot be read as a backup: {error}") from None
        found = Path(scratch) / "warehouse"
        if not (found / MANIFEST).exists():
            raise NoBatchError(f"{file} is no backup: it holds no {MANIFEST}")
        (folder / f"{WORK_FILE}.wal").unlink(missing_ok=True)
        for path in sorted(found.iterdir(), key=lambda p: p.name == MANIFEST):
            path.replace(folder / path.name)
        state, saved = _state_file(settings), Path(scratch) / _STATE
        if state is not None and saved.exists():
            state.parent.mkdir(parents=True, exist_ok=True)
            saved.replace(state)
