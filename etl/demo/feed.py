"""The demo network goes on living: small deliveries of what happened since the last."""

import json
from datetime import date, datetime
from pathlib import Path

import numpy as np

from etl.demo.days import DAY, day_number, local_seconds, utc_stamp
from etl.demo.delivery import Clerk, Window
from etl.demo.files import write_json
from etl.demo.network import Network
from etl.demo.world import (
    AHEAD,
    MEMORY,
    UNSURE,
    Tables,
    network_tables,
    store_tables,
    together,
)

NETWORK_FILE = "network.json"
FEED_FILE = "feed.json"
_GOOD_FOR = AHEAD - UNSURE - 1  # days that a simulation holds beyond its end
_FRESH_FOR = _GOOD_FOR // 2  # after so many days stores are simulated anew in turn
_STORES_A_TICK = 2


class Feed:
    """Writes what became known or changed since the last delivery.

    The simulation stays in memory between the ticks; it is renewed store by store
    long before it runs out, so that no tick pays for all of them.
    """

    def __init__(self, out: Path) -> None:
        arguments = json.loads((out / NETWORK_FILE).read_text("utf-8"))
        until = date.fromisoformat(arguments.pop("until"))
        self.network = Network.of(**arguments, until=until)
        self.told = day_number(until) * DAY - 1
        self._out = out
        feed_file = out / FEED_FILE
        if feed_file.exists():
            self.told = int(json.loads(feed_file.read_text("utf-8"))["told"])
        self._clerk = Clerk.of(self.network)
        self._ends: dict[int, int] = {}  # day up to which each store is simulated
        self._stores: dict[int, Tables] = {}
        self._shared: Tables = {}
        self._shared_end = 0
        self._tables: Tables = {}

    def advance(self, now: datetime) -> list[Path]:
        """Tell everything up to *now*; returns the folders written, perhaps none."""
        moment = local_seconds(now)
        if moment <= self.told:
            return []
        self._look_ahead(moment // DAY)
        window = Window(since=self.told, now=moment, live=True)
        name = f"live-{utc_stamp(moment)}"
        folders = self._clerk.deliver(self._out, name, self._tables, window)
        write_json(self._out / FEED_FILE, {"told": moment})
        self.told = moment
        return folders

    def _look_ahead(self, today: int) -> None:
        """Simulate what is missing for *today*, and a little for later."""
        numbers = range(self.network.size)
        must = [n for n in numbers if self._ends.get(n, 0) + _GOOD_FOR <= today]
        may = [n for n in numbers if self._ends.get(n, 0) + _FRESH_FOR <= today]
        due = must or may[:_STORES_A_TICK]
        if self._shared_end + _FRESH_FOR <= today:
            self._shared = _still_to_tell(
                network_tables(self.network, today, self._since), self.told
            )
            self._shared_end = today
        elif not due:
            return
        for number in due:
            store = self.network.stores[number]
            # Spread over some days, or all would run out together again.
            end = today + 1 - (number * 7 % _FRESH_FOR if must else 0)
            self._stores[number] = store_tables(self.network, store, end, self._since)
            self._ends[number] = end
        self._tables = together([self._stores[n] for n in numbers], self._shared)

    @property
    def _since(self) -> int:
        return self.told // DAY - MEMORY


def _still_to_tell(tables: Tables, told: int) -> Tables:
    """Drop what was told for good, so that a tick does not look at it again."""
    small: Tables = {}
    for name, table in tables.items():
        last = table["known"]
        for moment in ("updated", "leaves"):
            if moment in table:
                open_end = table[moment]
                last = np.maximum(last, open_end)
        keep = last > told
        if name in {"partner_orders", "partner_complaints"}:
            keep = np.ones(len(last), dtype=bool)
        small[name] = {n: c[keep] for n, c in table.items()}
    return small
