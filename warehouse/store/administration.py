"""People and screens from the shell: `python -m warehouse users …`, `… devices …`.

Who may start a shell there may do everything; each change stands in the audit log.
"""

import argparse
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from warehouse.access import passwords
from warehouse.access.events import Did, Event
from warehouse.access.people import Origin, Person, check_password
from warehouse.access.principal import scope_from
from warehouse.access.roles import PEOPLE, Role
from warehouse.errors import AccessError, QuestionError
from warehouse.store.state import State

USER_ACTIONS = (
    *("list", "create", "role", "password", "lock", "unlock", "revoke", "token"),
)
DEVICE_ACTIONS = ("list", "approve", "rename", "reload", "revoke")


def add_parsers(commands: "argparse._SubParsersAction") -> None:
    """Add `users` and `devices` to the commands."""
    users = commands.add_parser("users", help="who may sign in, as what")
    users.add_argument("action", choices=USER_ACTIONS)
    users.add_argument("name", nargs="?", metavar="NAME")
    users.add_argument("--role", choices=[role.value for role in PEOPLE])
    users.add_argument("--scope", metavar="KIND[:NAME,…]")
    users.add_argument("--origin", choices=[o.value for o in Origin], default="local")
    users.add_argument("--display", default="", metavar="TEXT")
    users.add_argument("--days", type=int, default=365, metavar="N")
    devices = commands.add_parser("devices", help="the screens on the walls")
    devices.add_argument("action", choices=DEVICE_ACTIONS)
    devices.add_argument("id", nargs="?", metavar="ID_OR_CODE")
    devices.add_argument("--store", metavar="STORE_ID")
    devices.add_argument("--name", default="", metavar="TEXT")


class Administration:
    """Carries commands out on a state; *ask* returns a password, *say* prints."""

    def __init__(
        self,
        state: State,
        now: datetime,
        ask: Callable[[], str],
        say: Callable[[str], None],
    ) -> None:
        self._state, self._now, self._ask, self._say = state, now, ask, say

    def users(self, chosen: argparse.Namespace) -> None:
        """Carry out a command about people.

        Raises:
            AccessError: what is asked cannot be done.
            QuestionError: something is missing from the command.

        """
        if chosen.action == "list":
            self._list_people()
        elif chosen.action == "create":
            self._create(chosen)
        else:
            person = self._state.people.named(_needed(chosen.name, "NAME"))
            self._change(person, chosen)

    def devices(self, chosen: argparse.Namespace) -> None:
        """Carry out a command about screens.

        Raises:
            AccessError: what is asked cannot be done.
            QuestionError: something is missing from the command.

        """
        if chosen.action == "list":
            self._list_devices()
            return
        device_id = _needed(chosen.id, "ID_OR_CODE")
        if chosen.action == "approve":
            store = _needed(chosen.store, "--store")
            name = chosen.name or store
            self._state.pairings.approve(device_id, store, name, "shell", now=self._now)
            self._note(Did.PAIR, f"store:{store}", name=name)
            self._say("approved; the screen opens within some seconds")
            return
        device = self._state.devices.get(device_id)
        if chosen.action == "rename":
            self._state.devices.rename(device.id, _needed(chosen.name, "--name"))
        elif chosen.action == "reload":
            self._state.devices.reload(device.id, now=self._now)
        else:
            self._state.devices.revoke(device.id, "shell", now=self._now)
        done = Did.REVOKE if chosen.action == "revoke" else Did.CHANGE
        self._note(done, f"device:{device.id}", do=chosen.action, store=device.store_id)

    def _list_people(self) -> None:
        sessions = self._state.sessions.count(self._now)
        for person in self._state.people.every():
            state = "active" if person.is_active else "locked"
            self._say(
                f"{person.name:24} {person.role.value:16} {person.scope!s:28} "
                f"{person.origin.value:6} {state:7} {sessions.get(person.id, 0)}"
            )

    def _list_devices(self) -> None:
        for device in self._state.devices.every(None):
            seen = f"{device.seen_at:%Y-%m-%dT%H:%M:%SZ}" if device.seen_at else "never"
            state = "revoked" if device.revoked_at else "paired"
            self._say(
                f"{device.id} {device.store_id:12} {state:8} {seen:21} "
                f"{device.shown.batch or '-':26} {device.name}"
            )

    def _create(self, chosen: argparse.Namespace) -> None:
        name = _needed(chosen.name, "NAME")
        role = Role(_needed(chosen.role, "--role"))
        scope = scope_from(_needed(chosen.scope, "--scope"))
        origin = Origin(chosen.origin)
        has_password = origin is Origin.LOCAL and role is not Role.API_CLIENT
        kept = self._new_password(name) if has_password else None
        person = self._state.people.create(
            name,
            role,
            scope,
            now=self._now,
            origin=origin,
            display_name=chosen.display,
            password=kept,
        )
        self._note(Did.CREATE, f"person:{person.name}", role=role.value, scope=scope)
        self._say(f"created {person.name}")

    def _change(self, person: Person, chosen: argparse.Namespace) -> None:
        people, what = self._state.people, f"person:{person.name}"
        if chosen.action == "role":
            role = Role(chosen.role) if chosen.role else person.role
            scope = scope_from(chosen.scope) if chosen.scope else person.scope
            people.assign(person.id, role, scope)
            self._note(Did.CHANGE, what, role=role.value, scope=scope)
        elif chosen.action == "password":
            if person.origin is not Origin.LOCAL:
                raise AccessError(f"{person.name} does not sign in with a password")
            people.set_password(person.id, self._new_password(person.name))
            self._state.sessions.end_all(person.id)
            self._note(Did.CHANGE, what, password="new")  # noqa: S106
        elif chosen.action in ("lock", "unlock"):
            people.set_active(person.id, chosen.action == "unlock")
            self._note(Did.CHANGE, what, active=chosen.action == "unlock")
        elif chosen.action == "token":
            if person.role is not Role.API_CLIENT:
                raise AccessError("only an api_client has keys; people sign in")
            holds = timedelta(days=chosen.days)
            key = self._state.tokens.create(person, holds, now=self._now)
            self._note(Did.CREATE, what, key=key.partition(".")[0], days=chosen.days)
            self._say(key)
        else:
            ended = self._state.sessions.end_all(person.id)
            ended += self._state.tokens.end_all(person.id)
            self._note(Did.REVOKE, what, sessions=ended)
            self._say(f"ended {ended} sessions and keys")

    def _new_password(self, name: str) -> str:
        password = self._ask()
        if not password:
            password = secrets.token_urlsafe(12)
            self._say(f"password: {password}")
        check_password(password, name)
        return passwords.hashed(password)

    def _note(self, action: Did, what: str, **detail: object) -> None:
        self._state.audit.add(
            Event(
                at=self._now,
                who="shell",
                kind="shell",
                role="",
                action=action,
                object=what,
                detail=tuple((name, str(value)) for name, value in detail.items()),
            )
        )


def _needed(value: str | None, name: str) -> str:
    if not value:
        raise QuestionError(f"{name} is missing")
    return value
