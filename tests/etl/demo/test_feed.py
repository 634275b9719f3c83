"""The demo network goes on living after its history."""

import json
import shutil
from datetime import UTC, date, datetime, timedelta

import pytest

from etl.demo import Feed, write_network
from etl.demo.days import SHANGHAI

UNTIL = date(2026, 6, 1)
MIDNIGHT = datetime(2026, 6, 1, tzinfo=SHANGHAI)
AHEAD_OF_TIME = {"promised_at", "appointment_at", "date", "contract_to"}
KEYS = {
    "work_orders": "work_order_id",
    "job_clocks": "clock_id",
    "dispatches": "dispatch_id",
    "part_requests": "request_id",
    "stock_movements": "movement_id",
    "surveys": "survey_id",
    "complaints": "complaint_id",
    "appointments": "appointment_id",
    "partner_orders": "partner_order_id",
    "vehicles": "vin",
}
COMPOSED = {
    "attendance": ["technician_id", "work_date"],
    "work_order_lines": ["work_order_id", "line_no"],
    "pauses": ["work_order_id", "started_at"],
    "stock_snapshots": ["store_id", "part_number", "snapshot_date"],
    "customers": ["source_system", "source_customer_id"],
}


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """Three stores with two months of history, to be copied."""
    out = tmp_path_factory.mktemp("network")
    write_network(out, stores=3, months=2, seed=11, until=UNTIL)
    return out


@pytest.fixture
def copies(network, tmp_path):
    """Make as many copies of the network as a test needs."""

    def copy(name):
        return shutil.copytree(network, tmp_path / name)

    return copy


def newest(reader, out):
    """Return the last live version of each row of each table."""
    files = reader(out)
    found = {}
    for table, key in (KEYS | COMPOSED).items():
        if not files.paths(table, "live-*"):
            continue
        rows = files.rows(table, "live-*")
        first = key if isinstance(key, str) else key[0]
        rows = rows[~rows[first].str.contains("-X", na=True)]
        rows = rows.drop_duplicates(key, keep="last").set_index(key).sort_index()
        found[table] = rows[[c for c in rows.columns if not c.startswith("_")]]
    return found


def test_many_small_steps_tell_what_one_big_step_tells(copies, reader):
    """Whatever the rhythm, the newest version of each row is the same."""
    small, big = copies("small"), copies("big")
    feed, now = Feed(small), MIDNIGHT
    for step in [31, 420, 17, 55, 3, 180, 600, 7, 240, 45, 1300, 61]:
        now += timedelta(minutes=step)
        feed.advance(now)
    Feed(big).advance(now)

    one, two = newest(reader, small), newest(reader, big)
    assert one.keys() == two.keys() >= {"work_orders", "stock_snapshots", "attendance"}
    for table in one:
        assert one[table].equals(two[table]), table


def test_no_stamp_is_later_than_now(copies, reader):
    """The feed knows the future and does not tell it."""
    out = copies("now")
    feed = Feed(out)
    for hours in (9.5, 13, 33.2, 60):
        now = MIDNIGHT + timedelta(hours=hours)
        folders = feed.advance(now)
        limit = now.replace(tzinfo=None).isoformat()
        for path in (p for folder in folders for p in folder.iterdir()):
            rows = reader(out).rows(path.name.split(".")[0], path.parts[-2])
            times = [c for c in rows if c.endswith(("_at", "_on", "_date"))]
            for column in set(times) - AHEAD_OF_TIME:
                newest_stamp = rows[column].dropna().str[:19]
                newest_stamp = newest_stamp[newest_stamp.str[:4] == "2026"]
                assert (newest_stamp <= limit).all(), (path.name, column)


def test_an_open_order_changes_until_it_is_delivered(copies, reader):
    """Orders appear open and are told again, closed, with a later stamp."""
    out = copies("open")
    feed = Feed(out)
    feed.advance(MIDNIGHT + timedelta(hours=11))
    feed.advance(MIDNIGHT + timedelta(hours=40))
    rows = reader(out).rows("work_orders", "live-*")
    first = rows.drop_duplicates("work_order_id").set_index("work_order_id")
    last = rows.drop_duplicates("work_order_id", keep="last").set_index("work_order_id")

    opened = first.index[(first["status"] == "open") & first["delivered_at"].isna()]
    closed = last.loc[opened].query("status == 'closed'")
    assert len(closed) > 2
    assert closed["delivered_at"].notna().all()
    assert (closed["updated_at"] > first.loc[closed.index, "updated_at"]).all()


def test_a_new_process_takes_up_where_the_old_one_stopped(copies, reader):
    """Two processes in turn tell what one tells."""
    one, two = copies("one"), copies("two")
    times = [MIDNIGHT + timedelta(hours=h) for h in (10, 15, 50)]
    feed = Feed(one)
    for now in times:
        feed.advance(now)
        Feed(two).advance(now)

    first, second = newest(reader, one), newest(reader, two)
    assert all(first[table].equals(second[table]) for table in first)


def test_a_crash_before_the_note_loses_nothing(copies, reader):
    """Files without a note in feed.json are told again with the next step."""
    crashed, whole = copies("crashed"), copies("whole")
    now = MIDNIGHT + timedelta(hours=12)
    feed = Feed(crashed)
    feed.advance(now - timedelta(hours=2))
    note = (crashed / "feed.json").read_text("utf-8")
    feed.advance(now - timedelta(hours=1))
    (crashed / "feed.json").write_text(note, encoding="utf-8")
    Feed(crashed).advance(now)
    Feed(whole).advance(now)

    one, two = newest(reader, crashed), newest(reader, whole)
    assert all(one[table].equals(two[table]) for table in two)


def test_time_does_not_run_backwards(copies):
    """The same or an earlier moment tells nothing and changes nothing."""
    out = copies("back")
    feed = Feed(out)
    now = MIDNIGHT + timedelta(hours=12)
    assert feed.advance(now)

    assert feed.advance(now) == []
    assert feed.advance(now - timedelta(hours=3)) == []
    told = json.loads((out / "feed.json").read_text("utf-8"))["told"]
    assert datetime.fromtimestamp(told, UTC).hour == 12


def test_utc_and_local_time_are_the_same_moment(copies):
    """Deliveries are named by the moment in UTC, whatever offset it came with."""
    local = Feed(copies("local")).advance(datetime(2026, 6, 1, 10, 30))  # noqa: DTZ001
    utc = Feed(copies("utc")).advance(datetime(2026, 6, 1, 2, 30, tzinfo=UTC))

    assert {f.name for f in local} == {f.name for f in utc} == {"live-20260601T023000Z"}


def test_weeks_of_absence_are_caught_up(copies, reader):
    """A feed that starts late tells every day since the history ended."""
    out = copies("late")
    Feed(out).advance(MIDNIGHT + timedelta(days=75, hours=12))
    orders = reader(out).newest("work_orders", "work_order_id", "live-*")
    days = orders["checkin_at"].str[:10]

    assert days[days >= "2026-06-01"].nunique() == 76
    assert set(orders["status"]) == {"open", "closed", "cancelled"}


def test_a_long_running_feed_renews_its_simulation(copies, reader):
    """Every eighth day for seven weeks is the same as all at once."""
    daily, once = copies("daily"), copies("once")
    feed = Feed(daily)
    for day in range(7, 49, 8):
        feed.advance(MIDNIGHT + timedelta(days=day, hours=-1))
    Feed(once).advance(MIDNIGHT + timedelta(days=47, hours=-1))

    one, two = newest(reader, daily), newest(reader, once)
    for table in one:
        assert one[table].equals(two[table]), table


def test_the_silent_store_stays_silent(copies, reader):
    """The DMS tells nothing of it, and nobody asks about its untold orders."""
    out = copies("silent")
    truth = json.loads((out / "truth.json").read_text("utf-8"))
    silent = next(p for p in truth["problems"] if p["what"] == "silent_source")
    Feed(out).advance(MIDNIGHT + timedelta(days=4))
    files = reader(out)

    for table in ("work_orders", "part_requests", "stock_movements"):
        assert silent["store_id"] not in set(files.rows(table, "live-*")["store_id"])
    told = set(files.rows("work_orders")["work_order_id"])
    asked = files.rows("surveys")
    asked = asked[~asked["survey_id"].str.contains("-X")]
    asked = asked[asked["store_id"] == silent["store_id"]]
    assert set(asked["work_order_id"]) <= told
