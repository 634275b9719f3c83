"""PDF of a page: a headless browser on this machine prints it, as its reader sees it.

The browser gets the reader's own cookies and nothing else: it sees what he sees, and
what is taken from him is taken from it. It talks to us over a pipe, keeps its profile
in a folder that is deleted, and is killed when its time is over. One at a time; a few
wait, the others are told to come again.
"""

import base64
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

SECONDS = 40.0
"""So long a PDF may take, from the start of the browser to its last page."""

WAITING = 3
"""So many may wait for the one that is being made."""

DRAWN = """(() => {
  const frame = document.getElementById('shell-frame');
  if (!frame || !frame.dataset.page || !frame.dataset.batch) return false;
  if (document.title.startsWith('Updating')) return false;
  if (document.querySelector('.tile--waiting')) return false;
  const charts = [...document.querySelectorAll('.dash-graph')];
  return document.querySelectorAll('[data-metric]').length > 0
    && charts.every(chart => chart.querySelector('.main-svg'));
})()"""
"""True once tiles and charts stand."""

STAMP = """(text => {
  document.querySelector('.watermark').dataset.watermark = text;
})(%s)"""

PAPER = {
    "printBackground": True,
    "preferCSSPageSize": False,
    "landscape": True,
    "paperWidth": 8.27,
    "paperHeight": 11.69,
    "marginTop": 0.4,
    "marginBottom": 0.55,
    "marginLeft": 0.4,
    "marginRight": 0.4,
    "displayHeaderFooter": True,
    "headerTemplate": "<span></span>",
}

FOOTER = (
    '<div style="width:100%;font-size:7px;padding:0 12mm;display:flex;'
    'justify-content:space-between"><span>{text}</span>'
    '<span><span class="pageNumber"></span>/<span class="totalPages"></span></span>'
    "</div>"
)

WIDTH = 1047

HEIGHT = 720

# Chromium reads commands from descriptor 3 and answers on 4.
WRAPPER = (
    "import os, sys; fd = int(sys.argv[1]); os.dup2(fd, 3); os.dup2(fd, 4); "
    "[os.set_inheritable(n, True) for n in (3, 4)]; "
    "os.execv(sys.argv[2], sys.argv[2:])"
)


class NoBrowserError(Exception):
    """There is no browser to print with."""


class BusyPrinterError(Exception):
    """Too many wait already."""


class SlowPrinterError(Exception):
    """The page was not printed in time."""


class Printer:
    """Prints pages of this server, one at a time.

    *browser* is the path or the name of a Chromium.
    """

    def __init__(self, browser: str, *, seconds: float = SECONDS) -> None:
        self.browser = browser
        self.seconds = seconds
        self._one = threading.Lock()
        self._queue = threading.Semaphore(WAITING + 1)

    @property
    def path(self) -> str | None:
        """Where the browser is; None where there is none."""
        return shutil.which(self.browser)

    def pdf(self, url: str, cookies: Mapping[str, str], stamp: str) -> bytes:
        """Return the page at *url* as its reader sees it, *stamp* on every sheet.

        Raises:
            NoBrowserError: there is none, or it does not start.
            BusyPrinterError: too many wait already.
            SlowPrinterError: it was not ready in time.

        """
        path = self.path
        if path is None:
            raise NoBrowserError(self.browser)
        if not self._queue.acquire(blocking=False):
            raise BusyPrinterError
        try:
            deadline = time.monotonic() + self.seconds * (WAITING + 1)
            if not self._one.acquire(timeout=max(0.0, deadline - time.monotonic())):
                raise SlowPrinterError
            try:
                return _print(path, url, cookies, stamp, self.seconds)
            finally:
                self._one.release()
        finally:
            self._queue.release()


def _print(
    path: str, url: str, cookies: Mapping[str, str], stamp: str, seconds: float
) -> bytes:
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        _Browser(path, Path(folder), time.monotonic() + seconds) as browser,
    ):
        browser.open()
        browser.call("Network.enable")
        for name, value in cookies.items():
            # A "__Host-" cookie has to be a secure one; loopback counts as secure.
            secure = name.startswith("__")
            browser.call(
                "Network.setCookie", url=url, name=name, value=value, secure=secure
            )
        browser.call(
            "Emulation.setDeviceMetricsOverride",
            width=WIDTH,
            height=HEIGHT,
            deviceScaleFactor=1,
            mobile=False,
        )
        browser.call(
            "Emulation.setEmulatedMedia",
            media="print",
            features=[{"name": "prefers-color-scheme", "value": "light"}],
        )
        browser.call("Page.navigate", url=url)
        browser.wait_for(DRAWN)
        browser.call("Runtime.evaluate", expression=STAMP % json.dumps(stamp))
        footer = FOOTER.format(text=_escaped(stamp))
        printed = browser.call("Page.printToPDF", **PAPER, footerTemplate=footer)
        return base64.b64decode(printed["data"])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class _Browser:
    """A headless Chromium on a pipe; it ends with its `with`."""

    def __init__(self, path: str, folder: Path, deadline: float) -> None:
        self._deadline = deadline
        self._ours, theirs = socket.socketpair()
        # As root Chromium starts without its sandbox only; it opens our pages alone.
        is_root = folder.stat().st_uid == 0
        number = str(theirs.fileno())
        try:
            self._process = subprocess.Popen(  # noqa: S603  (no shell, fixed words)
                [
                    *(sys.executable, "-c", WRAPPER, number),
                    *_arguments(path, folder, is_root),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        finally:
            theirs.close()
        self._rest = b""
        self._number = 0
        self._session = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ours.close()
        # It ends when its pipe does; one that hangs is killed.
        try:
            self._process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=3)

    def open(self) -> None:
        """Open a tab; later calls are about it."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]

    def call(self, method: str, **given: Any) -> dict[str, Any]:
        """Return the result of a command of the DevTools protocol."""
        self._number += 1
        told: dict[str, Any] = {"id": self._number, "method": method, "params": given}
        if self._session:
            told["sessionId"] = self._session
        try:
            self._ours.settimeout(self._left())
            self._ours.sendall(json.dumps(told).encode() + b"\0")
            while True:
                answer = json.loads(self._next())
                if answer.get("id") == self._number:
                    break
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise SlowPrinterError from error
            raise NoBrowserError(str(error)) from error
        if "error" in answer:
            raise NoBrowserError(answer["error"].get("message", method))
        return answer["result"]

    def wait_for(self, expression: str) -> None:
        """Return when *expression* holds on the page."""
        while True:
            found = self.call("Runtime.evaluate", expression=expression)
            if found["result"].get("value") is True:
                return
            self._left()
            time.sleep(0.15)

    def _next(self) -> bytes:
        while b"\0" not in self._rest:
            self._ours.settimeout(self._left())
            part = self._ours.recv(1 << 16)
            if not part:
                raise ConnectionError("the browser has ended")
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        return message

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise SlowPrinterError
        return left


def _arguments(path: str, folder: Path, is_root: bool) -> Sequence[str]:
    return (
        path,
        "--headless=new",
        "--remote-debugging-pipe",
        f"--user-data-dir={folder}",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-extensions",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--no-default-browser-check",
        "--no-proxy-server",
        "--hide-scrollbars",
        *(("--no-sandbox",) if is_root else ()),
        "about:blank",
    )
