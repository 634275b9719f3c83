"""Keys of programs: `Authorization: Bearer <id>.<secret>`. Kept as hashes."""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from warehouse.access.people import Person, digest
from warehouse.store.state.people import PEOPLE, people_where
from warehouse.store.state.tables import METADATA, Moment, Room

TOKENS = sa.Table(
    "tokens",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("secret", sa.String(64), nullable=False),
    sa.Column(
        "person_id",
        sa.Integer,
        sa.ForeignKey("people.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
)


class Tokens(Room):
    """The keys."""

    def create(self, person: Person, holds: timedelta, *, now: datetime) -> str:
        """Return a new key for *person*; it cannot be shown again."""
        token_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        with self.writing() as connection:
            connection.execute(
                TOKENS.insert().values(
                    id=token_id,
                    secret=digest(secret),
                    person_id=person.id,
                    created_at=now,
                    expires_at=now + holds,
                )
            )
        return f"{token_id}.{secret}"

    def find(self, key: str, *, now: datetime) -> Person | None:
        """Return whose key this is, if it holds and he is active."""
        token_id, _, secret = key.partition(".")
        with self.reading() as connection:
            row = connection.execute(
                sa.select(TOKENS.c.secret, TOKENS.c.person_id).where(
                    TOKENS.c.id == token_id, TOKENS.c.expires_at > now
                )
            ).first()
            if row is None or not secrets.compare_digest(row.secret, digest(secret)):
                return None
            (person,) = people_where(connection, PEOPLE.c.id == row.person_id)
        return person if person.is_active else None

    def end_all(self, person_id: int) -> int:
        """Revoke all keys of somebody; return how many there were."""
        with self.writing() as connection:
            return connection.execute(
                TOKENS.delete().where(TOKENS.c.person_id == person_id)
            ).rowcount
