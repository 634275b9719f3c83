"""Which version of a row stays, in whatever order its versions are read."""

from itertools import permutations

import pytest

from tests.stress.site import Site, order

pytestmark = pytest.mark.xdist_group("load_versions")

NINE = "2025-03-01T09:00:00"


def version(day, mileage, at=None, promised=None):
    """Return the day of delivery and what came: *at* is the row's own time."""
    return f"2025-03-{day:02d}", {
        "mileage_km": mileage,
        "updated_at": at and f"2025-03-01T{at}:00",
        "promised_at": promised and f"2025-03-01T{promised}:00",
    }


# what each promises: (versions, mileage that stays, hour promised first)
# One case, one line: read as a table.
# fmt: off
CASES = {
    "the newest updated_at wins": (
        [version(2, 1, "10:00"), version(3, 2, "12:00"), version(4, 3, "11:00")],
        2, None,
    ),
    "the newest updated_at wins in an older delivery": (
        [version(2, 1, "12:00"), version(3, 2, "10:00")], 1, None,
    ),
    "without updated_at the later delivery wins": (
        [version(2, 1), version(3, 2), version(4, 3)], 3, None,
    ),
    "without updated_at a return to an older content is a version": (
        [version(2, 1), version(3, 2), version(4, 1)], 1, None,
    ),
    "of equal versions the one delivered first stays": (
        [version(3, 2, "12:00"), version(2, 1, "12:00"), version(4, 3, "12:00")],
        1, None,
    ),
    "a row with updated_at is older than a later delivery without": (
        [version(2, 1, "10:00"), version(4, 2)], 2, None,
    ),
    "the first promise stays when it is moved": (
        [
            version(2, 1, "10:00", "12:00"),
            version(3, 2, "11:00", "15:00"),
            version(4, 3, "12:00", "18:00"),
        ],
        3, 12,
    ),
    "no promise is not the first promise": (
        [version(2, 1, "10:00"), version(3, 2, "11:00", "15:00")], 2, 15,
    ),
    "a promise taken back was still made": (
        [version(2, 1, "10:00", "12:00"), version(3, 2, "11:00")], 2, 12,
    ),
    "the first promise goes by updated_at, not by delivery": (
        [version(2, 1, "11:00", "15:00"), version(3, 2, "10:00", "12:00")], 1, 12,
    ),
}
# fmt: on


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Each order of reading each case is a work order of its own; three runs in all."""
    site = Site(tmp_path_factory.mktemp("versions"))
    batches, wanted = {}, {}
    for name, (versions, mileage, promised) in CASES.items():
        for reading in permutations(versions):
            number = len(wanted) + 1
            wanted[f"W{number}"] = (name, reading, mileage, promised)
            for run, (day, fields) in enumerate(reading):
                rows = batches.setdefault(run, {}).setdefault(day, [])
                rows.append(order(number, NINE, **fields))
    for run, days in batches.items():
        for day, rows in days.items():
            site.deliver(f"{day}-run{run}", {"work_orders": rows})
        site.run()
    found = site.sql(
        "select work_order_id, mileage_km, hour(first_promised_at) + 8 "
        "from work_orders order by all"
    )
    before = site.everything()
    site.run(full=True)
    return found, wanted, before, site.everything()


@pytest.mark.parametrize("case", CASES)
def test_one_version_stays_in_every_order_of_reading(loaded, case):
    """The order in which the runs read the versions makes no difference."""
    found, wanted, _, _ = loaded
    got = {row[0]: row[1:] for row in found}
    for number, (name, reading, mileage, promised) in wanted.items():
        if name == case:
            assert got[number] == (mileage, promised), f"read in order {reading}"


def test_each_key_stands_once(loaded):
    """There is no index to see to it: the loader does."""
    found, wanted, _, _ = loaded
    assert sorted(row[0] for row in found) == sorted(wanted)


def test_rebuilding_keeps_the_same_versions(loaded):
    """--full settles all versions at once and comes to the same rows."""
    _, _, before, after = loaded
    assert after == before


@pytest.mark.parametrize(("later", "loaded"), [("10:00", 0), ("10:01", 1)])
def test_other_content_of_the_same_moment_is_a_duplicate(tmp_path, later, loaded):
    """It is counted as one, not as a version that came in."""
    site = Site(tmp_path)
    for (day, fields), name in (
        (version(2, 1, "10:00"), "a"),
        (version(3, 2, later), "b"),
    ):
        site.deliver(f"{day}-{name}", {"work_orders": [order(1, NINE, **fields)]})
        run = site.run()

    counts = run.tables["work_orders"]
    # The first delivery is a repeat in the second run: one duplicate in any case.
    assert (counts.read, counts.loaded, counts.duplicate) == (2, loaded, 2 - loaded)
