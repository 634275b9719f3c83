"""The table of stores on paper: every store, every value, whatever the screen drew."""

import io
import re
import threading
import unicodedata
from collections.abc import Iterator

import pytest
import requests
from pypdf import PdfReader
from werkzeug.serving import make_server

from app import create_app
from callbacks.overview_screen import screen
from pages._ui import chosen
from pages._ui.address import View
from pages._ui.table import store_rows
from pages._ui.wording import say
from tests import kit
from tests.exports.test_pdf import CHROMIUM, needs_browser
from tests.ui.readers import cookies
from tests.ui.standin import StandIn, StandInBatch
from warehouse.scope import EVERYTHING
from warehouse.settings import Settings

pytestmark = pytest.mark.xdist_group("network")

SETTINGS = Settings(demo=True, requests_per_minute=100_000, browser=CHROMIUM or "none")

MANY = 64

RADICALS = str.maketrans("\u2ed3\u2ecb\u2ed4\u6236", "长车门户")
"""Simplified ones, which NFKC leaves alone, or makes traditional."""


@pytest.fixture(scope="module")
def batch() -> StandInBatch:
    """Return a batch of more stores than a screen or a sheet holds."""
    return StandInBatch(store_count=MANY)


@pytest.fixture(scope="module")
def site(state, batch) -> Iterator[str]:
    """Serve it; return its address."""
    app = create_app(StandIn(current=batch), SETTINGS, state)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def sheets(site: str, state, address: str) -> list[str]:
    """Return the words of each page of a PDF, without spaces."""
    own = cookies(state, SETTINGS)
    with requests.get(site + address, cookies=own, timeout=120) as answer:
        assert answer.status_code == 200, answer.text[:300]
        pages = PdfReader(io.BytesIO(answer.content)).pages
    return [bare(page.extract_text()) for page in pages]


def bare(text: str) -> str:
    """Return *text* without spaces and look-alike radicals, which some fonts give."""
    folded = unicodedata.normalize("NFKC", text).translate(RADICALS)
    return re.sub(r"\s", "", folded)


def rows_of(batch: StandInBatch, language, view: View) -> dict[str, list[str]]:
    """Return what the row of each store says on screen: value and n of each metric."""
    seen = screen(batch, view, EVERYTHING)
    metrics = chosen.columns()
    rows = store_rows(seen.stores, seen.cells, seen.stale, view, metrics, language)
    return {
        bare(row["store"]): [
            bare(f"{row[f'{m.id}__text']}n{row[f'{m.id}__n']}") for m in metrics
        ]
        for row in rows
    }


@needs_browser
@pytest.mark.parametrize("language", ["zh", kit.thorough("en")])
def test_every_store_is_on_paper_under_its_heads(site, state, batch, language):
    """64 stores, each whole on one sheet, each sheet with the heads of the columns."""
    told = sheets(site, state, f"/export/overview.pdf?lang={language}")
    heads = [bare(metric.name[language]) for metric in chosen.columns()]
    heads.append(bare(say("table.reds", language)))
    wanted = rows_of(batch, language, View())
    table = [sheet for sheet in told if all(head in sheet for head in heads)]
    whole = {
        store
        for store, values in wanted.items()
        for sheet in table
        if re.search(
            re.escape(store) + ".{0,90}?" + ".{0,3}".join(map(re.escape, values)), sheet
        )
    }

    assert len(wanted) == MANY
    assert len(table) >= 2
    assert sorted(set(wanted) - whole) == []
