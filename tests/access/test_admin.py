"""Administration: people, screens, the audit log, and other people's eyes."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.access.conftest import FOREIGN, OWN, Site, pages_body
from tests.access.test_exits import fired
from tests.ui.readers import account
from warehouse.access.devices import Shown
from warehouse.access.events import Did, Ending, Event, Search
from warehouse.access.principal import scope_from
from warehouse.access.roles import Role

NOW = datetime.now(UTC)

FORM = {"name": "zhang.wei", "role": "store_manager", "scope": f"store:{OWN}"}


def drawn(site: Site, client, search: str = "") -> str:
    """Return what the administration's page shows somebody."""
    shown = []
    for part in ("admin-people", "admin-devices"):
        output = next(o for o in site.app.callback_map if part in o)
        body = fired(output, site.app.callback_map[output], "/admin")
        body["inputs"][0]["value"] = search
        answer = client.post("/_dash-update-component", json=body)
        assert answer.status_code == 200
        shown.append(json.dumps(answer.json, ensure_ascii=False))
    return "".join(shown)


def test_a_new_account_gets_a_password_that_is_shown_once(bare: Site):
    """It is made up here, and it works."""
    admin = bare.reader(Role.ADMIN)
    page = admin.post("/admin/people", data=FORM).text
    start = page.index("plain__code--long") + len('plain__code--long">')
    password = page[start : page.index("<", start)]

    form = {"name": "zhang.wei", "password": password}
    assert bare.stranger().post("/login", data=form).status_code == 303
    assert password not in drawn(bare, admin)
    events = bare.state.audit.find(Search(action=Did.CREATE), limit=9)
    assert [e.object for e in events] == ["person:zhang.wei"]
    assert password not in str(events)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "x y"}, "登录名"),
        ({"role": "king"}, "没有角色"),
        ({"role": "device"}, "配对"),
        ({"scope": "all"}, "可用：store"),
        ({"scope": "store:S777"}, "网络里没有：S777"),
        ({"scope": ""}, "没有“”这种范围"),
        ({"origin": "magic"}, "登录方式"),
    ],
)
def test_what_cannot_be_is_told_in_words(bare: Site, change, told):
    """400 with the reason in the reader's language; nothing is made."""
    answer = bare.reader(Role.ADMIN).post("/admin/people", data=FORM | change)

    assert answer.status_code == 400
    assert told in answer.text
    assert [p.role for p in bare.state.people.every()] == [Role.ADMIN]


@pytest.mark.parametrize(
    "role", [r for r in Role if r not in (Role.ADMIN, Role.DEVICE)]
)
def test_only_administrators_manage_people(bare: Site, role):
    """By form or by callback: nobody else."""
    scope = {
        Role.STORE_MANAGER: f"store:{OWN}",
        Role.REGION_MANAGER: "region:华东",
    }.get(role, "all")
    client = bare.reader(role, scope)
    other = account(bare.state, Role.ADMIN)

    assert client.post("/admin/people", data=FORM).status_code == 403
    for do in ("assign", "end", "lock", "password"):
        path = f"/admin/people/{other.id}"
        assert client.post(path, data={"do": do}).status_code == 403
    assert client.post("/admin/see-as", data={"person": other.id}).status_code == 403
    assert client.get("/admin/audit.csv").status_code == 403
    assert bare.state.people.get(other.id) == other


def test_a_store_manager_sees_his_screens_and_nobody(bare: Site):
    """The page is for both; its parts are not."""
    bare.screen(OWN)
    bare.screen(FOREIGN)
    shown = drawn(bare, bare.reader(Role.STORE_MANAGER, f"store:{OWN}"))

    assert OWN in shown
    assert FOREIGN not in shown
    assert "审计记录" not in shown
    assert "新建账号" not in shown


def test_an_administrator_sees_as_another_and_changes_nothing(bare: Site):
    """In his name, read-only, with both names in the log, until he stops."""
    person = account(bare.state, Role.STORE_MANAGER, f"store:{OWN}")
    admin = bare.reader(Role.ADMIN)
    assert admin.post("/admin/see-as", data={"person": person.id}).location == "/"

    layout = json.dumps(admin.get("/_dash-layout").json, ensure_ascii=False)
    assert person.name in layout
    assert "seen-as" in layout
    assert admin.get(f"/stores/{FOREIGN}").status_code == 403
    assert admin.post("/admin/people", data=FORM).status_code == 403
    assert admin.get("/export/metrics/ftfr_30d.csv").status_code == 403
    admin.post("/_dash-update-component", json=pages_body("/data"))
    (seen,) = bare.state.audit.find(Search(action=Did.SEE), limit=5)
    assert seen.who == account(bare.state, Role.ADMIN).name
    assert seen.sees_as == person.name

    assert admin.post("/admin/see-as", data={}).location == "/admin"
    assert admin.get("/admin").status_code == 200
    assert len(bare.state.audit.find(Search(action=Did.SEE_AS), limit=5)) == 2


def test_nobody_sees_as_an_administrator(bare: Site):
    """That would be a way to act in another one's name."""
    first = account(bare.state, Role.ADMIN)
    admin = bare.reader(Role.ADMIN)

    assert admin.post("/admin/see-as", data={"person": first.id}).status_code == 403
    for nobody in ("999", "-1", "x", "1e3"):
        form = {"person": nobody}
        assert admin.post("/admin/see-as", data=form).status_code == 400


def test_the_log_is_searched_by_who_what_and_when(bare: Site):
    """And a page at a time."""
    for number in range(60):
        bare.state.audit.add(
            Event(
                at=NOW - timedelta(days=number),
                who="li.na" if number % 2 else "wang.wu",
                kind="person",
                role="executive",
                action=Did.SEE,
                object=f"/data?n={number}",
                outcome=Ending.DONE,
            )
        )
    admin = bare.reader(Role.ADMIN)

    first, second = drawn(bare, admin), drawn(bare, admin, "?page=2")
    assert "/data?n=3" in first
    assert "/data?n=59" not in first
    assert "/data?n=59" in second
    one = drawn(bare, admin, "?who=wang.wu&text=n%3D4")
    assert "/data?n=40" in one
    assert "/data?n=41" not in one
    assert "没有符合的记录" in drawn(bare, admin, "?action=export&start=2020-01-01")
    for nonsense in ("?page=x", "?action=<b>", "?start=2020-99-99", "?end=9999-12-31"):
        assert "审计记录" in drawn(bare, admin, nonsense)


def test_the_log_is_taken_along_as_csv(bare: Site):
    """What begins like a formula does not stay one; the export is in the log itself."""
    bare.state.audit.add(
        Event(at=NOW, who="=cmd()", kind="stranger", role="", action=Did.SIGN_IN,
              object="password", outcome=Ending.REFUSED)
    )  # fmt: skip
    admin = bare.reader(Role.ADMIN)
    text = admin.get("/admin/audit.csv").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))

    assert {row["who"] for row in rows} >= {"'=cmd()", "admin.all"}
    assert [row["action"] for row in rows].count("export") == 1


def test_the_log_cannot_be_changed(bare: Site):
    """The database itself refuses, whoever asks."""
    bare.reader(Role.ADMIN).get("/admin")
    bare.state.audit.add(
        Event(at=NOW, who="x", kind="person", role="", action=Did.SEE, object="/")
    )
    for statement in ("update audit set who = 'y'", "delete from audit"):
        file = sa.make_url(bare.settings.state).database
        refused = pytest.raises(sqlite3.IntegrityError, match="append-only")
        with closing(sqlite3.connect(file)) as raw, refused:
            raw.execute(statement)


def test_old_lines_go_after_the_days_that_are_set(bare: Site):
    """Not before half a year, whatever anybody sets."""
    for days in (0, 100, 300):
        bare.state.audit.add(
            Event(at=NOW - timedelta(days=days), who="x", kind="person", role="",
                  action=Did.SEE, object=str(days))
        )  # fmt: skip
    assert bare.state.audit.forget_before(NOW - timedelta(days=200)) == 1
    assert [e.object for e in bare.state.audit.find(Search(), limit=9)] == ["0", "100"]
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        bare.state.audit.forget_before(NOW - timedelta(days=50))


def test_a_screen_that_was_let_in_is_listed_before_it_comes(bare: Site):
    """The manager sees that his code was taken; other stores' managers do not."""
    manager = bare.reader(Role.STORE_MANAGER, f"store:{OWN}")
    _claim, pairing = bare.state.pairings.begin(now=NOW, address="")
    form = {"code": pairing.code, "store": OWN, "name": "reception-7"}
    assert manager.post("/admin/devices", data=form).status_code == 303

    assert "reception-7" in drawn(bare, manager)
    assert "等屏连上" in drawn(bare, manager)
    other = bare.reader(Role.STORE_MANAGER, f"store:{FOREIGN}")
    assert "reception-7" not in drawn(bare, other)


def test_a_wrong_code_leads_back_to_the_form(bare: Site):
    """Not to the overview: he has a screen in front of him."""
    manager = bare.reader(Role.STORE_MANAGER, f"store:{OWN}")
    answer = manager.post("/admin/devices", data={"code": "1", "store": OWN})

    assert answer.status_code == 400
    assert 'href="/admin"' in answer.text


def test_a_thousand_screens_are_pages_and_are_found(bare: Site):
    """Those that need somebody come first; 50 a page; a word finds one."""
    for number in range(120):
        claim, pairing = bare.state.pairings.begin(now=NOW, address="")
        name = f"screen-{number:03}"
        bare.state.pairings.approve(pairing.code, OWN, name, "x", now=NOW)
        waiting = bare.state.pairings.claimed(claim, now=NOW)
        credential = bare.state.pairings.finish(waiting, now=NOW)
        if number == 119:
            device, long_ago = credential.partition(".")[0], NOW - timedelta(hours=1)
            shown = Shown(page="now", batch="b", build="c")
            bare.state.devices.beat(device, shown, now=long_ago, address="")
    admin = bare.reader(Role.ADMIN)
    first, second, third = (
        drawn(bare, admin, f"?screens_page={n}") for n in ("1", "2", "3")
    )
    named = [[f"screen-{n:03}" for n in range(120) if f"screen-{n:03}" in page]
             for page in (first, second, third)]  # fmt: skip

    assert [len(names) for names in named] == [50, 50, 20]
    assert len({name for names in named for name in names}) == 120
    assert "screen-119" in named[0]
    found = drawn(bare, admin, "?screens=SCREEN-077")
    assert "screen-077" in found
    assert "screen-078" not in found
    assert "没有符合的大屏" in drawn(bare, admin, "?screens=nothing-like-it")
    for query in ("?screens_page=0", "?screens_page=99999999999", "?screens_page=x"):
        assert "screen-000" in drawn(bare, admin, query)


def test_people_are_found_by_name_role_and_scope(bare: Site):
    """Three hundred managers are not looked through by eye."""
    for number in range(60):
        scope = scope_from(f"store:{OWN if number % 2 else FOREIGN}")
        bare.state.people.create(f"m{number:02}", Role.STORE_MANAGER, scope, now=NOW)
    admin = bare.reader(Role.ADMIN)

    assert "m00" in drawn(bare, admin)
    assert "m59" not in drawn(bare, admin)
    assert "m59" in drawn(bare, admin, "?people_page=2")
    assert "m01" in drawn(bare, admin, f"?people={OWN.lower()}")
    assert "m02" not in drawn(bare, admin, f"?people={OWN.lower()}")
    assert "没有符合的账号" in drawn(bare, admin, "?people=nobody-like-this")


def test_only_eyes_that_see_something_else_are_offered(bare: Site):
    """No administrator's, no program's, no locked account's, not one's own."""
    account(bare.state, Role.ADMIN)
    account(bare.state, Role.API_CLIENT)
    locked = account(bare.state, Role.PARTS_PLANNER)
    bare.state.people.set_active(locked.id, is_active=False)
    admin = bare.reader(Role.ADMIN)
    assert "以此人视角查看" not in drawn(bare, admin)

    account(bare.state, Role.EXECUTIVE)
    assert drawn(bare, admin).count("以此人视角查看") == 1
