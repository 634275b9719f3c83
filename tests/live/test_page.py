"""The page of a wall before any script has run, and its words."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from callbacks.wall import service_worker
from pages._ui import wall_page
from pages._ui.tokens import THEMES
from pages._ui.wall_tiles import place, short_name
from pages._ui.wording import WORDS
from tests.live.network import LiveBatch
from tests.ui.test_presentation_rules import COLOUR, contrast
from warehouse.metrics import CATALOG
from warehouse.scope import EVERYTHING, Question

ROOT = Path(__file__).parents[2]

FILES = sorted((ROOT / "assets" / "wall").iterdir())

SCRIPT = "\n".join(path.read_text(encoding="utf-8") for path in FILES)


def test_the_page_is_light_and_stands_alone(server):
    """No Dash, no plotly, no other host; the whole of it below 40 kB."""
    client = server.flask.test_client()
    response = client.get("/wall/S001", headers={"Accept-Encoding": "gzip"})
    html = client.get("/wall/S001").get_data(as_text=True)
    total = len(response.data)
    addresses = re.findall(r'(?:src|href)="([^"]+)"', html)
    for address in addresses:
        with client.get(address, headers={"Accept-Encoding": "gzip"}) as file:
            assert file.status_code == 200
            assert "immutable" in file.headers["Cache-Control"]
            total += len(file.data)

    assert len(addresses) <= 9
    assert total < 40_000
    assert "dash" not in html.replace("Dashboard", "")
    assert "http" not in html.replace("https://", "http://").replace("http-", "")


def test_the_page_names_no_store(server):
    """It comes to whoever asks, so it may not even tell that a store exists."""
    client = server.flask.test_client()
    pages = {client.get(f"/wall/{store}").data for store in ("S001", "S002", "nope")}

    assert len(pages) == 1


def test_the_worker_keeps_exactly_what_the_page_loads():
    """Every address of the page, of this build."""
    text = service_worker("abc123")

    assert 'const BUILD = "abc123";' in text
    for name in (*wall_page.SHEETS, *wall_page.SCRIPTS):
        assert f"/assets/{name}?m=abc123" in text


@pytest.mark.parametrize("key", sorted(k for k in WORDS if k.startswith("wall.")))
def test_every_word_of_the_wall_is_used(key):
    """By the scripts, by name, or by the snapshot."""
    name = key.removeprefix("wall.")
    told = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("pages", "callbacks")
        for path in (ROOT / folder).rglob("wall_*.py")
    )
    last = name.rpartition(".")[2]
    ways = (
        f'"{name}"',
        f"words.{name};",
        f"words.{name})",
        f'key: "{last}"',
        f'? "{name}"',
        f': "{name}"',
    )
    stands = name.endswith(".text") and f'"{name.removesuffix(".text")}"' in SCRIPT

    assert f'"{key}"' in told or stands or any(way in SCRIPT for way in ways)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_wall_spells_no_colour_and_names_tokens_that_exist(path):
    """It has the colours of the dark theme, and no others."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    local = {
        *("mark", "mark-ink", "label", "value"),
        *("columns", "rows", "grow", "place"),
    }
    used = set(re.findall(r"var\(--([\w-]+)", text))

    assert COLOUR.findall(text) == []
    assert used - local <= set(THEMES["dark"])


@pytest.mark.parametrize("ink", ["ink", "ink-2", "red", "amber", "green", "grey"])
def test_the_inks_of_the_wall_reach_seven_to_one(ink):
    """On tiles and beside them, in the dark theme."""
    tokens = THEMES["dark"]

    assert contrast(tokens[ink], tokens["surface"]) >= 7
    assert contrast(tokens[ink], tokens["page"]) >= 7


@pytest.mark.parametrize("metric", ["ftfr_30d", "stockout_rate", "bay_util", "nps"])
def test_the_lines_stand_at_the_thirds_of_every_track(metric):
    """Red line left, green line right, whatever direction and unit."""
    one = CATALOG[metric]
    (reading, *_) = LiveBatch().read(metric, Question(), EVERYTHING)
    lines = one.lines({}, reading.period_end)
    green = replace(reading, value=lines.green)
    red = replace(reading, value=lines.red)

    assert place(green) == pytest.approx(2 / 3, abs=0.001)
    assert place(red) == pytest.approx(1 / 3, abs=0.001)
    assert 0 < place(replace(reading, value=1e9)) < 1
    assert place(replace(reading, value=None)) is None


def test_short_names_leave_the_brackets_out():
    """The foot of the tile says the period."""
    assert short_name(CATALOG["ftfr_30d"], "zh") == "首次修复率"
    assert short_name(CATALOG["ftfr_30d"], "en") == "First-time fix rate"
