"""How much one reader may ask for."""

import threading
from collections import OrderedDict

WINDOW = 60.0
MOST_KEYS = 20_000


class Limits:
    """Counts requests by reader in windows of a minute; of this process only."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, key: str, now: float) -> bool:
        """Count a request of *key*; tell whether it is still within bounds.

        *now* is a clock's seconds that never go back.
        """
        with self._lock:
            began, count = self._counts.pop(key, (now, 0))
            if now - began >= WINDOW:
                began, count = now, 0
            self._counts[key] = (began, count + 1)
            while len(self._counts) > MOST_KEYS:
                self._counts.popitem(last=False)
        return count < self._most
