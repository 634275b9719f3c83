"""What truth.json says is planted can be found in the files."""

import pandas as pd


def test_the_planted_problems_name_what_exists(files):
    """Stores, technicians, parts and partners of truth.json are in the files."""
    known = {
        "store_id": set(files.rows("stores")["store_id"]),
        "technician_id": set(files.rows("technicians")["technician_id"]),
        "part_number": set(files.rows("parts")["part_number"]),
        "partner_id": set(files.rows("partners")["partner_id"]),
        "model": set(files.rows("vehicles")["model"]),
        "complaint_group": set(files.rows("work_order_lines")["complaint_group"]),
        "region": set(files.rows("stores")["region"]),
    }
    problems = files.truth()["problems"]

    assert len({p["what"] for p in problems}) == len(problems) == 9
    for problem in problems:
        for name in known.keys() & problem.keys():
            assert problem[name] in known[name], problem["what"]


def test_the_bad_technician_sees_his_cars_again(files):
    """His repairs come back several times as often as those of the others."""
    bad = files.problem("bad_technician")["technician_id"]
    orders = files.newest("work_orders", "work_order_id").reset_index()
    repairs = orders[(orders["order_type"] == "repair")].copy()
    repairs["at"] = pd.to_datetime(repairs["checkin_at"])
    repairs = repairs.sort_values(["vin", "at"])
    following = repairs.groupby("vin")["at"].shift(-1) - repairs["at"]
    repairs["back"] = following < pd.Timedelta(days=31)
    share = repairs.groupby(repairs["technician_id"] == bad)["back"].mean()

    assert share[True] > 3 * share[False]


def test_the_slow_store_lets_people_wait(files):
    """Its waits are more than twice those of the others."""
    slow = files.problem("long_waits")["store_id"]
    orders = files.newest("work_orders", "work_order_id")
    orders = orders[orders["appointment_id"].isna() & orders["bay_in_at"].notna()]
    wait = pd.to_datetime(orders["writeup_at"]) - pd.to_datetime(orders["checkin_at"])
    p90 = wait.groupby(orders["store_id"] == slow).quantile(0.9)

    assert p90[True] > 2 * p90[False]


def test_the_silent_store_says_nothing_more(files):
    """The DMS tells no order of it that was entered after the moment."""
    silent = files.problem("silent_source")
    orders = files.newest("work_orders", "work_order_id")
    own = orders[orders["store_id"] == silent["store_id"]]
    others = orders[orders["store_id"] != silent["store_id"]]

    assert own["updated_at"].max() < silent["from"][:19] < others["updated_at"].max()


def test_the_part_runs_out_in_its_region(files):
    """Most requests for it go unfilled there, few elsewhere."""
    planted = files.problem("part_runs_out")
    asked = files.newest("part_requests", "request_id")
    asked = asked[(asked["part_number"] == planted["part_number"])]
    asked = asked[asked["requested_at"] > "2026-05-15"]
    short = asked["qty_filled_first"].astype(int) < asked["qty_requested"].astype(int)
    share = short.groupby(asked["store_id"].isin(planted["store_ids"])).mean()

    assert share[True] > 0.7
    assert share[False] < 0.2


def test_the_store_on_paper_writes_on_paper(files):
    """Two of three orders there are first written on paper."""
    paper = files.problem("on_paper")["store_id"]
    orders = files.newest("work_orders", "work_order_id")
    share = (orders["entry_mode"] == "paper").groupby(orders["store_id"]).mean()

    assert share[paper] > 0.6
    assert share.drop(paper).max() < 0.15


def test_the_sliding_partner_loses_its_stars(files):
    """Its mean rating falls from above 4.8 to below 4.0."""
    partner = files.problem("partner_slides")["partner_id"]
    orders = files.newest("partner_orders", "partner_order_id")
    rated = orders[(orders["partner_id"] == partner) & orders["rating"].notna()]
    month = rated["requested_at"].str[:7]
    stars = rated["rating"].astype(float).groupby(month).mean()

    assert stars.iloc[0] > stars.iloc[-1] + 0.6
    assert stars.iloc[-1] < 4.0


def test_one_person_hides_behind_five_ids(files):
    """Every id of the examples is in the files, in five different systems."""
    rows = files.rows("customers")
    known = set(zip(rows["source_system"], rows["source_customer_id"], strict=True))
    truth = files.truth()["customers"]

    assert truth["most_ids_of_one_person"] == 5
    for person in truth["same_person"]:
        assert {tuple(record) for record in person} <= known
        assert len({system for system, _ in person}) == len(person)


def test_a_quarter_of_the_phones_is_wrong(files):
    """Wrong is what kpis.md calls wrong: not a mobile number, or a placeholder."""
    rows = files.rows("customers").dropna(subset=["source_customer_id"])
    rows = rows.drop_duplicates(["source_system", "source_customer_id"], keep="last")
    digits = rows["phone"].str.replace(r"^\+86|[\s-]", "", regex=True)
    right = digits.str.fullmatch(r"1[3-9]\d{9}") & (digits != "13800000000")

    assert (~right).sum() == files.truth()["customers"]["wrong_phones"]
    assert 0.24 < (~right).mean() < 0.32
