"""The pages about alerts, drawn over real data, as different readers get them."""

import json
from datetime import UTC, datetime

import pytest
from dash import Dash

from app import create_app
from tests.alerts.site import Network
from tests.ui.posting import outputs_of, post
from tests.ui.readers import sign_in
from warehouse.access.roles import Role
from warehouse.store.warehouse import Warehouse

RED = "wait_bay.red"


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """Return a network whose store S1 is red."""
    made = Network(tmp_path_factory.mktemp("pages"))
    made.start({"S1": 150, "S2": 5, "S3": 6})
    made.publish("12:00")
    made.publish("12:15")
    return made


@pytest.fixture(scope="module")
def app(network):
    """Return a dashboard over it, and its state."""
    made = create_app(
        Warehouse.open(network.settings), network.settings, network.state()
    )
    return made


def client_of(app: Dash, network, role, scope="all"):
    state = network.state()
    client = sign_in(app.server.test_client(), state, network.settings, role, scope)
    state.close()
    return client


def drawn(client, path, search="", *, prefix="alerts-tabs"):
    """Return everything that the callback of a page draws, as one text."""
    (spec,) = (
        one
        for one in client.get("/_dash-dependencies").json
        if outputs_of(one)[0].startswith(f"{prefix}.")
    )
    given = {
        "shell-url.search": search,
        "shell-url.pathname": path,
        "shell-language.data": "zh",
    }
    answer = post(client, spec, given, ["shell-url.search"])
    assert answer.status_code == 200, answer.text
    return json.dumps(answer.json["response"], ensure_ascii=False)


def test_each_reader_sees_his_alerts(app, network):
    """The executive sees the network; the store's manager his own store only."""
    top = drawn(client_of(app, network, Role.EXECUTIVE), "/alerts")
    mine = drawn(client_of(app, network, Role.STORE_MANAGER, "store:S1"), "/alerts")
    other = drawn(client_of(app, network, Role.STORE_MANAGER, "store:S2"), "/alerts")

    assert "全网 · 待工位" in top
    assert "S1 服务中心 · 待工位" in mine
    assert "全网" not in mine
    assert "S1 服务中心" not in other
    assert "我来接手" in mine


def test_one_alert_with_its_reasons(app, network):
    """Sentence, splits, history; for another store's manager it does not exist."""
    alert = network.alert(RED, "S1")
    search = f"?alert={alert.id}"
    mine = client_of(app, network, Role.STORE_MANAGER, "store:S1")
    one = drawn(mine, "/alerts", search)
    theirs = client_of(app, network, Role.STORE_MANAGER, "store:S2")
    other = drawn(theirs, "/alerts", search)

    for word in ("超过目标 30 分钟的比例", "按技师", "触发", "/stores/S1"):
        assert word in one
    assert "没有这条告警" in other
    assert "按技师" not in other


@pytest.mark.parametrize(
    "search",
    [
        "?alert=99999",
        "?alert=x",
        "?show=nonsense",
        "?store=S9",
        "?region=华北&severity=red",
    ],
)
def test_any_address_is_answered(app, network, search):
    """What does not exist is an empty list or a sentence, never an error."""
    drawn(client_of(app, network, Role.EXECUTIVE), "/alerts", search)


def test_hygiene_is_drawn(app, network):
    """Figures of the last 30 days, within rights."""
    told = drawn(
        client_of(app, network, Role.EXECUTIVE),
        "/alerts/hygiene",
        prefix="alerts-hygiene-tabs",
    )

    assert "确认用时中位数" in told
    assert "待工位" in told


def test_lines_are_set_by_who_may(app, network):
    """Percent as people type it; a new version stands beside the old one."""
    admin = client_of(app, network, Role.DATA_ADMIN)
    form = {
        "green": "91.5",
        "red": "86",
        "reason": "新的年度目标",
        "valid_from": datetime.now(UTC).date().isoformat(),
        "scope": "",
    }
    place = "/alerts/thresholds/ftfr_30d"

    manager = client_of(app, network, Role.STORE_MANAGER, "store:S1")
    assert manager.post(place, data=form).status_code == 403
    for wrong in (
        {"green": "x"},
        {"red": "95"},
        {"reason": ""},
        {"valid_from": "2020-01-01"},
        {"scope": "city=x"},
    ):
        assert admin.post(place, data=form | wrong).status_code in (400, 401, 403)
    answer = admin.post(place, data={**form, "valid_from": "2999-01-01"})
    assert answer.status_code == 303

    state = network.state()
    (kept,) = state.lines.of("ftfr_30d")
    state.close()
    assert (kept.green, kept.red) == (0.915, 0.86)
    told = drawn(admin, "/alerts/thresholds", prefix="alerts-lines-tabs")
    assert "91.5%" in told
    assert "2999-01-01" in told


def test_the_operator_sees_evaluator_and_notifier(app, network):
    """/readyz says which batch was judged, and what became of messages."""
    told = client_of(app, network, Role.ADMIN).get("/readyz").json

    assert told["evaluator"]["batch"] == told["batch"]
    assert told["notifier"]["failed"] == 0


def test_the_overview_says_why_and_the_store_page_lets_act(app, network):
    """One sentence for each of the widest reds; the store's own alerts with buttons."""
    top = drawn(client_of(app, network, Role.EXECUTIVE), "/", prefix="overview-alerts")
    mine = client_of(app, network, Role.STORE_MANAGER, "store:S1")
    store = drawn(mine, "/stores/S1", prefix="store-alerts")
    home = drawn(mine, "/", prefix="overview-alerts")

    assert "影响最大的是" in top
    assert "S1 服务中心 · 待工位" in store
    assert "我来接手" in store
    assert "全网" not in home + store
