"""Stock, answers, complaints and partners, by plain pandas from the raw files.

Nothing of the product is used here: neither its tables nor its code.
"""

import csv
import io
import math
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

Z = 1.959964

# ---------- 07: spare parts of a refinery


def refinery(path: Path) -> pd.DataFrame:
    """Return materials with stock, price (0 where unknown) and what a year used.

    *used* is the consumption of 2000-09 to 2001-08, returns (negative months) not
    netted; *months* are those with any movement, November 1997 left out.
    """
    rows = pd.read_csv(path)
    months = [name for name in rows.columns if name[:2] in ("19", "20")]
    moved = rows[months].fillna(0)
    year = [name for name in months if "2000-09-01" <= name <= "2001-08-01"]
    valid = [name for name in months if name != "1997-11-01"]
    assert (len(months), len(year)) == (56, 12)
    worst = np.select(
        [rows.H.notna(), rows.M.notna(), rows.L.notna()],
        ["high critical", "medium critical", "low critical"],
        "no criticality",
    )
    return pd.DataFrame(
        {
            "category": worst,
            "stock": rows.Stock,
            "price": rows.Price,
            "used": moved[year].clip(lower=0).sum(axis=1),
            "months": (moved[valid] != 0).sum(axis=1),
            "returned": (moved[valid] < 0).sum(axis=1),
        }
    )


# ---------- 10: answers with a score


def answers(path: Path) -> pd.DataFrame:
    """Return the answers that have a score, with moment in UTC and London's day."""
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows = rows[rows.NPS_SCORE.str.fullmatch(r"\d+")].reset_index(drop=True)
    local = pd.to_datetime(rows.CUSTOMER_RESPONSE_DATE, format="%d/%m/%Y %H:%M")
    stage = rows.SURVEY_SUB_TYPE.str.lower().str.replace(" ", "-")
    return pd.DataFrame(
        {
            "instrument": "bt-" + stage.mask(stage == "", "no-stage"),
            "score": rows.NPS_SCORE.astype(int),
            "day": local.dt.date,
            "moment": local.dt.tz_localize("Europe/London").dt.tz_convert("UTC"),
        }
    )


def promoter_score(scores: pd.Series) -> dict[str, float]:
    """Return the score and its 95 % interval, one answer added to each class."""
    n = len(scores)
    high, low = int((scores >= 9).sum()), int((scores <= 6).sum())
    a, b = (high + 1) / (n + 3), (low + 1) / (n + 3)
    margin = 100 * Z * math.sqrt((a + b - (a - b) ** 2) / (n + 3))
    value = 100 * (high - low) / n
    return {
        "value": value,
        "net": high - low,
        "n": n,
        "low": max(-100.0, value - margin),
        "high": min(100.0, value + margin),
    }


# ---------- 13: dealers and their published rating


def dealer_tiers(path: Path) -> Counter:
    """Return how many dealers the rating alone puts into each tier: strict lines."""
    ratings = pd.read_csv(path, dtype=str, keep_default_na=False).avg_rating
    found: Counter = Counter()
    for text in ratings[ratings != ""]:
        rating = Decimal(text)
        lines = [("gold", "4.8"), ("silver", "4.5"), ("bronze", "4.0")]
        tier = next((name for name, line in lines if rating > Decimal(line)), None)
        below = "yellow" if rating < 4 else "watch"
        found[tier or below] += 1
    return found


# ---------- 14: complaints from four crawls


def complaints(folder: Path) -> tuple[pd.DataFrame, int]:
    """Return the complaints, each once, and how many rows were repetitions."""
    found: dict[str, tuple[str, str]] = {}
    read = 0
    for path in sorted(folder.glob("*.csv")):
        content = path.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("gb18030")
        for row in csv.DictReader(io.StringIO(text, newline="")):
            read += 1
            said = (row.get("datetime") or row.get("投诉时间")).replace("/", "-")
            year, month, day = map(int, said.split("-"))
            fault = row.get("problem") or row.get("典型问题")
            key = row.get("id_") or row["id"]
            found[key] = (date(year, month, day).isoformat(), fault.strip()[:1])
    table = pd.DataFrame.from_dict(found, orient="index", columns=["day", "category"])
    return table, read - len(found)


# ---------- 20: deliveries by vendors


def _ordered(text: str) -> pd.Timestamp | None:
    """Return the order date: m/d/yy, or 20mm-dd-yy that a spreadsheet made of it."""
    if text[:1].isdigit() and "/" in text:
        month, day, year = map(int, text.split("/"))
    elif text[:2] == "20":
        first, day, year = map(int, text.split("-"))
        month = first - 2000
    else:
        return None
    return pd.Timestamp(2000 + year, month, day)


def deliveries(path: Path) -> pd.DataFrame:
    """Return all lines with order date, delivery date and days between them."""
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    ordered = pd.to_datetime(rows["PO Sent to Vendor Date"].map(_ordered))
    came = pd.to_datetime(rows["Delivered to Client Date"], format="%d-%b-%y")
    return pd.DataFrame(
        {
            "vendor": rows.Vendor.str.upper(),
            "item": rows["Item Description"],
            "direct": rows["Fulfill Via"] == "Direct Drop",
            "ordered": ordered,
            "came": came,
            "days": (came - ordered).dt.days,
        }
    )


def judged_vendors(orders: pd.DataFrame, month: str) -> int:
    """Return vendors with a delivery in the three months up to *month*.

    Nobody rates them, so each of them has the tier of the unrated.
    """
    last = pd.Period(month, "M")
    age = orders.came.dt.to_period("M").map(lambda one: (last - one).n)
    return orders[age.between(0, 2)].vendor.nunique()
