"""A thousand walls over 300 stores and fifty executives, on one machine."""

import json
import subprocess
import sys
import threading
import time

import pytest

from pages._ui import wall_pages
from tests.live.installation import ROOT, Gunicorn, Installation, clicks
from warehouse.store.state import State

WALLS, EXECUTIVES, INTERVAL = 1_000, 50, 5.0

PORT = 9140


def generate(server_port: int, walls: list, asked: list, seconds: float) -> dict:
    """Run the load in a process of its own; return what it saw."""
    plan = {
        "host": "127.0.0.1",
        "port": server_port,
        "walls": walls,
        "clicks": asked,
        "executives": len(asked),
        "seconds": seconds,
        "interval": INTERVAL,
        "think": 20.0,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.live.load"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.stress
def test_a_thousand_walls(tmp_path, capsys):
    """Zero errors, and as many questions a publish as there are tiles."""
    site = Installation.build(tmp_path)
    state = State(site.settings.state)
    walls = site.screens(state, WALLS)
    server = Gunicorn(site, PORT)
    rows = []
    try:
        server.get(f"/api/v1/walls/{walls[0][0]}", walls[0][1])
        asked = clicks(server, state, site.settings, EXECUTIVES)
        for name, screens, people in (
            ("100 walls", walls[:100], []),
            ("1 000 walls", walls, []),
            ("1 000 walls, 50 executives", walls, asked),
        ):
            rows.append((name, *_watched(site, server, screens, people)))
    finally:
        server.stop()
        state.close()
    with capsys.disabled():
        _print(rows)
    for _, told, _, publishes, questions, *_ in rows:
        for kind in ("walls", "executives"):
            assert set(told[kind]["statuses"]) <= {"200", "304"}
        # Once a batch, however many look; one that came before the first screen asked,
        # or after the last, is read by nobody.
        tiles = len(wall_pages.metrics())
        assert questions % tiles == 0
        assert 3 * tiles <= questions <= (publishes + 1) * tiles


def _watched(site, server: Gunicorn, screens: list, people: list) -> tuple:
    """Load the server for a minute while it publishes every ten seconds."""
    seconds, published, may_end = 60.0, [], threading.Event()

    def publish() -> None:
        while not may_end.wait(10):
            published.append(site.deliver(40).batch_id)

    before, cpu, began = server.served(), server.cpu(), time.monotonic()
    writer = threading.Thread(target=publish)
    writer.start()
    told = generate(PORT, screens, people, seconds)
    may_end.set()
    writer.join()
    took = time.monotonic() - began
    share = (server.cpu() - cpu) / took
    after = server.served()
    questions = after.get("wall_questions", 0) - before.get("wall_questions", 0)
    return told, share, len(published), questions, took


def _print(rows: list) -> None:
    print(
        f"\n{'load':<28}{'answers':>9}{'304':>8}{'p50':>8}{'p99':>9}{'most':>9}"
        f"{'cpu':>7}{'publ.':>7}{'questions':>11}"
    )
    for name, told, share, publishes, questions, _ in rows:
        for kind in ("walls", "executives"):
            one = told[kind]
            if not one["answers"]:
                continue
            label = name if kind == "walls" else "  of them executives"
            print(
                f"{label:<28}{one['answers']:>9}{one['statuses'].get('304', 0):>8}"
                f"{one['p50']:>6.1f}ms{one['p99']:>7.1f}ms{one['most']:>7.0f}ms"
                f"{share:>7.0%}{publishes:>7}{questions:>11.0f}"
            )
            wrong = set(one["statuses"]) - {"200", "304"}
            if wrong:
                print("  errors:", one["statuses"])
