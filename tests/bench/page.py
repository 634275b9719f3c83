"""Reads the overview's data: python -m tests.bench.page; prints its times as JSON.

Run in a process of its own, so that the first page is a cold one.
"""

import json
import os
import time

began = time.monotonic()

from warehouse.metrics import CATALOG, HEADLINES  # noqa: E402
from warehouse.scope import EVERYTHING, Question  # noqa: E402
from warehouse.settings import Settings  # noqa: E402
from warehouse.store.warehouse import Batch, Warehouse  # noqa: E402


def overview(batch: Batch) -> dict[str, float]:
    """Read every headline metric in total and by store; return seconds by metric."""
    took = {}
    for metric in HEADLINES:
        start = time.monotonic()
        batch.read(metric, Question(), EVERYTHING)
        if "store_id" in CATALOG[metric].dimensions:
            batch.read(metric, Question(by=("store_id",)), EVERYTHING)
        took[metric] = time.monotonic() - start
    return took


def main() -> None:
    """Open the warehouse, read the page once cold and five times warm."""
    imported = time.monotonic()
    warehouse = Warehouse.open(Settings.from_environment(os.environ))
    batch = warehouse.batch()
    opened = time.monotonic()
    overview(batch)
    first = time.monotonic()
    pages = [overview(warehouse.batch()) for _ in range(5)]
    totals = [sum(page.values()) for page in pages]
    warm = pages[totals.index(sorted(totals)[2])]
    slowest = sorted(warm.items(), key=lambda one: -one[1])[:4]
    print(
        json.dumps(
            {
                "import": imported - began,
                "open": opened - imported,
                "first": first - opened,
                "cold": first - began,
                "warm": sorted(totals)[2],
                "metrics": len(HEADLINES),
                "slowest": {name: round(s, 3) for name, s in slowest},
            }
        )
    )


if __name__ == "__main__":
    main()
