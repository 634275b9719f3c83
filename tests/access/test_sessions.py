"""Signing in, staying in, and being thrown out."""

from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pytest

from callbacks import identity
from callbacks.gate import CSRF_COOKIE
from callbacks.services import Services
from callbacks.signin import prepare_demo, safe
from tests.access.conftest import OWN, Site, pages_body
from tests.ui.readers import account
from warehouse.access import passwords
from warehouse.access.events import Did, Ending, Search
from warehouse.access.people import Origin
from warehouse.access.principal import scope_from
from warehouse.access.roles import Role
from warehouse.errors import AccessError, SettingsError
from warehouse.settings import Settings

PASSWORD = "correct horse battery"

NOW = datetime.now(UTC)


def local(site: Site, name: str = "li.na", role: Role = Role.EXECUTIVE) -> None:
    """Make an account with a password."""
    site.state.people.create(
        name, role, scope_from("all"), now=NOW, password=passwords.hashed(PASSWORD)
    )


def sign_in(client, name: str = "li.na", password: str = PASSWORD, **more):
    """Send the form."""
    return client.post("/login", data={"name": name, "password": password, **more})


def given_cookies(response) -> dict:
    """Return the cookies of an answer with their flags."""
    jar = SimpleCookie()
    for line in response.headers.getlist("Set-Cookie"):
        jar.load(line)
    return dict(jar)


def test_a_password_opens_a_session(bare: Site):
    """The cookie is for HTTP alone, the state holds only a hash of it."""
    local(bare)
    client = bare.stranger()
    response = sign_in(client, next="/data")
    cookie = given_cookies(response)["aftersight_session"]

    assert (response.status_code, response.location) == (303, "/data")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get("/api/v1/batch").status_code == 200
    with bare.state.engine.connect() as connection:
        kept = str(connection.exec_driver_sql("select * from sessions").all())
    assert cookie.value not in kept


@pytest.mark.parametrize(
    ("name", "password"),
    [("li.na", "wrong"), ("li.na", ""), ("nobody", PASSWORD), ("", ""), ("%", "x")],
)
def test_a_wrong_password_tells_nothing(bare: Site, name, password):
    """The same words for an account that is not there."""
    local(bare)
    response = sign_in(bare.stranger(), name, password)

    assert response.status_code == 401
    assert "登录名或密码不对" in response.text
    assert "aftersight_session" not in given_cookies(response)


def test_who_guesses_is_slowed_down(bare: Site):
    """Five failures of one name from one address; another name still may."""
    local(bare)
    local(bare, "wang.wu")
    client = bare.stranger()
    answers = [sign_in(client, password=f"guess {n}").status_code for n in range(6)]

    assert answers == [401] * 5 + [429]
    assert sign_in(client).status_code == 429
    assert sign_in(client, "wang.wu").status_code == 303
    failed = bare.state.audit.find(Search(action=Did.SIGN_IN), limit=99)
    assert [e.outcome for e in failed].count(Ending.REFUSED) == 5


def test_signing_in_again_gives_another_session(bare: Site):
    """A session that somebody planted before is worth nothing after."""
    local(bare)
    client = bare.stranger()
    sign_in(client)
    first = client.get_cookie("aftersight_session").value
    assert sign_in(client).status_code == 303

    client.set_cookie("aftersight_session", first)
    assert client.get("/api/v1/batch").status_code == 401


def test_a_session_ends_by_itself(bare: Site):
    """After its hours, or when no page has been open for long."""
    holds = identity.lifetimes(bare.settings)
    sessions = bare.state.sessions
    person = account(bare.state)
    token, _ = sessions.open(person, holds, now=NOW)
    moment = NOW
    while moment < NOW + holds.session - timedelta(minutes=40):
        moment += timedelta(minutes=30)
        assert sessions.find(token, holds, now=moment)
    assert sessions.find(token, holds, now=NOW + holds.session) is None

    idle, _ = sessions.open(person, holds, now=NOW)
    assert sessions.find(idle, holds, now=NOW + holds.idle * 1.1) is None
    assert sessions.find(idle, holds, now=NOW) is None


def test_a_token_is_replaced_and_a_copied_one_ends_everything(bare: Site):
    """The former token holds for a minute; whoever shows it later has stolen it."""
    holds = identity.lifetimes(bare.settings)
    sessions = bare.state.sessions
    old, session = sessions.open(account(bare.state), holds, now=NOW)
    later = NOW + holds.rotation
    new = sessions.rotate(session, holds, now=later)

    assert sessions.rotate(session, holds, now=later) == ""
    assert sessions.find(old, holds, now=later + timedelta(seconds=30))
    assert sessions.find(new, holds, now=later + timedelta(seconds=30))
    assert sessions.find(old, holds, now=later + timedelta(seconds=90)) is None
    assert sessions.find(new, holds, now=later + timedelta(seconds=91)) is None


def test_signing_out_needs_a_form_of_ours(bare: Site):
    """Afterwards the cookie opens nothing, whoever kept it."""
    client = bare.reader(Role.EXECUTIVE)
    token = client.get_cookie("aftersight_session").value
    client.environ_base.pop("HTTP_X_CSRFTOKEN")
    assert client.post("/logout").status_code == 403
    assert client.get("/api/v1/batch").status_code == 200
    csrf = client.get_cookie(CSRF_COOKIE).value
    assert client.post("/logout", data={"csrf": csrf}).location == "/login"

    client.set_cookie("aftersight_session", token)
    assert client.get("/api/v1/batch").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRFToken": ""},
        {"X-CSRFToken": "x" * 43},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_other_sites_cannot_act_for_a_reader(bare: Site, headers):
    """No token, or a request that the browser says came from elsewhere."""
    client = bare.reader(Role.EXECUTIVE)
    body = pages_body("/")

    assert client.post("/_dash-update-component", json=body).status_code == 200
    refused = client.post("/_dash-update-component", json=body, headers=headers)
    assert refused.status_code == 403


def test_a_lock_holds_from_the_next_request(bare: Site):
    """Nobody waits for a session to end."""
    client = bare.reader(Role.EXECUTIVE)
    assert client.get("/api/v1/batch").status_code == 200
    bare.state.people.set_active(account(bare.state, Role.EXECUTIVE).id, False)

    assert client.get("/api/v1/batch").status_code == 401
    assert client.get("/").location == "/login"


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/data?x=1", "/data?x=1"),
        ("//evil.example", ""),
        ("/\\evil.example", ""),
        ("https://evil.example", ""),
        ("/login?next=/login", ""),
        ("/a\r\nSet-Cookie: x", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_after_signing_in_one_stays_here(wanted, place):
    """An address of another site is not followed."""
    assert safe(wanted) == place


def test_demo_accounts_are_for_this_machine(bare: Site):
    """They exist with the switch only, and not for somebody behind a proxy."""
    demo = bare.with_settings(demo=True)
    page = demo.stranger().get("/login")
    assert "look-around-1" in page.text

    def entered(site: Site, **more) -> int:
        client = site.stranger()
        data = {"name": "executive", "password": "look-around-1"}
        return client.post("/login", data=data, **more).status_code

    assert entered(demo) == 303
    assert entered(demo, environ_base={"REMOTE_ADDR": "10.1.1.1"}) == 401
    assert entered(demo, headers={"X-Forwarded-For": "10.1.1.1"}) == 401
    assert entered(bare.with_settings(demo=False)) == 401
    assert entered(bare.with_settings(demo=True, host="0.0.0.0")) == 401
    outside = demo.stranger().get("/login", environ_base={"REMOTE_ADDR": "10.1.1.1"})
    assert "look-around-1" not in outside.text


def test_no_account_is_made_without_the_demo(bare: Site):
    """There is no default password: there is no default account."""
    assert bare.app
    assert bare.state.people.every() == []
    prepare_demo(_services(bare.with_settings(demo=True, host="0.0.0.0")), NOW)
    assert bare.state.people.every() == []


def _services(site: Site) -> Services:
    return Services.over(site.warehouse, site.settings, "", site.state)


def test_a_trusted_proxy_names_who_signed_in(bare: Site):
    """From its address only; and only accounts that come that way."""
    state = bare.state
    state.people.create(
        "li.na", Role.EXECUTIVE, scope_from("all"), now=NOW, origin=Origin.PROXY
    )
    local(bare, "wang.wu")
    site = bare.with_settings(proxy_peers=("10.0.0.5/32",), proxy_header="X-User")

    def asked(address: str, name: str, client=None) -> int:
        return (client or site.stranger()).get(
            "/api/v1/batch",
            headers={"X-User": name},
            environ_base={"REMOTE_ADDR": address},
        ).status_code  # fmt: skip

    assert asked("10.0.0.5", "li.na") == 200
    assert asked("10.0.0.6", "li.na") == 401
    assert asked("10.0.0.5", "wang.wu") == 401
    assert asked("10.0.0.5", "nobody") == 401
    client = site.stranger()
    assert asked("10.0.0.5", "li.na", client) == 200
    # Signed out at the proxy: the session that came from it ends.
    assert asked("10.0.0.5", "", client) == 401


def test_the_address_is_what_the_trusted_proxy_saw(bare: Site):
    """What the client wrote into the header himself is not believed."""
    site = bare.with_settings(proxy_peers=("10.0.0.5/32", "10.0.0.6/32"))
    local(bare)
    site.stranger().post(
        "/login",
        data={"name": "li.na", "password": "wrong"},
        headers={"X-Forwarded-For": "1.1.1.1, 9.9.9.9, 10.0.0.6"},
        environ_base={"REMOTE_ADDR": "10.0.0.5"},
    )
    (event,) = bare.state.audit.find(Search(), limit=5)

    assert event.address == "9.9.9.9"


@pytest.mark.parametrize(
    "secret", ["short", "a" * 64, "secretsecretsecretsecretsecretsecret"]
)
def test_a_weak_secret_stops_the_start(secret):
    """Length alone is no strength."""
    with pytest.raises(SettingsError, match="weak"):
        Settings.from_environment({"AFTERSIGHT_SECRET": secret})


def test_a_secret_may_stand_in_a_file(tmp_path):
    """As orchestrators hand it over; not both at once."""
    file = tmp_path / "secret"
    file.write_text("k7Vw2mX9qLr4Tz8bN3hJ6pC1sD5fG0yA\n")
    found = Settings.from_environment({"AFTERSIGHT_SECRET_FILE": str(file)})

    assert found.secret == "k7Vw2mX9qLr4Tz8bN3hJ6pC1sD5fG0yA"
    with pytest.raises(SettingsError, match="both set"):
        Settings.from_environment(
            {"AFTERSIGHT_SECRET_FILE": str(file), "AFTERSIGHT_SECRET": found.secret}
        )


def test_a_key_opens_the_api_for_a_program(bare: Site):
    """Until it expires, is revoked, or its account is locked."""
    client = bare.program()
    assert client.get("/api/v1/metrics").status_code == 200
    assert client.get("/admin").status_code == 403
    bare.state.people.set_active(account(bare.state, Role.API_CLIENT).id, False)

    refused = client.get("/api/v1/metrics")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_key_is_not_forgiven_for_a_session(bare: Site):
    """Whoever sends a key is asked for that key."""
    client = bare.reader(Role.EXECUTIVE)
    for key in ("Bearer x.y", "Basic YTpi", "Bearer", "x"):
        answer = client.get("/api/v1/batch", headers={"Authorization": key})
        assert answer.status_code == 401


def test_too_many_requests_are_refused(bare: Site):
    """By reader, so that one does not use up another one's share."""
    site = bare.with_settings(requests_per_minute=5)
    one, other = site.reader(Role.EXECUTIVE), site.reader(Role.DATA_ADMIN)
    answers = [one.get("/api/v1/batch").status_code for _ in range(7)]

    assert answers == [200] * 5 + [429] * 2
    assert other.get("/api/v1/batch").status_code == 200
    assert one.get("/livez").status_code == 200


def test_large_bodies_are_refused(bare: Site):
    """Before anybody reads them."""
    client = bare.reader(Role.EXECUTIVE)
    body = pages_body("/", "?" + "x" * 2_000_000)

    assert client.post("/_dash-update-component", json=body).status_code == 413


def test_behind_tls_cookies_and_browsers_insist_on_it(bare: Site):
    """The cookie's name lets browsers refuse one that came over HTTP."""
    local(bare)
    site = bare.with_settings(tls=True)
    response = sign_in(site.stranger())
    cookie = given_cookies(response)["__Host-aftersight"]

    assert cookie["secure"]
    assert "max-age=" in response.headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in bare.stranger().get("/login").headers


def test_a_failure_shows_no_trace(bare: Site, monkeypatch):
    """The reader is told that it was logged; what, is in the log."""
    client = bare.reader(Role.EXECUTIVE)
    monkeypatch.setattr(bare.warehouse, "batch", lambda: 1 / 0)
    response = client.get("/api/v1/metrics/ftfr_30d")

    assert response.status_code == 500
    assert "ZeroDivision" not in response.text
    assert "Traceback" not in response.text
    assert "Werkzeug" not in str(response.headers)


def test_a_state_that_does_not_answer_lets_nobody_in(bare: Site, monkeypatch):
    """503, never a page without knowing for whom."""
    client = bare.reader(Role.EXECUTIVE)
    assert bare.app
    with bare.state.engine.begin() as connection:
        connection.exec_driver_sql("alter table sessions rename to elsewhere")

    assert client.get("/api/v1/batch").status_code == 503
    assert bare.stranger().get("/readyz").status_code == 200
    assert client.get("/livez").status_code == 200


def test_the_last_administrator_cannot_be_locked_out(bare: Site):
    """Nobody could let him in again."""
    admin = account(bare.state, Role.ADMIN)
    with pytest.raises(AccessError, match="last administrator"):
        bare.state.people.set_active(admin.id, False)
    with pytest.raises(AccessError, match="last administrator"):
        bare.state.people.assign(admin.id, Role.EXECUTIVE, scope_from("all"))


def test_a_store_that_was_taken_away_is_gone_at_the_next_request(site: Site):
    """Whatever is cached: the scope is part of every key."""
    scope = f"store:{OWN},S002"
    client = site.reader(Role.STORE_MANAGER, scope)
    address = "/api/v1/metrics/orders_arrived?by=store_id&from=2026-10-01"
    before = {r["dimensions"]["store_id"] for r in client.get(address).json}
    assert (
        client.post("/_dash-update-component", json=pages_body("/")).status_code == 200
    )
    person = account(site.state, Role.STORE_MANAGER, scope)
    site.state.people.assign(person.id, Role.STORE_MANAGER, scope_from(f"store:{OWN}"))
    after = {r["dimensions"]["store_id"] for r in client.get(address).json}

    assert (before, after) == ({OWN, "S002"}, {OWN})
    assert client.get("/stores/S002").status_code == 403


def test_an_export_ends_with_the_session(bare: Site):
    """A session that ends between two pages of an export gives 401, no rows."""
    client = bare.reader(Role.ADMIN)
    assert client.get("/admin/audit.csv").status_code == 200
    bare.state.sessions.end_all(account(bare.state, Role.ADMIN).id)
    refused = client.get("/admin/audit.csv")

    assert refused.status_code == 401
    assert "at,who" not in refused.text
    assert client.get("/api/v1/metrics/ftfr_30d").status_code == 401
