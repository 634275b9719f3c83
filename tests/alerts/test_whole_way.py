"""The whole way, on real data: delivered, published, judged, seen, mended."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from etl.alerting import judge_newest
from etl.messages.config import Notifying, Told
from etl.messages.notifier import Notifier
from etl.messages.sender import Sender
from tests.alerts.site import DAY, Network, clocks, moment, orders, serving
from tests.kit import silent
from tests.ui.readers import cookies, sign_in
from warehouse.access.principal import scope_from
from warehouse.access.roles import Role
from warehouse.alerts.alert import Level, Scope, State
from warehouse.alerts.effects import before
from warehouse.alerts.records import LinesEdit, Plan
from warehouse.alerts.why import why
from warehouse.metrics import CATALOG
from warehouse.scope import EVERYTHING, Question, Rights
from warehouse.store.warehouse import Warehouse

RED = "wait_bay.red"
WAIT = "cust_wait_total.red"


@pytest.fixture
def network(tmp_path):
    """Return a network in which store S1 keeps customers waiting 150 minutes."""
    made = Network(tmp_path)
    made.start({"S1": 150, "S2": 5, "S3": 6})
    return made


def kinds(network, rule=RED, store="S1"):
    """Return what the history says of an alert, oldest first."""
    alert = network.alert(rule, store)
    state = network.state()
    found = [entry.kind for entry in state.alerts.history(alert.id)][::-1]
    state.close()
    return found


def test_data_come_alert_fires_data_mend_it_recovers(network):
    """Fifteen minutes of breach fire, thirty of health recover; each told once."""
    network.publish("12:00")
    assert network.alert(RED, "S1").instance.state is State.PENDING
    network.publish("12:15")
    fired = network.alert(RED, "S1")
    assert fired.instance.state is State.FIRING
    assert (round(fired.instance.value), fired.instance.n) == (150, 25)
    assert (fired.instance.line, fired.instance.target) == (60, 30)

    network.deliver({"work_orders": orders("S1", 10, version=3)})
    network.publish("12:30")
    assert network.alert(RED, "S1").instance.state is State.RECOVERING
    network.publish("13:00")

    assert network.alert(RED, "S1").instance.state is State.OK
    assert kinds(network) == ["pending", "fired", "recovering", "recovered"]
    assert network.alert(RED, "S2") is None or kinds(network, RED, "S2") == []


def test_a_store_that_stops_reporting_stays_red(network, tmp_path):
    """Its rows are out of the window: NO_DATA, still red, nothing recovered."""
    network.publish("12:00")
    network.publish("12:15")
    later = "2026-11-29"
    network.deliver(
        {"work_orders": [*orders("S2", 5, day=later), *orders("S3", 5, day=later)]}
    )
    network.publish("12:00", later)

    alert = network.alert(RED, "S1")
    assert alert.instance.state is State.NO_DATA
    assert alert.instance.is_active
    assert "recovered" not in kinds(network)


def test_a_closed_store_rests(network):
    """At night, and on the day its calendar says closed, nobody is called."""
    network.publish("12:00")
    network.publish("21:00")
    resting = network.alert(RED, "S1")
    assert resting is None or resting.instance.is_resting
    network.deliver(
        {"calendar": [{"store_id": "S1", "date": "2026-11-21", "is_open": False}]}
    )
    network.publish("12:00", "2026-11-21")
    network.publish("12:30", "2026-11-21")

    assert "fired" not in kinds(network)


def test_the_same_batch_is_judged_once(network):
    """Judged in the run, judged again: nothing more in the history."""
    network.publish("12:00")
    network.publish("12:15")
    before = kinds(network)
    state = network.state()
    again = judge_newest(
        network.settings, state, moment("12:16"), silent, is_intraday=True
    )
    state.close()

    assert again is None
    assert kinds(network) == before


def test_a_batch_that_was_not_judged_is_caught_up(network, monkeypatch):
    """The evaluator fails, the numbers are out all the same; the next look judges."""
    network.publish("12:00")
    said = []

    def broken(*_args, **_more):
        raise RuntimeError("no room")

    with monkeypatch.context() as patch:
        patch.setattr("etl.alerting.hear", broken)
        from tests.kit import run

        done, _ = run(
            network.folder,
            [network.folder / "source"],
            moment("12:15"),
            say=said.append,
            demo=True,
        )
    assert done.outcome == "published"
    assert any("alerts could not be evaluated" in line for line in said)
    state = network.state()
    assert state.alerts.last().batch != done.batch_id
    judge_newest(network.settings, state, moment("12:16"), silent, is_intraday=True)
    assert state.alerts.last().batch == done.batch_id
    state.close()
    assert kinds(network) == ["pending", "fired"]


def test_one_threshold_everywhere(network):
    """Set on screen: the reading, the alert and the API follow, from the next batch."""
    batch = network.publish("12:00")
    network.publish("12:15")
    question = Question(by=("store_id",))

    def colours(batch):
        return {
            r.dimensions["store_id"]: r.status.value
            for r in batch.read("wait_bay", question, EVERYTHING)
        }

    assert colours(batch)["S1"] == "red"
    state = network.state()
    edit = LinesEdit(
        metric="wait_bay",
        applies_to=(),
        green=170,
        red=180,
        valid_from=date.fromisoformat(DAY),
        decided_at=datetime.now(UTC),
        decided_by="admin",
        reason="试点期间",
    )
    state.lines.set(CATALOG["wait_bay"], edit, date.fromisoformat(DAY))
    assert colours(batch)["S1"] == "red"  # the batch on screen keeps its lines
    network.publish("12:30")
    after = network.publish("13:00")

    assert colours(after)["S1"] == "green"
    p90 = after.read("wait_bay_p90", question, EVERYTHING)
    assert {r.thresholds.green for r in p90} == {170}
    assert after.metric("wait_bay").lines({}, date.fromisoformat(DAY)).red == 180
    alert = network.alert(RED, "S1")
    assert (alert.instance.state, alert.instance.episode) == (State.OK, 1)
    earlier = Question(
        by=("store_id",),
        as_of=moment("12:00", "2026-11-19"),
        start=date(2026, 11, 13),
        end=date(2026, 11, 20),
    )
    for old in after.read("wait_bay", earlier, EVERYTHING):
        assert old.thresholds.green == 30  # a replay has the lines of its day
    state.close()


def test_why_adds_up_on_real_rows(network):
    """Each split of the gap adds up within 1e-9; nobody sees beyond his rights."""
    batch = network.publish("12:00")
    found = why(batch, "wait_bay", Scope(Level.NETWORK), EVERYTHING)

    assert {s.dimension for s in found.splits} >= {"store_id", "technician_id"}
    for split in found.splits:
        assert abs(split.remainder) < 1e-9
    by_store = next(s for s in found.splits if s.dimension == "store_id")
    assert by_store.gap == pytest.approx(25 / 75 - 0.1)
    assert found.main[1].member.startswith("S1")
    assert (
        why(
            batch,
            "wait_bay",
            Scope(Level.STORE, "S1"),
            Rights(store_ids=frozenset({"S2"})),
        )
        is None
    )


def told(name, role, scope):
    return Told(
        name=name,
        channels=("c",),
        role=role,
        scope=scope,
        language="zh",
        email="",
        quiet=None,
        digest_at=None,
        budget=None,
    )


class Pipe:
    """A channel that keeps what it carries."""

    name, per_minute, per_second = "c", 100, 0

    def __init__(self):
        self.carried = []

    def send(self, delivery, _address, _now):
        """Carry a message."""
        self.carried.append(delivery)


def test_messages_follow_the_alert(network, monkeypatch):
    """Fired, escalated, recovered: each to whom it concerns, each once.

    The whole network is red for S1's sake: the executive hears of the network, the
    region's manager of region and store, the store's manager of his store.
    """
    monkeypatch.setattr("etl.refresh._judge", lambda *_: None)
    pipe, people = (
        Pipe(),
        (
            told("s1", Role.STORE_MANAGER, "store:S1"),
            told("s2", Role.STORE_MANAGER, "store:S2"),
            told("east", Role.REGION_MANAGER, "region:华东"),
            told("boss", Role.EXECUTIVE, "all"),
        ),
    )
    state = network.state()
    config = Notifying(channels={"c": pipe}, recipients=people, link="https://bi")
    notifier = Notifier(state, config, Sender(state, {"c": pipe}, lambda _: ""))

    def tick(clock, *, publish=True):
        batch = network.publish(clock) if publish else None
        now = moment(clock).astimezone(UTC)
        if batch is not None:
            judge_newest(network.settings, state, now, silent, is_intraday=True)
            network.batch = batch
        pipe.carried.clear()
        for seconds in (0, 31, 32):
            notifier.tick(network.batch, now + timedelta(seconds=seconds))
        return sorted((d.recipient, d.kind) for d in pipe.carried if "待工位" in d.text)

    assert tick("12:00") == []
    assert tick("12:15") == [("boss", "red"), ("east", "red"), ("s1", "red")]
    by = {d.recipient: d.text for d in pipe.carried if d.kind == "red"}
    assert "S1 服务中心" in by["s1"]
    assert "全网 · 待工位" in by["boss"]
    assert "华东 · 待工位" in by["east"]
    assert "全网" not in by["east"] + by["s1"]
    assert "影响最大的是" in by["boss"]
    assert tick("12:44", publish=False) == []
    assert tick("12:45", publish=False) == [("east", "escalated")]
    assert tick("12:46", publish=False) == []
    assert tick("14:15", publish=False) == [("boss", "escalated")]
    assert network.alert(RED, "S1").escalated == 2

    state.deeds.take(network.alert(RED, "S1").id, "li", "li", moment("14:20"))
    network.deliver({"work_orders": orders("S1", 10, version=3)})
    assert tick("14:30") == []
    assert tick("15:00") == [
        ("boss", "recovered"),
        ("east", "recovered"),
        ("s1", "recovered"),
    ]
    (mine,) = [d.text for d in pipe.carried if d.recipient == "s1"]
    for word in ("持续", "150 分钟", "处理人 li"):
        assert word in mine
    for other in state.deliveries.since(moment("00:00")):
        assert other.recipient != "s2" or "S1" not in other.text
    state.close()


def test_the_morning_and_the_effect(network, monkeypatch):
    """A digest a morning within the scope of an account; after N days the effect."""
    monkeypatch.setattr("etl.refresh._judge", lambda *_: None)
    state, pipe = network.state(), Pipe()
    state.people.create(
        "wang", Role.STORE_MANAGER, scope_from("store:S1"), now=moment("07:00")
    )
    mine = replace(told("wang", None, ""), digest_at=time(8, 0), email="w@x")
    gone = told("nobody", None, "")
    config = Notifying(channels={"c": pipe}, recipients=(mine, gone))
    notifier = Notifier(state, config, Sender(state, {"c": pipe}, lambda _: ""))

    def tick(clock, day=DAY, *, times=1):
        batch = network.publish(clock, day)
        now = moment(clock, day).astimezone(UTC)
        judge_newest(network.settings, state, now, silent, is_intraday=True)
        for _ in range(times):
            notifier.tick(batch, now + timedelta(seconds=31))
        return batch

    tick("12:00")
    batch = tick("12:15")
    alert = network.alert(RED, "S1")
    plan = Plan(owner="wang", action="加一个工位", cause="equipment", effect_days=1)
    state.deeds.act(alert.id, plan, "wang", moment("12:20"), before(batch, alert, 1))
    next_day, third = "2026-11-21", "2026-11-22"
    network.deliver(
        {
            "work_orders": orders("S1", 20, day=next_day),
            "job_clocks": clocks("S1", day=next_day),
        }
    )
    tick("08:01", next_day, times=3)
    digests = [d for d in pipe.carried if d.kind == "digest"]
    tick("13:00", next_day)
    assert state.deeds.actions(alert.id)[0].measured_at is None  # its day is not over
    tick("08:30", third)

    assert len(digests) == 1
    assert "S1 服务中心" in digests[0].text
    assert "S2" not in digests[0].text
    (action,) = state.deeds.actions(alert.id)
    assert (round(action.before.value), action.before.n) == (150, 25)
    assert (round(action.after.value), action.after.n) == (20, 25)
    state.close()


def test_the_api_lists_alerts_within_rights(network):
    """A store's manager sees his own; another one's does not exist for him."""
    network.publish("12:00")
    network.publish("12:15")
    state = network.state()
    from app import create_app

    app = create_app(Warehouse.open(network.settings), network.settings, state)

    def ask(address, scope, role=Role.STORE_MANAGER):
        client = app.server.test_client()
        return sign_in(client, state, network.settings, role, scope).get(address)

    mine = ask("/api/v1/alerts?severity=red", "store:S1").json
    assert {a["scope"] for a in mine} == {"S1"}
    assert any(a["rule"] == RED and a["state"] == "FIRING" for a in mine)
    assert ask("/api/v1/alerts", "store:S2").json == [
        a for a in ask("/api/v1/alerts", "store:S2").json if a["scope"] == "S2"
    ]
    alert_id = next(a["id"] for a in mine if a["rule"] == RED)
    one = ask(f"/api/v1/alerts/{alert_id}", "store:S1").json
    assert [e["kind"] for e in one["history"]] == ["fired", "pending"]
    assert ask(f"/api/v1/alerts/{alert_id}", "store:S2").status_code == 404
    assert ask("/api/v1/alerts?sevrity=red", "store:S1").status_code == 400
    assert ask("/api/v1/alerts?state=RED", "store:S1").status_code == 400
    assert app.server.test_client().get("/api/v1/alerts").status_code == 401
    state.close()


def test_deeds_need_the_right_and_the_scope(network):
    """Who may not see it cannot touch it; who may only look cannot either."""
    network.publish("12:00")
    network.publish("12:15")
    state = network.state()
    from app import create_app

    app = create_app(Warehouse.open(network.settings), network.settings, state)
    alert_id = network.alert(RED, "S1").id

    def do(what, scope, role=Role.STORE_MANAGER, **more):
        client = sign_in(app.server.test_client(), state, network.settings, role, scope)
        return client.post(f"/alerts/{alert_id}/do", data={"do": what, **more})

    assert do("take", "store:S2").status_code == 403
    assert do("take", "store:S1", Role.API_CLIENT).status_code == 403
    assert do("fly", "store:S1").status_code != 303
    assert do("silence", "store:S1", reason="", hours="1").status_code != 303
    assert do("silence", "store:S1", reason="正在装修", hours="900").status_code != 303
    assert do("act", "store:S1", cause="?", action="加人").status_code != 303
    assert network.alert(RED, "S1").owner == ""
    assert do("take", "store:S1").status_code == 303
    assert (
        do(
            "act",
            "store:S1",
            cause="people",
            action="加一个班次",
            due="2026-11-27",
            effect="7",
        ).status_code
        == 303
    )
    assert do("silence", "store:S1", reason="正在装修", hours="1").status_code == 303
    assert do("wrong", "store:S1").status_code == 303

    alert = network.alert(RED, "S1")
    assert alert.cause == "people"
    assert state.deeds.actions(alert_id)[0].plan.due_on == date(2026, 11, 27)
    assert not state.deeds.judgements()[0].is_right
    log = [e.kind for e in state.alerts.history(alert_id)]
    assert log[:4] == ["judged", "silenced", "action", "taken"]
    state.close()


@pytest.mark.browser
def test_the_whole_way_in_a_browser(network, browser_context):
    """Tile red, alert listed, taken over on a phone, named on the wall, recovered."""
    browser = browser_context.browser
    network.publish("12:00")
    network.publish("12:15")
    state = network.state()
    with serving(network, state) as url:

        def visit(address, role=Role.STORE_MANAGER, scope="store:S1", width=390):
            context = browser.new_context(
                viewport={"width": width, "height": 844}, has_touch=width < 500
            )
            context.set_default_timeout(60_000)
            given = cookies(state, network.settings, role, scope)
            context.add_cookies(
                [{"name": n, "value": v, "url": url} for n, v in given.items()]
            )
            page = context.new_page()
            page.goto(url + address)
            return page

        store = visit("/stores/S1", width=1440)
        tile = store.locator("[data-metric='cust_wait_total'][data-status='red']")
        tile.first.wait_for()
        page = visit("/alerts")
        row = page.locator(f"li[data-rule='{WAIT}'][data-scope='S1']")
        row.wait_for()
        assert row.get_attribute("data-state") == "FIRING"
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
        row.get_by_role("button", name="我来接手").tap()
        page.locator("article[data-alert]").wait_for()
        page.locator("[data-mark='taken']").wait_for()
        assert "已接手" in page.locator("article[data-alert]").inner_text()
        page.locator("[data-dimension]").first.wait_for()
        wall = visit("/wall/S1", width=1920)
        wall.get_by_text("已接手").first.wait_for()
        network.deliver({"work_orders": orders("S1", 10, version=3)})
        network.publish("12:30")
        network.publish("13:00")
        again = visit("/alerts?show=recent")
        over = again.locator(f"li[data-rule='{WAIT}'][data-scope='S1']")
        over.wait_for()
        assert over.get_attribute("data-state") == "OK"
        for context in browser.contexts:
            if context is not browser_context:
                context.close()
    assert kinds(network, WAIT) == [
        "pending",
        "fired",
        "taken",
        "recovering",
        "recovered",
    ]
    state.close()
