"""A small network of the demo, loaded once a process, for tests that ask real numbers.

Tests that use it carry `xdist_group("network")`, so that one worker loads it for all.
"""

import atexit
import shutil
import tempfile
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from etl.demo import write_network
from tests import kit
from warehouse.settings import Settings
from warehouse.store.warehouse import Warehouse

AFTERNOON = datetime(2026, 11, 20, 15, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@cache
def folder() -> Path:
    """Return the folder of an installation: three stores, five months."""
    place = Path(tempfile.mkdtemp(prefix="aftersight-network-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    source = place / "demo"
    write_network(
        source, stores=3, months=5, seed=11, until=date(2026, 11, 20), progress=print
    )
    kit.run(place, [source], AFTERNOON)
    return place


def settings(**more: object) -> Settings:
    """Return the settings of that installation."""
    given = {"demo": True, "refresh_seconds": 600.0, "requests_per_minute": 100_000}
    return kit.settings_in(folder(), **{**given, **more})


@cache
def warehouse() -> Warehouse:
    """Return its warehouse."""
    return Warehouse.open(settings())
