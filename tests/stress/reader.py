"""A reader that asks without pause: python -m tests.stress.reader WAREHOUSE STOP_FILE.

Every delivery of the kill tests brings one order, one line and one answer to each
store, so that anything half of a batch shows as stores that differ. Prints one JSON
object at the end.
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

from warehouse.scope import EVERYTHING, Question
from warehouse.settings import Settings
from warehouse.store.warehouse import Batch, Warehouse

MARCH = Question(start=date(2025, 3, 1), end=date(2025, 4, 1))
BY_STORE = Question(start=MARCH.start, end=MARCH.end, by=("store_id",))
ASKED = ("orders_arrived", "orders_delivered", "ftfr_prov", "csat")


def page(batch: Batch) -> list[str]:
    """Read a page; return what does not belong together in it."""
    wrong, counts = [], set()
    for metric in ASKED:
        total = batch.read(metric, MARCH, EVERYTHING)
        stores = batch.read(metric, BY_STORE, EVERYTHING)
        if {r.batch_id for r in (*total, *stores)} != {batch.id}:
            wrong.append(f"{metric}: more than one batch on a page")
        if sum(r.n for r in stores) != sum(r.n for r in total):
            wrong.append(f"{metric}: the stores do not add up to the total")
        if len({r.value for r in stores}) > 1:
            wrong.append(f"{metric}: half a delivery {[r.value for r in stores]}")
        counts.add(len(stores))
    if counts != {len(batch.stores(EVERYTHING))}:
        wrong.append(f"stores: {counts}")
    arrived = batch.read("orders_arrived", MARCH, EVERYTHING)[0].value
    delivered = batch.read("orders_delivered", MARCH, EVERYTHING)[0].value
    if arrived != delivered:
        wrong.append(f"{arrived} arrived, {delivered} delivered")
    return wrong


def main(warehouse_folder: str, stop_file: str) -> None:
    """Read pages until *stop_file* is there."""
    settings = Settings(warehouse=Path(warehouse_folder), state="sqlite://")
    warehouse = Warehouse.open(settings)
    errors: list[str] = []
    seen: list[int] = []
    pages, slowest = 0, 0.0
    while not Path(stop_file).exists():
        began = time.monotonic()
        try:
            batch = warehouse.batch()
            errors += page(batch)
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
        else:
            if not seen or seen[-1] != batch.seq:
                seen.append(batch.seq)
            pages += 1
        slowest = max(slowest, time.monotonic() - began)
    if seen != sorted(seen):
        errors.append(f"batches went back: {seen}")
    told = {
        "pages": pages,
        "batches": len(seen),
        "slowest": round(slowest, 3),
        "errors": errors[:20],
        "error_count": len(errors),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
