"""Who may sign in, as what, for which part of the network."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from warehouse.access.people import Origin, Person, clean_name
from warehouse.access.principal import Scope, check_scope
from warehouse.access.roles import Role, ScopeKind
from warehouse.errors import AccessError
from warehouse.store.state.tables import METADATA, Moment, Room

PEOPLE = sa.Table(
    "people",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(120), nullable=False, unique=True),
    sa.Column("display_name", sa.String(120), nullable=False),
    sa.Column("role", sa.String(32), nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("subject", sa.String(512), unique=True),
    sa.Column("password", sa.String(256)),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("is_demo", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)

SCOPES = sa.Table(
    "person_scopes",
    METADATA,
    sa.Column(
        "person_id",
        sa.Integer,
        sa.ForeignKey("people.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("value", sa.String(120), primary_key=True),
)
"""One row for each name; of the scope `all` one row with an empty name."""


class People(Room):
    """The accounts."""

    def create(
        self,
        name: str,
        role: Role,
        scope: Scope,
        *,
        now: datetime,
        origin: Origin = Origin.LOCAL,
        display_name: str = "",
        password: str | None = None,
        is_demo: bool = False,
    ) -> Person:
        """Add an account; *password* is a hash.

        Raises:
            AccessError: the name is taken or no name, or the scope does not suit.

        """
        name = clean_name(name)
        if role is Role.DEVICE:
            raise AccessError(
                "a screen is paired at /pair, it has no account",
                "大屏在 /pair 配对，没有账号",
            )
        check_scope(role, scope)
        values = {
            "name": name,
            "display_name": display_name.strip()[:120] or name,
            "role": role.value,
            "origin": origin.value,
            "password": password,
            "is_active": True,
            "is_demo": is_demo,
            "created_at": now,
        }
        try:
            with self.writing() as connection:
                done = connection.execute(PEOPLE.insert().values(values))
                person_id = done.inserted_primary_key[0]
                _write_scope(connection, person_id, scope)
        except sa.exc.IntegrityError:
            raise AccessError(
                f"there is already an account {name}", f"账号 {name} 已存在"
            ) from None
        return self.get(person_id)

    def get(self, person_id: int) -> Person:
        """Return an account.

        Raises:
            AccessError: there is none.

        """
        return self._one(PEOPLE.c.id == person_id, f"number {person_id}")

    def named(self, name: str) -> Person:
        """Return the account called *name*.

        Raises:
            AccessError: there is none.

        """
        return self._one(PEOPLE.c.name == name.strip().lower(), name)

    def with_subject(self, subject: str) -> Person | None:
        """Return the account that an identity provider calls *subject*."""
        found = self._where(PEOPLE.c.subject == subject)
        return found[0] if found else None

    def every(self) -> list[Person]:
        """Return all accounts by name."""
        return self._where(sa.true())

    def bind(self, person_id: int, subject: str) -> None:
        """Remember what an identity provider calls somebody; once only."""
        with self.writing() as connection:
            connection.execute(
                PEOPLE.update()
                .where(PEOPLE.c.id == person_id, PEOPLE.c.subject.is_(None))
                .values(subject=subject)
            )

    def assign(self, person_id: int, role: Role, scope: Scope) -> None:
        """Give somebody another role or scope; it holds from his next request.

        Raises:
            AccessError: the scope does not suit the role, or it is the last admin.

        """
        check_scope(role, scope)
        with self.writing() as connection:
            if role is not Role.ADMIN:
                _keep_an_admin(connection, person_id)
            connection.execute(
                PEOPLE.update().where(PEOPLE.c.id == person_id).values(role=role.value)
            )
            _write_scope(connection, person_id, scope)

    def set_password(self, person_id: int, password: str) -> None:
        """Keep another hash."""
        self._set(person_id, password=password)

    def set_active(self, person_id: int, is_active: bool) -> None:
        """Lock somebody out, or let him in again.

        Raises:
            AccessError: it is the last active administrator.

        """
        with self.writing() as connection:
            if not is_active:
                _keep_an_admin(connection, person_id)
            connection.execute(
                PEOPLE.update()
                .where(PEOPLE.c.id == person_id)
                .values(is_active=is_active)
            )

    def _set(self, person_id: int, **values: Any) -> None:
        with self.writing() as connection:
            connection.execute(
                PEOPLE.update().where(PEOPLE.c.id == person_id).values(values)
            )

    def _one(self, condition: sa.ColumnElement[bool], what: str) -> Person:
        found = self._where(condition)
        if not found:
            raise AccessError(f"there is no account {what}", f"没有账号 {what}")
        return found[0]

    def _where(self, condition: sa.ColumnElement[bool]) -> list[Person]:
        with self.reading() as connection:
            return people_where(connection, condition)


def people_where(
    connection: sa.Connection, condition: sa.ColumnElement[bool]
) -> list[Person]:
    """Return the accounts that fulfil *condition*, by name."""
    select = (
        sa.select(PEOPLE, SCOPES.c.kind, SCOPES.c.value)
        .select_from(PEOPLE.outerjoin(SCOPES, SCOPES.c.person_id == PEOPLE.c.id))
        .where(condition)
        .order_by(PEOPLE.c.name)
    )
    grouped: dict[int, list[Any]] = {}
    for row in connection.execute(select).mappings():
        grouped.setdefault(row["id"], []).append(row)
    return [_person(rows) for rows in grouped.values()]


def _person(rows: list[Any]) -> Person:
    first = rows[0]
    return Person(
        id=first["id"],
        name=first["name"],
        display_name=first["display_name"],
        role=Role(first["role"]),
        scope=_scope(rows),
        origin=Origin(first["origin"]),
        is_active=first["is_active"],
        is_demo=first["is_demo"],
        subject=first["subject"],
        password=first["password"],
        created_at=first["created_at"],
    )


def _scope(rows: Iterable[Any]) -> Scope:
    named = [(row["kind"], row["value"]) for row in rows if row["kind"]]
    if not named:
        return Scope(ScopeKind.STORE)  # Nothing was given, so nothing is seen.
    return Scope(
        ScopeKind(named[0][0]), frozenset(value for _, value in named if value)
    )


def _write_scope(connection: sa.Connection, person_id: int, scope: Scope) -> None:
    connection.execute(SCOPES.delete().where(SCOPES.c.person_id == person_id))
    rows = [
        {"person_id": person_id, "kind": scope.kind.value, "value": name}
        for name in sorted(scope.names) or [""]
    ]
    connection.execute(SCOPES.insert(), rows)


def _keep_an_admin(connection: sa.Connection, person_id: int) -> None:
    admins = connection.scalars(
        sa.select(PEOPLE.c.id).where(
            PEOPLE.c.role == Role.ADMIN.value, PEOPLE.c.is_active
        )
    ).all()
    if list(admins) == [person_id]:
        raise AccessError(
            "this is the last administrator; make another one first",
            "这是最后一个系统管理员；请先再设一个",
        )
