"""Screens as the rest of the product sees them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from warehouse.access.principal import Principal, Scope
from warehouse.access.roles import Role, ScopeKind
from warehouse.errors import AccessError

PAIRING_HOLDS = timedelta(minutes=10)
ROTATION = timedelta(days=1)
LOST_AFTER = timedelta(seconds=30)
"""A screen that still uses its former credential then gets another new one."""
DARK_AFTER = timedelta(minutes=2)


class DeviceState(StrEnum):
    """What the fleet page says of a screen."""

    OK = "ok"
    STALE = "stale"
    DARK = "dark"
    NEVER = "never"
    REVOKED = "revoked"


INCHES, METRES = (5.0, 200.0), (0.3, 30.0)
"""Least and most of a screen's diagonal, and of the distance it is read from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A screen's diagonal in inches, and the metres from which it is read.

    None: what the screen's own address says.

    Raises:
        AccessError: no screen is like that.

    """

    inches: float | None = None
    metres: float | None = None

    def __post_init__(self) -> None:
        for value, (least, most) in ((self.inches, INCHES), (self.metres, METRES)):
            if value is not None and not least <= value <= most:
                raise AccessError(
                    f"{value:g} is out of bounds; use {least:g} to {most:g}",
                    f"{value:g} 超出范围，应在 {least:g} 到 {most:g} 之间",
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a screen says that it has painted last."""

    page: str = ""
    batch: str = ""
    build: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A paired screen. Its credential is kept as a hash."""

    id: str
    name: str
    store_id: str
    created_at: datetime
    approved_by: str
    rotated_at: datetime
    seen_at: datetime | None = None
    address: str | None = None
    painted_at: datetime | None = None
    shown: Shown = Shown()
    sight: Sight = Sight()
    reload_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    def principal(self) -> Principal:
        """Return who this screen is in a request: one store, reading only."""
        return Principal(
            id=f"device:{self.id}",
            name=self.name,
            role=Role.DEVICE,
            scope=Scope(ScopeKind.STORE, frozenset({self.store_id})),
        )

    def state(self, now: datetime, newest_batch: str) -> DeviceState:
        """Return how the screen is: silent, behind, or fine."""
        if self.revoked_at is not None:
            return DeviceState.REVOKED
        if self.seen_at is None:
            return DeviceState.NEVER
        if now - self.seen_at > DARK_AFTER:
            return DeviceState.DARK
        painted = self.painted_at or self.created_at
        is_behind = self.shown.batch != newest_batch and now - painted > DARK_AFTER
        return DeviceState.STALE if is_behind else DeviceState.OK


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A screen that asks to be paired; *store_id* is set when somebody approved."""

    id: str
    code: str
    created_at: datetime
    expires_at: datetime
    address: str
    store_id: str | None = None
    name: str | None = None
    approved_by: str | None = None
    inches: float | None = None
    metres: float | None = None
