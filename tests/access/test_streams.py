"""A file that is under way ends with its reader's session."""

from datetime import UTC, datetime, timedelta

import pytest

from callbacks import admin_actions, streams
from callbacks.identity import lifetimes
from callbacks.services import Services
from callbacks.session import Access
from callbacks.streams import SessionOverError
from tests.access.conftest import Site
from tests.ui.readers import account
from warehouse.access.events import Did, Event
from warehouse.access.principal import scope_from
from warehouse.access.roles import Role
from warehouse.errors import AccessError

LINES = 60


@pytest.fixture
def log(bare: Site, monkeypatch) -> Site:
    """Return an installation whose log takes several pages to send."""
    monkeypatch.setattr(admin_actions, "CSV_PAGE", 10)
    monkeypatch.setattr(streams, "EVERY_SECONDS", 0.0)
    account(bare.state, Role.ADMIN, "all")
    bare.state.people.create(
        "second", Role.ADMIN, scope_from("all"), now=datetime.now(UTC)
    )
    for number in range(LINES):
        bare.state.audit.add(
            Event(
                at=datetime.now(UTC) - timedelta(minutes=1),
                who="li.na", kind="person", role="executive",
                action=Did.SEE, object=f"/page/{number}",
            )
        )  # fmt: skip
    return bare


def begin(site: Site):
    """Return a reader, and the rest of a file of which he has got the first lines."""
    client = site.reader(Role.ADMIN)
    answer = client.get("/admin/audit.csv", buffered=False)
    rest = answer.iter_encoded()
    assert b"at,who" in next(rest)
    assert next(rest)
    return client, rest


def expire(site: Site) -> None:
    """Let every session's time be over."""
    with site.state.engine.begin() as connection:
        done = connection.exec_driver_sql(
            "update sessions set expires_at = '2020-01-01 00:00:00.000000'"
        )
    assert done.rowcount


def sign_out(site: Site) -> None:
    """End the reader's sessions, as `/admin` does."""
    site.state.sessions.end_all(account(site.state, Role.ADMIN).id)


def lock(site: Site) -> None:
    """Lock the account."""
    site.state.people.set_active(account(site.state, Role.ADMIN).id, False)


def demote(site: Site) -> None:
    """Give the reader another role."""
    person = account(site.state, Role.ADMIN)
    site.state.people.assign(person.id, Role.EXECUTIVE, scope_from("all"))


def test_a_file_whose_reader_stays_is_whole(log: Site):
    """All lines come, in several pages; the token may be replaced meanwhile."""
    client, rest = begin(log)
    token = client.get_cookie("aftersight_session").value
    holds, now = lifetimes(log.settings), datetime.now(UTC)
    session = log.state.sessions.find(token, holds, now=now)
    assert log.state.sessions.rotate(session, holds, now=now)

    assert len(list(rest)) >= LINES - 1


@pytest.mark.parametrize("happens", [expire, sign_out, lock])
def test_a_session_that_ends_between_two_pages(log: Site, happens):
    """The next request gets 401; the file that is under way is broken off."""
    client, rest = begin(log)
    happens(log)

    refused = client.get("/admin/audit.csv")
    assert refused.status_code == 401
    assert "at,who" not in refused.text
    with pytest.raises(SessionOverError):
        next(rest)


def test_another_role_breaks_it_off_too(log: Site):
    """What was begun with rights that are gone is not sent on."""
    client, rest = begin(log)
    demote(log)

    assert client.get("/admin/audit.csv").status_code == 403
    with pytest.raises(SessionOverError):
        next(rest)


def test_it_is_looked_at_now_and_then(log: Site, monkeypatch):
    """Not at each line: within the time that is documented."""
    monkeypatch.setattr(streams, "EVERY_SECONDS", 5.0)
    clock = iter([0.0, 1.0, 2.0, 4.9, 5.0])
    monkeypatch.setattr(streams.time, "monotonic", lambda: next(clock))
    access = _access(log)
    expire(log)
    sent = streams.while_signed_in(iter("abcdef"), access, _services(log))

    assert [next(sent), next(sent), next(sent)] == ["a", "b", "c"]
    with pytest.raises(SessionOverError):
        next(sent)


def _services(site: Site):
    return Services.over(site.warehouse, site.settings, "", site.state)


def _access(site: Site):
    from callbacks.identity import lifetimes

    now = datetime.now(UTC)
    person = account(site.state, Role.ADMIN)
    holds = lifetimes(site.settings)
    _, session = site.state.sessions.open(person, holds, now=now)
    return Access(session.principal(), lambda: (), now, session=session)


def test_without_a_session_there_is_no_file(log: Site):
    """A key has nothing that could end while it is being read."""
    access = _access(log)
    access.session = None
    with pytest.raises(AccessError):
        streams.while_signed_in(iter("abc"), access, _services(log))
