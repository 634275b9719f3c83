"""Screens: pairing, one store, heartbeat, rotation, and the end of it."""

from datetime import UTC, datetime, timedelta

import pytest

from callbacks.devices import CLAIM_COOKIE
from callbacks.identity import DEVICE_COOKIE
from tests.access.conftest import FOREIGN, OWN, Site, pages_body
from warehouse.access.devices import (
    DARK_AFTER,
    LOST_AFTER,
    ROTATION,
    DeviceState,
    Shown,
)
from warehouse.access.events import Did, Search
from warehouse.access.roles import Role
from warehouse.errors import AccessError

NOW = datetime.now(UTC)

BEAT = "/api/v1/devices/heartbeat"


def code_on(screen) -> str:
    """Return the code that a screen shows."""
    page = screen.get("/pair").text
    start = page.index('data-code="') + len('data-code="')
    return page[start : start + 6]


def approve(manager, code: str, store: str = OWN, name: str = "大厅屏"):
    """Send the manager's form."""
    form = {"code": code, "store": store, "name": name}
    return manager.post("/admin/devices", data=form)


def device_id(screen) -> str:
    """Return the id of a paired screen."""
    return screen.get_cookie(DEVICE_COOKIE).value.partition(".")[0]


def test_a_screen_is_paired_by_six_digits(bare: Site):
    """It shows a code, a manager of the store approves it, it opens its wall."""
    screen, manager = bare.stranger(), bare.reader(Role.STORE_MANAGER, f"store:{OWN}")
    code = code_on(screen)
    assert code == code_on(screen)
    assert len(code) == 6
    assert approve(manager, code).status_code == 303
    paired = screen.get("/pair")

    assert (paired.status_code, paired.location) == (303, f"/wall/{OWN}")
    (line,) = [h for h in paired.headers.getlist("Set-Cookie") if DEVICE_COOKIE in h]
    assert "HttpOnly" in line
    assert "SameSite=Strict" in line
    kept = bare.state.devices.every(None)
    assert [(d.store_id, d.name) for d in kept] == [(OWN, "大厅屏")]
    secret = screen.get_cookie(DEVICE_COOKIE).value.partition(".")[2]
    with bare.state.engine.connect() as connection:
        rows = str(connection.exec_driver_sql("select * from devices").all())
    assert secret not in rows
    assert screen.get("/pair").location == f"/wall/{OWN}"


def test_a_manager_pairs_for_his_own_stores_only(bare: Site):
    """Another store's hall is not his."""
    screen, manager = bare.stranger(), bare.reader(Role.STORE_MANAGER, f"store:{OWN}")
    code = code_on(screen)

    assert approve(manager, code, FOREIGN).status_code == 403
    assert approve(bare.reader(Role.EXECUTIVE), code).status_code == 403
    assert screen.get("/pair").status_code == 200


def test_a_code_cannot_be_guessed(bare: Site):
    """Five wrong ones, then not even the right one for a while."""
    screen, manager = bare.stranger(), bare.reader(Role.STORE_MANAGER, f"store:{OWN}")
    code = code_on(screen)
    wrong = [f"{(int(code) + n) % 10**6:06d}" for n in range(1, 6)]

    assert [approve(manager, w).status_code for w in wrong] == [400] * 5
    late = approve(manager, code)
    assert (late.status_code, "15" in late.text) == (400, True)


def test_a_code_expires_and_is_used_once(bare: Site):
    """Ten minutes, one screen."""
    pairings = bare.state.pairings
    claim, pairing = pairings.begin(now=NOW, address="")
    with pytest.raises(AccessError):
        pairings.approve(pairing.code, OWN, "x", "y", now=NOW + timedelta(minutes=11))
    pairings.approve(pairing.code, OWN, "x", "y", now=NOW)
    with pytest.raises(AccessError):
        pairings.approve(pairing.code, FOREIGN, "x", "y", now=NOW)
    waiting = pairings.claimed(claim, now=NOW)
    pairings.finish(waiting, now=NOW)
    with pytest.raises(AccessError):
        pairings.finish(waiting, now=NOW)
    assert pairings.claimed("somebody else's", now=NOW) is None


def test_a_screen_reads_its_store_and_nothing_else(site: Site):
    """Another store's address is 403; so are pages, rows, exports, people."""
    screen = site.screen(OWN)

    assert screen.get(f"/wall/{OWN}").status_code == 200
    assert screen.get(f"/api/v1/walls/{OWN}").status_code == 200
    assert screen.get(f"/wall/{FOREIGN}").status_code == 403
    assert screen.get(f"/api/v1/walls/{FOREIGN}").status_code == 403
    for path in ("/", "/data", "/admin", f"/stores/{OWN}"):
        assert screen.get(path).status_code == 403
    assert screen.get("/export/metrics/ftfr_30d/rows.csv").status_code == 403
    assert (
        screen.post("/_dash-update-component", json=pages_body("/")).status_code == 200
    )
    answer = screen.get("/api/v1/metrics/orders_arrived?by=store_id&from=2026-10-01")
    assert {r["dimensions"]["store_id"] for r in answer.json} <= {OWN}


def test_a_screen_tells_what_it_shows(bare: Site):
    """The fleet page knows page, batch and build, and when."""
    screen = bare.screen(OWN)
    body = {"page": "quality", "batch": "b1", "build": "x"}
    answer = screen.post(BEAT, json=body)

    assert answer.json["state"] == "ok"
    assert answer.json["store"] == OWN
    (device,) = bare.state.devices.every(None)
    assert device.shown == Shown(page="quality", batch="b1", build="x")
    assert device.state(device.seen_at, "b1") is DeviceState.OK
    late = device.seen_at + DARK_AFTER * 2
    assert device.state(late, "b1") is DeviceState.DARK


@pytest.mark.parametrize(
    "body", [[], "x", {"page": 1}, {"page": "x" * 200}, {"store": FOREIGN}, {"a": {}}]
)
def test_a_heartbeat_is_three_short_texts(bare: Site, body):
    """Anything else is refused."""
    assert bare.screen(OWN).post(BEAT, json=body).status_code == 400


def test_people_send_no_heartbeats(bare: Site):
    """Nobody pretends to be a screen that lives."""
    assert bare.reader(Role.ADMIN).post(BEAT, json={}).status_code == 403
    assert bare.stranger().post(BEAT, json={}).status_code == 401


def test_one_click_blanks_a_screen_within_one_heartbeat(bare: Site):
    """401 with the reason, the cookie goes, and no sign-in page is shown."""
    screen, manager = bare.screen(OWN), bare.reader(Role.STORE_MANAGER, f"store:{OWN}")
    assert screen.post(BEAT, json={}).status_code == 200
    device = bare.state.devices.every(None)[0]
    done = manager.post(f"/admin/devices/{device.id}", data={"do": "revoke"})
    assert done.status_code == 303
    refused = screen.post(BEAT, json={})

    assert (refused.status_code, refused.json["reason"]) == (401, "revoked")
    again = bare.stranger()
    again.set_cookie(DEVICE_COOKIE, bare.screens[OWN])
    assert again.get(f"/api/v1/walls/{OWN}").status_code == 401
    assert "login" not in again.get(f"/wall/{OWN}").headers.get("Location", "")
    (event,) = bare.state.audit.find(Search(action=Did.REVOKE), limit=5)
    assert event.object == f"device:{device.id}"


def test_a_manager_cannot_touch_another_stores_screen(bare: Site):
    """Not even by its id."""
    bare.screen(FOREIGN)
    (device,) = bare.state.devices.every(None)
    manager = bare.reader(Role.STORE_MANAGER, f"store:{OWN}")

    for do in ("rename", "reload", "revoke"):
        form = {"do": do, "name": "mine"}
        assert manager.post(f"/admin/devices/{device.id}", data=form).status_code == 403
    assert bare.state.devices.get(device.id) == device


def test_a_screen_is_told_once_to_load_itself_anew(bare: Site):
    """The admin's button reaches it with the next heartbeat."""
    screen = bare.screen(OWN)
    (device,) = bare.state.devices.every(None)
    admin = bare.reader(Role.ADMIN)
    admin.post(f"/admin/devices/{device.id}", data={"do": "reload"})

    answers = [screen.post(BEAT, json={}).json["reload"] for _ in range(2)]
    assert answers == [True, False]


def test_a_credential_rotates_and_survives_a_lost_answer(bare: Site):
    """The former one holds until the new one is used, then never again."""
    bare.screen(OWN)
    old = bare.screens[OWN]
    devices = bare.state.devices
    device, is_due = devices.find(old, now=NOW)
    assert not is_due
    due = device.rotated_at + ROTATION
    assert devices.find(old, now=due)[1]
    lost = devices.rotate(device, now=due)
    # The answer was lost; right after it there may be others under way.
    assert devices.find(old, now=due + LOST_AFTER / 2) == (
        devices.get(device.id),
        False,
    )
    assert devices.find(old, now=due + LOST_AFTER)[1]
    new = devices.rotate(device, now=due + LOST_AFTER)
    assert devices.find(old, now=due + LOST_AFTER) is not None
    assert devices.find(new, now=due + LOST_AFTER) is not None

    assert devices.find(old, now=due + LOST_AFTER) is None
    assert devices.find(lost, now=due + LOST_AFTER) is None
    assert devices.find(new, now=due + LOST_AFTER) is not None


@pytest.mark.parametrize("credential", ["", ".", "x", "x.y", "a" * 3000, "x.y.z"])
def test_a_made_up_credential_is_nobody(bare: Site, credential):
    """401, whatever it looks like."""
    client = bare.stranger()
    client.set_cookie(DEVICE_COOKIE, credential)

    assert client.post(BEAT, json={}).status_code == 401
    client.set_cookie(CLAIM_COOKIE, credential)
    assert client.get("/pair").status_code == 200


def test_what_its_address_says_of_a_screen_stays(bare: Site):
    """`/pair?inch=43` leads to the wall of a 43-inch screen; nothing else is kept."""
    screen, manager = bare.stranger(), bare.reader(Role.STORE_MANAGER, f"store:{OWN}")
    said = "inch=43&distance=6&lang=en"
    approve(manager, code_on(screen))
    paired = screen.get(f"/pair?{said}&next=//evil.example")

    assert paired.location == f"/wall/{OWN}?{said}"


def test_the_store_says_how_large_a_screen_is(bare: Site):
    """In the form that lets it in, and later; the screen hears it with its numbers."""
    screen, manager = bare.stranger(), bare.reader(Role.STORE_MANAGER, f"store:{OWN}")
    form = {"code": code_on(screen), "store": OWN, "name": "hall", "inches": "65"}
    assert manager.post("/admin/devices", data=form).status_code == 303
    screen.get("/pair")
    wall = f"/api/v1/walls/{OWN}"
    assert screen.get(wall).headers["X-Aftersight-Sight"] == "65 0"
    place = f"/admin/devices/{device_id(screen)}"
    form = {"do": "resize", "inches": "own", "metres": "6.5"}
    assert manager.post(place, data=form).status_code == 303

    assert screen.get(wall).headers["X-Aftersight-Sight"] == "0 6.5"
    assert manager.get(wall).headers["X-Aftersight-Sight"] == ""


@pytest.mark.parametrize("metres", ["0", "-4", "31", "nan", "inf", "far", "4;4"])
def test_no_screen_is_read_from_nowhere(bare: Site, metres: str):
    """400 with the reason; nothing is paired."""
    screen, manager = bare.stranger(), bare.reader(Role.STORE_MANAGER, f"store:{OWN}")
    form = {"code": code_on(screen), "store": OWN, "name": "hall", "metres": metres}
    answer = manager.post("/admin/devices", data=form)

    assert answer.status_code == 400
    assert 'href="/admin"' in answer.text
    assert screen.get("/pair").status_code == 200


def test_a_wall_carries_the_name_of_who_looks(bare: Site):
    """The screen's, or the person's: in a header, because the body is everybody's."""
    screen, person = bare.screen(OWN), bare.reader(Role.EXECUTIVE)
    name = person.get(f"/api/v1/walls/{OWN}").headers["X-Aftersight-Viewer"]

    assert screen.get(f"/api/v1/walls/{OWN}").headers["X-Aftersight-Viewer"] == "hall"
    assert name == next(p.name for p in bare.state.people.every())
    again = screen.get(
        f"/api/v1/walls/{OWN}",
        headers={"If-None-Match": screen.get(f"/api/v1/walls/{OWN}").headers["ETag"]},
    )
    assert (again.status_code, again.headers["X-Aftersight-Viewer"]) == (304, "hall")


def test_monitoring_counts_the_screens(bare: Site):
    """How many hang and how they are; one that was switched off hangs nowhere."""
    bare.screen(OWN)
    off = device_id(bare.screen(FOREIGN))
    bare.state.devices.revoke(off, "x", now=NOW)
    local = bare.stranger()

    told = local.get("/readyz").json["walls"]
    assert told == {"screens": 1, "ok": 0, "stale": 0, "dark": 0, "never": 1}
    assert 'aftersight_screens{state="never"} 1' in local.get("/metrics").text
