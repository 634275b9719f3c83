"""Over HTTP: who may send what, what is answered, and that it becomes numbers."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app import create_app
from tests.intake.test_spool import STORE, arrived, order, take_in
from tests.kit import settings_in
from tests.ui.readers import account
from warehouse.access.roles import Role
from warehouse.scope import EVERYTHING
from warehouse.settings import Settings
from warehouse.store.intake import Spool
from warehouse.store.state import State
from warehouse.store.warehouse import Warehouse

Send = Callable[..., Any]

NDJSON = "application/x-ndjson"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return an installation without data."""
    return settings_in(tmp_path)


@pytest.fixture
def state(settings: Settings) -> State:
    """Return its state."""
    state = State(settings.state)
    yield state
    state.close()


@pytest.fixture
def client(settings: Settings, state: State) -> FlaskClient:
    """Return a client of its dashboard that nobody knows."""
    app = create_app(Warehouse.open(settings), settings, state)
    return app.server.test_client()


@pytest.fixture
def send(client: FlaskClient, state: State) -> Send:
    """Return a function that sends rows with a program's key."""

    def send(
        table: str, body: Any, scope: str = "all", role: Role = Role.API_CLIENT, **more
    ) -> Any:
        person = account(state, role, scope)
        key = state.tokens.create(person, timedelta(days=1), now=datetime.now(UTC))
        given = {"data": body} if isinstance(body, str | bytes) else {"json": body}
        return client.post(
            f"/api/v1/intake/{table}",
            headers={"Authorization": f"Bearer {key}"},
            **{**given, **more},
        )

    return send


def kept(settings: Settings) -> int:
    """Return how many bytes the spool holds."""
    return sum(segment.size for segment in Spool(settings.intake).segments())


def test_rows_sent_are_numbers_of_the_next_batch(send: Send, tmp_path: Path):
    """202, row by row; then the refresh loads what was accepted."""
    assert send("stores", [STORE]).status_code == 202
    response = send("work_orders", [order(1), order(2)])

    assert response.status_code == 202
    told = response.json
    assert (told["received"], told["accepted"], told["rejected"]) == (2, 2, 0)
    assert [row["status"] for row in told["rows"]] == ["accepted", "accepted"]
    now = datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert arrived(take_in(tmp_path, now)) == 2


def test_a_rejected_row_is_told_why_and_set_aside(send: Send, tmp_path: Path):
    """The sender learns at once what the data page will say."""
    told = send("work_orders", [order(1), order(2, status="eaten")]).json

    assert told["rows"][1]["status"] == "rejected"
    (finding,) = told["rows"][1]["findings"]
    assert finding["column"] == "status"
    assert finding["right"] == "open | closed | cancelled"
    (reject,) = take_in(tmp_path).rejects(EVERYTHING)
    assert (reject.line, reject.column) == (3, "status")


def test_three_spellings_of_a_body_are_one(send: Send, tmp_path: Path):
    """JSON, a line of JSON for each row, and CSV load the same rows."""
    rows = [order(1), order(2)]
    lines = "\n".join(json.dumps(row) for row in rows)
    table = ",".join(rows[0]) + "\n" + "\n".join(",".join(r.values()) for r in rows)

    assert send("work_orders", rows).json["accepted"] == 2
    assert send("work_orders", lines, content_type=NDJSON).json["accepted"] == 2
    assert send("work_orders", table, content_type="text/csv").json["accepted"] == 2
    assert arrived(take_in(tmp_path)) == 2


def test_numbers_and_switches_are_taken_as_written(send: Send, settings: Settings):
    """JSON's own numbers and booleans are texts of the contract's types."""
    row = {**order(1), "amount": 1234.50, "mileage_km": 20, "waiting_on_site": True}
    body = json.dumps([row]).replace("1234.5", "1234.50")

    assert send("work_orders", body, content_type="application/json").json["accepted"]
    (segment,) = Spool(settings.intake).segments()
    text = segment.path.read_text()
    assert '"amount": "1234.50"' in text
    assert '"waiting_on_site": "true"' in text


@pytest.mark.parametrize(
    ("body", "kind", "word"),
    [
        ("{", "application/json", "no JSON"),
        ("[1]", "application/json", "row 1 is no object"),
        ("[]", "application/json", "no row"),
        ("[" * 100_000, "application/json", "deep"),
        ("a,b\n1\n", "text/csv", "line 2"),
        ("x", "application/pdf", "content type"),
        (b"\xff\xfe", "application/json", "UTF-8"),
        ("\n".join(["{}"] * 5001), NDJSON, "more than 5000"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_whole(
    send: Send, settings: Settings, body: Any, kind: str, word: str
):
    """400 with what is wrong; nothing of it is kept."""
    response = send("work_orders", body, content_type=kind)

    assert response.status_code == 400
    assert word in response.json["error"]
    assert word in response.json["details"]["en"]
    assert re.search("[一-鿿]", response.json["details"]["zh"])
    assert kept(settings) == 0


def test_an_unknown_table_offers_the_nearest(send: Send):
    """A typing mistake is named."""
    response = send("work_order", [order(1)])

    assert response.status_code == 400
    assert "work_orders" in response.json["error"]
    assert response.json["details"]["zh"] == (
        "没有 'work_order' 这张表；是不是 work_orders, work_order_lines？"
    )


def test_a_value_that_is_a_list_refuses_its_row_alone(send: Send, tmp_path: Path):
    """The other rows of the request are kept."""
    told = send("work_orders", [order(1), {**order(2), "vin": ["a"]}]).json

    assert [row["status"] for row in told["rows"]] == ["accepted", "refused"]
    assert arrived(take_in(tmp_path)) == 1


def test_half_a_surrogate_pair_refuses_its_row(send: Send):
    """What UTF-8 cannot spell is not kept, and is no crash."""
    body = '[{"work_order_id": "\\ud800"}]'
    response = send("work_orders", body, content_type="application/json")

    assert response.status_code == 422
    assert response.json["rows"][0]["status"] == "refused"


def test_a_store_sends_only_its_own_rows(send: Send, settings: Settings):
    """Rows of another store, and tables that name none, are refused and not kept."""
    mixed = [order(1), order(2, store_id="S2")]
    told = send("work_orders", mixed, scope="store:S1").json

    assert [row["status"] for row in told["rows"]] == ["accepted", "refused"]
    assert told["rows"][1]["findings"][0]["rule"] == "scope"
    before = kept(settings)
    line = {"work_order_id": "W1", "line_no": "1", "complaint_group": "brakes"}
    assert send("work_order_lines", [line], scope="store:S1").status_code == 422
    assert kept(settings) == before


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.PARTS_PLANNER])
def test_who_only_reads_cannot_send(send: Send, settings: Settings, role: Role):
    """403, and nothing is kept."""
    assert send("work_orders", [order(1)], role=role).status_code == 403
    assert kept(settings) == 0


def test_a_stranger_cannot_send(client: FlaskClient, settings: Settings):
    """401, and nothing is kept."""
    response = client.post("/api/v1/intake/work_orders", json=[order(1)])

    assert response.status_code == 401
    assert kept(settings) == 0


def test_a_full_disk_is_no_202(send: Send, settings: Settings):
    """What cannot be kept is not answered for."""
    settings.intake.write_text("a file where the folder should be")

    response = send("work_orders", [order(1)])

    assert response.status_code == 503
    assert "again" in response.json["error"]
    assert "重发" in response.json["details"]["zh"]


TEXTS = st.text(st.characters() | st.just("\ud800"), max_size=20)
VALUES = st.none() | st.booleans() | TEXTS | st.floats() | st.integers()


@given(
    rows=st.lists(
        st.dictionaries(
            st.sampled_from(
                [*order(1), "amount", "mileage_km", "no_such_column", "\ud800"]
            ),
            VALUES,
            max_size=6,
        ),
        min_size=1,
        max_size=5,
    )
)
@hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_rows_get_an_answer_each(send: Send, rows: list[dict]):
    """Whatever is sent, each row has one status and the counts add up."""
    body = json.dumps(rows)
    response = send("work_orders", body, content_type="application/json")

    assert response.status_code in (202, 422)
    told = response.json
    assert len(told["rows"]) == told["received"] == len(rows)
    statuses = ("accepted", "rejected", "refused")
    assert sum(told[status] for status in statuses) == len(rows)
