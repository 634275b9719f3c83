"""The demo network goes on living: each round of the loop brings its events."""

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from etl.demo import Feed, write_network

KEPT = timedelta(days=2)
"""Live deliveries older than this have long been loaded; their folders go."""

_NETWORK = "network.json"


def living(
    out: Path, *, until: date, say: Callable[[str], None]
) -> Callable[[datetime], None]:
    """Return what to do before each round: bring the events up to its moment.

    The first call writes the network's history where there is none in *out*.
    """
    feeds: list[Feed] = []

    def before_each(now: datetime) -> None:
        if not feeds:
            if not (out / _NETWORK).exists():
                say(f"writing the demo network to {out}, this takes a minute")
                write_network(out, until=until, progress=say)
            feeds.append(Feed(out))
        feeds[0].advance(now)
        _prune(out, now)

    return before_each


def _prune(out: Path, now: datetime) -> None:
    oldest = f"live-{now - KEPT:%Y%m%dT%H%M%S}"
    for folder in out.glob("*/live-*"):
        if folder.name < oldest:
            shutil.rmtree(folder, ignore_errors=True)
