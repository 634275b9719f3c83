"""Who looks, at the batch of which time: on every page, faintly, and on paper."""

import pytest

from callbacks.gate import CSRF_COOKIE
from tests.kit import thorough
from tests.ui.conftest import SETTINGS
from tests.ui.looking import drawn
from tests.ui.readers import account, sign_in
from warehouse.access.roles import Role

MARK = ".watermark"

PAGES = ("/", "/alerts", "/metrics-catalog", "/metrics-catalog/ftfr_30d", "/data")

STYLE = """(mark) => {
  const style = getComputedStyle(mark, '::before'), own = getComputedStyle(mark);
  return {content: style.content, opacity: Number(style.opacity),
          display: own.display, pointer: own.pointerEvents, position: own.position};
}"""

REACHES = """mark => {
    const reach = () => [document.documentElement.scrollWidth,
                         document.documentElement.scrollHeight];
    const withIt = reach();
    mark.style.display = 'none';
    const without = reach();
    mark.style.display = '';
    return [withIt, without];
}"""
"""Measured in one go: a page that is still being drawn grows in between."""


def words(page) -> str:
    """Return the mark once the page has named its batch."""
    page.locator("#shell-frame[data-as-of]").wait_for()
    return page.locator(MARK).get_attribute("data-watermark")


@pytest.mark.browser
@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_who_looks_at_what(visit, state, address):
    """The reader's name and the time of the batch, the same as in the header."""
    page = visit(address)
    told = words(page)
    name, _, moment = told.partition(" · ")

    assert name == account(state, Role.DATA_ADMIN).display_name
    assert moment
    assert page.locator(MARK).count() == 1


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "theme"),
    [(1440, "light"), (390, "dark"), thorough(1440, "dark"), thorough(390, "light")],
)
def test_it_is_seen_and_disturbs_nothing(visit, theme, width):
    """Drawn, faint, and nothing can be clicked or scrolled because of it."""
    page = drawn(visit("/", theme=theme, width=width))
    told = words(page)
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        style = page.locator(MARK).evaluate(STYLE)

        assert style["content"] == f'"{told}"'
        assert 0.02 <= style["opacity"] <= 0.08
        assert style["display"] != "none"
        assert (style["pointer"], style["position"]) == ("none", "fixed")
        with_it, without = page.locator(MARK).evaluate(REACHES)
        assert with_it == without


@pytest.mark.browser
@pytest.mark.parametrize("address", ["/login", "/pair"])
def test_strangers_see_none(visit, address):
    """There is nobody to name, and nothing that could be carried away."""
    page = visit(address, role=None)

    assert page.locator("[data-page]").count() >= 1
    assert page.locator(f"{MARK}, [data-watermark]").count() == 0


def test_it_names_who_really_looks(app, state):
    """With another one's eyes it is still the administrator who sees."""
    client = sign_in(app.server.test_client(), state, SETTINGS, Role.ADMIN)
    seen = account(state, Role.EXECUTIVE)
    csrf = client.get_cookie(CSRF_COOKIE).value
    client.post("/admin/see-as", data={"person": str(seen.id), "csrf": csrf})

    assert marked(client) == account(state, Role.ADMIN).display_name


def test_each_reader_has_his_own(app, state):
    """It stands in the frame before any number is drawn."""
    for role in (Role.EXECUTIVE, Role.STORE_MANAGER):
        scope = "all" if role is Role.EXECUTIVE else "store:S001"
        client = app.server.test_client()
        sign_in(client, state, SETTINGS, role, scope)
        assert marked(client) == account(state, role, scope).display_name


def marked(client) -> str:
    """Return the mark in the frame as the server sends it."""
    frame = client.get("/_dash-layout").get_json()["props"]["children"]
    found = [c["props"] for c in frame if c and "data-watermark" in c["props"]]
    assert len(found) == 1
    return found[0]["data-watermark"]
