"""Names from other people's systems stay texts in the browser, whatever they spell."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.live.network import STORE, LiveBatch, LiveNetwork, LiveServer, pair
from tests.ui.readers import cookies
from warehouse.access.events import Did, Event
from warehouse.access.roles import Role
from warehouse.records import Store
from warehouse.scope import Rights

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]

NASTY = "<img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}`${8*8}`"

PAGES = ("/", f"/stores/{STORE}", "/admin", f"/wall/{STORE}?lang=zh")


class Named(LiveBatch):
    """A batch whose stores are called so."""

    def stores(self, rights: Rights) -> list[Store]:
        """Return the stand-in's stores under another name."""
        found = super().stores(rights)
        return [replace(one, name=f"{one.store_id} {NASTY}") for one in found]


@pytest.fixture
def network() -> LiveNetwork:
    """Return a network with such names."""
    made = LiveNetwork()
    made.current = Named()
    return made


def fill(state: Any) -> None:
    """Let a screen and a stranger of the log be called so as well."""
    _, device = pair(state)
    state.devices.rename(device.id, NASTY)
    state.audit.add(
        Event(
            at=datetime.now(UTC),
            who=NASTY,
            kind="stranger",
            role="",
            action=Did.SIGN_IN,
            object=NASTY,
            detail=(("name", NASTY),),
        )
    )


@pytest.mark.parametrize("path", PAGES)
def test_a_script_in_a_name_is_read_and_not_run(
    server: LiveServer, context: Any, state: Any, path: str
):
    """No element comes of it, no dialog, and the text is there as it was written."""
    fill(state)
    signed_in = cookies(state, server.settings, Role.ADMIN)
    url = f"http://127.0.0.1:{server.port}"
    context.add_cookies(
        [{"name": n, "value": v, "url": url} for n, v in signed_in.items()]
    )
    page, told = context.new_page(), []
    page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
    page.goto(f"{url}{path}")
    page.get_by_text("<img src=x onerror=alert(1)>").first.wait_for(state="attached")
    page.wait_for_timeout(500)

    assert told == []
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("script:text('alert(2)')").count() == 0
