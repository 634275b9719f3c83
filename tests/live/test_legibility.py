"""What is readable from where, computed in the browser from what it really draws."""

import math

import pytest

from tests.kit import thorough
from tests.live.test_wall import live
from warehouse.metrics.metric import Status

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]

LABEL, VALUE = 16, 20
"""Minutes of arc of a digit's height."""

CONTRAST = 7.0

SCREENS = [
    (43, 3),
    (55, 4),
    (55, 6),
    (65, 6),
    *(thorough(*one) for one in [(43, 4), (43, 6), (55, 3), (65, 3), (65, 4)]),
]

MEASURE = """() => {
  const pen = document.createElement('canvas').getContext('2d');
  const parse = (text) => {
    pen.fillStyle = text; const [r, g, b] = (pen.fillStyle.match(/^#(..)(..)(..)/)
      || [0, '00', '00', '00']).slice(1).map((h) => parseInt(h, 16) / 255);
    const line = (c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    return 0.2126 * line(r) + 0.7152 * line(g) + 0.0722 * line(b);
  };
  const clear = (text) => text === 'transparent' || /, 0\\)$/.test(text);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (!clear(colour)) return parse(colour);
    }
    return 1;
  };
  const found = [];
  for (const e of document.querySelectorAll('.wall__frame *')) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.getClientRects().length) continue;
    const style = getComputedStyle(e);
    pen.font = `${style.fontWeight} 100px ${style.fontFamily}`;
    const share = pen.measureText('0').actualBoundingBoxAscent / 100;
    const ink = clear(style.color) ? style.webkitTextStrokeColor : style.color;
    const [a, b] = [parse(ink), ground(e)].sort((x, y) => y - x);
    found.push([e.className, e.textContent.trim(), share * parseFloat(style.fontSize),
      (a + 0.05) / (b + 0.05)]);
  }
  return found;
}"""


def needed(minutes: float, inches: float, metres: float, pixels: tuple) -> float:
    """Return the CSS pixels that *minutes* of arc cover."""
    pitch = inches * 0.0254 / math.hypot(*pixels)
    return 2 * metres * math.tan(math.radians(minutes / 60 / 2)) / pitch


COLOURS = {
    "bay_util": Status.RED,
    "tech_util": Status.AMBER,
    "promise_kept": Status.GREY,
    "nps": Status.RED,
}


def measured(page) -> list:
    """Return class, text, digit height and contrast of every text of every page."""
    found = page.evaluate(MEASURE)
    for name in ("now", "today", "quality", "parts", "voice"):
        page.evaluate(
            "(name) => aftersight.wall.rotation.go(name, performance.now())", name
        )
        page.locator(f"[data-wall-page={name}] .tile:visible").first.wait_for()
        found += page.evaluate(MEASURE)
    return found


@pytest.mark.parametrize(("inches", "metres"), SCREENS)
def test_everything_is_readable_from_the_declared_distance(
    hang, network, inches, metres
):
    """Labels 16 minutes of arc, values 20, contrast 7 : 1; what has no room is gone."""
    network.renew(colours=COLOURS)
    page = live(hang(f"?inch={inches}&distance={metres}&dwell=100"))
    found = measured(page)
    least = needed(LABEL, inches, metres, (1920, 1080))
    most = needed(VALUE, inches, metres, (1920, 1080))
    too_small = [f for f in found if f[2] < least - 0.5]
    values = [f for f in found if f[0] == "tile__value"]

    assert too_small == []
    assert len(values) >= 5
    assert [v for v in values if v[2] < most - 0.5] == []
    assert [f for f in found if f[3] < CONTRAST] == []


def test_tiles_are_dropped_never_shrunk(hang, network):
    """The further away, the fewer: and what matters most stays."""
    network.renew(colours=COLOURS)
    counts = []
    for inches, metres in ((65, 3), (55, 4), (43, 6)):
        page = live(hang(f"?inch={inches}&distance={metres}&dwell=100"))
        page.evaluate("aftersight.wall.rotation.go('now', performance.now())")
        page.locator("[data-wall-page=now] .tile:visible").first.wait_for()
        tiles = page.locator("[data-wall-page=now] .tile:visible")
        counts.append(tiles.count())
        assert page.locator("[data-metric=bay_util]").is_visible()
        page.close()

    assert counts[0] == 6
    assert counts[0] >= counts[1] > counts[2] >= 2


@pytest.mark.parametrize(
    ("width", "height"), [(3840, 2160), (1080, 1920), thorough(1280, 720)]
)
def test_other_screens_are_readable_too(hang, network, width, height):
    """4K, portrait and small ones go by the same rule."""
    network.renew(colours=COLOURS)
    page = live(hang("?inch=55&distance=4&dwell=100", width=width, height=height))
    found = measured(page)

    least = needed(LABEL, 55, 4, (width, height))
    assert [f for f in found if f[2] < least - 0.5] == []
    assert [f for f in found if f[3] < CONTRAST] == []


def test_signs_of_trouble_are_readable(hang, network, proxy):
    """The banner over grey tiles, and the words of a screen that is switched off."""
    page = live(hang())
    proxy.mode = "refuse"
    page.locator("html[data-reach=lost]").wait_for()
    found = page.evaluate(MEASURE)

    assert any("wall__banner" in f[0] for f in found)
    assert [f for f in found if f[3] < CONTRAST] == []
