"""Screens in use, drawn for a new batch before anybody asks."""

import threading
from dataclasses import dataclass
from functools import partial

import pytest

from callbacks import overview
from callbacks.ahead import IN_USE, MOST, Ahead, warm
from callbacks.services import Services
from pages._ui.address import View
from tests.ui.standin import StandIn
from warehouse.errors import NoBatchError
from warehouse.scope import EVERYTHING
from warehouse.settings import Settings


@dataclass(frozen=True)
class Numbered:
    """A batch that is only its number."""

    id: str


FIRST, SECOND, THIRD = (Numbered(name) for name in ("b1", "b2", "b3"))


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def drawn():
    """Return the list of what was drawn, as (screen, batch)."""
    return []


def noting(drawn: list, name: str):
    """Return a drawing that notes itself."""
    return lambda batch: drawn.append((name, batch.id))


def test_what_is_open_is_drawn_for_a_newer_batch(drawn):
    """The screen that was asked for last comes first; the first batch is nobody's."""
    ahead = Ahead()
    ahead.see(FIRST)
    ahead.note("a", noting(drawn, "a"))
    ahead.note("b", noting(drawn, "b"))
    ahead.see(FIRST)
    ahead.wait()
    assert drawn == []

    ahead.see(SECOND)
    ahead.wait()
    assert drawn == [("b", "b2"), ("a", "b2")]


def test_what_nobody_has_open_any_more_is_left(drawn):
    """A tab that was closed asks no more: after a while it counts as closed."""
    clock = Clock()
    ahead = Ahead(clock)
    ahead.see(FIRST)
    ahead.note("closed", noting(drawn, "closed"))
    clock.now = IN_USE + 1
    ahead.note("open", noting(drawn, "open"))
    ahead.see(SECOND)
    ahead.wait()

    assert drawn == [("open", "b2")]


def test_only_so_many_are_drawn(drawn):
    """Scopes without end do not keep the server busy: the oldest are left."""
    ahead = Ahead()
    ahead.see(FIRST)
    for number in range(MOST + 5):
        ahead.note(number, noting(drawn, str(number)))
    ahead.see(SECOND)
    ahead.wait()

    assert len(drawn) == MOST
    assert "0" not in {name for name, _ in drawn}


def test_one_that_fails_does_not_keep_the_others_back(drawn):
    """Whoever asks for it is told; nobody else notices."""

    def fail(_: Numbered) -> None:
        raise ValueError("broken")

    ahead = Ahead()
    ahead.see(FIRST)
    ahead.note("a", noting(drawn, "a"))
    ahead.note("broken", fail)
    ahead.see(SECOND)
    ahead.wait()

    assert drawn == [("a", "b2")]


def test_a_still_newer_batch_is_drawn_instead(drawn):
    """What is overtaken is not finished: its readers will ask for the newest."""
    ahead, begun, may_end = Ahead(), threading.Event(), threading.Event()

    def slow(batch: Numbered) -> None:
        begun.set()
        may_end.wait(5)
        drawn.append(("slow", batch.id))

    ahead.see(FIRST)
    ahead.note("a", noting(drawn, "a"))
    ahead.note("slow", slow)
    ahead.see(SECOND)
    begun.wait(5)
    ahead.see(THIRD)
    may_end.set()
    ahead.wait()

    assert drawn == [("slow", "b2"), ("slow", "b3"), ("a", "b3")]


def test_a_page_of_a_new_batch_is_there_before_its_reader(tmp_path):
    """The overview's parts and trend: nothing is asked of the batch any more."""
    network = StandIn()
    services = Services.over(network, Settings(warehouse=tmp_path), "b", None)
    services.batches.newest()
    kept = partial(
        overview._kept,
        services.snapshots,
        view=View(),
        allowed=EVERYTHING,
        language="zh",
    )
    services.ahead.note(("overview",), kept)
    network.publish(2)
    batch, _ = services.batches.newest()
    services.ahead.wait()
    asked = len(batch.asked)

    parts, _ = kept(batch)
    assert asked > 0
    assert len(batch.asked) == asked
    assert len(parts) == overview.PARTS


def test_a_server_warms_itself_and_starts_without_a_batch():
    """The first page is read once at the start; without a batch nothing is."""
    network = StandIn()
    warm(network)
    assert {name for name, _ in network.current.asked} >= {"ftfr_30d", "nps"}

    class Empty:
        def batch(self) -> None:
            raise NoBatchError("nothing yet")

    warm(Empty())
