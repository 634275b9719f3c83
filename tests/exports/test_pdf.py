"""PDF of overview and store: what the screen says, stamped, with the asker's rights."""

import io
import shutil
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from pypdf import PdfReader
from werkzeug.serving import make_server

from app import create_app
from callbacks.exports_pdf import (
    WAITING,
    BusyPrinterError,
    NoBrowserError,
    Printer,
    SlowPrinterError,
)
from pages._ui import format as fmt
from tests import network
from tests.kit import thorough
from tests.ui.readers import cookies
from warehouse.access.roles import Role
from warehouse.metrics import CATALOG

pytestmark = pytest.mark.xdist_group("network")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def needs_browser(test):
    """Mark a test that is skipped where there is no chromium."""
    missing = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
    return pytest.mark.browser(missing(test))


@pytest.fixture(scope="module")
def site(state) -> Iterator[str]:
    """Serve the small network; return its address."""
    app = create_app(network.warehouse(), network.settings(browser=CHROMIUM), state)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def get(site: str, state: Any, address: str, role=Role.DATA_ADMIN, scope="all"):
    """Return what a reader gets."""
    own = cookies(state, network.settings(), role, scope)
    with requests.get(site + address, cookies=own, timeout=120) as response:
        return response


def text_of(response) -> str:
    """Return all words of a PDF; some fonts spell 工 with a look-alike radical."""
    import unicodedata

    assert response.status_code == 200, response.text
    pages = PdfReader(io.BytesIO(response.content)).pages
    text = "".join(page.extract_text() for page in pages)
    return unicodedata.normalize("NFKC", text).replace(" ", "").replace("\n", "")


STORE = {"where": "store_id=S002"}


@needs_browser
@pytest.mark.parametrize(
    ("place", "scope", "language"),
    [
        ("overview", {}, "zh"),
        ("stores/S002", STORE, "en"),
        thorough("overview", {}, "en"),
        thorough("stores/S002", STORE, "zh"),
    ],
)
def test_paper_says_what_the_api_says(site, state, place, scope, language):
    """Values of tiles, for the network and a store, in both languages; the stamp."""
    answer = get(site, state, f"/export/{place}.pdf?period=30d&lang={language}")
    told = text_of(answer)
    batch = network.warehouse().batch()

    assert answer.headers["Content-Type"] == "application/pdf"
    assert batch.id in told
    assert "data_admin.all" in told
    for metric_id in ("promise_kept", "stockout_rate"):
        own = cookies(state, network.settings())
        params = {**scope, "from": "2026-10-22", "to": "2026-11-21"}
        address = f"{site}/api/v1/metrics/{metric_id}"
        with requests.get(address, params=params, cookies=own, timeout=30) as found:
            (reading,) = found.json()
        shown = fmt.of(CATALOG[metric_id], reading["value"], language)
        assert str(shown) in told, metric_id


@needs_browser
def test_paper_has_the_askers_rights(site, state):
    """A store manager's overview holds his store and no other."""
    answer = get(
        site, state, "/export/overview.pdf?lang=zh", Role.STORE_MANAGER, "store:S001"
    )
    told = text_of(answer)
    names = {s.store_id: s.name for s in stores()}

    assert names["S001"] in told
    assert names["S002"] not in told
    forbidden = get(
        site, state, "/export/stores/S002.pdf", Role.STORE_MANAGER, "store:S001"
    )
    assert forbidden.status_code in {403, 404}


def stores():
    """Return the stores of the network."""
    from warehouse.scope import EVERYTHING

    return network.warehouse().batch().stores(EVERYTHING)


@needs_browser
def test_others_are_answered_while_a_pdf_is_made(site, state):
    """The server goes on: nobody waits for somebody else's paper."""
    done: list[Any] = []
    maker = threading.Thread(
        target=lambda: done.append(get(site, state, "/export/overview.pdf"))
    )
    maker.start()
    answered = 0
    while maker.is_alive():
        begun = time.monotonic()
        with requests.get(site + "/livez", timeout=10) as alive:
            assert alive.status_code == 200
        assert time.monotonic() - begun < 5
        answered += 1
        time.sleep(0.2)
    maker.join()

    assert done[0].status_code == 200
    assert answered > 3


def test_without_a_browser_it_says_so_and_offers_print(reader):
    """Words in the reader's language, and 501."""
    client = reader(browser="/nowhere/chromium")
    for language, words in (("zh", "打印"), ("en", "browser's print")):
        answer = client.get(f"/export/overview.pdf?lang={language}")
        text = answer.get_data(as_text=True).replace("&#x27;", "'")

        assert answer.status_code == 501
        assert words in text
        assert "/nowhere/chromium" in text


def test_a_browser_that_is_none_is_told(tmp_path):
    """A program that ends at once is no browser."""
    with pytest.raises(NoBrowserError):
        Printer(shutil.which("true")).pdf("http://127.0.0.1:1/", {}, "x")
    with pytest.raises(NoBrowserError):
        Printer(str(tmp_path / "none")).pdf("http://127.0.0.1:1/", {}, "x")


def test_what_hangs_is_ended(tmp_path):
    """A browser that never answers is killed when its time is over."""
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    sleeper.chmod(0o755)
    begun = time.monotonic()
    with pytest.raises(SlowPrinterError):
        Printer(str(sleeper), seconds=0.6).pdf("http://127.0.0.1:1/", {}, "x")

    assert time.monotonic() - begun < 10


def test_few_wait_and_the_others_come_again(tmp_path):
    """One at a time; behind the queue there is a no, at once."""
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    sleeper.chmod(0o755)
    printer, ends = Printer(str(sleeper), seconds=1.0), []

    def ask() -> None:
        try:
            printer.pdf("http://127.0.0.1:1/", {}, "x")
        except (SlowPrinterError, BusyPrinterError) as error:
            ends.append(type(error))

    threads = [threading.Thread(target=ask) for _ in range(WAITING + 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ends.count(BusyPrinterError) == 2
    assert ends.count(SlowPrinterError) == WAITING + 1


@needs_browser
def test_a_page_that_never_stands_is_given_up():
    """No answer at the address: the time is over, not the process."""
    with pytest.raises((SlowPrinterError, NoBrowserError)):
        Printer(CHROMIUM, seconds=6).pdf("http://127.0.0.1:9/", {}, "x")
