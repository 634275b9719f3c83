"""Paired screens, and screens that ask to be paired. Credentials are kept as hashes."""

import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from warehouse.access.devices import (
    LOST_AFTER,
    PAIRING_HOLDS,
    ROTATION,
    Device,
    Pairing,
    Shown,
)
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
)

PAIRINGS = sa.Table(
    "pairings",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("code", sa.String(6), nullable=False, unique=True),
    sa.Column("claim", sa.String(64), nullable=False, unique=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False, index=True),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("store_id", sa.String(64)),
    sa.Column("name", sa.String(120)),
    sa.Column("approved_by", sa.String(120)),
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


class Pairings(Room):
    """Screens that show a code and wait."""

    def begin(self, *, now: datetime, address: str) -> tuple[str, Pairing]:
        """Return the claim that the screen keeps, and the code that it shows.

        Raises:
            AccessError: too many screens wait.

        """
        claim = secrets.token_urlsafe(32)
        with self.writing() as connection:
            connection.execute(PAIRINGS.delete().where(PAIRINGS.c.expires_at <= now))
            taken = set(connection.scalars(sa.select(PAIRINGS.c.code)))
            if len(taken) >= 1000:
                raise AccessError(
                    "too many screens wait to be paired; try later",
                    "等待配对的屏太多，请稍后再试",
                )
            code = next(c for c in iter(_code, None) if c not in taken)
            pairing = Pairing(
                id=secrets.token_hex(8),
                code=code,
                created_at=now,
                expires_at=now + PAIRING_HOLDS,
                address=address[:64],
            )
            connection.execute(
                PAIRINGS.insert().values(
                    id=pairing.id,
                    code=pairing.code,
                    claim=digest(claim),
                    created_at=now,
                    expires_at=pairing.expires_at,
                    address=pairing.address,
                )
            )
        return claim, pairing

    def claimed(self, claim: str, *, now: datetime) -> Pairing | None:
        """Return the pairing of a waiting screen, unless it has expired."""
        return self._one(PAIRINGS.c.claim == digest(claim), now)

    def approve(
        self, code: str, store_id: str, name: str, by: str, *, now: datetime
    ) -> None:
        """Let the screen that shows *code* in for one store.

        Raises:
            AccessError: no screen shows this code now.

        """
        with self.writing() as connection:
            done = connection.execute(
                PAIRINGS.update()
                .where(
                    PAIRINGS.c.code == code,
                    PAIRINGS.c.expires_at > now,
                    PAIRINGS.c.store_id.is_(None),
                )
                .values(
                    store_id=store_id, name=name.strip()[:120], approved_by=by[:120]
                )
            )
        if not done.rowcount:
            raise AccessError(
                "no screen shows this code now", "现在没有屏显示这个配对码"
            )

    def finish(self, pairing: Pairing, *, now: datetime) -> str:
        """Turn an approved pairing into a device; return its credential, once.

        Raises:
            AccessError: somebody else was quicker, or it is not approved.

        """
        secret, device_id = secrets.token_urlsafe(32), secrets.token_hex(8)
        with self.writing() as connection:
            gone = connection.execute(
                PAIRINGS.delete().where(
                    PAIRINGS.c.id == pairing.id, PAIRINGS.c.store_id.is_not(None)
                )
            )
            if not gone.rowcount:
                raise AccessError("this code has been used", "这个配对码已用过")
            connection.execute(
                DEVICES.insert().values(
                    id=device_id,
                    name=pairing.name or pairing.store_id,
                    store_id=pairing.store_id,
                    secret=digest(secret),
                    created_at=now,
                    approved_by=pairing.approved_by,
                    rotated_at=now,
                )
            )
        return f"{device_id}.{secret}"

    def _one(self, condition: sa.ColumnElement[bool], now: datetime) -> Pairing | None:
        names = [c for c in PAIRINGS.c if c.name != "claim"]
        select = sa.select(*names).where(condition, PAIRINGS.c.expires_at > now)
        with self.reading() as connection:
            row = connection.execute(select).mappings().first()
        return Pairing(**row) if row else None


def _code() -> str:
    return f"{secrets.randbelow(10**6):06d}"


def _device(row: Any) -> Device:
    shown = Shown(**{n: row[n] or "" for n in ("page", "batch", "build")})
    return Device(shown=shown, **{name: row[name] for name in _PUBLIC})
