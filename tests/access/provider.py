"""An OpenID Connect provider: authlib's server, with its own keys, on its own port.

Codes are for one use, PKCE (S256) is demanded, the nonce comes back in a signed ID
token. Whoever `signs_in` names is let in without being asked.
"""

import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, jsonify
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

SECRET = secrets.token_urlsafe(16)


@dataclass
class Code:
    """An authorization code and what it was asked with."""

    code: str
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str | None
    user: dict[str, str]
    code_challenge: str | None
    code_challenge_method: str | None
    auth_time: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self) -> str:
        """Return where the code may be taken to."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """Return what was asked for."""
        return self.scope

    def get_nonce(self) -> str | None:
        """Return what ties the ID token to the browser."""
        return self.nonce

    def get_auth_time(self) -> int:
        """Return when the user signed in."""
        return self.auth_time

    def get_acr(self) -> None:
        """Return how he did."""

    def get_amr(self) -> None:
        """Return how he did."""


class Client:
    """The one client that the provider knows."""

    client_id = "aftersight"

    def __init__(self, home: list[str]) -> None:
        self.home = home

    def get_client_id(self) -> str:
        """Return its name."""
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        """Return where answers go."""
        return self.home[0]

    def get_allowed_scope(self, scope: str) -> str:
        """Return what it may ask for."""
        return scope

    def check_redirect_uri(self, uri: str) -> bool:
        """Tell whether an address is its own."""
        return uri in self.home

    def check_client_secret(self, secret: str) -> bool:
        """Tell whether it is the client."""
        return secrets.compare_digest(secret, SECRET)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """Tell whether it may prove itself so."""
        return method == "client_secret_basic"

    def check_response_type(self, kind: str) -> bool:
        """Tell whether it may ask so."""
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        """Tell whether it may take tokens so."""
        return kind == "authorization_code"


class Provider:
    """The running provider; *spoil* changes ID tokens before they are signed."""

    def __init__(self) -> None:
        self.signs_in = {"sub": "u-1", "preferred_username": "li.na"}
        self.spoil: dict[str, Any] = {}
        self.key = self.published = RSAKey.generate_key(parameters={"kid": "one"})
        self.home: list[str] = []
        self.codes: dict[str, Code] = {}
        app = self._app()
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()

    def _app(self) -> Flask:
        app = Flask("provider")
        app.config["PROPAGATE_EXCEPTIONS"] = False
        app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": 60}
        server = AuthorizationServer(
            app,
            query_client=lambda name: (
                Client(self.home) if name == "aftersight" else None
            ),
            save_token=lambda _token, _request: None,
        )
        server.register_grant(
            _code_grant(self),
            [_id_token(self)(require_nonce=True), CodeChallenge(required=True)],
        )
        self._routes(app, server)
        return app

    def _routes(self, app: Flask, server: AuthorizationServer) -> None:
        @app.get("/.well-known/openid-configuration")
        def configuration() -> Any:
            return jsonify(
                issuer=self.issuer,
                authorization_endpoint=f"{self.issuer}/authorize",
                token_endpoint=f"{self.issuer}/token",
                jwks_uri=f"{self.issuer}/jwks",
                response_types_supported=["code"],
                subject_types_supported=["public"],
                id_token_signing_alg_values_supported=["RS256"],
            )

        @app.get("/authorize")
        def authorize() -> Any:
            grant = server.get_consent_grant(end_user=self.signs_in)
            return server.create_authorization_response(
                grant=grant, grant_user=dict(self.signs_in)
            )

        @app.post("/token")
        def token() -> Any:
            return server.create_token_response()

        @app.get("/jwks")
        def jwks() -> Any:
            return jsonify(keys=[self.published.as_dict(private=False)])


def _code_grant(provider: Provider) -> type:
    class CodeGrant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: Any) -> None:
            asked = request.payload.data
            provider.codes[code] = Code(
                code, request.client.client_id, request.payload.redirect_uri,
                request.payload.scope, asked.get("nonce"), request.user,
                asked.get("code_challenge"), asked.get("code_challenge_method"),
            )  # fmt: skip

        def query_authorization_code(self, code: str, _client: Any) -> Any:
            return provider.codes.get(code)

        def delete_authorization_code(self, code: Code) -> None:
            provider.codes.pop(code.code)

        def authenticate_user(self, code: Code) -> dict[str, str]:
            return code.user

    return CodeGrant


def _id_token(provider: Provider) -> type:
    class IdToken(OpenIDCode):
        def exists_nonce(self, _nonce: str, _request: Any) -> bool:
            return False

        def resolve_client_private_key(self, _client: Any) -> RSAKey:
            return provider.key

        def get_client_algorithm(self, _client: Any) -> str:
            return "RS256"

        def get_encode_header(self, _client: Any) -> dict:
            return {"alg": "RS256", "kid": "one"}

        def get_client_claims(self, client: Any) -> dict:
            return {"iss": provider.issuer, "aud": [client.get_client_id()]}

        def generate_user_info(self, user: dict, _scope: str) -> UserInfo:
            return UserInfo(**user)

        def get_authorization_code_claims(self, code: Any) -> dict:
            return {**super().get_authorization_code_claims(code), **provider.spoil}

    return IdToken
