"""The page of a store: what it shows, whom it lets in, what it says when it cannot."""

import json
from dataclasses import replace
from typing import Any

import pytest

from callbacks.store import store_of
from pages._ui import board
from pages._ui.ids import Shell, StorePage
from tests.ui import boards
from tests.ui.conftest import SETTINGS
from tests.ui.readers import sign_in
from tests.ui.readings import ARRIVED, AS_OF, WAITING, reading
from tests.ui.records import make_stores
from tests.ui.standin import StandIn
from tests.ui.test_tile import text
from warehouse.access.roles import Role
from warehouse.board import Stage


def opened(fire: Any, store: str = "S001", search: str = "", language: str = "zh"):
    """Open the page of a store."""
    return fire(
        StorePage.TILES,
        "children",
        **{
            f"{Shell.URL}.search": search,
            f"{Shell.URL}.pathname": f"/stores/{store}",
            f"{Shell.LANGUAGE}.data": language,
        },
    )


def words(told: Any, place: str) -> str:
    """Return what stands in a place of the page."""
    return json.dumps(told[place]["children"], ensure_ascii=False)


def test_the_page_has_tiles_with_ranks_and_every_list(fire):
    """Tiles of what stores have, each with its place; five lists below."""
    told = opened(fire)
    tiles = told[StorePage.TILES]["children"]

    assert len(tiles) == 10
    assert "第 " in words(told, StorePage.TILES)
    assert "上海服务中心" in words(told, StorePage.HEAD) or "杭州" in words(
        told, StorePage.HEAD
    )
    for place, part in (
        (StorePage.ORDERS, "沪A****45"),
        (StorePage.HANDS, "张*"),
        (StorePage.PARTS, "BAT-1"),
        (StorePage.COMEBACKS, "7 天后返修"),
        (StorePage.VOICES, "等了三个小时"),
    ):
        assert part in words(told, place), place


def test_the_path_names_the_store_and_the_query_does_not(fire, standin: StandIn):
    """Dash hands ?store_id=… over the path's; a link must not show another store."""
    told = opened(fire, "S001", "?store_id=S002&store=S002")
    asked = {
        dict(question.where).get("store_id")
        for _, question in standin.current.asked
        if question.where
    }

    assert "S001" in words(told, StorePage.HEAD)
    assert asked == {("S001",)}


def test_an_unknown_store_is_said_in_words(fire, standin: StandIn):
    """No numbers, no error; nothing is asked."""
    told = opened(fire, "NOWHERE", language="en")

    assert "NOWHERE" in words(told, StorePage.HEAD)
    assert "There is no such store" in words(told, StorePage.HEAD)
    assert told[StorePage.TILES]["children"] == []
    assert standin.current.asked == []


def test_a_store_of_somebody_else_is_refused(app, state, fire):
    """403 at the door for a manager of another store, whatever the query says."""
    client = sign_in(
        app.server.test_client(), state, SETTINGS, Role.STORE_MANAGER, "store:S001"
    )

    assert client.get("/stores/S001").status_code == 200
    assert client.get("/stores/S002").status_code == 403
    assert client.get("/stores/S002?store_id=S001").status_code == 403


def test_a_closed_store_says_so_and_keeps_its_numbers(fire, standin: StandIn):
    """What it left behind stays readable."""
    stores = make_stores(24)
    stores[1] = replace(stores[1], is_closed=True)
    standin.current.__class__ = type(
        "Closed", (type(standin.current),), {"stores": lambda *_: stores}
    )
    told = opened(fire)

    assert told[StorePage.PLACE]["data-state"] == "closed"
    assert "已停业" in words(told, StorePage.HEAD)
    assert len(told[StorePage.TILES]["children"]) == 10


def test_a_silent_store_never_looks_healthy(fire):
    """S003 sends no work orders: its tiles are stale, and its page says since when."""
    told = opened(fire, "S003")
    states = {
        one["props"]["data-metric"]: one["props"]["data-status"]
        for one in told[StorePage.TILES]["children"]
    }

    assert states["promise_kept"] == "stale"
    assert "没有送来新数据" in words(told, StorePage.HEAD)


def test_without_a_batch_the_page_says_what_to_do(fire, standin: StandIn):
    """The first minute of an installation."""
    standin.current = None
    told = opened(fire)

    assert "etl run" in words(told, StorePage.HEAD)
    assert told[StorePage.PLACE]["data-state"] == "empty"


def test_one_broken_metric_leaves_the_rest(fire, standin: StandIn, caplog):
    """An error tile; the board goes on."""
    standin.current.broken = frozenset({"nps"})
    told = opened(fire)
    states = [one["props"]["data-status"] for one in told[StorePage.TILES]["children"]]

    assert states.count("error") == 1
    assert "沪A****45" in words(told, StorePage.ORDERS)


@pytest.mark.parametrize(
    ("path", "store"),
    [
        ("/stores/S001", "S001"),
        ("/stores/%E4%B8%8A%E6%B5%B7", "上海"),
        ("/stores/", None),
        ("/stores/a/b", None),
        ("/", None),
        (None, None),
    ],
)
def test_the_store_is_read_from_the_path(path, store):
    """And from nothing else."""
    assert store_of(path) == store


# ---------- lists


def test_the_counts_of_the_board_are_those_of_its_rows():
    """Five cars, one at each stage; two promises have passed."""
    told = boards.board("S001", AS_OF)
    live = (reading(ARRIVED, 7, n=7), reading(WAITING, None, n=0))
    shown = board.orders(told, live, AS_OF, "zh")
    (counts, table) = shown
    values = {
        one.to_plotly_json()["props"]["data-count"]: one.to_plotly_json()["props"][
            "data-value"
        ]
        for one in counts.children
    }

    assert [values[f"stage-{stage}"] for stage in Stage] == ["1"] * 5
    assert (values["overdue"], values["orders_arrived"]) == ("2", "7")
    assert values["waiting_now"] == "—"
    assert text(table).count("沪A****45") == 5


@pytest.mark.parametrize("language", ["zh", "en"])
def test_empty_lists_say_that_they_are_empty(language):
    """A store without rows of any kind is a store, not an error."""
    told = replace(
        boards.board("S001", AS_OF),
        orders=(),
        hands=(),
        parts=(),
        comebacks=(),
        voices=(),
        bays=None,
    )
    shown = [
        board.orders(told, (), AS_OF, language),
        board.hands(told, AS_OF, language),
        board.parts((), told, language),
        board.comebacks((), told, language),
        board.voices((), told, language),
    ]

    assert all(text(part) for part in shown)
    assert "None" not in text(shown)
