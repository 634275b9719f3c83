"""People and sessions as the rest of the product sees them."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from warehouse.access.principal import Principal, Scope
from warehouse.access.roles import Role
from warehouse.errors import AccessError

_NAME = re.compile(r"[\w.@+-]{2,64}")

SHORTEST_PASSWORD = 10


class Origin(StrEnum):
    """How somebody proves who he is."""

    LOCAL = "local"
    OIDC = "oidc"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account. *subject* names it at an identity provider: `issuer|sub`."""

    id: int
    name: str
    display_name: str
    role: Role
    scope: Scope
    origin: Origin
    is_active: bool = True
    is_demo: bool = False
    subject: str | None = None
    password: str | None = None
    created_at: datetime

    @property
    def has_own_password(self) -> bool:
        """Whether he signs in with a password that is kept here, and his alone.

        That of a demo account stands on the sign-in page, for everybody.
        """
        is_here = self.origin is Origin.LOCAL and self.password is not None
        return is_here and not self.is_demo

    def principal(self, real: Principal | None = None) -> Principal:
        """Return who this person is in a request."""
        return Principal(
            id=f"person:{self.id}",
            name=self.name,
            role=self.role,
            scope=self.scope,
            real=real,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody signed in. The browser has the token, the state only its hash."""

    id: str
    csrf: str
    person: Person
    sees_as: Person | None
    created_at: datetime
    rotated_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    agent: str

    def principal(self) -> Principal:
        """Return who asks: the person, or whom an administrator sees as."""
        own = self.person.principal()
        return self.sees_as.principal(real=own) if self.sees_as else own


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """How long things hold."""

    session: timedelta
    idle: timedelta
    rotation: timedelta = timedelta(minutes=30)
    grace: timedelta = timedelta(seconds=60)
    """How long the former token holds: other requests are under way meanwhile."""


def digest(secret: str) -> str:
    """Return what is kept of a token of 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def clean_name(name: str) -> str:
    """Return a sign-in name as it is kept.

    Raises:
        AccessError: it is no name.

    """
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        raise AccessError(
            "a sign-in name has 2 to 64 letters, digits or . _ - + @ and no blanks",
            "登录名为 2–64 个字母、数字或 . _ - + @，不含空格",
        )
    return name


def check_password(password: str, name: str = "") -> None:
    """Refuse a password that is easily guessed.

    Raises:
        AccessError: with what would be right.

    """
    if len(password) < SHORTEST_PASSWORD:
        raise AccessError(
            f"a password has at least {SHORTEST_PASSWORD} characters",
            f"密码至少 {SHORTEST_PASSWORD} 个字符",
        )
    if len(password) > 200:
        raise AccessError(
            "a password has at most 200 characters", "密码最多 200 个字符"
        )
    if len(set(password)) < 5 or (name and name.lower() in password.lower()):
        raise AccessError("this password is too easily guessed", "这个密码太容易被猜到")
