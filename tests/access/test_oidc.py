"""OpenID Connect against a provider that runs: code flow, PKCE, nonce, signatures."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey

from tests.access.conftest import Site
from tests.access.provider import SECRET, Provider
from warehouse.access.events import Did, Ending, Search
from warehouse.access.people import Origin
from warehouse.access.principal import scope_from
from warehouse.access.roles import Role
from warehouse.errors import SettingsError
from warehouse.settings import Settings

BACK = "http://localhost/login/callback"


@pytest.fixture
def provider() -> Iterator[Provider]:
    """Return a provider with one user."""
    provider = Provider()
    provider.home.append(BACK)
    yield provider
    provider.stop()


@pytest.fixture
def joined(bare: Site, provider: Provider) -> Site:
    """Return an installation that trusts the provider, with the account li.na."""
    bare.state.people.create(
        "li.na",
        Role.EXECUTIVE,
        scope_from("all"),
        now=datetime.now(UTC),
        origin=Origin.OIDC,
    )
    return bare.with_settings(
        oidc_issuer=provider.issuer,
        oidc_client_id="aftersight",
        oidc_client_secret=SECRET,
        secret="k7Vw2mX9qLr4Tz8bN3hJ6pC1sD5fG0yA",
    )


def asked(client, wanted: str = "/data") -> str:
    """Return the provider's address that the dashboard sends the browser to."""
    answer = client.post("/login/start", data={"next": wanted})
    assert answer.status_code == 302, answer.text
    return answer.location


def answered(address: str) -> str:
    """Return where the provider sends the browser back to."""
    answer = requests.get(address, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def come_back(client, address: str):
    """Follow the provider's answer."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def test_the_organisation_signs_somebody_in(joined: Site):
    """Code flow with PKCE and nonce; he lands where he wanted to go."""
    client = joined.stranger()
    address = asked(client)
    sent = parse_qs(urlsplit(address).query)
    done = come_back(client, answered(address))

    assert sent["code_challenge_method"] == ["S256"]
    assert sent["response_type"] == ["code"]
    assert sent["nonce"][0]
    assert sent["state"][0]
    assert (done.status_code, done.location) == (303, "/data")
    assert client.get("/api/v1/batch").status_code == 200


def test_he_is_known_by_what_the_provider_calls_him(joined: Site, provider: Provider):
    """A name given to somebody else opens nothing; a new name of his own does."""
    first = joined.stranger()
    assert come_back(first, answered(asked(first))).status_code == 303
    provider.signs_in = {"sub": "u-2", "preferred_username": "li.na"}
    other = joined.stranger()
    refused = come_back(other, answered(asked(other)))
    provider.signs_in = {"sub": "u-1", "preferred_username": "li.na.wang"}
    again = joined.stranger()

    assert refused.status_code == 403
    assert other.get("/api/v1/batch").status_code == 401
    assert come_back(again, answered(asked(again))).status_code == 303


@pytest.mark.parametrize("name", ["stranger", "", "admin.all"])
def test_nobody_gets_an_account_by_himself(joined: Site, provider: Provider, name):
    """The provider says who he is; what he may see is said here."""
    joined.reader(Role.ADMIN)  # A local account that the provider's user is named like.
    provider.signs_in = {"sub": "u-9", "preferred_username": name}
    client = joined.stranger()
    refused = come_back(client, answered(asked(client)))

    assert refused.status_code == 403
    assert client.get("/api/v1/batch").status_code == 401
    (event,) = joined.state.audit.find(Search(action=Did.SIGN_IN), limit=3)
    assert (event.who, event.outcome) == (name, Ending.REFUSED)


@pytest.mark.parametrize(
    "spoil",
    [
        {"nonce": "another"},
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"exp": 1},
    ],
    ids=lambda spoil: next(iter(spoil)),
)
def test_an_id_token_that_is_not_for_us_is_refused(joined, provider, spoil):
    """Nonce, issuer, audience and time are checked."""
    client = joined.stranger()
    address = answered(asked(client))
    provider.spoil = spoil

    assert come_back(client, address).status_code == 502
    assert client.get("/api/v1/batch").status_code == 401


def test_a_token_signed_by_another_key_is_refused(joined: Site, provider: Provider):
    """Only the provider's published keys count."""
    provider.key = RSAKey.generate_key(parameters={"kid": "one"})
    client = joined.stranger()

    assert come_back(client, answered(asked(client))).status_code == 502
    assert client.get("/api/v1/batch").status_code == 401


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(joined: Site):
    """State ties the answer to the browser; a code works once."""
    client, victim = joined.stranger(), joined.stranger()
    address = answered(asked(client))
    asked(victim)

    assert come_back(victim, address).status_code == 502
    assert victim.get("/api/v1/batch").status_code == 401
    assert come_back(client, address).status_code == 303
    assert come_back(joined.stranger(), address).status_code == 502
    for forged in ("", "?code=x", "?state=x&code=y", "?error=access_denied&state=x"):
        assert joined.stranger().get(f"/login/callback{forged}").status_code == 502


def test_without_its_verifier_a_stolen_code_is_worth_nothing(joined, provider):
    """The provider demands PKCE: whoever intercepts a code cannot use it."""
    client = joined.stranger()
    code = parse_qs(urlsplit(answered(asked(client))).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    stolen = requests.post(
        f"{provider.issuer}/token", data=form, auth=("aftersight", SECRET), timeout=10
    )

    assert stolen.status_code == 400


def test_a_provider_that_is_away_is_told(joined: Site, provider: Provider):
    """The local form stays."""
    provider.stop()
    answer = joined.stranger().post("/login/start", data={})

    assert answer.status_code == 502
    assert 'action="/login"' in answer.text


def test_the_provider_needs_a_secret():
    """What browsers keep for us meanwhile is signed."""
    with pytest.raises(SettingsError, match="AFTERSIGHT_SECRET"):
        Settings.from_environment(
            {
                "AFTERSIGHT_OIDC_ISSUER": "https://id.example",
                "AFTERSIGHT_OIDC_CLIENT_ID": "x",
            }
        )
    with pytest.raises(SettingsError, match="https://"):
        Settings.from_environment({"AFTERSIGHT_OIDC_ISSUER": "http://id.example"})
