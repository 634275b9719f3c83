"""The dirt is in the files, and truth.json counts it."""

import pandas as pd

KEYS = {
    "stores": ["store_id"],
    "job_clocks": ["clock_id"],
    "vehicles": ["vin"],
    "appointments": ["appointment_id"],
    "work_orders": ["work_order_id"],
    "work_order_lines": ["work_order_id", "line_no"],
    "dispatches": ["dispatch_id"],
    "part_requests": ["request_id"],
    "stock_snapshots": ["store_id", "part_number", "snapshot_date"],
    "stock_movements": ["movement_id"],
    "surveys": ["survey_id"],
    "complaints": ["complaint_id"],
    "partner_orders": ["partner_order_id"],
}


def counted(files, table, outcome):
    """Rows of a table that truth.json counts under an outcome."""
    return sum(
        d["rows"]
        for d in files.truth()["dirt"]
        if d["table"] == table and d["outcome"] == outcome
    )


def plain(files, table):
    """All rows of a table, an empty field as an empty text."""
    return files.rows(table).astype(object).fillna("")


def rejectable(rows, table):
    """Return the rows that a loader has to set aside, judged by the standard."""
    if table == "surveys":
        return (rows["instrument_id"] == "") | (rows["score"] == "11")
    if table == "part_requests":
        return (rows["part_number"] == "") | (rows["qty_requested"] == "一")
    stamps = pd.to_datetime(rows["checkin_at"], errors="coerce", format="ISO8601")
    bad = rows["vin"].str.contains("[IOQ]") | (rows["vin"].str.len() != 17)
    bad |= (rows["store_id"] == "") | stamps.isna()
    bad |= (rows["delivered_at"] != "") & (rows["delivered_at"] < rows["checkin_at"])
    bad |= ~rows["status"].isin(["open", "closed", "cancelled"])
    return bad | (rows["order_type"] == "REPAIRX")


def test_rejectable_rows_are_counted(files):
    """What breaks a rule of the standard is what truth.json says, no more, no less."""
    for table in ("work_orders", "surveys", "part_requests"):
        bad = int(rejectable(plain(files, table), table).sum())

        assert bad == counted(files, table, "reject"), table
        assert bad > 0, table


def test_repeated_rows_are_counted(files):
    """A row that says again what its key said last is a duplicate."""
    for table, key in KEYS.items():
        rows = plain(files, table)
        rows = rows[~rows[key[0]].str.contains("-X")]
        columns = files.standard[table]
        before = rows.groupby(key, sort=False)[columns].shift()
        same = (rows[columns] == before).all(axis=1)

        assert same.sum() == counted(files, table, "duplicate"), table


def test_newer_versions_are_later(files):
    """An order that is told again with other content carries a later stamp."""
    rows = plain(files, "work_orders")
    rows = rows[~rows["work_order_id"].str.contains("-X")]
    columns = files.standard["work_orders"]
    before = rows.groupby("work_order_id", sort=False)[columns].shift()
    changed = (rows[columns] != before).any(axis=1) & before["store_id"].notna()

    assert changed.sum() == counted(files, "work_orders", "update") > 0
    assert (rows["updated_at"] > before["updated_at"])[changed].all()


def test_strangers_are_a_handful(files):
    """Cars that no delivery ever names stand in a few otherwise good orders."""
    cars = set(files.rows("vehicles")["vin"])
    orders = plain(files, "work_orders")
    good = orders[~rejectable(orders, "work_orders")]
    unknown = good[~good["vin"].isin(cars)]
    planted = [d for d in files.truth()["dirt"] if d["rule"] == "unknown_vehicle"]

    assert len(unknown) == sum(d["rows"] for d in planted)
    assert set(unknown["vin"].str[:3]) <= {"LZZ"}


def test_some_records_are_half_empty(files):
    """One order in nine has no mileage, one line in five no correction."""
    orders = files.newest("work_orders", "work_order_id")
    lines = files.rows("work_order_lines")
    done = lines[lines["labour_op"].notna()]

    assert 0.08 < orders["mileage_km"].isna().mean() < 0.14
    assert 0.14 < done["correction"].isna().mean() < 0.22


def test_some_orders_arrive_a_month_late(files):
    """They are first told in a delivery long after they were entered."""
    orders = files.rows("work_orders").drop_duplicates("work_order_id")
    orders = orders.dropna(subset=["entered_at"])
    behind = orders["_delivery"].str[:7] > orders["entered_at"].str[:7]

    assert behind.sum() >= 1
    assert files.truth()["late_orders"] >= 1
