"""Rows as a person types them in a standard file -> the typed, newest-version tables of read()."""

import pandas as pd

from .schema import DEFAULT_ZONE, KEYS, SCHEMA

TRUE = {"true", "1", "是"}


def _moment(text: object, zone: str) -> pd.Timestamp:
    """ISO 8601; without an offset it is local time of the store (interfaces.md section 3)."""
    if text is None or text == "":
        return pd.NaT
    stamp = pd.Timestamp(text)
    return (stamp.tz_localize(zone) if stamp.tz is None else stamp).tz_convert("UTC")


def _cell(value: object, kind: str, zone: str) -> object:
    """One cell in its column's type; blank is null."""
    if value is None or value == "":
        return pd.NaT if kind == "t" else None
    if kind == "t":
        return _moment(value, zone)
    if kind == "d":
        return pd.Timestamp(value).date()
    if kind == "n":
        return float(value)
    if kind == "b":
        return str(value).strip().lower() in TRUE
    return str(value)


def _newest(name: str, rows: list[dict]) -> list[dict]:
    """One row a key: later updated_at wins, without it the later delivery.

    A work order also remembers the first promised_at ever delivered.
    """
    kept: dict[tuple, dict] = {}
    for row in rows:
        key = tuple(row.get(k) for k in KEYS[name])
        old = kept.get(key)
        promise = (old or {}).get("first_promised_at") or row.get("promised_at")
        stale = old is not None and str(row.get("updated_at") or "9") < str(
            old.get("updated_at") or "0"
        )
        kept[key] = dict(old if stale else row)
        if name == "work_orders":
            kept[key]["first_promised_at"] = promise
    return list(kept.values())


def load(tables: dict[str, list[dict]]) -> dict[str, pd.DataFrame]:
    """Typed tables from typed-in rows: the clean standard tables that read() takes."""
    rows = {name: _newest(name, given) for name, given in tables.items()}
    zones = {
        r["store_id"]: r.get("timezone") or DEFAULT_ZONE for r in rows.get("stores", [])
    }
    stores = {
        r["work_order_id"]: r.get("store_id") for r in rows.get("work_orders", [])
    }
    out = {}
    for name, given in rows.items():
        known = []
        for row in given:
            store = row.get("store_id") or stores.get(row.get("work_order_id"))
            zone = zones.get(store, DEFAULT_ZONE)
            known.append(
                {c: _cell(row.get(c), kind, zone) for c, kind in SCHEMA[name].items()}
            )
        out[name] = pd.DataFrame(known, columns=list(SCHEMA[name]))
    return out
