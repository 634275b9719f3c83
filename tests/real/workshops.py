"""Visits, returns and waits, by plain pandas from the raw files.

Nothing of the product is used here: neither its tables nor its code.
"""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd

THIRTY_DAYS = pd.Timedelta(hours=30 * 24)


def quantile(values: pd.Series, share: float) -> float:
    """Return the quantile with linear interpolation, by its definition."""
    ordered = np.sort(np.asarray(values, dtype=float))
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def by_month(days: pd.Series) -> dict[str, int]:
    """Return how many days fall into each month."""
    return days.dt.strftime("%Y-%m").value_counts().to_dict()


def judge_visits(visits: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Judge visits: is it a return, has it a return, is it old enough to be judged.

    *visits*: vehicle, fault (null = no complaint), arrived, left (UTC, null = still
    there), closed, unfixed. A return has the same vehicle and the same fault within
    30 x 24 hours after the first was left; an index visit is no return.
    """
    able = visits[visits.fault.notna()]
    first = able[able.closed & able.left.notna()].reset_index(names="first")
    back = able[["vehicle", "fault", "arrived"]].reset_index(names="back")
    pairs = first[["first", "vehicle", "fault", "left"]].merge(
        back, on=["vehicle", "fault"]
    )
    gap = pairs.arrived - pairs.left
    pairs = pairs[(gap > pd.Timedelta(0)) & (gap <= THIRTY_DAYS)]
    seen = pairs[pairs.arrived <= now]
    judged = able[able.closed & (able.left <= now)].copy()
    judged["is_return"] = judged.index.isin(pairs.back)
    judged["failed"] = judged.index.isin(seen["first"]) | judged.unfixed
    judged["mature"] = judged.left + THIRTY_DAYS <= now
    return judged


def fixed(judged: pd.DataFrame) -> tuple[int, int]:
    """Return first-time fixes and all matured index visits."""
    index = judged[judged.mature & ~judged.is_return]
    return int((~index.failed).sum()), len(index)


# ---------- 01: a workshop's invoice lines


def bajaj(path: Path) -> pd.DataFrame:
    """Return job cards: one vehicle on one day, with what its lines say."""
    lines = pd.read_csv(path, dtype=str, keep_default_na=False)
    vehicle = (
        lines.vehicle_no
        + "/"
        + lines.business_partner_name.str[:4]
        + "/"
        + lines.vehicle_model.str.replace(" ", "")
    ).str.upper()
    lines["is_service"] = lines.invoice_line_text.str.upper().str.contains(
        "GENERAL SERVICE", regex=False
    )
    cards = lines.groupby([lines.job_card_date, vehicle], sort=False)
    found = cards.agg(invoiced=("invoice_date", "first"), service=("is_service", "any"))
    found = found.reset_index(names=["opened", "vehicle"])
    for name in ("opened", "invoiced"):
        found[name] = pd.to_datetime(found[name], format="%d-%m-%y")
    return found


# ---------- 02: breakdowns of a fleet


def denver_lines(path: Path) -> tuple[list[list[str]], int]:
    """Return the records of the log and how many lines are none."""
    text = gzip.decompress(path.read_bytes()).decode("latin-1")
    lines = [line.rstrip("\r").split(",") for line in text.split("\n")[1:] if line]
    whole = [line for line in lines if len(line) == 7]
    return whole, len(lines) - len(whole)


def denver(path: Path, master: Path) -> pd.DataFrame:
    """Return the incidents that name a vehicle, with moments in UTC."""
    names = ["occurred", "id", "vehicle", "route", "minutes", "fault", "text"]
    rows = pd.DataFrame(denver_lines(path)[0], columns=names)
    rows = rows[rows.vehicle != "NOID"].reset_index(drop=True)
    rows["local"] = pd.to_datetime(rows.occurred, format="%m/%d/%Y %I:%M:%S %p")
    restored = rows.local + pd.to_timedelta(rows.minutes.astype(int), unit="min")
    for name, moments in (("arrived", rows.local), ("left", restored)):
        rows[name] = moments.dt.tz_localize(
            "America/Denver",
            ambiguous=np.zeros(len(rows), dtype=bool),
            nonexistent=pd.Timedelta(hours=1),
        ).dt.tz_convert("UTC")
    rows["left_local"] = restored
    rows["closed"], rows["unfixed"] = True, False
    vehicles = pd.read_csv(master, dtype=str)
    vehicles = vehicles[vehicles.VEHICLE_CLASS.isin(["BUS", "LRV"])]
    classes = vehicles.drop_duplicates("CODE").set_index("CODE").VEHICLE_CLASS
    rows["model"] = rows.vehicle.map(classes)
    rail = rows.vehicle.str.startswith("LRV")
    rows["store"] = np.where(rail, "RTD-RAIL", "RTD-BUS")
    return rows


# ---------- 04: incidents of a service desk


def desk_states(path: Path) -> pd.DataFrame:
    """Return every state of every incident, in order."""
    states = pd.read_csv(path, dtype=str, na_values=["?"], keep_default_na=False)
    states["step"] = states.sys_mod_count.astype(int)
    return states.sort_values(["number", "step"], kind="stable").reset_index(drop=True)


def desk(states: pd.DataFrame) -> pd.DataFrame:
    """Return the last state of the incidents that have a caller, as visits."""
    last = states.drop_duplicates("number", keep="last")
    last = last[last.caller_id.notna()].reset_index(drop=True)

    def moment(name: str) -> pd.Series:
        return pd.to_datetime(last[name], format="%d/%m/%Y %H:%M", utc=True)

    group = last.category + "-" + last["category.1"].fillna("")
    return pd.DataFrame(
        {
            "number": last.number,
            "vehicle": last.caller_id,
            "fault": group,
            "arrived": moment("opened_at"),
            "written": moment("sys_created_at"),
            "ready": moment("resolved_at"),
            "left": moment("resolved_at").fillna(moment("closed_at")),
            "closed": last.ident_state == "Closed",
            "unfixed": last.reopen_count.astype(int) > 0,
        }
    )


def spells(states: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the spells of a column: its value, and whether another follows."""
    value = states[column].fillna("")
    changed = (states.number != states.number.shift()) | (value != value.shift())
    found = states.loc[changed, ["number", "sys_updated_at"]].assign(value=value)
    found["is_last"] = found.number != found.number.shift(-1)
    return found


def assigned_right(states: pd.DataFrame, known: pd.Series) -> tuple[int, int]:
    """Return incidents that stayed with whom they were given to, and all given."""
    given = spells(states, "assigned_to")
    given = given[(given.value != "") & given.number.isin(known)]
    stayed = given.groupby("number").is_last.all()
    return int(stayed.sum()), len(stayed)


# ---------- 22: calls of a bank


def calls(path: Path) -> pd.DataFrame:
    """Return calls that are not the switchboard's own, with the wait in minutes.

    What lies half a day before the entry is the next day's; 0:00:00 means none.
    """
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows = rows[rows.outcome != "PHANTOM"].reset_index(drop=True)
    entered = pd.to_timedelta(rows.vru_entry)

    def moment(name: str) -> pd.Series:
        none = pd.to_timedelta(rows[name]).mask(rows[name] == "0:00:00")
        over = none < entered - pd.Timedelta(hours=12)
        return none.mask(over, none + pd.Timedelta(days=1))

    arrived = moment("q_start").fillna(
        pd.to_timedelta(rows.vru_exit).pipe(
            lambda left: left.mask(
                left < entered - pd.Timedelta(hours=12), left + pd.Timedelta(days=1)
            )
        )
    )
    rows["day"] = pd.to_datetime(rows.date.str[:10]) + arrived.dt.floor("D")
    wait = (moment("ser_start") - arrived).dt.total_seconds() / 60
    rows["wait"] = wait.clip(lower=0).where(rows.outcome == "AGENT")
    return rows
