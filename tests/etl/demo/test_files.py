"""The files of the demo network keep the standard."""

import hashlib
from datetime import date
from itertools import pairwise

import pandas as pd
import pytest

from etl.demo import describe, write_network
from etl.demo.vin import check_digit

# No store closes for good in the demo, and few technicians leave.
NEVER_FILLED = {("stores", "closed_on"), ("technicians", "left_on")}


def digests(out):
    """Content of each file below *out*."""
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def test_every_standard_table_has_every_column_and_fills_it(files):
    """Whoever maps the standard finds something in each of its fields."""
    for table, columns in files.standard.items():
        rows = files.rows(table)

        assert set(columns) <= set(rows.columns), table
        empty = {c for c in columns if rows[c].isna().all()}
        assert {(table, c) for c in empty} <= NEVER_FILLED


def test_only_one_system_knows_more_columns_than_the_standard(files):
    """The CRM sends two columns that nobody asked for."""
    extra = {
        (path.parts[-3], path.name.split(".")[0])
        for path in files.out.glob("*/*/*.csv*")
        if len(pd.read_csv(path, nrows=0).columns)
        > len(files.standard[path.name.split(".")[0]])
    }

    assert extra == {("crm", "surveys")}


def test_the_same_arguments_give_the_same_bytes(tmp_path):
    """Two writes of one network differ in no byte."""
    for name in ("one", "two"):
        write_network(
            tmp_path / name, stores=2, months=2, seed=3, until=date(2026, 3, 9)
        )

    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_another_seed_gives_another_network(tmp_path):
    """The seed matters."""
    for seed in (3, 4):
        write_network(
            tmp_path / str(seed), stores=1, months=1, seed=seed, until=date(2026, 3, 9)
        )
    one, two = digests(tmp_path / "3"), digests(tmp_path / "4")

    assert one != two


def test_a_second_network_replaces_the_first(tmp_path):
    """No delivery of the old network stays behind in the folder."""
    write_network(tmp_path, stores=1, months=3, seed=3, until=date(2026, 3, 9))
    write_network(tmp_path, stores=1, months=1, seed=3, until=date(2026, 3, 9))

    names = {p.name for p in (tmp_path / "dms").iterdir()}
    assert names == {"2026-02", "2026-03-08"}


def test_a_folder_with_real_deliveries_is_left_alone(tmp_path):
    """The demo never deletes what it did not write."""
    kept = tmp_path / "dms" / "2026-01" / "stores.csv"
    kept.parent.mkdir(parents=True)
    kept.write_text("store_id,name\n", encoding="utf-8")

    with pytest.raises(FileExistsError, match="name an empty folder"):
        write_network(tmp_path, stores=1, months=1, seed=3, until=date(2026, 3, 9))

    assert kept.exists()


def test_check_digits_follow_the_standard():
    """1M8GDM9AXKP042788 is the example that every text on VINs uses."""
    assert check_digit("1M8GDM9AXKP042788") == "X"


def test_vehicle_numbers_are_unique_and_nearly_all_correct(files):
    """The few wrong check digits are counted in truth.json."""
    vins = files.rows("vehicles")["vin"].unique()

    assert {len(v) for v in vins} == {17}
    assert not set("".join(vins)) & set("IOQ")
    wrong = sum(check_digit(v) != v[8] for v in vins)
    assert wrong == files.truth()["wrong_check_digit_vehicles"] > 0


def test_nothing_of_the_history_is_later_than_its_end(files):
    """Stamps end before midnight; promises and appointments may lie ahead."""
    orders = files.newest("work_orders", "work_order_id")
    past = ["checkin_at", "writeup_at", "bay_in_at", "ready_notified_at", "updated_at"]

    assert (orders[past].max() < "2026-06-11").all()
    assert files.rows("job_clocks")["clock_out_at"].max() < "2026-06-11"


def test_the_stamps_of_an_order_come_in_order(files):
    """Checked in, written up, in the bay, done, ready, delivered."""
    orders = files.newest("work_orders", "work_order_id")
    steps = ["checkin_at", "writeup_at", "bay_in_at", "work_done_at"]
    steps += ["ready_notified_at", "delivered_at"]

    for before, after in pairwise(steps):
        both = orders[[before, after]].dropna()
        assert (both[before] <= both[after]).all(), (before, after)


def test_a_car_returns_within_thirty_days_only_as_a_comeback(files):
    """Else FTFR would count chance meetings: slots from 500 on are comebacks."""
    orders = files.newest("work_orders", "work_order_id").reset_index()
    orders["at"] = pd.to_datetime(orders["checkin_at"])
    orders = orders.sort_values(["vin", "at"])
    soon = orders.groupby("vin")["at"].diff() < pd.Timedelta(days=30)
    again = orders["work_order_id"].str[-4:].astype(int) >= 500

    assert (soon & ~again).sum() <= 0.04 * soon.sum()
    assert soon.sum() > 50


def test_references_lead_somewhere(files):
    """Outside the planted dirt every line, clock and request has its order."""
    orders = set(files.newest("work_orders", "work_order_id").index)
    for table in ("work_order_lines", "job_clocks", "pauses", "dispatches"):
        rows = files.rows(table)
        assert set(rows["work_order_id"]) <= orders, table
    staff = set(files.rows("technicians")["technician_id"])
    assert set(files.rows("job_clocks")["technician_id"]) <= staff


def test_stock_at_night_is_what_the_movements_leave(files):
    """Between two nights on hand changes by the sum of the movements."""
    nights = files.rows("stock_snapshots").drop_duplicates(
        ["store_id", "part_number", "snapshot_date"]
    )
    moves = files.newest("stock_movements", "movement_id")
    moves["day"] = moves["moved_at"].str[:10]
    one, two = "2026-05-30", "2026-06-01"
    span = moves[(moves["day"] > one) & (moves["day"] <= two)]
    change = span.astype({"qty": int}).groupby(["store_id", "part_number"])["qty"].sum()
    keys = ["store_id", "part_number"]
    stock = nights.astype({"on_hand": int}).set_index([*keys, "snapshot_date"])[
        "on_hand"
    ]
    before, after = stock.xs(one, level=2), stock.xs(two, level=2)

    expected = before.add(change.reindex(before.index, fill_value=0))
    assert (expected == after).all()


def test_describe_tells_arguments_and_truth(files):
    """One call says what a folder holds."""
    told = describe(files.out)

    assert (told["stores"], told["months"], told["until"]) == (6, 4, "2026-06-11")
    assert told["history"]["from"] == "2026-02-11"
