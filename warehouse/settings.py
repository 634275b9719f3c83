"""Settings: read from the environment once, at the door, and passed on from there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from warehouse.errors import SettingsError, did_you_mean

PREFIX = "AFTERSIGHT_"

SHORTEST_AUDIT = 180
"""Days: logs are kept for six months at least (网络安全法, art. 21)."""

SHORTEST_SECRET = 32

FROM_FILE = ("secret", "oidc_client_secret")
"""Settings that may stand in a file: `<NAME>_FILE` is its path."""


def _switch(value: str) -> bool:
    if value.strip().lower() in {"1", "true", "yes", "on"}:
        return True
    if value.strip().lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("use 0 or 1")


def _zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("use an IANA name such as Asia/Shanghai") from None


def _port(value: str) -> int:
    port = int(value)
    if not 0 <= port <= 65535:
        raise ValueError("use a port from 0 to 65535")
    return port


def _count(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError("use a whole number above 0")
    return number


def _positive(value: str) -> float:
    number = float(value)
    if not number > 0:
        raise ValueError("use a number above 0")
    return number


def _peers(value: str) -> tuple[str, ...]:
    names = [part.strip() for part in value.split(",") if part.strip()]
    try:
        return tuple(str(ip_network(name)) for name in names)
    except ValueError:
        raise ValueError(
            "use addresses or networks with commas between, as 10.0.0.5,10.1.0.0/16"
        ) from None


def _kept_days(value: str) -> int:
    days = int(value)
    if days < SHORTEST_AUDIT:
        raise ValueError(f"use {SHORTEST_AUDIT} days or more: the law asks for them")
    return days


def _issuer(value: str) -> str:
    is_local = value.startswith(("http://127.0.0.1", "http://localhost"))
    if not (value.startswith("https://") or is_local):
        raise ValueError("use an https:// address")
    return value.rstrip("/")


def _setting(default: Any, read: Callable[[str], Any], meaning: str) -> Any:
    return field(default=default, metadata={"read": read, "meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that may differ between two installations.

    Each field is read from the variable of its name in capitals, after the prefix.
    """

    warehouse: Path = _setting(
        Path("var/warehouse"), Path, "folder of the analytical data"
    )
    state: str = _setting(
        "sqlite:///var/state.db", str, "SQLAlchemy URL of people's decisions and runs"
    )
    sources: Path | None = _setting(
        None, Path, "source configuration: a TOML file, or a folder of them"
    )
    intake: Path = _setting(
        Path("var/intake"), Path, "folder of rows that came in over HTTP"
    )
    gate: Path | None = _setting(
        None, Path, "TOML file that changes the quality gate's thresholds"
    )
    alerts: Path | None = _setting(
        None, Path, "TOML file of channels and recipients of alerts"
    )
    host: str = _setting("127.0.0.1", str, "address the dashboard listens on")
    port: int = _setting(8050, _port, "port the dashboard listens on")
    secret: str = _setting("", str, "key that signs what browsers keep for us")
    secret_file: Path | None = _setting(None, Path, "file that holds the secret")
    browser: str = _setting(
        "chromium", str, "Chromium that makes PDFs: its path, or its name on the PATH"
    )
    timezone: str = _setting(
        "Asia/Shanghai", _zone, "time zone of rows that belong to no store"
    )
    demo: bool = _setting(False, _switch, "1 marks the screens as a demo network")
    memory: str = _setting("4GB", str, "memory limit of DuckDB in the ETL")
    threads: int = _setting(2, int, "threads of DuckDB")
    workers: int = _setting(1, _count, "processes that serve the dashboard")
    refresh_seconds: float = _setting(
        5.0, _positive, "how often an open page asks for a newer batch"
    )
    tls: bool = _setting(
        False, _switch, "1: readers come over TLS; cookies and HSTS insist on it"
    )
    session_hours: float = _setting(12.0, _positive, "how long a sign-in holds at most")
    idle_minutes: float = _setting(
        60.0, _positive, "a sign-in ends when no page has been open for so long"
    )
    proxy_peers: tuple[str, ...] | None = _setting(
        None, _peers, "addresses of reverse proxies whose headers are believed"
    )
    proxy_header: str = _setting(
        "", str, "header in which those proxies name who has signed in"
    )
    oidc_issuer: str = _setting("", _issuer, "address of the OpenID Connect provider")
    oidc_client_id: str = _setting("", str, "name of this dashboard there")
    oidc_client_secret: str = _setting("", str, "its secret there")
    oidc_client_secret_file: Path | None = _setting(
        None, Path, "file that holds that secret"
    )
    oidc_name_claim: str = _setting(
        "preferred_username", str, "claim that is the sign-in name of an account"
    )
    audit_days: int = _setting(365, _kept_days, "how long the audit log is kept")
    body_kilobytes: int = _setting(1024, _count, "largest body of a request")
    requests_per_minute: int = _setting(
        1200, _count, "requests that one reader may make"
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Return the settings *environment* asks for.

        Raises:
            SettingsError: a name nobody knows, or a value that cannot be used.

        """
        known = {f.name: f for f in fields(cls)}
        values: dict[str, Any] = {}
        for variable, text in environment.items():
            if not variable.startswith(PREFIX):
                continue
            name = variable.removeprefix(PREFIX).lower()
            if name not in known or variable != PREFIX + name.upper():
                hint = did_you_mean(variable, [PREFIX + n.upper() for n in known])
                raise SettingsError(f"unknown setting {variable}; {hint}")
            try:
                values[name] = known[name].metadata["read"](text)
            except ValueError as error:
                told = "…" if name in FROM_FILE else repr(text)
                raise SettingsError(f"{variable}={told}: {error}") from error
        for name in FROM_FILE:
            path = values.get(f"{name}_file")
            if path is not None:
                values[name] = _from_file(PREFIX + name.upper(), path, values.get(name))
        settings = cls(**values)
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse settings that contradict each other, and a weak secret.

        Raises:
            SettingsError: with what would be right.

        """
        if self.secret and is_weak(self.secret):
            raise SettingsError(
                f"{PREFIX}SECRET is weak; use {SHORTEST_SECRET} random characters or "
                'more, such as `python -c "import secrets; '
                'print(secrets.token_urlsafe(32))"` prints'
            )
        if self.proxy_header and not self.proxy_peers:
            raise SettingsError(
                f"{PREFIX}PROXY_HEADER needs {PREFIX}PROXY_PEERS: from anybody else "
                "the header could be forged"
            )
        if self.oidc_issuer and not (self.oidc_client_id and self.secret):
            raise SettingsError(
                f"{PREFIX}OIDC_ISSUER needs {PREFIX}OIDC_CLIENT_ID and {PREFIX}SECRET"
            )

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the dashboard."""
        return self.host in ("127.0.0.1", "::1", "localhost")


def is_weak(secret: str) -> bool:
    """Tell whether a secret is short, or has little variety."""
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < 12


def _from_file(variable: str, path: Path, given: str | None) -> str:
    if given:
        raise SettingsError(f"{variable} and {variable}_FILE are both set; use one")
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{variable}_FILE={path}: {error}") from error
