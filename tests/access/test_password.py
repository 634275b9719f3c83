"""A person changes his own password."""

import json
import re

import pytest

from tests.access.conftest import Site
from tests.access.test_sessions import NOW, PASSWORD, local, sign_in
from tests.ui.readers import account
from warehouse.access import passwords
from warehouse.access.events import Did, Ending, Search
from warehouse.access.people import Origin
from warehouse.access.principal import scope_from
from warehouse.access.roles import Role

NEW = "battery staple horse"


def signed_in(site: Site, name: str = "li.na"):
    """Return the browser of somebody with a password."""
    client = site.stranger()
    assert sign_in(client, name).status_code == 303
    return client


def csrf_of(client) -> str:
    """Return what the form sends along."""
    return re.search(r'name="csrf" value="([^"]+)"', client.get("/password").text)[1]


def change(client, now: str = PASSWORD, new: str = NEW, again: str | None = None):
    """Fill in the form and send it."""
    data = {"now": now, "new": new, "again": new if again is None else again}
    return client.post("/password", data={**data, "csrf": csrf_of(client)})


def test_the_new_password_holds_and_other_sessions_end(bare: Site):
    """The browser at hand goes on with another token; all others must sign in again."""
    local(bare)
    local(bare, "wang.wu")
    here, elsewhere = signed_in(bare), signed_in(bare)
    other = signed_in(bare, "wang.wu")
    before = here.get_cookie("aftersight_session").value
    answer = change(here)

    assert answer.status_code == 200
    assert "1 处" in answer.text
    assert here.get_cookie("aftersight_session").value != before
    assert here.get("/api/v1/batch").status_code == 200
    assert elsewhere.get("/api/v1/batch").status_code == 401
    assert other.get("/api/v1/batch").status_code == 200
    here.set_cookie("aftersight_session", before)
    assert here.get("/api/v1/batch").status_code == 401
    assert sign_in(bare.stranger()).status_code == 401
    assert sign_in(bare.stranger(), password=NEW).status_code == 303


def test_the_change_is_in_the_log_without_the_password(bare: Site):
    """Who, and how many sessions it ended; refused tries too."""
    local(bare)
    client = signed_in(bare)
    change(client, now="wrong")
    change(client)
    found = bare.state.audit.find(Search(action=Did.CHANGE), limit=9)

    assert [(e.who, e.object, e.outcome) for e in found] == [
        ("li.na", "person:li.na", Ending.DONE),
        ("li.na", "person:li.na", Ending.REFUSED),
    ]
    assert dict(found[0].detail) == {"password": "own", "sessions": "0"}
    assert not any(secret in str(found) for secret in (PASSWORD, NEW, "wrong"))


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"now": "wrong"}, 401, "现在的密码不对"),
        ({"now": ""}, 401, "现在的密码不对"),
        ({"again": "something else"}, 400, "两次输入的新密码不一样"),
        ({"new": PASSWORD}, 400, "和现在的一样"),
        ({"new": "short"}, 400, "密码至少 10 个字符"),
        ({"new": "x" * 201}, 400, "密码最多 200 个字符"),
        ({"new": "my name is li.na"}, 400, "太容易被猜到"),
    ],
)
def test_what_will_not_do_changes_nothing(bare: Site, given, status, told):
    """The form comes back with the reason; the old password and session hold."""
    local(bare)
    client = signed_in(bare)
    answer = change(client, **given)

    assert answer.status_code == status
    assert told in answer.text
    assert 'name="again"' in answer.text
    assert client.get("/api/v1/batch").status_code == 200
    assert sign_in(bare.stranger()).status_code == 303


def test_a_stolen_session_cannot_guess_the_password(bare: Site):
    """Wrong ones count together with failed sign-ins; then the right one waits too."""
    local(bare)
    client = signed_in(bare)
    assert sign_in(bare.stranger(), password="no").status_code == 401
    answers = [change(client, now=f"guess {n}").status_code for n in range(5)]

    assert answers == [401] * 4 + [429]
    refused = change(client)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "900"
    assert sign_in(bare.stranger()).status_code == 429


def test_another_site_cannot_change_it(bare: Site):
    """The form's token is asked for, even with the right password."""
    local(bare)
    client = signed_in(bare)
    data = {"now": PASSWORD, "new": NEW, "again": NEW}

    assert client.post("/password", data=data).status_code == 403
    assert client.post("/password", data={**data, "csrf": "x"}).status_code == 403
    assert sign_in(bare.stranger()).status_code == 303


def test_only_who_has_one_may(bare: Site):
    """Not programs, screens, accounts from elsewhere, nor strangers."""
    bare.state.people.create(
        "li.na", Role.EXECUTIVE, scope_from("all"), now=NOW, origin=Origin.OIDC
    )
    assert bare.stranger().get("/password").location == "/login?next=/password"
    assert bare.program().get("/password").status_code == 403
    assert bare.screen("S001").get("/password").status_code == 403
    assert bare.reader(Role.EXECUTIVE).get("/password").status_code == 403


def test_the_demo_keeps_its_password(bare: Site):
    """It stands on the sign-in page: whoever changed it would lock others out."""
    demo = bare.with_settings(demo=True)
    client = demo.stranger()
    client.get("/login")
    data = {"name": "executive", "password": "look-around-1"}
    assert client.post("/login", data=data).status_code == 303

    assert client.get("/password").status_code == 403
    assert "/password" not in offered(client)


def test_nobody_changes_it_through_another_ones_eyes(bare: Site):
    """An administrator who sees as somebody changes nothing."""
    local(bare, "boss", Role.ADMIN)
    seen = account(bare.state, Role.EXECUTIVE)
    client = signed_in(bare, "boss")
    csrf = csrf_of(client)
    sent = {"person": str(seen.id), "csrf": csrf}
    assert client.post("/admin/see-as", data=sent).status_code == 303
    data = {"now": PASSWORD, "new": NEW, "again": NEW, "csrf": csrf}

    assert client.post("/password", data=data).status_code == 403


def offered(client) -> set[str]:
    """Return the addresses that the frame of the pages links to."""
    layout = json.dumps(client.get("/_dash-layout").get_json())
    found = re.findall(r'"href": "([^"]+)"', layout)
    assert "/" in found
    return set(found)


def test_the_header_leads_there(bare: Site):
    """For who has a password here; the others are offered nothing that refuses them."""
    local(bare)

    assert "/password" in offered(signed_in(bare))
    assert "/password" not in offered(bare.reader(Role.EXECUTIVE))


def test_it_speaks_both_languages(bare: Site):
    """The form and what is said of a new password that will not do."""
    bare.state.people.create(
        "ann.lee", Role.EXECUTIVE, scope_from("all"), now=NOW,
        password=passwords.hashed(PASSWORD),
    )  # fmt: skip
    client = signed_in(bare, "ann.lee")
    page = client.get("/password?lang=en").text
    assert "Change your password" in page
    assert not re.search("[一-鿿]", page.replace("售后驾驶舱", "").replace("中文", ""))
    assert "at least 10 characters" in change(client, new="short").text
    assert "signed out everywhere else" in change(client).text
