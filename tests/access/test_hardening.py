"""What an attacker tried on a running installation, and what came of it."""

import gzip
import json
import logging
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests import kit
from tests.access.conftest import FOREIGN, OWN, Site
from tests.access.test_exits import fired
from tests.ui.readers import account
from warehouse.access import passwords
from warehouse.access.events import Did, Search
from warehouse.access.people import Origin
from warehouse.access.principal import scope_from
from warehouse.access.roles import Role
from warehouse.scope import EVERYTHING, Question, Rights
from warehouse.store.warehouse import Batch

NOW = datetime.now(UTC)

AS_OF = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "path",
    [
        "/_dash-component-suites/dash/deps/nothing.js",
        "/_dash-component-suites/dash/version.py",
        "/_dash-component-suites/os/__init__.py",
        "/_dash-component-suites/dash/..%2f..%2f..%2fetc/passwd",
        "/_dash-component-suites/callbacks/gate.py",
    ],
)
def test_a_file_that_dash_does_not_have_is_just_missing(bare: Site, caplog, path):
    """404 for strangers too, and no trace in the log for each of them."""
    with caplog.at_level(logging.ERROR):
        answer = bare.stranger().get(path)

    assert answer.status_code == 404
    assert caplog.records == []


@pytest.mark.parametrize(
    "path",
    ["/api/v1/metrics/nothing", "/api/v1/nothing", "/api/v1/intake/work_orders"],
)
def test_an_error_of_the_api_is_json_that_can_be_unpacked(bare: Site, path):
    """Whatever writes the answer's body does so before it is packed."""
    answer = bare.reader(Role.EXECUTIVE).get(path, headers={"Accept-Encoding": "gzip"})
    body = answer.get_data()
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)

    assert answer.status_code == 404
    assert json.loads(body)["status"] == 404


@pytest.mark.parametrize(
    ("method", "path", "english"),
    [
        ("get", "/static/nothing.css", "Not Found"),
        ("get", "/assets/nothing.css", "Not Found"),
        ("post", "/metrics-catalog", "Method Not Allowed"),
        ("post", "/login", "Request Entity Too Large"),
    ],
)
def test_http_refuses_in_the_readers_language(bare: Site, method, path, english):
    """No English status on a Chinese page."""
    large = {"name": "x" * 3_000_000} if path == "/login" else None
    answer = getattr(bare.stranger(), method)(path, data=large)

    assert answer.status_code in (403, 404, 405, 413)
    assert english not in answer.text
    assert any("一" <= sign <= "鿿" for sign in answer.text)


def test_an_address_forges_no_line_of_the_log(bare: Site, caplog):
    """A line end in it stays inside its quotes."""

    def fail(**_given: str) -> None:
        raise RuntimeError("no")

    views = bare.app.server.view_functions
    name = next(e for e, f in views.items() if f.__name__ == "wall_snapshot")
    views[name] = fail
    with caplog.at_level(logging.ERROR):
        bare.reader(Role.EXECUTIVE).get("/api/v1/walls/a%0AERROR%20forged")

    (record,) = [r for r in caplog.records if "request failed" in r.getMessage()]
    assert "\n" not in record.getMessage()


def test_a_name_without_print_is_refused_and_kept_clean(bare: Site):
    """What PostgreSQL cannot hold and a log cannot show is left out."""
    form = {"name": "a\x00b\nc\x1b[2J", "password": "wrong-wrong-1"}
    answer = bare.stranger().post("/login", data=form)

    assert answer.status_code == 401
    (event,) = bare.state.audit.find(Search(action=Did.SIGN_IN), limit=9)
    assert event.who == "abc[2j"


def test_what_programs_read_is_written_down_once_an_hour(bare: Site):
    """The same question every second is a line, another question is another."""
    program = bare.program()
    for path in ("nps", "nps", "nps", "csat"):
        program.get(f"/api/v1/metrics/{path}")

    seen = bare.state.audit.find(Search(action=Did.SEE), limit=9)
    assert sorted(e.object for e in seen) == [
        "/api/v1/metrics/csat",
        "/api/v1/metrics/nps",
    ]
    assert {e.role for e in seen} == {"api_client"}


def test_who_looks_at_a_wall_is_written_down_and_screens_are_not(bare: Site):
    """A person who opens it is; a screen that shows it is its own record."""
    bare.reader(Role.EXECUTIVE).get(f"/wall/{OWN}")
    bare.screen(OWN).get(f"/wall/{OWN}")

    (seen,) = bare.state.audit.find(Search(action=Did.SEE), limit=9)
    assert (seen.object, seen.role) == (f"/wall/{OWN}", "executive")


def test_a_screen_at_the_wrong_address_does_not_flood_the_log(bare: Site):
    """It asks every ten seconds; a person who tries is a line each time."""
    screen, person = bare.screen(OWN), bare.reader(Role.STORE_MANAGER, f"store:{OWN}")
    for _ in range(5):
        assert screen.get(f"/api/v1/walls/{FOREIGN}").status_code == 403
    for _ in range(3):
        assert person.get(f"/api/v1/walls/{FOREIGN}").status_code == 403

    refused = bare.state.audit.find(Search(action=Did.FORBIDDEN), limit=50)
    assert sorted(e.kind for e in refused) == ["device", "person", "person", "person"]


def test_the_frame_stands_around_a_refusal_too(bare: Site):
    """The page that says no is a whole page; other callbacks still say 403."""
    client = bare.reader(Role.EXECUTIVE)
    registered = bare.app.callback_map
    frame = next(o for o in registered if o == "shell-frame.data-page")
    people = next(o for o in registered if "admin-people" in o)
    told = [
        client.post("/_dash-update-component", json=fired(o, registered[o], "/admin"))
        for o in (frame, people)
    ]

    assert [answer.status_code for answer in told] == [200, 403]
    (refused,) = bare.state.audit.find(Search(action=Did.FORBIDDEN), limit=9)
    assert "/_dash-update-component" in refused.object


def test_nobody_takes_away_his_own_rights(bare: Site):
    """Not even where another administrator is there."""
    account(bare.state, Role.ADMIN)
    admin = bare.reader(Role.ADMIN)
    (own,) = [p for p in bare.state.people.every() if _is_signed_in(bare, p)]
    for form in (
        {"do": "lock"},
        {"do": "assign", "role": "executive", "scope": "all"},
    ):
        answer = admin.post(f"/admin/people/{own.id}", data=form)
        assert answer.status_code == 400
        assert "您自己的账号" in answer.text
        assert 'href="/admin"' in answer.text
    assert bare.state.people.get(own.id) == own


def _is_signed_in(bare: Site, person) -> bool:
    return bare.state.sessions.count(NOW).get(person.id, 0) > 0


def two_visits(folder: Path) -> Batch:
    """Load a car that is repaired in S1 and comes back to S2 ten days later."""
    shops = [{"store_id": s, "name": s, "region": s} for s in ("S1", "S2")]
    visits = [("A1", "S1", "02"), ("A2", "S2", "12")]
    orders = [
        {
            "work_order_id": order_id,
            "store_id": store,
            "vin": "LSVAA4183E2000001",
            "order_type": "repair",
            "status": "closed",
            "checkin_at": f"2026-03-{day}T08:00:00",
            "ready_notified_at": f"2026-03-{day}T11:00:00",
            "delivered_at": f"2026-03-{day}T12:00:00",
        }
        for order_id, store, day in visits
    ]
    lines = [
        {"work_order_id": order_id, "line_no": "1", "complaint_group": "noise"}
        for order_id, _, _ in visits
    ]
    tables = {"stores": shops, "work_orders": orders, "work_order_lines": lines}
    return kit.load(folder, tables, AS_OF)[1]


@pytest.mark.parametrize(
    ("metric_id", "column", "store", "other"),
    [
        ("ftfr_prov", "comeback_by", "S1", "A2"),
        ("comeback_in", "comeback_of", "S2", "A1"),
    ],
)
def test_another_stores_order_is_not_named_in_ones_own_rows(
    tmp_path: Path, metric_id: str, column: str, store: str, other: str
):
    """That a car came back is told; to where, and under which number, is not."""
    batch = two_visits(tmp_path)
    march = Question(start=date(2026, 3, 1), end=date(2026, 3, 20))
    scopes = (store, "S1,S2")
    told = []
    for scope in scopes:
        mine = Rights(store_ids=frozenset(scope.split(",")))
        rows = batch.behind(metric_id, march, mine, limit=50).rows
        told.append([row[column] for row in rows if row["store_id"] == store])
    told.append(
        [
            row[column]
            for row in batch.behind(metric_id, march, EVERYTHING, limit=50).rows
            if row["store_id"] == store
        ]
    )

    assert told == [["***"], [other], [other]]


@pytest.mark.parametrize("name", ["li.na", "nobody", "from.elsewhere"])
def test_who_there_is_cannot_be_told_by_the_clock(bare: Site, monkeypatch, name):
    """One hash is computed for a wrong password, whoever is asked for."""
    scope, hashes = scope_from("all"), []
    people = bare.state.people
    kept = passwords.hashed("a-good-password-1")
    people.create("li.na", Role.ADMIN, scope, now=NOW, password=kept)
    people.create("from.elsewhere", Role.ADMIN, scope, now=NOW, origin=Origin.OIDC)
    verify = passwords._HASHER.verify

    def count(*given: str) -> bool:
        hashes.append(given)
        return verify(*given)

    class Counting:
        """The real hasher, counted."""

        verify = staticmethod(count)

    monkeypatch.setattr(passwords, "_HASHER", Counting)
    form = {"name": name, "password": "wrong-password-1"}

    assert bare.stranger().post("/login", data=form).status_code == 401
    assert len(hashes) == 1
