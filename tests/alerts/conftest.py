"""A state of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse.store.state import State


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """Return an empty state in SQLite."""
    opened = State(f"sqlite:///{tmp_path / 'state.db'}")
    yield opened
    opened.close()
