"""The API gives the command's numbers, and says in both languages what is wrong."""

import json

import pytest

import warehouse.__main__ as shell
from tests import network
from warehouse.access.roles import Role
from warehouse.metrics import CATALOG

pytestmark = pytest.mark.xdist_group("network")

QUESTIONS = [
    {},
    {"by": "store_id"},
    {"by": "region,order_type", "from": "2026-10-01", "to": "2026-11-01"},
    {"grain": "week", "where": "store_id=S001"},
    {"as_of": "2026-11-01T12:00:00+08:00"},
]


def command(capsys, monkeypatch, metric_id, question) -> list[dict]:
    """Return what the command prints for the same question."""
    settings = network.settings()
    monkeypatch.setenv("AFTERSIGHT_WAREHOUSE", str(settings.warehouse))
    monkeypatch.setenv("AFTERSIGHT_STATE", settings.state)
    given = ["query", metric_id, "--format", "json"]
    for name, value in question.items():
        given += [f"--{name.replace('_', '-')}", value]
    assert shell.main(given) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
@pytest.mark.parametrize(
    "metric_id", ["ftfr_30d", "promise_kept", "wait_bay", "orders_arrived", "nps"]
)
def test_the_api_says_what_the_command_says(
    client, capsys, monkeypatch, metric_id, question
):
    """Field by field, for several scopes, periods and moments."""
    answer = client.get(f"/api/v1/metrics/{metric_id}", query_string=question)

    assert answer.status_code == 200
    assert answer.json == command(capsys, monkeypatch, metric_id, question)


@pytest.mark.parametrize("metric_id", list(CATALOG))
def test_every_metric_is_answered(client, metric_id):
    """One reading without dimensions, whatever kind it is."""
    answer = client.get(f"/api/v1/metrics/{metric_id}")

    assert answer.status_code == 200
    assert len(answer.json) == 1


WRONG = [
    ("nope", 404, "没有", "unknown metric"),
    ("ftfr_30d?gran=day", 400, "没有参数", "unknown parameter"),
    ("ftfr_30d?grain=hour", 400, "请用", "use one of"),
    ("ftfr_30d?by=colour", 400, "没有", "unknown dimension"),
    ("ftfr_30d?by=region,region", 400, "两次", "named twice"),
    ("ftfr_30d?from=20261101", 400, "日期", "use a day"),
    ("ftfr_30d?from=2026-11-02&to=2026-11-01", 400, "不早于", "half-open"),
    ("ftfr_30d?to=0001-01-01", 400, "超出范围", "out of reach"),
    ("ftfr_30d?as_of=soon", 400, "时刻", "use a time"),
    ("ftfr_30d?as_of=0001-01-01T00:00:00%2B08:00", 400, "时刻", "use a time"),
    ("ftfr_30d?where=region", 400, "维度", "DIMENSION=VALUE"),
    ("ftfr_30d?grain=day&grain=week", 400, "不止一次", "given twice"),
    ("ftfr_30d?lang=fr", 400, "请用", "use one of"),
    ("turns?grain=day&from=2000-01-01&to=2026-01-01", 400, "更粗", "coarser"),
]


@pytest.mark.parametrize(("address", "status", "zh", "en"), WRONG)
def test_what_is_wrong_is_said_in_both_languages(client, address, status, zh, en):
    """Problem details: title and detail in the reader's language, both beside them."""
    for language, words in (("zh", zh), ("en", en)):
        client.set_cookie("aftersight_lang", language)
        answer = client.get(f"/api/v1/metrics/{address}")

        assert answer.status_code == status
        assert answer.mimetype == "application/problem+json"
        problem = answer.json
        assert problem["status"] == status
        assert words in problem["detail"]
        assert problem["error"] == problem["details"]["en"]
        assert (zh in problem["details"]["zh"], en in problem["details"]["en"]) == (
            True,
            True,
        )


def test_a_method_that_is_not_there_names_those_that_are(client):
    """405 with Allow, as a problem like every other."""
    answer = client.delete("/api/v1/metrics")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert answer.mimetype == "application/problem+json"


def test_the_api_has_the_askers_rights(app, state):
    """A store's reader gets his store, and no other by naming it."""
    from tests.ui.readers import sign_in

    client = sign_in(
        app.server.test_client(),
        state,
        network.settings(),
        Role.STORE_MANAGER,
        "store:S001",
    )
    mine = client.get("/api/v1/metrics/promise_kept?by=store_id").json
    other = client.get("/api/v1/metrics/promise_kept?where=store_id=S002").json

    assert [one["dimensions"]["store_id"] for one in mine] == ["S001"]
    assert other[0]["value"] is None
