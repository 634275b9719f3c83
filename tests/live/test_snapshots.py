"""Snapshots: computed once for all viewers, and never in their way."""

import gzip
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from callbacks import wall_marks, wall_screen
from callbacks.identity import DEVICE_COOKIE
from callbacks.snapshots import Latest, Packed
from pages._ui import wall_pages
from tests.live.network import STORE, LiveBatch, LiveNetwork, LiveServer, pair
from tests.ui.readers import sign_in
from warehouse.access.roles import Role
from warehouse.alerts.alert import Key, Level, Observation, Scope, Seen
from warehouse.alerts.engine import Tick
from warehouse.alerts.records import Found
from warehouse.alerts.rounds import Round, evaluate
from warehouse.alerts.rules import rules
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Status

ADDRESS = f"/api/v1/walls/{STORE}"


@pytest.fixture
def screen(server: LiveServer, state):
    """Return a paired screen that speaks HTTP."""
    client = server.flask.test_client()
    client.set_cookie(DEVICE_COOKIE, pair(state)[0])
    return client


def test_a_snapshot_is_computed_by_the_first_who_asks():
    """Eight at once, before there is any: one computes, seven wait."""
    latest, calls = Latest(), []

    def compute() -> int:
        calls.append(1)
        time.sleep(0.05)
        return 7

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: latest.get("b1", "key", compute), range(8)))

    assert told == [7] * 8
    assert len(calls) == 1


def test_nobody_waits_for_a_newer_one():
    """While it is computed the others get the one before it."""
    latest, begun, may_end = Latest(), threading.Event(), threading.Event()
    latest.get("b1", "key", lambda: "old")

    def compute() -> str:
        begun.set()
        may_end.wait(5)
        return "new"

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(latest.get, "b2", "key", compute)
        begun.wait(5)
        assert latest.get("b2", "key", compute) == "old"
        may_end.set()
        assert first.result() == "new"
    assert latest.get("b2", "key", compute) == "new"


def test_what_cannot_be_renewed_stays_and_is_tried_again():
    """A failure shows nobody an error who has had a snapshot."""
    latest, answers = Latest(), iter([ValueError("no"), "new"])

    def compute() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    latest.get("b1", "key", lambda: "old")
    assert latest.get("b2", "key", compute) == "old"
    assert latest.get("b2", "key", compute) == "new"


def test_the_first_failure_is_told():
    """Without any snapshot there is nothing to show."""
    latest = Latest()

    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        latest.get("b1", "key", fail)


def test_memory_is_bounded():
    """Languages, stores and marks make keys; the oldest go."""
    latest, calls = Latest(size=3), []
    for key in range(10):
        latest.get("b1", key, lambda key=key: calls.append(key))
    latest.get("b1", 9, lambda: calls.append("again"))
    latest.get("b1", 0, lambda: calls.append("again"))

    assert calls == [*range(10), "again"]


def test_equal_data_have_equal_tags():
    """Two workers answer the same question with the same tag."""
    one, other = Packed.of({"a": 1}), Packed.of({"a": 1})

    assert one.tag == other.tag
    assert gzip.decompress(one.gzip) == one.body == b'{"a":1}'


def test_a_wall_without_news_gets_no_bytes(screen, network: LiveNetwork):
    """304 until there is another batch; then packed JSON."""
    first = screen.get(ADDRESS, headers={"Accept-Encoding": "gzip"})
    told = json.loads(gzip.decompress(first.data))
    tag = {"If-None-Match": first.headers["ETag"]}
    again = screen.get(ADDRESS, headers=tag)

    assert told["batch"] == network.current.id
    assert len(first.data) < 4_000
    assert (again.status_code, again.data) == (304, b"")
    batch_id = network.renew()
    assert screen.get(ADDRESS, headers=tag).json["batch"] == batch_id


def test_a_publish_costs_one_question_for_each_metric(
    server, state, network: LiveNetwork
):
    """Whatever the number of stores, screens and languages."""
    asked = network.current.asked
    clients = []
    for number in range(12):
        client = server.flask.test_client()
        client.set_cookie(DEVICE_COOKIE, pair(state, f"S{number:03}")[0])
        clients.append((client, f"/api/v1/walls/S{number:03}"))
    for _ in range(3):
        for client, address in clients:
            assert client.get(address).status_code == 200
            assert client.get(f"{address}?lang=en").status_code == 200

    assert sorted(metric for metric, _ in asked) == sorted(
        metric.id for metric in wall_pages.metrics()
    )


def test_each_wall_gets_its_own_store(server, state, network):
    """The same batch, another name, other values."""
    told = {}
    for store in ("S001", "S002"):
        client = server.flask.test_client()
        client.set_cookie(DEVICE_COOKIE, pair(state, store)[0])
        told[store] = client.get(f"/api/v1/walls/{store}").json
        other = "S002" if store == "S001" else "S001"
        assert client.get(f"/api/v1/walls/{other}").status_code == 403

    assert told["S001"]["store"]["id"] == "S001"
    values = [
        {t["metric"]: t["raw"] for p in one["pages"] for t in p["tiles"]}
        for one in told.values()
    ]
    assert values[0] != values[1]


def test_people_may_look_at_the_walls_of_their_stores(server, state):
    """A store's manager sees his wall; it sends no heartbeats for him."""
    client = sign_in(
        server.flask.test_client(),
        state,
        server.settings,
        Role.STORE_MANAGER,
        f"store:{STORE}",
    )
    response = client.get(ADDRESS)

    assert response.status_code == 200
    assert response.headers["X-Aftersight-Screen"] == "no"
    assert client.get("/api/v1/walls/S002").status_code == 403


def test_an_unknown_store_is_not_found(server, state):
    """To who may see every store; others are refused first."""
    client = sign_in(server.flask.test_client(), state, server.settings)

    assert client.get("/api/v1/walls/NOWHERE").status_code == 404


def test_one_failed_metric_fails_alone(screen, network):
    """Its tile says so; the wall is not quiet, and the others go on."""
    network.renew(broken=frozenset({"nps"}))
    told = screen.get(ADDRESS).json
    states = {t["metric"]: t["state"] for p in told["pages"] for t in p["tiles"]}

    assert states["nps"] == "error"
    assert states["csat"] == "green"
    assert told["is_quiet"] is False


def test_what_nobody_feeds_has_no_tile(screen, network):
    """Without answers there is no page of the customers' voice."""
    voice = next(p for p in wall_pages.PAGES if p.name == "voice")
    network.renew(without_rows=frozenset(m.id for m in voice.metrics))

    names = [page["name"] for page in screen.get(ADDRESS).json["pages"]]
    assert "voice" not in names
    assert "quality" in names


def test_a_tile_knows_when_it_grows_too_old():
    """The earliest end among its tables, each by its freshest source."""
    batch = LiveBatch()
    metric = next(m for m in wall_pages.metrics() if m.id == "ftfr_30d")
    states = batch.sources()
    due = wall_screen.stale_at(metric, states)

    assert due == batch.as_of - timedelta(minutes=3) + timedelta(days=1)
    assert wall_screen.stale_at(metric, []) is None


def test_how_soon_a_batch_is_due_follows_from_the_runs(network):
    """Four times the usual distance, two minutes at least; unknown from few runs."""
    network.ran_every(3600)
    assert wall_screen.renewed_within(network.history) == 4 * 3600
    network.ran_every(10)
    assert wall_screen.renewed_within(network.history) == 120
    assert wall_screen.renewed_within(network.history[:3]) is None


def test_acknowledgements_are_asked_for_all_walls_at_once(server, state, monkeypatch):
    """Twelve walls within two seconds: one question to the state."""
    calls = []

    def everywhere(_state, now):
        calls.append(now)
        return {STORE: {"nps": "李"}}

    class Known:
        latest = Latest()
        state = None

    monkeypatch.setattr(wall_marks, "everywhere", everywhere)
    now = datetime(2026, 11, 22, 3, 0, 0, tzinfo=UTC)
    told = [wall_marks.taken(Known, f"S{n:03}", now) for n in range(12)]
    later = wall_marks.taken(Known, STORE, now + timedelta(seconds=3))

    assert told[1] == {"nps": "李"}
    assert told[0] == {}
    assert later == {"nps": "李"}
    assert len(calls) == 2


def fired(state, metric: str, store_id: str):
    """Let a red alert of a store fire in the state; return it."""
    known = rules(CATALOG)
    scope = Scope(Level.STORE, store_id)
    seen = Observation(seen=Seen.BREACH, value=70.0, n=40, line=30.0)
    heard = Round(
        observations={Key(f"{metric}.red", scope): seen},
        judged=frozenset({f"{metric}.red"}),
    )
    for number in range(8):
        moment = datetime(2026, 11, 20, 2, 0, tzinfo=UTC) + timedelta(hours=number)
        batch = f"{metric}-{number}"
        found = Found(batch=batch, as_of=moment, noted_at=moment)
        tick = Tick(batch, moment)
        state.alerts.evaluate(
            found, known, lambda held, tick=tick: evaluate(held, known, heard, tick)
        )
    (alert,) = [
        one
        for one in state.alerts.active(moment)
        if one.instance.key.scope == scope and one.metric == metric
    ]
    return alert


def test_an_alert_that_somebody_took_shows_his_name(screen, state, network):
    """The acknowledgement of the alerts' page is on the wall without a new batch."""
    alert = fired(state, "wait_writeup", STORE)
    network.renew(colours={"wait_writeup": Status.RED})

    def tile() -> dict:
        told = screen.get(ADDRESS).json
        found = [t for p in told["pages"] for t in p["tiles"]]
        return next(t for t in found if t["metric"] == "wait_writeup")

    assert tile()["taken"] == ""
    state.deeds.acknowledge(alert.id, "王敏", datetime.now(UTC))
    time.sleep(2.1)
    tile()  # The one who asks first renews; he may still get the one before.
    assert tile()["taken"] == "已接手 · 王敏"
    assert tile()["state"] == "red"
