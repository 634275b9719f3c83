"""How tests look at a page in the browser."""

from typing import Any

import pytest

SERIOUS = {"serious", "critical"}

TILES = 11
"""Headline metrics of the catalogue."""


def drawn(page: Any) -> Any:
    """Wait until the overview stands, and return its page."""
    page.locator("[data-metric]").nth(TILES - 1).wait_for()
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    # A phone has the stores as cards, and never fetches the grid.
    page.locator(".ag-row:visible, .cards__card:visible").first.wait_for()
    return page


def width_of(page: Any) -> int:
    """Return how wide the content is."""
    return page.evaluate("document.documentElement.scrollWidth")


def serious(page: Any) -> list[str]:
    """Return axe's serious findings."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(
        page, options={"preload": False, "resultTypes": ["violations"]}
    ).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')[:300]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]
