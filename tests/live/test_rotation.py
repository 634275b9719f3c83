"""Which page a wall shows, second by second: the queue without a screen."""

from itertools import pairwise
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]

RUN = """([limit, changes, until]) => {
  const rotation = new aftersight.Rotation(limit * 1000);
  const shown = [];
  for (let ms = 0; ms < until * 1000; ms += 500) {
    for (const change of changes) {
      if (change.at * 1000 === ms) rotation.update(change.pages, change.quiet || false);
    }
    const name = rotation.at(ms);
    if (!shown.length || shown[shown.length - 1][1] !== name)
      shown.push([ms / 1000, name]);
  }
  return shown;
}"""


@pytest.fixture
def roll(hang) -> Any:
    """Return a function that plays a script; it returns [second, page] of changes."""
    page = hang()
    page.locator("[data-metric]").first.wait_for(state="attached")

    def roll(changes: list[dict], until: float, limit: float = 12) -> list[list]:
        return page.evaluate(RUN, [limit, changes, until])

    return roll


def at(second: float, quiet: bool = False, **reds: list[str]) -> dict:
    """Return what the snapshot of a second says: pages with their reds."""
    pages = [{"name": name, "reds": keys} for name, keys in reds.items()]
    return {"at": second, "pages": pages, "quiet": quiet}


def test_pages_roll_in_their_order_and_keep_their_limit(roll):
    """Twelve seconds each, round and round."""
    assert roll([at(0, a=[], b=[], c=[])], 50) == [
        [0, "a"],
        [12, "b"],
        [24, "c"],
        [36, "a"],
        [48, "b"],
    ]


def test_a_red_jumps_the_queue(roll):
    """Two seconds after what it interrupts at the latest; then the others go on."""
    shown = roll([at(0, a=[], b=[], c=[]), at(1, a=[], b=[], c=["x"])], 40)

    assert shown == [[0, "a"], [2, "c"], [14, "b"], [26, "c"], [38, "a"]]


def test_a_red_comes_after_every_other_page(roll):
    """Until somebody takes it, it is never away for longer than one page."""
    shown = roll([at(0, a=[], b=["x"], c=[], d=[])], 120)
    away = [later[0] - one[0] for one, later in pairwise(shown) if one[1] != "b"]

    assert max(away) <= 12
    assert {name for _, name in shown} == {"a", "b", "c", "d"}


def test_several_reds_are_all_seen_within_ten_seconds(roll):
    """Five pages that turn red at once follow each other quickly."""
    red = at(20, a=["1"], b=["2"], c=["3"], d=["4"], e=["5"])
    shown = roll([at(0, a=[], b=[], c=[], d=[], e=[]), red], 60)
    first = {}
    for second, name in shown:
        if second >= 20 or name == "b":  # b was on the screen when it turned red.
            first.setdefault(name, max(second, 20))

    assert set(first) == {"a", "b", "c", "d", "e"}
    assert max(first.values()) <= 30


def test_a_taken_red_stops_jumping(roll):
    """What somebody has taken waits for its turn like every other page."""
    shown = roll([at(0, a=[], b=["x"], c=[]), at(13, a=[], b=[], c=[])], 80)
    after = [name for second, name in shown if second > 13]

    assert after == ["b", "c", "a", "b", "c"]


def test_a_red_that_stays_does_not_jump_again_but_a_second_one_does(roll):
    """Only news interrupt."""
    shown = roll(
        [
            at(0, a=["x"], b=[], c=[]),
            at(13, a=["x"], b=[], c=[]),
            at(15, a=["x"], b=[], c=["y"]),
        ],
        20,
    )

    assert shown == [[0, "a"], [12, "b"], [15, "c"]]


def test_all_green_shows_the_quiet_page_between_the_others(roll):
    """It stays twice as long, and no page for ever."""
    shown = roll([at(0, quiet=True, a=[], b=[])], 75)

    assert shown == [[0, "quiet"], [24, "a"], [36, "quiet"], [60, "b"], [72, "quiet"]]


def test_a_red_ends_the_quiet(roll):
    """At once."""
    shown = roll([at(0, quiet=True, a=[], b=[]), at(5, a=[], b=["x"])], 10)

    assert shown == [[0, "quiet"], [5, "b"]]


def test_a_page_that_vanishes_is_left(roll):
    """Its metrics are not fed any more."""
    shown = roll([at(0, a=[], b=[]), at(3, b=[])], 20)

    assert shown == [[0, "a"], [3, "b"]]
