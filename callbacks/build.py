"""The fingerprint of the running code: an open page reloads when it changes."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[1]

PARTS = ("app.py", "pages", "callbacks", "assets", "warehouse")

KINDS = {".py", ".css", ".js", ".sql"}


def fingerprint() -> str:
    """Return the same text in every process that runs the same code."""
    digest = hashlib.sha256()
    for part in PARTS:
        for path in sorted([ROOT / part, *(ROOT / part).rglob("*")]):
            if path.is_file() and path.suffix in KINDS:
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
