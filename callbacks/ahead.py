"""Screens in use, drawn for a new batch before their readers come back for it.

A publish finds open pages; each asks again within seconds. What they show is drawn in
the background from the first request that sees the new batch, one screen after another:
readers find it there, or wait for the one that is being drawn, and walls are not
crowded out by as many threads as there are scopes.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from callbacks.overview_screen import course, screen
from pages._ui.address import View
from warehouse.errors import NoBatchError
from warehouse.scope import EVERYTHING

logger = logging.getLogger(__name__)

IN_USE = 300.0
"""Seconds for which a screen that nobody has asked for again counts as open: a hidden
tab asks less often than one that is looked at."""

MOST = 32
"""Screens that are drawn ahead; the others are drawn when they are asked for."""

Draw = Callable[[Any], object]
"""Draws a screen of a batch, and keeps it where its readers will look for it."""


def warm(warehouse: Any) -> None:
    """Read what every first page rests on, while nobody waits for it.

    What the overview reads of all stores is kept with the batch, whoever asks next.
    """
    try:
        batch = warehouse.batch()
        screen(batch, View(), EVERYTHING)
        course(batch, View(), EVERYTHING)
    except NoBatchError:
        return  # Nothing has been published yet.
    except Exception:
        logger.exception("the first page could not be read ahead")


class Ahead:
    """The screens in use, and the thread that draws them for the newest batch."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._noted: OrderedDict[Hashable, tuple[float, Draw]] = OrderedDict()
        self._newest: Any = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def note(self, key: Hashable, draw: Draw) -> None:
        """Remember that a reader has *key* open, and how it is drawn."""
        with self._lock:
            self._noted[key] = (self._clock(), draw)
            self._noted.move_to_end(key)
            while len(self._noted) > MOST:
                self._noted.popitem(last=False)

    def see(self, batch: Any) -> None:
        """Notice the batch that is newest now; draw ahead if it is another."""
        if self._newest is not None and self._newest.id == batch.id:
            return
        with self._lock:
            is_first = self._newest is None
            self._newest = batch
            if is_first or not self._noted or self._is_drawing():
                return  # Who draws looks for a newer batch after each screen.
            self._thread = threading.Thread(
                target=self._draw, name="drawing ahead", daemon=True
            )
            self._thread.start()

    def wait(self, seconds: float = 30.0) -> None:
        """Wait until nothing is being drawn."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _is_drawing(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _draw(self) -> None:
        batch, done = None, set()
        while True:
            with self._lock:
                if batch is not self._newest:
                    batch, done = self._newest, set()
                waiting = [key for key in self._open() if key not in done]
                if not waiting:
                    self._thread = None
                    return
                key = waiting[0]
                draw = self._noted[key][1]
            done.add(key)
            try:
                draw(batch)
            except Exception:
                # Whoever asks for it is told; the others are drawn all the same.
                logger.exception("a screen could not be drawn ahead")

    def _open(self) -> list[Hashable]:
        """Return the screens in use, the one asked for last first."""
        since = self._clock() - IN_USE
        return [key for key, (at, _) in reversed(self._noted.items()) if at >= since]
