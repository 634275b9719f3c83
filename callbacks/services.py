"""What callbacks work with, made once in `create_app` and handed to each of them."""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from callbacks.ahead import Ahead
from callbacks.snapshots import Latest
from warehouse.errors import NoBatchError
from warehouse.once import Once
from warehouse.settings import Settings

BATCHES = 2
"""Batches whose screens are kept: a slow reader of the last must not cost the newest
its own."""


class Snapshots:
    """Screens computed once for all viewers; the key names rights and view.

    Those of the batch before are kept for the readers who are still on it; older ones
    are forgotten. A screen that several viewers ask for at the same moment is computed
    by the first of them; the others wait for it. A failure is told to all of them and
    not kept.
    """

    def __init__(self, size: int = 256) -> None:
        self._size = size
        self._batches: OrderedDict[str, Once] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, batch_id: str, key: Hashable, compute: Callable[[], Any]) -> Any:
        """Return what *compute* gave for *key* of a batch, computed at most once."""
        with self._lock:
            screens = self._batches.get(batch_id)
            if screens is None:
                screens = self._batches[batch_id] = Once(self._size)
                while len(self._batches) > BATCHES:
                    self._batches.popitem(last=False)
        return screens.get(key, compute)


class Batches:
    """The newest batch; when it cannot be opened, the last good one and the reason."""

    def __init__(self, warehouse: Any, ahead: Ahead | None = None) -> None:
        self._warehouse = warehouse
        self._last: Any = None
        self._ahead = ahead or Ahead()

    def newest(self) -> tuple[Any, str]:
        """Return the batch to show, and why it is not the newest, if it is not.

        Raises:
            NoBatchError: there has never been a batch in this process.

        """
        try:
            batch = self._warehouse.batch()
        except NoBatchError as error:
            if self._last is None:
                raise
            return self._last, str(error)
        self._last = batch
        self._ahead.see(batch)
        return batch, ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The warehouse, the state, the settings, and what is shared between requests."""

    warehouse: Any
    settings: Settings
    state: Any
    batches: Batches
    door: Any = None
    snapshots: Snapshots = field(default_factory=Snapshots)
    latest: Latest = field(default_factory=Latest)
    ahead: Ahead = field(default_factory=Ahead)
    served: Counter[str] = field(default_factory=Counter)
    build: str = ""

    @classmethod
    def over(
        cls,
        warehouse: Any,
        settings: Settings,
        build: str,
        state: Any,
        door: Any = None,
    ) -> "Services":
        """Return the services that read from *warehouse*, and keep people in *state*.

        *door* takes rows in.
        """
        ahead = Ahead()
        return cls(
            warehouse=warehouse,
            settings=settings,
            batches=Batches(warehouse, ahead),
            ahead=ahead,
            build=build,
            state=state,
            door=door,
        )
