"""What tests of several folders share: one browser a process, and a state.

Playwright runs once in a process: a second one in another folder would not start.
"""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis.strategies import randoms

from warehouse.store.state import State

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

LONGEST_NAME = 120

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark of tests that need a browser."""
    config.addinivalue_line("markers", "browser: needs chromium")


def pytest_collection_finish() -> None:
    """Let Hypothesis import what it imports lazily, before the first test.

    Pytest compiles it then: deep inside a test Python 3.11 can fail at that (its AST
    loses count of the depth).
    """
    randoms().validate()


def pytest_make_parametrize_id(val: Any, argname: str) -> str | None:
    """Name a long text after its argument: workers compare the names of all tests."""
    is_long = isinstance(val, str | bytes) and len(val) > LONGEST_NAME
    return argname if is_long else None


@pytest.fixture(scope="session")
def browser_context() -> Iterator[Any]:
    """Return a browser with an empty memory."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as api:
        browser = api.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        context = browser.new_context()
        context.set_default_timeout(60_000)
        yield context
        browser.close()


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    """Return the accounts and sessions of all tests of the screens."""
    state = State(f"sqlite:///{tmp_path_factory.mktemp('state')}/state.db")
    yield state
    state.close()
