"""Who is signed in, and who tried. Tokens are kept as hashes."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from warehouse.access.people import Lifetimes, Person, Session, digest
from warehouse.store.state.people import PEOPLE, people_where
from warehouse.store.state.tables import METADATA, Moment, Room

SESSIONS = sa.Table(
    "sessions",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("token", sa.String(64), nullable=False, unique=True),
    sa.Column("former_token", sa.String(64), index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("former_until", Moment),
    sa.Column(
        "person_id",
        sa.Integer,
        sa.ForeignKey("people.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("sees_as", sa.Integer, sa.ForeignKey("people.id", ondelete="SET NULL")),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("rotated_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False, index=True),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("agent", sa.String(200), nullable=False),
)

ATTEMPTS = sa.Table(
    "attempts",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("what", sa.String(160), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_attempts_what_at", "what", "at"),
)

SEEN_EVERY = timedelta(seconds=60)
"""How exactly it is known when somebody was last seen; each time is a write."""


class Sessions(Room):
    """The sessions of people."""

    def open(
        self,
        person: Person,
        lifetimes: Lifetimes,
        *,
        now: datetime,
        address: str = "",
        agent: str = "",
    ) -> tuple[str, Session]:
        """Sign *person* in; return the token for his browser and the session."""
        token = secrets.token_urlsafe(32)
        with self.writing() as connection:
            connection.execute(SESSIONS.delete().where(SESSIONS.c.expires_at <= now))
            connection.execute(
                SESSIONS.insert().values(
                    id=secrets.token_hex(8),
                    token=digest(token),
                    csrf=secrets.token_urlsafe(32),
                    person_id=person.id,
                    created_at=now,
                    rotated_at=now,
                    seen_at=now,
                    expires_at=now + lifetimes.session,
                    address=address[:64],
                    agent=agent[:200],
                )
            )
            rows = _rows(connection, SESSIONS.c.token == digest(token))
            return token, _sessions(connection, rows)[0]

    def find(
        self, token: str, lifetimes: Lifetimes, *, now: datetime
    ) -> Session | None:
        """Return the session of *token* if it holds; expired and idle ones do not.

        A token that was replaced holds for the grace of *lifetimes*; when it comes
        later it has been copied, and the session ends for everybody.
        """
        hashed = digest(token)
        mine = sa.or_(SESSIONS.c.token == hashed, SESSIONS.c.former_token == hashed)
        with self.reading() as connection:
            rows = _rows(connection, mine)
            found = _sessions(connection, rows)
        if not found:
            return None
        row = rows[0]
        is_former = row["token"] != hashed
        if is_former and (row["former_until"] is None or row["former_until"] <= now):
            self.end(row["id"])
            return None
        (session,) = found
        is_over = session.expires_at <= now or now - session.seen_at > lifetimes.idle
        if is_over or not session.person.is_active:
            self.end(session.id)
            return None
        if now - session.seen_at >= SEEN_EVERY:
            self._set(session.id, seen_at=now)
        return session

    def standing(self, session_id: str, *, now: datetime) -> Session | None:
        """Return a session that has neither ended nor expired, without touching it."""
        with self.reading() as connection:
            found = _sessions(
                connection, _rows(connection, SESSIONS.c.id == session_id)
            )
        holds = (s for s in found if s.expires_at > now and s.person.is_active)
        return next(holds, None)

    def rotate(self, session: Session, lifetimes: Lifetimes, *, now: datetime) -> str:
        """Replace the token; return the new one. Whoever is second gets nothing."""
        token = secrets.token_urlsafe(32)
        with self.writing() as connection:
            done = connection.execute(
                SESSIONS.update()
                .where(
                    SESSIONS.c.id == session.id,
                    SESSIONS.c.rotated_at == session.rotated_at,
                )
                .values(
                    former_token=SESSIONS.c.token,
                    former_until=now + lifetimes.grace,
                    token=digest(token),
                    rotated_at=now,
                )
            )
        return token if done.rowcount else ""

    def see_as(self, session_id: str, person_id: int | None) -> None:
        """Look through another one's eyes from now on; None ends it."""
        self._set(session_id, sees_as=person_id)

    def end(self, session_id: str) -> None:
        """Sign one session out."""
        with self.writing() as connection:
            connection.execute(SESSIONS.delete().where(SESSIONS.c.id == session_id))

    def end_all(self, person_id: int) -> int:
        """Sign somebody out everywhere; return how many sessions ended."""
        with self.writing() as connection:
            return connection.execute(
                SESSIONS.delete().where(SESSIONS.c.person_id == person_id)
            ).rowcount

    def count(self, now: datetime) -> dict[int, int]:
        """Return how many sessions each person has."""
        select = (
            sa.select(SESSIONS.c.person_id, sa.func.count().label("n"))
            .where(SESSIONS.c.expires_at > now)
            .group_by(SESSIONS.c.person_id)
        )
        with self.reading() as connection:
            return {row.person_id: row.n for row in connection.execute(select)}

    def _set(self, session_id: str, **values: Any) -> None:
        with self.writing() as connection:
            connection.execute(
                SESSIONS.update().where(SESSIONS.c.id == session_id).values(values)
            )


class Attempts(Room):
    """Failed attempts, counted to slow down who guesses."""

    def note(self, what: str, *, now: datetime) -> None:
        """Remember that *what* failed."""
        with self.writing() as connection:
            connection.execute(ATTEMPTS.insert().values(what=what[:160], at=now))
            old = ATTEMPTS.c.at < now - timedelta(days=1)
            connection.execute(ATTEMPTS.delete().where(old))

    def count(self, what: str, *, since: datetime) -> int:
        """Return how often *what* failed since then."""
        select = sa.select(sa.func.count()).where(
            ATTEMPTS.c.what == what[:160], ATTEMPTS.c.at >= since
        )
        with self.reading() as connection:
            return connection.scalar(select) or 0

    def forget(self, what: str) -> None:
        """Start counting anew: it worked."""
        with self.writing() as connection:
            connection.execute(ATTEMPTS.delete().where(ATTEMPTS.c.what == what[:160]))


def _rows(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[Any]:
    select = sa.select(SESSIONS).where(condition)
    return list(connection.execute(select).mappings())


def _sessions(connection: sa.Connection, rows: list[Any]) -> list[Session]:
    if not rows:
        return []
    ids = {row["person_id"] for row in rows} | {row["sees_as"] for row in rows} - {None}
    people = {p.id: p for p in people_where(connection, PEOPLE.c.id.in_(ids))}
    return [
        Session(
            id=row["id"],
            csrf=row["csrf"],
            person=people[row["person_id"]],
            sees_as=people.get(row["sees_as"]),
            created_at=row["created_at"],
            rotated_at=row["rotated_at"],
            seen_at=row["seen_at"],
            expires_at=row["expires_at"],
            address=row["address"],
            agent=row["agent"],
        )
        for row in rows
        if row["person_id"] in people
    ]
