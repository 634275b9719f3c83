"""The dashboard under gunicorn, as it is served: its own processes, real requests."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def asked(port: int, path: str = "/livez") -> int:
    """Return the status of one request on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def wait_until(is_so: Callable[[], object], seconds: float = 60) -> None:
    """Return when it is so: how long a busy machine takes is nobody's fault."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not become so"
        time.sleep(0.1)


def is_served(port: int) -> bool:
    """Whether the port answers."""
    try:
        return asked(port) == 200
    except OSError:
        return False


def workers(process: subprocess.Popen) -> set[str]:
    """Return the ids of gunicorn's workers."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return set(children.read_text().split())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen]]:
    """Serve an installation without data; yield its port and gunicorn's process."""
    port = free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("AFTERSIGHT_")},
        "AFTERSIGHT_WAREHOUSE": str(tmp_path / "warehouse"),
        "AFTERSIGHT_STATE": f"sqlite:///{tmp_path / 'state.db'}",
        "AFTERSIGHT_INTAKE": str(tmp_path / "intake"),
        "AFTERSIGHT_PORT": str(port),
        "AFTERSIGHT_SECRET": "k7Vw2mX9qLr4Tz8bN3hJ6pC1sD5fG0yA",
        "HOME": str(tmp_path),
    }
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            wait_until(lambda: is_served(port))
            yield port, process
        finally:
            process.terminate()
            process.wait(timeout=60)


def test_it_serves_where_the_settings_say(server, tmp_path: Path):
    """Address and file come from the settings; nothing is left in the home folder."""
    port, _ = server

    assert asked(port) == 200
    assert asked(port, "/readyz") == 503
    assert not (tmp_path / ".gunicorn").exists()


def test_a_reload_loses_no_request(server):
    """Workers are replaced under load: every request gets its answer."""
    port, process = server
    seen: Counter[str] = Counter()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                seen[str(asked(port))] += 1
            except (OSError, HTTPException) as error:
                seen[type(error).__name__] += 1
            time.sleep(0.005)

    readers = [threading.Thread(target=ask) for _ in range(4)]
    for reader in readers:
        reader.start()
    for _ in range(2):
        old = workers(process)
        process.send_signal(signal.SIGHUP)
        wait_until(lambda old=old: workers(process) and not workers(process) & old)
        before = seen["200"]
        wait_until(lambda before=before: seen["200"] > before)
    stop.set()
    for reader in readers:
        reader.join()

    assert set(seen) == {"200"}, seen
