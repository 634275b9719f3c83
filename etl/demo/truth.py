"""What a reader of the demo files could not know for sure, written beside them."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from etl.demo.customers import LETTERS, SYSTEMS
from etl.demo.days import DAY, date_of
from etl.demo.delivery import Clerk
from etl.demo.network import Network
from etl.demo.orders import Rows
from etl.demo.problems import describe_peaks, describe_problems
from etl.demo.sheets import CUSTOMERS
from etl.demo.sheets_events import LINES, WORK_ORDERS
from etl.demo.vin import check_digit
from etl.demo.visible import ALWAYS, visible
from etl.demo.world import Tables

_EXAMPLES = 10
_LIVE_DAYS = 14  # of the feed whose troubles are named


def truth(network: Network, clerk: Clerk, tables: Tables) -> dict[str, object]:
    """Return planted problems, counted dirt and the state of the customers."""
    now = network.until * DAY - 1
    everything = (ALWAYS - 1, now, network.problems)
    orders, _ = visible(WORK_ORDERS, tables["work_orders"], *everything)
    lines, _ = visible(LINES, tables["work_order_lines"], *everything)
    done = lines["done"] <= now
    return {
        "history": {
            "from": str(date_of(network.start)),
            "to": str(date_of(network.until)),
        },
        "problems": describe_problems(network),
        "live": describe_peaks(network, _LIVE_DAYS),
        "customers": _customer_truth(_records(network, tables)),
        "dirt": clerk.ledger.as_rows(),
        "half_empty": {
            "mileage_km": int((orders["mileage"] < 0).sum()),
            "cause": int((lines["cause"] < 0)[done].sum()),
            "correction": int((lines["correction"] < 0)[done].sum()),
        },
        "late_orders": int(orders["late"].sum()),
        "wrong_check_digit_vehicles": _wrong_check_digits(network),
        "rows": dict(sorted(clerk.rows.items())),
    }


def _wrong_check_digits(network: Network) -> int:
    told = [p.vin[p.sold < network.until - 1] for p in network.parcs]
    return sum(vin[8] != check_digit(vin) for store in told for vin in store.tolist())


def _records(network: Network, tables: Tables) -> Rows:
    """Return all customer records as they stand at the end of the history."""
    now = network.until * DAY - 1
    pieces = []
    for name in SYSTEMS:
        rows = tables[f"customers:{name}"]
        told, _ = visible(CUSTOMERS[name], rows, ALWAYS - 1, now, network.problems)
        pieces.append({n: told[n] for n in ("system", "number", "person", "fault")})
    return {n: np.concatenate([p[n] for p in pieces]) for n in pieces[0]}


def _ids(records: Rows) -> list[list[str]]:
    """Return system and id of each record."""
    return [
        [SYSTEMS[system], f"{LETTERS[system]}{number:07d}"]
        for system, number in zip(
            records["system"].tolist(), records["number"].tolist(), strict=True
        )
    ]


def _customer_truth(records: Rows) -> dict[str, object]:
    people, ids = np.unique(records["person"], return_counts=True)
    most = people[np.argsort(-ids, kind="stable")[:_EXAMPLES]]
    examples = []
    for person in most.tolist():
        rows = records["person"] == person
        examples.append(_ids({n: c[rows] for n, c in records.items()}))
    return {
        "records": len(records["person"]),
        "persons": len(people),
        "duplicate_rate": round(len(records["person"]) / max(len(people), 1) - 1, 6),
        "most_ids_of_one_person": int(ids.max(initial=0)),
        "wrong_phones": int((records["fault"] > 0).sum()),
        "same_person": examples,
    }


def write_persons(path: Path, network: Network, tables: Tables) -> None:
    """Write the key to the customers: which record belongs to which person."""
    records = _records(network, tables)
    ids = _ids(records)
    table = pa.table(
        {
            "source_system": [system for system, _ in ids],
            "source_customer_id": [number for _, number in ids],
            "person": records["person"],
        }
    )
    pq.write_table(table, path, compression="zstd")
