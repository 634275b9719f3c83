"""Work done once for all who ask: one computes, the others wait for it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any


class Once:
    """Values by key, each computed at most once while it is kept.

    Those who ask at the same moment wait for the first of them. A failure is told to
    all of them and not kept. What nobody has asked for longest goes when the values
    weigh more than *room*; without *weigh* each weighs 1.
    """

    def __init__(self, room: int, weigh: Callable[[Any], int] | None = None) -> None:
        self._room = room
        self._weigh = weigh or (lambda _: 1)
        self._kept: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._weights: dict[Hashable, int] = {}
        self._held = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        """Return what *compute* gave for *key*."""
        with self._lock:
            future = self._kept.get(key)
            is_mine = future is None
            if future is None:
                future = self._kept[key] = Future()
            self._kept.move_to_end(key)
        if is_mine:
            self._fill(key, future, compute)
        return future.result()

    def _fill(
        self, key: Hashable, future: Future[Any], compute: Callable[[], Any]
    ) -> None:
        try:
            value = compute()
        except BaseException as error:
            with self._lock:
                del self._kept[key]
            future.set_exception(error)
            return
        with self._lock:
            self._weights[key] = self._weigh(value)
            self._held += self._weights[key]
            self._make_room()
        future.set_result(value)

    def _make_room(self) -> None:
        """Forget what was asked for longest ago; what is being computed stays."""
        while self._held > self._room:
            oldest = next(key for key in self._kept if key in self._weights)
            del self._kept[oldest]
            self._held -= self._weights.pop(oldest)
