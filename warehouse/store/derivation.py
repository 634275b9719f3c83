"""The fingerprint of the code that makes facts and marts of what was delivered.

Each batch keeps it. A refresh under a release that derives something differently finds
another one and makes everything anew: a number never stands on two definitions.
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FIRST = "warehouse.store.refresh"


@cache
def derivation() -> str:
    """Return the same text as long as the code of a refresh does the same.

    It is read off what `refresh` imports, itself and through others; comments,
    docstrings and layout make no difference.
    """
    digest = hashlib.sha256()
    for name, tree in sorted(_reached(FIRST).items()):
        digest.update(f"{name}\n{ast.dump(_bare(tree))}\n".encode())
    return digest.hexdigest()[:12]


def _reached(first: str) -> dict[str, ast.Module]:
    """Return the modules of the product that *first* imports, by name."""
    found: dict[str, ast.Module] = {}
    waiting = [first]
    while waiting:
        name = waiting.pop()
        path = _file(name)
        if name in found or path is None:
            continue
        found[name] = ast.parse(path.read_text("utf-8"))
        waiting += _imports(found[name])
    return found


def _file(name: str) -> Path | None:
    place = ROOT.joinpath(*name.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return path
    return None


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _bare(tree: ast.Module) -> ast.Module:
    """Take out what is only said: docstrings, and texts that stand alone."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [part for part in body if not _is_said(part)]
    return tree


def _is_said(part: ast.AST) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
