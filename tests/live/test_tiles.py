"""Tiles of the wall: what stands on them, and that nothing on them is cut."""

from dataclasses import replace

import pytest

from pages._ui import wall_pages
from pages._ui.wall_tiles import WallTile, told_apart, wall_tile
from tests.kit import thorough
from tests.live.network import LiveBatch
from tests.live.test_legibility import COLOURS
from tests.live.test_wall import live
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Kind, Status
from warehouse.records import Freshness
from warehouse.scope import EVERYTHING, Question


def tile_of(metric_id: str, language: str = "zh", **changes) -> dict:
    """Return a tile as the browser gets it."""
    (reading, *_) = LiveBatch().read(metric_id, Question(), EVERYTHING)
    return wall_tile(
        WallTile(
            metric=CATALOG[metric_id],
            reading=replace(reading, **changes),
            freshness=Freshness.FRESH,
            data_as_of=None,
        ),
        language,
    )


@pytest.mark.parametrize(
    "metric_id",
    [
        m.id
        for m in wall_pages.metrics()
        if m.kind in (Kind.COUNT, Kind.STATE) and m.denominator is None
    ],
)
def test_what_is_counted_is_no_sample_of_itself(metric_id):
    """The longest wait of 28.4 minutes is not of 28 cars."""
    assert "n =" not in tile_of(metric_id, value=28.4, n=28)["foot"]


def test_what_is_provisional_is_not_called_matured():
    """Both at once would be one too many."""
    settled = tile_of("complaint_rate", n=120)["foot"]
    early = tile_of("complaint_rate", is_provisional=True)["foot"]

    assert "已成熟" in settled
    assert "已成熟" not in early
    assert "暂估" in early


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", wall_pages.PAGES, ids=lambda page: page.name)
def test_two_tiles_of_a_page_have_two_names(page, language):
    """What was in brackets comes back where it is needed, without them."""
    tiles = [{"name": tile_of(m.id, language)["name"]} for m in page.metrics]
    names = [t["name"] for t in told_apart(tiles, page.metrics, language)]

    assert len(set(names)) == len(names)
    assert not any("(" in name or "（" in name for name in names)


CUT = """() => [...document.querySelectorAll(
  '.page:not([hidden]) .tile:not([hidden]) :is(.tile__name, .tile__figure, '
  + '.tile__aim, .tile__foot)'
)].filter((e) => e.clientWidth && e.scrollWidth > e.clientWidth + 1)
  .map((e) => `${e.className}: ${e.textContent}`)"""

SCREENS = [
    ("zh", 1920, 1080, 55, 4),
    ("zh", 1920, 1080, 55, 6),
    ("en", 1920, 1080, 55, 6),
    thorough("zh", 1080, 1920, 55, 4),
    thorough("en", 1920, 1080, 43, 3),
    thorough("en", 3840, 2160, 65, 4),
]


@pytest.mark.browser
@pytest.mark.xdist_group("live")
@pytest.mark.parametrize(
    ("language", "width", "height", "inches", "metres"), SCREENS, ids=str
)
def test_nothing_on_a_tile_is_cut(
    hang, network, language, width, height, inches, metres
):
    """Too few, in minutes: the word goes below the value when it has no room."""
    colours = {m.id: Status.GREY for m in wall_pages.metrics()} | COLOURS
    network.renew(colours=colours)
    query = f"?inch={inches}&distance={metres}&dwell=100&lang={language}"
    page = live(hang(query, width=width, height=height))
    cut = []
    for one in wall_pages.PAGES:
        page.evaluate(
            "(name) => aftersight.wall.rotation.go(name, performance.now())", one.name
        )
        page.locator(f"[data-wall-page={one.name}] .tile:visible").first.wait_for()
        cut += page.evaluate(CUT)

    assert cut == []


@pytest.mark.browser
@pytest.mark.xdist_group("live")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_targets_go_before_tiles_do(hang, network, language):
    """At 6 m a 55-inch screen shows four of six; two with targets were less."""
    network.renew(colours=COLOURS)
    page = live(hang(f"?inch=55&distance=6&dwell=100&lang={language}"))
    page.evaluate("aftersight.wall.rotation.go('now', performance.now())")
    page.locator("[data-wall-page=now] .tile:visible").first.wait_for()

    assert page.locator("[data-wall-page=now] .tile:visible").count() == 4
    assert page.locator(".page[data-bare] .tile__aim:visible").count() == 0
    assert page.locator(".wall__mark").get_attribute("data-watermark")
