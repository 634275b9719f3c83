"""Paired screens. Their credentials are kept as hashes."""

import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from warehouse.access.devices import LOST_AFTER, ROTATION, Device, Shown, Sight
from warehouse.access.people import digest
from warehouse.errors import AccessError
from warehouse.store.state.tables import METADATA, Moment, Room

DEVICES = sa.Table(
    "devices",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("store_id", sa.String(64), nullable=False, index=True),
    sa.Column("secret", sa.String(64), nullable=False),
    sa.Column("former_secret", sa.String(64)),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("approved_by", sa.String(120), nullable=False),
    sa.Column("rotated_at", Moment, nullable=False),
    sa.Column("seen_at", Moment),
    sa.Column("address", sa.String(64)),
    sa.Column("painted_at", Moment),
    sa.Column("page", sa.String(120)),
    sa.Column("batch", sa.String(64)),
    sa.Column("build", sa.String(64)),
    sa.Column("reload_at", Moment),
    sa.Column("revoked_at", Moment),
    sa.Column("revoked_by", sa.String(120)),
    sa.Column("inches", sa.Double),
    sa.Column("metres", sa.Double),
)

_PUBLIC = (
    *("id", "name", "store_id", "created_at", "approved_by", "rotated_at"),
    *("seen_at", "address", "painted_at", "reload_at", "revoked_at", "revoked_by"),
)


class Devices(Room):
    """The fleet."""

    def find(self, credential: str, *, now: datetime) -> tuple[Device, bool] | None:
        """Return the screen of a credential, and whether that credential is due.

        A revoked screen is returned too: it is told so. A wrong secret gives None.
        """
        device_id, _, secret = credential.partition(".")
        with self.reading() as connection:
            row = (
                connection.execute(sa.select(DEVICES).where(DEVICES.c.id == device_id))
                .mappings()
                .first()
            )
        if row is None:
            return None
        hashed = digest(secret)
        former = row["former_secret"] or ""
        since = now - row["rotated_at"]
        if secrets.compare_digest(row["secret"], hashed):
            if former:
                self._set(device_id, former_secret=None)
            return _device(row), since >= ROTATION
        if former and secrets.compare_digest(former, hashed):
            # The answer with the new credential was lost, or is still under way.
            return _device(row), since >= LOST_AFTER
        return None

    def rotate(self, device: Device, *, now: datetime) -> str:
        """Return a new credential; the former one holds until this one is used."""
        secret = secrets.token_urlsafe(32)
        former = sa.func.coalesce(DEVICES.c.former_secret, DEVICES.c.secret)
        with self.writing() as connection:
            connection.execute(
                DEVICES.update()
                .where(DEVICES.c.id == device.id)
                .values(former_secret=former, secret=digest(secret), rotated_at=now)
            )
        return f"{device.id}.{secret}"

    def beat(
        self, device_id: str, shown: Shown, *, now: datetime, address: str
    ) -> None:
        """Note that a screen lives, and what it has painted."""
        values: dict[str, Any] = {"seen_at": now, "address": address[:64]}
        if shown.batch:
            painted = sa.case(
                (DEVICES.c.batch == shown.batch, DEVICES.c.painted_at), else_=now
            )
            values["painted_at"] = sa.func.coalesce(painted, now)
        values |= {
            "page": shown.page[:120],
            "batch": shown.batch[:64],
            "build": shown.build[:64],
        }
        self._set(device_id, **values)

    def every(self, store_ids: frozenset[str] | None) -> list[Device]:
        """Return the screens of some stores, or of all, by store and name."""
        select = sa.select(DEVICES).order_by(DEVICES.c.store_id, DEVICES.c.name)
        if store_ids is not None:
            select = select.where(DEVICES.c.store_id.in_(sorted(store_ids)))
        with self.reading() as connection:
            return [_device(row) for row in connection.execute(select).mappings()]

    def get(self, device_id: str) -> Device:
        """Return a screen.

        Raises:
            AccessError: there is none.

        """
        select = sa.select(DEVICES).where(DEVICES.c.id == device_id)
        with self.reading() as connection:
            row = connection.execute(select).mappings().first()
        if row is None:
            raise AccessError("there is no such screen", "没有这块屏")
        return _device(row)

    def rename(self, device_id: str, name: str) -> None:
        """Give a screen another name.

        Raises:
            AccessError: the name is empty.

        """
        if not name.strip():
            raise AccessError("a screen needs a name", "屏需要一个名称")
        self._set(device_id, name=name.strip()[:120])

    def resize(self, device_id: str, sight: Sight) -> None:
        """Say how large a screen is and from how far it is read."""
        self._set(device_id, inches=sight.inches, metres=sight.metres)

    def reload(self, device_id: str, *, now: datetime) -> None:
        """Let a screen load itself anew at its next heartbeat."""
        self._set(device_id, reload_at=now)

    def reloaded(self, device_id: str) -> None:
        """Note that the screen has been told."""
        self._set(device_id, reload_at=None)

    def revoke(self, device_id: str, by: str, *, now: datetime) -> None:
        """End a screen's credential for good."""
        with self.writing() as connection:
            connection.execute(
                DEVICES.update()
                .where(DEVICES.c.id == device_id, DEVICES.c.revoked_at.is_(None))
                .values(revoked_at=now, revoked_by=by[:120])
            )

    def _set(self, device_id: str, **values: Any) -> None:
        with self.writing() as connection:
            connection.execute(
                DEVICES.update().where(DEVICES.c.id == device_id).values(values)
            )


def _device(row: Any) -> Device:
    shown = Shown(**{n: row[n] or "" for n in ("page", "batch", "build")})
    sight = Sight(inches=row["inches"], metres=row["metres"])
    return Device(shown=shown, sight=sight, **{name: row[name] for name in _PUBLIC})
