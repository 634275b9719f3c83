"""The place of a store among others, and what of it leaves a reader's rights."""

import json
from dataclasses import fields

import pytest

from callbacks.store_screen import ladders, store_screen
from pages._ui.address import View
from tests.ui.conftest import SETTINGS
from tests.ui.readers import sign_in
from tests.ui.readings import FTFR, NPS, WAIT, reading
from tests.ui.records import make_stores
from tests.ui.standin import StandInBatch
from warehouse.access.roles import Role
from warehouse.metrics.standing import LEAST_HIDDEN, Gap, Ladder, Standing, together
from warehouse.records import Store
from warehouse.scope import EVERYTHING, Question, Rights


def store(name: str, **more: object) -> Store:
    """Return an open store of one region and kind."""
    given = {
        "store_id": name,
        "name": name,
        "name_en": None,
        "region": "华东",
        "province": None,
        "city": "上海",
        "city_class": "tier1",
        "store_class": "standard",
        "is_inferred": False,
    }
    wanted = {field.name for field in fields(Store)}
    return Store(**{k: v for k, v in (given | more).items() if k in wanted})


def ladder(values, metric=FTFR, n: int = 100, **more: object) -> Ladder:
    """Return the ladder of stores A, B, C … with these values."""
    names = "ABCDEFGH"[: len(values)]
    return Ladder(
        metric,
        [store(name, **more) for name in names],
        {
            name: reading(metric, value, n=n)
            for name, value in zip(names, values, strict=True)
        },
    )


def only(*names: str) -> Rights:
    """Return the rights of somebody who sees these stores."""
    return Rights(store_ids=frozenset(names))


def test_a_store_is_ranked_without_itself():
    """90, 80, 70 %: the one with 80 is second, the others have 80 together."""
    region, peers = ladder((0.9, 0.8, 0.7)).standings("B", EVERYTHING)

    assert (region.group, region.place, region.of) == ("region", 2, 3)
    assert region.others == pytest.approx(160 / 200)
    assert (peers.group, peers.kind) == ("peers", ("tier1", "standard"))


def test_a_manager_learns_his_place_and_no_value():
    """He sees A; four stores he may not see stand behind the place."""
    region, peers = ladder((0.8, 0.9, 0.7, 0.6, 0.5)).standings("A", only("A"))

    assert (region.place, region.of) == (peers.place, peers.of) == (2, 5)
    assert (region.others, peers.others) == (None, None)


@pytest.mark.parametrize("hidden", range(LEAST_HIDDEN + 2))
def test_few_hidden_stores_withhold_the_place(hidden):
    """One or two neighbours would be told apart by it; with none there is no secret."""
    found = ladder((0.9,) * 2 + (0.8,) * hidden)
    (region, _) = found.standings("A", only("A", "B"))

    is_withheld = 0 < hidden < LEAST_HIDDEN
    assert region.gap is (Gap.WITHHELD if is_withheld else None)
    assert (region.place is None) == is_withheld
    assert (region.others is None) == (hidden > 0)


def test_the_place_of_another_store_is_not_told():
    """Whoever may not see a store does not learn where it stands."""
    found = ladder((0.9, 0.8, 0.7, 0.6, 0.5))

    assert found.standings("B", only("A")) == ()
    assert found.standings("B", only()) == ()
    assert found.standings("NOWHERE", EVERYTHING) == ()


def test_a_ladder_shows_nothing_but_places():
    """What holds everybody's values has no way to print or to send them."""
    found = ladder((0.91357, 0.8, 0.7, 0.6))

    assert [name for name in dir(found) if not name.startswith("_")] == ["standings"]
    assert "0.91357" not in repr(found)
    with pytest.raises(TypeError):
        json.dumps(found)


def test_too_few_cases_have_no_place():
    """Neither the store's own nor another's."""
    few, many = reading(FTFR, 1.0, n=3), reading(FTFR, 0.9, n=100)
    stores = [store("A"), store("B")]
    mine, _ = Ladder(FTFR, stores, {"A": few, "B": many}).standings("A", EVERYTHING)
    other, _ = Ladder(FTFR, stores, {"A": many, "B": few}).standings("A", EVERYTHING)

    assert mine == Standing(group="region", kind=("华东",), gap=Gap.FEW)
    assert other == Standing(group="region", kind=("华东",), gap=Gap.ALONE)


def test_a_low_wait_is_a_good_place_and_ties_share_one():
    """Minutes: the shortest is first."""
    found = ladder((50, 50, 60), WAIT)
    ranks = [found.standings(one, EVERYTHING)[0] for one in "ABC"]

    assert [one.place for one in ranks] == [1, 1, 3]
    assert ranks[2].others == 50


def test_scores_of_a_group_are_divided_once():
    """30 of 50 and 0 of 50 are +30, not the mean of anything rounded."""
    group = [
        reading(NPS, 60.0, numerator=30, denominator=50),
        reading(NPS, 0.0, numerator=0, denominator=50),
    ]

    assert together(NPS, group) == 30


def test_peers_are_stores_of_the_same_kind():
    """Same class of city and of store, wherever; the region is another group."""
    stores = make_stores(24)
    readings = {s.store_id: reading(FTFR, 0.9, n=100) for s in stores}
    found = Ladder(FTFR, stores, readings)
    region, peers = found.standings(stores[1].store_id, EVERYTHING)
    alike = [
        s
        for s in stores
        if (s.city_class, s.store_class) == (stores[1].city_class, "standard")
    ]

    assert (region.group, region.of) == ("region", 8)
    assert peers.of == len(alike)


def test_closed_stores_are_nobody_to_compare_with():
    """They keep their numbers, and no place among the living."""
    stores = [store("A"), store("B", is_closed=True)]
    readings = {name: reading(FTFR, 0.9, n=100) for name in "AB"}
    region, _ = Ladder(FTFR, stores, readings).standings("A", EVERYTHING)

    assert region.gap is Gap.ALONE


def test_a_store_whose_data_stopped_has_no_place():
    """S003 sends no work orders: nobody is ranked against what it last sent."""
    batch = StandInBatch()
    found = batch.ladder("promise_kept", Question())
    (region, _) = found.standings("S001", EVERYTHING)
    alike = [s for s in make_stores(24) if s.region == make_stores(24)[0].region]

    assert all(one.place is None for one in found.standings("S003", EVERYTHING))
    assert region.of == len(alike) - ("S003" in {s.store_id for s in alike})


def test_a_manager_reads_his_place_on_his_page(app, state):
    """Over HTTP, with his rights: places on his tiles, and nobody's value."""
    client = sign_in(
        app.server.test_client(), state, SETTINGS, Role.STORE_MANAGER, "store:S001"
    )
    assert client.get("/stores/S001").status_code == 200

    batch = StandInBatch()
    mine = next(s for s in batch.stores(EVERYTHING) if s.store_id == "S001")
    rights = only("S001")
    screen = store_screen(batch, mine, View(), rights, ladders(batch, View()))
    told = [rank for tile in screen.tiles for rank in tile.ranks]

    assert any(rank.place is not None and rank.of > 1 for rank in told)
    assert {rank.others for rank in told} == {None}
    # Everything else of the page was asked with his rights; see tests/access.
    assert all(
        tile.reading is None or tile.reading.dimensions in ({}, {"store_id": "S001"})
        for tile in screen.tiles
    )
