"""The same deliveries in any order and any number of times give the same tables."""

import random

import pytest

from etl.sources import open_source, standard_folder
from tests.kit import write_delivery
from tests.stress.site import Site, order, vin
from warehouse.records import Counts

FIRST = {
    "stores": [
        {"store_id": "S1", "name": "静安", "region": "华东", "bays": 4},
        {"store_id": "S2", "name": "海淀", "region": "华北", "bays": 6},
    ],
    "technicians": [{"technician_id": "T1", "store_id": "S1", "name": "张三"}],
    "vehicles": [{"vin": vin(1), "model": "ET5"}, {"vin": vin(2), "model": "ES8"}],
    "work_orders": [
        order(
            1,
            "2025-03-01T09:00:00",
            promised_at="2025-03-01T12:00:00",
            updated_at="2025-03-01T09:05:00",
        ),
        order(2, "2025-03-01T10:00:00", updated_at="2025-03-01T10:05:00"),
        order(
            3, "2025-03-02T10:00:00", store_id="S2", updated_at="2025-03-02T10:05:00"
        ),
    ],
    "work_order_lines": [
        {"work_order_id": "W1", "line_no": 1, "complaint_group": "异响"},
        {"work_order_id": "W2", "line_no": 1, "complaint_group": "制动"},
    ],
    "surveys": [
        {
            "survey_id": "Q1",
            "instrument_id": "N",
            "work_order_id": "W1",
            "sent_at": "2025-03-02T09:00:00",
            "answered_at": "2025-03-02T19:00:00",
            "score": 9,
        },
    ],
}
SECOND = {
    "stores": [{"store_id": "S2", "name": "海淀", "region": "华北", "bays": 8}],
    "vehicles": [{"vin": vin(2), "model": "ES8 2024"}, {"vin": vin(4), "model": "ET7"}],
    "work_orders": [
        order(
            1,
            "2025-03-01T09:00:00",
            status="closed",
            promised_at="2025-03-01T18:00:00",
            delivered_at="2025-03-01T17:00:00",
            updated_at="2025-03-01T17:05:00",
        ),
        order(
            3, "2025-03-02T10:00:00", store_id="S2", updated_at="2025-03-02T10:05:00"
        ),
        order(
            4, "2025-03-03T10:00:00", store_id="S2", updated_at="2025-03-03T10:05:00"
        ),
    ],
    "work_order_lines": [
        {"work_order_id": "W2", "line_no": 1, "complaint_group": "空调"},
        {"work_order_id": "W4", "line_no": 1, "complaint_group": "异响"},
    ],
    "job_clocks": [
        {
            "clock_id": "C1",
            "work_order_id": "W1",
            "technician_id": "T1",
            "clock_in_at": "2025-03-01T09:30:00",
            "clock_out_at": "2025-03-01T10:30:00",
            "billed_hours": 1,
        },
    ],
}


@pytest.fixture
def site(tmp_path):
    """Return an empty installation."""
    return Site(tmp_path / "site")


def counts(run, table="work_orders"):
    """Return read, loaded, duplicate, rejected of a table in a run."""
    found = run.tables.get(table, Counts())
    return found.read, found.loaded, found.duplicate, found.rejected


def both_at_once(folder):
    """Return an installation that took both deliveries in one run."""
    once = Site(folder)
    once.deliver("2025-03-02", FIRST)
    once.take("2025-03-04", SECOND)
    return once


def test_what_is_read_again_is_a_duplicate(site):
    """The same folder, a copy of it, its rows in another order: nothing is new."""
    first = site.take("2025-03-02", FIRST)
    before = site.everything()

    second = site.run()
    site.deliver("2025-03-05", FIRST)
    shuffled = {table: rows[::-1] for table, rows in FIRST.items()}
    third = site.take("2025-03-06", shuffled)

    assert counts(first) == (3, 3, 0, 0)
    assert counts(second) == (3, 0, 3, 0)
    assert {name: counts(third, name)[1] for name in FIRST} == dict.fromkeys(FIRST, 0)
    assert counts(third) == (9, 0, 9, 0)
    assert site.everything() == before


def test_two_deliveries_give_the_same_tables_in_either_order(tmp_path):
    """What was delivered first may be read last; a rebuilding changes nothing."""
    once, late = both_at_once(tmp_path / "once"), Site(tmp_path / "late")

    late.take("2025-03-04", SECOND)
    late.take("2025-03-02", FIRST)

    expected = once.everything()
    assert late.everything() == expected
    late.run(full=True)
    assert late.everything() == expected


def test_a_silent_delivery_deletes_nothing(site):
    """--full keeps rows whose files are gone."""
    folder = site.deliver("2025-03-02", FIRST)
    site.run()
    before = site.everything()
    for file in folder.iterdir():
        file.unlink()

    site.run(full=True)

    assert site.everything() == before


def test_random_deliveries_in_random_order_give_one_result(tmp_path):
    """Overlapping deliveries, shuffled, split over runs and rebuilt, agree.

    The first installation reads everything at once in the order of delivery.
    """
    draw = random.Random(7)
    deliveries = [(f"2025-03-{day:02d}", some_rows(draw, day)) for day in range(1, 6)]
    results = []
    for size in (5, 1, 2, 3):
        site = Site(tmp_path / str(size))
        for start in range(0, 5, size):
            for name, tables in deliveries[start : start + size]:
                site.deliver(name, tables)
            site.run()
        results.append(site.everything())
        draw.shuffle(deliveries)
    site.run(full=True)

    assert site.everything() == results[0]
    assert [result == results[0] for result in results] == [True] * 4


def some_rows(draw, day):
    """Return a handful of rows among few keys, with and without a version time."""
    orders = [
        order(
            n,
            f"2025-03-0{n % 5 + 1}T09:00:00",
            vin=vin(n % 3),
            status=draw.choice(["open", "closed"]),
            delivered_at=f"2025-03-0{n % 5 + 1}T{draw.randint(10, 20)}:00:00",
            promised_at=f"2025-03-0{n % 5 + 1}T{draw.randint(10, 20)}:00:00",
            updated_at=draw.choice(
                [None, f"2025-03-{draw.randint(1, 9):02d}T{draw.randint(0, 9)}:00:00"]
            ),
        )
        for n in draw.sample(range(9), 5)
    ]
    lines = [
        {
            "work_order_id": f"W{n}",
            "line_no": 1,
            "complaint_group": draw.choice(["异响", "制动", "空调"]),
        }
        for n in draw.sample(range(9), 5)
    ]
    stores = [{"store_id": "S1", "name": "静安", "bays": day}] if day % 3 else []
    return {"stores": stores, "work_orders": orders, "work_order_lines": lines}


def test_one_file_in_two_encodings_gives_one_result(tmp_path):
    """The GB18030 twin of a UTF-8 delivery is all duplicates."""
    folder = tmp_path / "export"
    write_delivery(folder / "2025-03-02", {"stores": FIRST["stores"]})
    twin = folder / "2025-03-03" / "stores.csv"
    twin.parent.mkdir()
    text = (folder / "2025-03-02" / "stores.csv").read_text(encoding="utf-8")
    twin.write_bytes(text.encode("gb18030"))
    toml = tmp_path / "dms.toml"
    toml.write_text(
        f'name = "dms"\nfolder = "{folder}"\nencoding = ["utf-8", "gb18030"]\n'
        '[[table]]\ntable = "stores"\nfiles = "*/stores.csv"\n[table.columns]\n'
        + "".join(f'{n} = "{n}"\n' for n in ("store_id", "name", "region", "bays")),
        encoding="utf-8",
    )
    site, plain = Site(tmp_path / "site"), Site(tmp_path / "plain")
    plain.take("2025-03-02", {"stores": FIRST["stores"]})

    run = site.run(open_source(str(toml), {}))

    assert counts(run, "stores") == (4, 2, 2, 0)
    assert site.content() == plain.content()


def test_a_newer_version_counts_as_loaded(site):
    """A row that changes what is known is loaded, not a duplicate."""
    site.take("2025-03-02", FIRST)

    run = site.take("2025-03-04", SECOND)

    assert counts(run) == (6, 2, 4, 0)
    assert counts(run, "vehicles") == (4, 2, 2, 0)
    assert site.sql("select bays from stores order by store_id") == [(4,), (8,)]


def test_a_file_that_returns_to_what_it_said_before_is_taken(tmp_path):
    """A master file A, then B, then A again says A, read day by day or at once."""
    contents = {"2025-03-01": 4, "2025-03-02": 6, "2025-03-03": 4}
    daily, once = Site(tmp_path / "daily"), Site(tmp_path / "once")
    for day, bays in contents.items():
        rows = {"stores": [{"store_id": "S1", "name": "静安", "bays": bays}]}
        once.deliver(day, rows)
        daily.take(day, rows)
    once.run()

    assert once.sql("select bays from stores") == [(4,)]
    assert daily.sql("select bays from stores") == [(4,)]


def test_the_loop_passes_over_what_it_knows(site):
    """Rounds of the intraday loop count increments only."""
    site.take("2025-03-02", FIRST)

    quiet = site.run(repeats=False)
    site.deliver("2025-03-04", SECOND)
    busy = site.run(repeats=False)

    assert quiet.tables == {}
    assert counts(busy) == (3, 2, 1, 0)


def test_two_sources_may_deliver_the_same_rows(site, tmp_path):
    """One row from two systems is one row, and both are named as its sources."""
    dms, copy = tmp_path / "dms", tmp_path / "copy"
    write_delivery(dms / "2025-03-02", FIRST)
    write_delivery(copy / "2025-03-03", {t: r[::-1] for t, r in FIRST.items()})

    run = site.run(standard_folder(dms), standard_folder(copy))

    assert counts(run) == (6, 3, 3, 0)
    assert {s.source for s in site.batch().sources()} == {"dms", "copy"}
