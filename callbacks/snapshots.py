"""Screens as bytes: computed once, packed once, handed to every viewer.

`Packed` is an answer ready to be sent, `Latest` keeps the newest of each screen. While
a newer one is being computed for one viewer, the others get the one before it: a
publish never makes a thousand screens wait for the warehouse.
"""

import gzip
import hashlib
import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from typing import Any

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Packed:
    """A snapshot as JSON, with its tag; packed when the first viewer can take it."""

    body: bytes
    tag: str

    @classmethod
    def of(cls, data: Any) -> "Packed":
        """Return *data* as JSON; equal data have equal tags in every process."""
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(body, hashlib.sha256(body).hexdigest()[:20])

    @cached_property
    def gzip(self) -> bytes:
        """The JSON, packed."""
        return gzip.compress(self.body, compresslevel=6, mtime=0)


@dataclass
class _Slot:
    batch_id: str
    value: Any


class Latest:
    """The newest finished snapshot of each key. The key names rights and language."""

    def __init__(self, size: int = 2048) -> None:
        self._size = size
        self._slots: OrderedDict[Hashable, _Slot] = OrderedDict()
        self._running: dict[Hashable, Future[Any]] = {}
        self._lock = threading.Lock()

    def get(self, batch_id: str, key: Hashable, compute: Callable[[], Any]) -> Any:
        """Return the snapshot of *key*, of this batch or of the one just before.

        The first who asks for a new batch computes; who comes meanwhile gets the old
        one, or waits if there is none. When it cannot be computed the old one stays,
        and the next viewer tries again.
        """
        with self._lock:
            slot = self._slots.get(key)
            if slot is not None:
                self._slots.move_to_end(key)
                if slot.batch_id == batch_id:
                    return slot.value
            future = self._running.get(key)
            is_mine = future is None
            if future is None:
                future = self._running[key] = Future()
        if is_mine:
            self._fill(batch_id, key, future, compute)
        elif slot is not None:
            return slot.value
        return self._outcome(future, slot)

    def _fill(
        self,
        batch_id: str,
        key: Hashable,
        future: Future[Any],
        compute: Callable[[], Any],
    ) -> None:
        try:
            value = compute()
        except BaseException as error:
            with self._lock:
                del self._running[key]
            future.set_exception(error)
            return
        with self._lock:
            del self._running[key]
            self._slots[key] = _Slot(batch_id, value)
            self._slots.move_to_end(key)
            while len(self._slots) > self._size:
                self._slots.popitem(last=False)
        future.set_result(value)

    @staticmethod
    def _outcome(future: Future[Any], slot: _Slot | None) -> Any:
        try:
            return future.result()
        except Exception:
            if slot is None:
                raise
            logger.exception("a snapshot could not be renewed; the last one stays")
            return slot.value
