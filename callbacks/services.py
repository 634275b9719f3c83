"""What callbacks work with, made once in `create_app` and handed to each of them."""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from callbacks.snapshots import Latest
from warehouse.errors import NoBatchError
from warehouse.settings import Settings


class Snapshots:
    """Screens computed once for all viewers; the key names rights and view.

    Those of an older batch are forgotten when a newer one is asked for. A screen that
    several viewers ask for at the same moment is computed by the first of them; the
    others wait for it. A failure is told to all of them and not kept.
    """

    def __init__(self, size: int = 128) -> None:
        self._size = size
        self._batch_id = ""
        self._kept: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, batch_id: str, key: Hashable, compute: Callable[[], Any]) -> Any:
        """Return what *compute* gave for *key* of a batch, computed at most once."""
        with self._lock:
            if batch_id != self._batch_id:
                self._kept.clear()
                self._batch_id = batch_id
            future = self._kept.get(key)
            is_mine = future is None
            if future is None:
                future = self._kept[key] = Future()
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        if is_mine:
            self._fill(key, future, compute)
        return future.result()

    def _fill(
        self, key: Hashable, future: Future[Any], compute: Callable[[], Any]
    ) -> None:
        try:
            future.set_result(compute())
        except BaseException as error:
            with self._lock:
                if self._kept.get(key) is future:
                    del self._kept[key]
            future.set_exception(error)


class Batches:
    """The newest batch; when it cannot be opened, the last good one and the reason."""

    def __init__(self, warehouse: Any) -> None:
        self._warehouse = warehouse
        self._last: Any = None

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
        return cls(
            warehouse=warehouse,
            settings=settings,
            batches=Batches(warehouse),
            build=build,
            state=state,
            door=door,
        )
