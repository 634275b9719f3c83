"""Delays, parts by month, reviews, sessions, purchases: plain pandas, nothing else.

Nothing of the product is used here: neither its tables nor its code.
"""

import json
from pathlib import Path

import pandas as pd

# ---------- 03: delays of streetcars

_SAME = {"Date": "Report Date", "Line": "Route", "Delay": "Min Delay", "Gap": "Min Gap",
         "Bound": "Direction"}  # fmt: skip


def delays(paths: list[Path]) -> tuple[pd.DataFrame, int]:
    """Return each delay of a known vehicle once with its *month*, and how many not.

    The second is the number of rows that say the same of a known vehicle again.
    """
    sheets = [
        sheet.rename(columns=_SAME)
        for path in paths
        for sheet in pd.read_excel(path, sheet_name=None, engine="calamine").values()
    ]
    rows = pd.concat(sheets, ignore_index=True)
    vehicle = pd.to_numeric(rows.Vehicle, errors="coerce").fillna(0)
    rows = rows[vehicle > 0].assign(
        clock=lambda found: found.Time.map(_minute),
        day=lambda found: pd.to_datetime(found["Report Date"]).dt.date,
    )
    said = ["day", "clock", "Route", "Location", "Incident", "Min Delay", "Min Gap",
            "Direction", "Vehicle"]  # fmt: skip
    plain = rows[said].map(lambda v: "" if pd.isna(v) else str(v).strip())
    again = plain.duplicated()
    months = rows.day[~again].map(lambda day: day.replace(day=1))
    kinds = rows.Incident[~again]
    return pd.DataFrame({"month": months, "kind": kinds}), int(again.sum())


def _minute(value: object) -> str:
    """Return a time as HH:MM:SS; a date without a time is midnight."""
    text = str(value)
    if ":" not in text:
        return "00:00:00"
    clock = text.rpartition(" ")[2]
    return f"{clock}:00" if clock.count(":") == 1 else clock


# ---------- 05 and 06: parts by month


def sold(path: Path) -> dict[str, float]:
    """Return the units sold in each month (YYYY-MM)."""
    rows = pd.read_csv(path).set_index("part")
    return rows.sum().to_dict()


def demanded(path: Path) -> list[float]:
    """Return the demand of each month, the newest first."""
    rows = pd.read_excel(path, sheet_name="lumpdatp", engine="calamine", index_col=0)
    return rows.sum().tolist()


# ---------- 11: reviews of seats


def stars(path: Path) -> pd.Series:
    """Return the stars (1-10) of each review once, those of 1970 left out."""
    rows = pd.read_csv(path)
    said = rows[["airline_name", "author", "date", "aircraft", "content"]]
    once = rows[~said.duplicated()]
    return once[once.date >= "1995"].overall_rating.dropna()


# ---------- 18: charging sessions


def sessions(path: Path) -> pd.DataFrame:
    """Return each session's *vendor* (the site), *came* (when it ended) and *user*."""
    rows = pd.read_csv(path, dtype=str)
    ended = pd.to_datetime("20" + rows.ended.str[2:])
    return pd.DataFrame({"vendor": rows.locationId, "came": ended, "user": rows.userId})


# ---------- 21: purchases


def purchases(path: Path) -> pd.DataFrame:
    """Return customer, day, number and dollars of each purchase."""
    rows = pd.read_csv(path, sep=r"\s+", dtype=str)
    return rows.assign(
        came=pd.to_datetime(rows["date"], format="%Y%m%d"), vendor="CDNOW"
    )


# ---------- 25: holidays


def holidays(folder: Path) -> dict[str, bool]:
    """Return whether each named day is a day off."""
    found = {}
    for path in sorted(folder.glob("20*.json")):
        for day in json.loads(path.read_text(encoding="utf-8"))["days"]:
            found[day["date"]] = day["isOffDay"]
    return found
