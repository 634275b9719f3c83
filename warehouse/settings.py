"""Settings: read from the environment once, at the door, and passed on from there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from warehouse.errors import SettingsError, did_you_mean

PREFIX = "AFTERSIGHT_"


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


def _positive(value: str) -> float:
    number = float(value)
    if not number > 0:
        raise ValueError("use a number above 0")
    return number


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
    gate: Path | None = _setting(
        None, Path, "TOML file that changes the quality gate's thresholds"
    )
    host: str = _setting("127.0.0.1", str, "address the dashboard listens on")
    port: int = _setting(8050, _port, "port the dashboard listens on")
    secret: str = _setting("", str, "key that signs sessions")
    timezone: str = _setting(
        "Asia/Shanghai", _zone, "time zone of rows that belong to no store"
    )
    demo: bool = _setting(False, _switch, "1 marks the screens as a demo network")
    memory: str = _setting("4GB", str, "memory limit of DuckDB in the ETL")
    threads: int = _setting(2, int, "threads of DuckDB")
    refresh_seconds: float = _setting(
        5.0, _positive, "how often an open page asks for a newer batch"
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
                raise SettingsError(f"{variable}={text!r}: {error}") from error
        return cls(**values)
