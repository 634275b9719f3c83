"""Forged requests: other people's stores, unknown properties, huge and broken bodies.

A few hundred in `make test`, thousands in `make stress`; the count is printed.
"""

import random
from collections import Counter

import pytest

from tests.access.conftest import FOREIGN, OWN, Site
from tests.access.forging import requests
from tests.access.leaks import Marks, marks_of, problems, text_of
from warehouse.access.roles import ROLES, Role
from warehouse.contracts.contract import Privacy


@pytest.fixture(scope="module")
def marks(site: Site) -> Marks:
    """Return what gives other stores and people away."""
    return marks_of(site)


def attackers(site: Site) -> list[tuple[str, object, dict[str, bool]]]:
    """Return who attacks, with what, and what he may see."""
    nothing = {"all_stores": False, "personal": False}
    mine = f"store:{OWN}"
    revoked = site.screen("S002")
    device_id = site.screens["S002"].partition(".")[0]
    site.state.devices.revoke(device_id, "test", now=site.state.devices.get(
        device_id).created_at)  # fmt: skip
    expired = site.reader(Role.STORE_MANAGER, f"store:{FOREIGN}")
    found = [
        ("stranger", site.stranger(), nothing),
        ("revoked screen", revoked, nothing),
        ("screen", site.screen(OWN), nothing),
        ("program", site.program(mine), nothing),
    ]
    person = site.state.people.named(expired_name())
    site.state.sessions.end_all(person.id)
    found.append(("signed out", expired, nothing))
    for role in (Role.STORE_MANAGER, Role.REGION_MANAGER, Role.PARTS_PLANNER):
        scope = "region:华东" if role is Role.REGION_MANAGER else mine
        sees = {
            "all_stores": False,
            "personal": ROLES[role].privacy is Privacy.SENSITIVE,
        }
        found.append((role.value, site.reader(role, scope), sees))
    partner = site.reader(Role.PARTNER_MANAGER, "partner:P001")
    found.append(("partner manager", partner, nothing))
    whole = {"all_stores": True, "personal": False}
    found.append(("executive", site.reader(Role.EXECUTIVE), whole))
    return found


def expired_name() -> str:
    """Return the account whose session has ended."""
    scope = f"store:{FOREIGN}"
    return f"store_manager.{'-'.join(f'{ord(c):x}' for c in scope)}"[:64]


def attack(site: Site, marks: Marks, count: int, seed: int) -> Counter[str]:
    """Send *count* forged requests; return how they ended. A leak fails."""
    dice = random.Random(seed)
    sent = requests(site, dice)
    who = attackers(site)
    ended: Counter[str] = Counter()
    leaks = []
    for _ in range(count):
        name, client, sees = dice.choice(who)
        forged = next(sent)
        response = forged.send(client)
        ended[str(response.status_code)] += 1
        wrong = problems(forged, response, marks, **sees)
        response.close()
        if wrong:
            leaks.append((name, forged.method, forged.text[:400], wrong[:5]))
    print(
        f"\n{count} forged requests, {len(leaks)} leaks; {dict(sorted(ended.items()))}"
    )
    assert leaks == []
    return ended


def test_a_leak_would_be_found(site, marks):
    """The same search finds every store in what an executive rightly sees."""
    client = site.reader(Role.DATA_ADMIN)
    stores = client.get(
        "/api/v1/metrics/orders_arrived?by=store_id,technician_id&from=2026-11-01"
    )
    rows = client.get("/export/metrics/orders_arrived/rows.csv?period=30d")
    sees = {"all_stores": False, "personal": False}

    assert len(marks.found(text_of(stores), "", **sees)) > 10
    found = marks.found(text_of(rows), "", **sees)
    assert set(found) & marks.foreign
    assert set(found) & marks.personal


def test_forged_requests_get_nothing(site, marks):
    """Each route and each callback, by everybody, with what nobody should send."""
    ended = attack(site, marks, 400, seed=11)

    assert ended["401"]
    assert ended["403"]
    assert ended["400"]


@pytest.mark.stress
def test_thousands_of_forged_requests_get_nothing(site, marks):
    """At least five thousand, and not one leak."""
    attack(site, marks, 6000, seed=12)
