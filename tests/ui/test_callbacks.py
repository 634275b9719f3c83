"""What the browser is told when an address is opened."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dash import stringify_id

from pages._ui.ids import Overview, Shell
from tests.ui.standin import StandIn
from warehouse.records import Outcome

URL, NEWS, LANGUAGE = f"{Shell.URL}", f"{Shell.NEWS}.data", f"{Shell.LANGUAGE}.data"


def opened(fire: Any, search: str = "", language: str = "zh", **more: Any) -> Any:
    """Open the overview at an address."""
    return fire(
        Overview.TILES,
        "children",
        **{
            f"{URL}.search": search,
            f"{URL}.pathname": "/",
            LANGUAGE: language,
            **more,
        },
    )


def tiles(told: Any) -> dict[str, dict[str, Any]]:
    """Return the props of each tile by metric."""
    shown = told[Overview.TILES]["children"]
    return {one["props"]["data-metric"]: one["props"] for one in shown}


def test_every_callback_id_exists_in_some_layout(app, client):
    """What the browser would only report at run time is reported here."""
    client.get("/")
    given = {
        stringify_id(one.id)
        for one in app.validation_layout._traverse()
        if getattr(one, "id", None)
    }
    used = {
        one["id"]
        for spec in client.get("/_dash-dependencies").json
        for one in (*spec["inputs"], *spec["state"])
    } | {
        name.rsplit(".", 1)[0]
        for spec in client.get("/_dash-dependencies").json
        for name in spec["output"].strip(".").split("...")
    }

    assert used - given == set()


def test_no_two_callbacks_write_the_same_property(client):
    """Dash accepts a duplicate and lets the browser find out; we do not."""
    client.get("/")
    written = [
        name
        for spec in client.get("/_dash-dependencies").json
        for name in spec["output"].strip(".").split("...")
    ]

    assert sorted(written) == sorted(set(written))


def test_layouts_are_json_in_both_languages(client):
    """Enum ids and data attributes survive the trip to the browser."""
    for language in ("zh", "en"):
        client.get(f"/?lang={language}")
        assert json.dumps(client.get("/_dash-layout").json)


def test_a_page_is_one_batch(fire):
    """Frame and tiles name the same batch, in one answer."""
    told = opened(fire)
    batches = {one["data-batch"] for one in tiles(told).values()}

    assert batches == {told[Shell.FRAME]["data-batch"]}
    assert told[Shell.FRAME]["data-as-of"] == "2026-11-21T02:15:00Z"


def test_the_scope_of_the_address_is_asked_of_the_warehouse(fire, standin: StandIn):
    """Region and period reach every question of a tile."""
    opened(fire, "?region=华东&period=7d")
    asked = [q for metric, q in standin.current.asked if metric == "promise_kept"]

    assert all(q.where == (("region", ("华东",)),) for q in asked)
    assert (str(asked[0].start), str(asked[0].end)) == ("2026-11-15", "2026-11-22")


def test_a_metric_that_matures_is_asked_for_its_newest_matured_days(
    fire, standin: StandIn
):
    """Seven days of FTFR end 30 days ago."""
    opened(fire, "?period=7d")
    asked = [q for metric, q in standin.current.asked if metric == "ftfr_30d"]

    assert (str(asked[0].start), str(asked[0].end)) == ("2026-10-16", "2026-10-23")


def test_this_morning_is_compared_with_yesterday_at_the_same_hour(
    fire, standin: StandIn
):
    """A day that is not over is not compared with a whole one."""
    opened(fire)
    asked = [q for metric, q in standin.current.asked if metric == "orders_arrived"]

    assert asked[1].as_of.isoformat() == "2026-11-20T02:15:00+00:00"


def test_the_table_shows_the_stores_of_the_scope(fire):
    """Four of 24 stores are in 华东 twice over: eight rows, each with its sign."""
    rows = opened(fire, "?region=华东")[Overview.TABLE]["rowData"]

    assert len(rows) == 8
    assert {row["region"] for row in rows} == {"华东"}
    assert rows[0]["promise_kept__sign"]
    assert "n = " in rows[0]["promise_kept__tip"]


def test_one_broken_metric_leaves_the_others_alone(fire, standin: StandIn, caplog):
    """An error tile with its reason, a note under the table, a traceback in the log."""
    standin.current.broken = frozenset({"nps"})
    told = opened(fire)
    states = {name: one["data-status"] for name, one in tiles(told).items()}

    assert states.pop("nps") == "error"
    assert "error" not in states.values()
    assert "净推荐值" in json.dumps(
        told[Overview.TABLE_NOTE]["children"], ensure_ascii=False
    )
    assert "nps could not be read" in caplog.text


def test_a_scope_without_rows_has_no_data(fire, standin: StandIn):
    """No row is neither zero nor green."""
    standin.current.without_rows = frozenset({"ftfr_30d"})

    assert tiles(opened(fire))["ftfr_30d"]["data-status"] == "nodata"


def test_a_stale_source_makes_its_tiles_stale(fire, standin: StandIn):
    """In the tile and in the table."""
    standin.current.stale = frozenset({"stockout_rate"})
    told = opened(fire)

    assert tiles(told)["stockout_rate"]["data-status"] == "stale"
    assert told[Overview.TABLE]["rowData"][0]["stockout_rate__state"] == "stale"


def test_without_a_batch_the_page_says_what_to_do(fire, standin: StandIn):
    """The first minute of a new installation."""
    standin.current = None
    told = opened(fire)

    assert "etl run" in json.dumps(told[Overview.TILES]["children"])
    assert told[Shell.FRAME]["data-batch"] == ""


def test_a_lost_warehouse_shows_the_last_good_batch_and_says_so(fire, standin: StandIn):
    """Yesterday's numbers with a sign beat an empty screen."""
    opened(fire)
    standin.current, standin.reason = None, "manifest is not readable"
    told = opened(fire)

    assert tiles(told)["ftfr_30d"]["data-batch"].endswith("000017")
    assert "manifest is not readable" in json.dumps(told[Shell.NOTICE]["children"])


def test_values_that_do_not_exist_are_ignored_and_named(fire):
    """A link that names a closed store shows the network and says so."""
    told = opened(fire, "?store=S999&period=weird", "en")
    notice = json.dumps(told[Shell.NOTICE]["children"])

    assert "store=S999" in notice
    assert "period=weird" in notice
    assert len(tiles(told)) == 11


def test_a_screen_is_computed_once_for_all_viewers(fire, standin: StandIn):
    """The second viewer, in another language, costs no question."""
    opened(fire)
    asked = len(standin.current.asked)
    opened(fire, language="en")

    assert len(standin.current.asked) == asked


def test_a_new_batch_is_computed_anew(fire, standin: StandIn):
    """The batch is in the key."""
    opened(fire)
    standin.publish(18)
    told = opened(fire)

    assert tiles(told)["ftfr_30d"]["data-batch"].endswith("000018")


def test_another_trend_leaves_the_tiles_on_screen(fire):
    """What did not change is not sent again."""
    drawn = opened(fire)[Overview.DRAWN]["data"]
    told = opened(fire, "?metric=nps", **{f"{Overview.DRAWN}.data": drawn})

    assert Overview.TILES not in told
    assert told[Overview.TREND]["figure"]["data"]


def test_the_language_of_the_page_wins(fire):
    """Another tab may have chosen another language meanwhile."""
    english = json.dumps(opened(fire, language="en"), ensure_ascii=False)

    assert "Promises kept" in english
    assert "准时交车率" not in english


def test_a_failed_callback_tells_the_reader(fire, standin: StandIn, caplog):
    """The page keeps its numbers and says that they were not renewed."""
    standin.current.store_count = None
    told = opened(fire)

    assert "没有成功" in json.dumps(told[Shell.NOTICE]["children"], ensure_ascii=False)
    assert "callback failed" in caplog.text


def test_leaving_a_page_asks_nothing(fire, standin: StandIn):
    """On the way to another page its callbacks keep still."""
    given = {f"{URL}.search": "", f"{URL}.pathname": "/data", LANGUAGE: "zh"}

    assert fire(Overview.TILES, "children", **given) == {}
    assert standin.current.asked == []


@pytest.mark.parametrize(
    ("path", "name"), [("/", "overview"), ("/data", "data"), ("/x", "missing")]
)
def test_the_frame_names_its_page(fire, path, name):
    """For stylesheets, screen readers and people's scripts."""
    told = fire(Shell.FRAME, "data-page", **{f"{URL}.pathname": path})

    assert told[Shell.FRAME]["data-page"] == name


@pytest.mark.parametrize(
    ("outcome", "told"),
    [(Outcome.REFUSED, "没有通过质量闸门"), (Outcome.FAILED, "刷新失败"),
     (Outcome.PUBLISHED, "")],
)  # fmt: skip
def test_a_refresh_that_was_held_back_is_told_where_the_numbers_are(
    fire, standin: StandIn, outcome: Outcome, told: str
):
    """The older batch stays, and its page says that it is not what came last."""
    later = standin.current.published_at + timedelta(minutes=10)
    newest = replace(standin.history[0], outcome=outcome, started_at=later)
    standin.history.insert(0, newest)
    shown = json.dumps(opened(fire)[Shell.NOTICE]["children"], ensure_ascii=False)

    assert told in shown
    assert (shown == "[]") is (told == "")


def test_a_metric_that_fails_is_counted_as_failed(fire, standin: StandIn):
    """It is not among those that have no lines."""
    standin.current.broken = {"ftfr_30d"}
    shown = json.dumps(opened(fire)[Overview.TALLY]["children"], ensure_ascii=False)

    assert "1 项算不出来" in shown
