"""Signing in, pairing and administration in a browser: no complaint in its console."""

import pytest

from tests.kit import thorough
from tests.ui.conftest import Site
from tests.ui.looking import serious, width_of
from warehouse.access.roles import Role

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("width", "language"),
    [(1440, "en"), (390, "zh"), thorough(1440, "zh"), thorough(390, "en")],
)
def test_the_administration_fits_its_screen(visit, width, language):
    """Tables become cards on a phone; nothing scrolls sideways."""
    page = visit(f"/admin?lang={language}", width=width, role=Role.ADMIN)
    page.locator(".section--audit").wait_for()

    assert width_of(page) <= width
    assert page.locator(".section--people tbody tr").count() >= 1


def test_a_page_that_is_not_for_a_reader_says_so(visit, site: Site):
    """403 with words, and no entry in the menu; the data administrator's here."""
    page = visit("/", quiet=False)
    assert page.locator(".nav__link[href='/admin']").count() == 0
    answer = page.goto(f"{site.url}/admin")
    page.locator("[data-state=forbidden]").wait_for()

    assert answer.status == 403


def test_signing_out_leads_to_the_form_and_back_where_one_was(visit, site: Site):
    """The form is plain HTML: it works before any script."""
    page = visit("/data")
    page.locator(".viewer button").click()
    page.wait_for_url("**/login")
    page.goto(f"{site.url}/data?source=dms")

    assert page.url.endswith("/login?next=/data%3Fsource%3Ddms")
    assert page.locator("input[name=next]").first.input_value() == "/data?source=dms"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/login", "/pair"])
def test_plain_pages_are_readable(visit, theme, address):
    """Contrast, labels, headings: the accessibility rules find nothing."""
    page = visit(address, theme=theme, role=None)

    # A screen that waits for its approval looks again by itself: that is its purpose.
    found = [one for one in serious(page) if not one.startswith("meta-refresh")]
    assert found == []


def test_the_administration_is_accessible(visit):
    """Every field has its label, forms opened too."""
    page = visit("/admin", role=Role.ADMIN)
    page.locator(".section--audit").wait_for()
    for summary in page.locator(".actions > summary").all():
        summary.click()

    assert serious(page) == []
