"""A wall in a real browser, behind a network that breaks on demand."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from callbacks.identity import DEVICE_COOKIE
from tests.live.network import STORE, LiveNetwork, LiveServer, pair
from tests.live.proxy import FaultProxy
from tests.ui.conftest import listen


@pytest.fixture
def network() -> LiveNetwork:
    """Return a network in which all is green."""
    return LiveNetwork()


@pytest.fixture
def server(network: LiveNetwork, state: Any) -> Iterator[LiveServer]:
    """Serve it."""
    server = LiveServer(network, state)
    yield server
    server.stop()


@pytest.fixture
def proxy(server: LiveServer) -> Iterator[FaultProxy]:
    """Stand between it and the browser."""
    proxy = FaultProxy(server.port)
    yield proxy
    proxy.stop()


@pytest.fixture
def context(browser_context: Any) -> Iterator[Any]:
    """Return a screen of its own: nothing is remembered from another test."""
    context = browser_context.browser.new_context(
        viewport={"width": 1920, "height": 1080}
    )
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def hang(context: Any, proxy: FaultProxy, state: Any) -> Callable[..., Any]:
    """Return a function that opens a paired screen's wall."""
    credential, _ = pair(state)
    context.add_cookies(
        [{"name": DEVICE_COOKIE, "value": credential, "url": proxy.url}]
    )

    def hang(
        query: str = "",
        *,
        wrong: list[str] | None = None,
        has_clock: bool = False,
        **size: int,
    ) -> Any:
        page = context.new_page()
        if has_clock:
            page.clock.install()
        if size:
            page.set_viewport_size(size)
        if wrong is not None:
            listen(page, proxy.url, wrong)
        page.goto(f"{proxy.url}/wall/{STORE}{query}")
        return page

    return hang
