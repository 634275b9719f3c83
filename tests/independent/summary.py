"""How rows become a reading: sums, Wilson, percentiles, Kaplan-Meier (kpis.md section 1)."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

Z = 1.959964
EPSILON = 1e-9


def wilson(successes: float, total: float) -> tuple[float, float]:
    """Wilson 95 % interval of a proportion (kpis.md section 1, «proportion CI»)."""
    if not total:
        return math.nan, math.nan
    p, z2 = successes / total, Z * Z
    middle = (p + z2 / (2 * total)) / (1 + z2 / total)
    half = (
        Z / (1 + z2 / total) * math.sqrt(p * (1 - p) / total + z2 / (4 * total * total))
    )
    return max(0.0, middle - half), min(1.0, middle + half)


def survival(times: np.ndarray, events: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Kaplan-Meier curve: the event times and S just after each (events before ties censored)."""
    moments = np.unique(times[events])
    ordered, falls = np.sort(times), np.sort(times[events])
    at_risk = len(times) - np.searchsorted(ordered, moments, side="left")
    deaths = np.searchsorted(falls, moments, "right") - np.searchsorted(
        falls, moments, "left"
    )
    return moments, np.cumprod(1 - deaths / at_risk)


def percentile(times: np.ndarray, events: np.ndarray, q: float) -> tuple[float, float]:
    """(value, last known bound): quantile_cont when all are closed, else Kaplan-Meier.

    Kaplan-Meier's percentile is the first time with S(t) <= 1 - q; if the curve never gets there
    the value is null and the bound is the longest time seen (interfaces.md, «Times»).
    """
    if len(times) == 0:
        return math.nan, math.nan
    if events.all():
        return float(np.quantile(times, q)), math.nan
    moments, left = survival(times, events)
    reached = np.flatnonzero(left <= 1 - q + EPSILON)
    if len(reached):
        return float(moments[reached[0]]), math.nan
    return math.nan, float(times.max())


def mean_time(times: np.ndarray, events: np.ndarray) -> float:
    """Plain mean when all are closed; else the area under Kaplan-Meier up to the longest time."""
    if len(times) == 0:
        return math.nan
    if events.all():
        return float(times.mean())
    moments, left = survival(times, events)
    edges = np.concatenate([[0.0], moments, [times.max()]])
    return float((np.diff(edges) * np.concatenate([[1.0], left])).sum())


def groups(
    rows: pd.DataFrame, by: tuple[str, ...]
) -> Iterator[tuple[dict, pd.DataFrame]]:
    """The scopes of a reading: one without dimensions, else one for each value that has rows."""
    if not by:
        yield {}, rows
        return
    for key, part in rows.groupby(list(by), dropna=False, sort=True):
        yield {d: None if pd.isna(k) else k for d, k in zip(by, key, strict=True)}, part


def summarise(
    rows: pd.DataFrame, by: tuple[str, ...], one: Callable[[pd.DataFrame], dict]
) -> pd.DataFrame:
    """Apply one scope's rule to every scope and lay the readings out as a frame."""
    names = ["value", "numerator", "denominator", "n", "ci_low", "ci_high", "maturity"]
    blank = dict.fromkeys(names, math.nan)
    records = [scope | blank | one(part) for scope, part in groups(rows, by)]
    extra = [
        k for k in (records[0] if records else {}) if k not in names and k not in by
    ]
    return pd.DataFrame(records, columns=[*by, *names, *extra])


def share(part: pd.DataFrame) -> dict:
    """Sum of numerators over sum of denominators, never a mean of shares; 0 below -> null.

    A column `known` (0/1) marks matured rows: only they count, the others lower the maturity.
    """
    rows = part
    found: dict = {}
    if "known" in part:
        rows = part[part["known"]]
        found["maturity"] = len(rows) / len(part) if len(part) else math.nan
    top, below = float(rows["num"].sum()), float(rows["den"].sum())
    low, high = wilson(top, below)
    return found | {
        "value": top / below if below else math.nan,
        "numerator": top,
        "denominator": below,
        "n": below,
        "ci_low": low,
        "ci_high": high,
    }


def ratio(part: pd.DataFrame) -> dict:
    """Ratio of two sums that are not counts of one sample (hours, money): no interval.

    n counts the rows below the line.
    """
    top, below = float(part["num"].sum()), float(part["den"].sum())
    rows = part["n"].sum() if "n" in part else (part["den"] > 0).sum()
    return {
        "value": top / below if below else math.nan,
        "numerator": top,
        "denominator": below,
        "n": float(rows),
    }


def count(part: pd.DataFrame) -> dict:
    """A plain count: zero is a value here, there is no denominator."""
    return {
        "value": float(len(part)),
        "numerator": float(len(part)),
        "n": float(len(part)),
    }


def timing(variant: str) -> Callable[[pd.DataFrame], dict]:
    """The rule of a time metric's variant over rows with t and closed (false = censored)."""

    def one(part: pd.DataFrame) -> dict:
        """One scope's percentile or mean; n is every order, closed or censored."""
        # Sums of hours carry float noise, which must not tear equal times apart.
        times = part["t"].to_numpy(float).round(9)
        events = part["closed"].to_numpy(bool)
        found = {"n": float(len(part)), "denominator": float(len(part))}
        if variant == "mean":
            return found | {
                "value": mean_time(times, events),
                "numerator": float(times.sum()),
            }
        value, bound = percentile(times, events, {"p50": 0.5, "p90": 0.9}[variant])
        return found | {"value": value, "ci_low": bound}

    return one
