"""The one browser that all tests of a process share.

Playwright runs once in a process: a second one in another folder would not start.
"""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

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
