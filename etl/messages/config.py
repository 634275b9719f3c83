"""Who is told over which channel: a TOML file, its secrets from the environment."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from etl.messages.channels import KINDS
from etl.messages.posting import Channel
from warehouse.access.principal import scope_from
from warehouse.access.roles import Role
from warehouse.alerts.patience import OFFICE, STEPS, Hours, Step
from warehouse.errors import AccessError, ConfigurationError, did_you_mean
from warehouse.text import LANGUAGES

_VARIABLE = re.compile(r"\$\{([A-Z_][A-Z0-9_]*)\}")
_HOURS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
_TOP = ("link", "channel", "recipient", "escalation", "budget")
_RECIPIENT = (
    "name",
    "role",
    "scope",
    "channels",
    "language",
    "email",
    "quiet",
    "digest_at",
    "budget",
)

BUDGETS: dict[Role, int] = {Role.EXECUTIVE: 5, Role.STORE_MANAGER: 10}
"""Immediate messages besides reds in seven days, where nobody says otherwise."""
BUDGET = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A recipient as configured; without *role* the account of that name decides."""

    name: str
    channels: tuple[str, ...]
    role: Role | None
    scope: str
    language: str
    email: str
    quiet: Hours | None
    digest_at: time | None
    budget: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifying:
    """The configuration of messages; without a file nobody is told anything."""

    link: str = ""
    channels: Mapping[str, Channel] = None  # type: ignore[assignment]
    recipients: tuple[Told, ...] = ()
    steps: tuple[Step, ...] = STEPS
    office: Hours = OFFICE
    budgets: Mapping[str, int] = None  # type: ignore[assignment]

    def budget(self, role: Role) -> int:
        """Return the budget of a role."""
        named = self.budgets or {}
        return named.get(role.value, BUDGETS.get(role, BUDGET))


def read(path: Path | None, environment: Mapping[str, str]) -> Notifying:
    """Return the configuration in a file.

    Raises:
        ConfigurationError: it cannot be read, or says something impossible.

    """
    if path is None:
        return Notifying(channels={})
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from None
    _known(told, _TOP, str(path))
    filled = _filled(told, environment, str(path))
    channels = {}
    for entry in filled.get("channel", []):
        one = _channel(entry, str(path))
        if one.name in channels:
            raise ConfigurationError(f"{path}: channel {one.name} is declared twice")
        channels[one.name] = one
    return Notifying(
        link=str(filled.get("link", "")),
        channels=channels,
        recipients=tuple(
            _recipient(entry, channels, str(path))
            for entry in filled.get("recipient", [])
        ),
        steps=_steps(filled.get("escalation", {}), str(path)),
        office=_hours(filled.get("escalation", {}).get("hours"), str(path)) or OFFICE,
        budgets=_budgets(filled.get("budget", {}), str(path)),
    )


def _channel(entry: Mapping[str, Any], where: str) -> Channel:
    kind = entry.get("kind", "")
    if kind not in KINDS:
        hint = did_you_mean(str(kind), KINDS)
        raise ConfigurationError(f"{where}: channel kind {kind!r}; {hint}")
    made = KINDS[kind]
    known = [f.name for f in fields(made)]
    given = {name: value for name, value in entry.items() if name != "kind"}
    _known(given, known, f"{where}: channel {entry.get('name', '')}")
    try:
        return made(**given)
    except TypeError as error:
        raise ConfigurationError(f"{where}: channel {kind}: {error}") from None


def _recipient(
    entry: Mapping[str, Any], channels: Mapping[str, Channel], where: str
) -> Told:
    place = f"{where}: recipient {entry.get('name', '')}"
    _known(entry, _RECIPIENT, place)
    names = tuple(entry.get("channels", ()))
    for name in names:
        if name not in channels:
            raise ConfigurationError(
                f"{place}: channel {name!r}; {did_you_mean(str(name), channels)}"
            )
    if not entry.get("name") or not names:
        raise ConfigurationError(f"{place}: name and channels are needed")
    role, scope = entry.get("role"), str(entry.get("scope", ""))
    try:
        chosen = Role(role) if role else None
        if chosen is not None:
            scope_from(scope)
    except (ValueError, AccessError) as error:
        raise ConfigurationError(f"{place}: {error}") from None
    language = entry.get("language", "zh")
    if language not in LANGUAGES:
        raise ConfigurationError(f"{place}: language {language!r}; use zh or en")
    at = entry.get("digest_at", "08:00")
    return Told(
        name=str(entry["name"]),
        channels=names,
        role=chosen,
        scope=scope,
        language=language,
        email=str(entry.get("email", "")),
        quiet=_hours(entry.get("quiet"), place),
        digest_at=_clock(at, place) if at else None,
        budget=entry.get("budget"),
    )


def _steps(entry: Mapping[str, Any], where: str) -> tuple[Step, ...]:
    _known(entry, ("steps", "hours"), f"{where}: escalation")
    if "steps" not in entry:
        return STEPS
    steps = []
    for one in entry["steps"]:
        _known(one, ("after_minutes", "to"), f"{where}: escalation step")
        try:
            after = timedelta(minutes=float(one["after_minutes"]))
            steps.append(Step(after, Role(one["to"])))
        except (KeyError, ValueError) as error:
            raise ConfigurationError(f"{where}: escalation step: {error}") from None
    return tuple(sorted(steps, key=lambda step: step.after))


def _budgets(entry: Mapping[str, Any], where: str) -> dict[str, int]:
    _known(entry, [role.value for role in Role], f"{where}: budget")
    return {role: int(number) for role, number in entry.items()}


def _hours(text: Any, where: str) -> Hours | None:
    if not text:
        return None
    found = _HOURS.fullmatch(str(text))
    if found is None:
        raise ConfigurationError(f"{where}: {text!r}; write hours as 22:00-07:00")
    return Hours(_clock(found[1], where), _clock(found[2], where))


def _clock(text: str, where: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{where}: {text!r}; write a time as 08:00") from None


def _known(entry: Mapping[str, Any], names: Any, where: str) -> None:
    for name in entry:
        if name not in names:
            hint = did_you_mean(name, names)
            raise ConfigurationError(f"{where}: unknown key {name!r}; {hint}")


def _filled(value: Any, environment: Mapping[str, str], where: str) -> Any:
    """Return *value* with every ${NAME} replaced from the environment."""
    if isinstance(value, dict):
        return {k: _filled(v, environment, where) for k, v in value.items()}
    if isinstance(value, list):
        return [_filled(v, environment, where) for v in value]
    if not isinstance(value, str):
        return value

    def variable(found: re.Match[str]) -> str:
        if found[1] not in environment:
            raise ConfigurationError(f"{where}: ${{{found[1]}}} is not set")
        return environment[found[1]]

    return _VARIABLE.sub(variable, value)
