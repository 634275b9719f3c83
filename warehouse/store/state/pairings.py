"""Screens that ask to be paired: a code on the screen, a claim in its browser."""

import secrets
from datetime import datetime

import sqlalchemy as sa

from warehouse.access.devices import PAIRING_HOLDS, Pairing, Sight
from warehouse.access.people import digest
from warehouse.errors import AccessError
from warehouse.store.state.devices import DEVICES
from warehouse.store.state.tables import METADATA, Moment, Room

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
    sa.Column("inches", sa.Double),
    sa.Column("metres", sa.Double),
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

    def waiting(
        self, store_ids: frozenset[str] | None, *, now: datetime
    ) -> list[Pairing]:
        """Return who was approved for some stores, or for any, and has not come."""
        names = [c for c in PAIRINGS.c if c.name != "claim"]
        select = sa.select(*names).where(
            PAIRINGS.c.expires_at > now, PAIRINGS.c.store_id.is_not(None)
        )
        if store_ids is not None:
            select = select.where(PAIRINGS.c.store_id.in_(sorted(store_ids)))
        with self.reading() as connection:
            return [Pairing(**row) for row in connection.execute(select).mappings()]

    def approve(
        self,
        code: str,
        store_id: str,
        name: str,
        by: str,
        *,
        now: datetime,
        sight: Sight = Sight(),  # noqa: B008 - it is frozen
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
                    store_id=store_id,
                    name=name.strip()[:120],
                    approved_by=by[:120],
                    inches=sight.inches,
                    metres=sight.metres,
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
                    inches=pairing.inches,
                    metres=pairing.metres,
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
