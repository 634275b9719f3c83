"""The failure matrix in a real browser, with shortened faults."""

import time

import pytest

from tests.live import matrix
from tests.live.matrix import RECOVERY, Outcome, Scene
from tests.live.network import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("live")]


@pytest.fixture
def scene(hang, proxy, server, network) -> Scene:
    """Return a wall that is live."""
    page = hang()
    scene = Scene(page, proxy, server, network)
    scene.until(lambda: scene.reach() == "live", 20)
    return scene


def within(outcome: Outcome, interval: float) -> None:
    """A fault is told within two refreshes, and over within 15 seconds."""
    matrix.print_table([outcome])
    if outcome.told is not None:
        # The screen looks twice a second; a busy machine needs a moment more.
        assert outcome.told <= 2 * interval + 2
    assert outcome.recovered is not None
    assert outcome.recovered <= RECOVERY


@pytest.mark.parametrize(
    ("fault", "mode", "seconds"),
    [("refused", "refuse", 5), ("502", "502", 5), ("silent freeze", "freeze", 9)],
)
def test_a_lost_server_is_told_and_found_again(scene, fault, mode, seconds):
    """Within two refreshes a banner and grey tiles; within 15 s new values."""
    within(matrix.away(scene, fault, mode, seconds), scene.interval)


def test_dead_sockets_are_flushed(scene):
    """Connections that died without a word cost one repetition each."""
    within(matrix.half_open(scene), scene.interval)


def test_a_new_release_is_loaded(scene, state, network):
    """Every screen reloads by itself, some time within seconds."""
    other = LiveServer(network, state, build="second")
    outcome = matrix.deploy(scene, other)
    other.stop()

    assert outcome.recovered <= RECOVERY


def test_a_revoked_screen_says_so_and_comes_back(scene):
    """It blanks within one refresh, stays where it is, and asks on."""
    outcome = matrix.expired(scene)

    assert outcome.told <= 2 * scene.interval + 1
    assert outcome.recovered <= RECOVERY


def test_a_screen_starts_without_the_server(scene):
    """Its last values, grey, with their age; live when the server is back."""
    assert matrix.cold_boot(scene).recovered <= RECOVERY


def test_a_slow_answer_arrives(scene):
    """Three seconds for an answer, one between questions."""
    assert matrix.slow(scene, 3).recovered <= RECOVERY + 3


def test_the_day_rolls_over_at_the_stores_midnight(scene):
    """What is of yesterday says so until today's batch is there."""
    assert matrix.midnight(scene).recovered <= RECOVERY


def test_a_set_clock_raises_no_false_sign(scene):
    """Ages are measured by a clock that nobody can set."""
    assert matrix.clock_change(scene).recovered <= RECOVERY


def test_a_hidden_tab_catches_up(scene):
    """It asks at once when it is seen."""
    assert matrix.hidden(scene).recovered <= RECOVERY


def test_a_dead_refresh_is_told_by_a_live_server(scene, network):
    """304 for ever is no sign of life of the data."""
    network.ran_every(10)
    network.renew()
    time.sleep(2)
    scene.server.ahead = matrix.timedelta(minutes=10)
    banner = scene.page.locator(".wall__banner", has_text="数据停在")
    banner.wait_for(timeout=10_000)

    assert scene.reach() == "live"
    of_now = scene.page.locator("[data-metric=orders_arrived]")
    assert of_now.get_attribute("data-status") == "stale"
    of_weeks = scene.page.locator("[data-metric=nps]")
    assert of_weeks.get_attribute("data-status") == "green"


@pytest.mark.stress
def test_the_whole_matrix(scene, state, network, capsys):
    """Every fault at full length, one after the other on one screen."""
    other = LiveServer(network, state, build="second")
    outcomes = [
        matrix.away(scene, "server restart, 10 s", "refuse", 10),
        matrix.away(scene, "refused 25 s", "refuse", 25),
        matrix.away(scene, "502 for 25 s", "502", 25),
        matrix.half_open(scene),
        matrix.away(scene, "silent freeze 60 s", "freeze", 60),
        matrix.away(scene, "outage 240 s", "refuse", 240),
        matrix.deploy(scene, other),
        matrix.expired(scene),
        matrix.cold_boot(scene),
        matrix.slow(scene, 5),
        matrix.midnight(scene),
        matrix.clock_change(scene),
        matrix.hidden(scene),
    ]
    other.stop()
    with capsys.disabled():
        matrix.print_table(outcomes)
    assert all(one.recovered <= RECOVERY for one in outcomes)
