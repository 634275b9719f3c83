"""Hand-made readings, small enough to check by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from pages._ui.comparison import Past
from pages._ui.kpi_tile import Tile
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Metric, Status
from warehouse.metrics.reading import Reading

AS_OF = datetime(2026, 11, 21, 2, 15, tzinfo=UTC)

FTFR = CATALOG["ftfr_30d"]

WAIT = CATALOG["cust_wait_total"]

STOCKOUT = CATALOG["stockout_rate"]

BAYS = CATALOG["bay_util"]

UTIL = CATALOG["tech_util"]

ARRIVED = CATALOG["orders_arrived"]

NPS = CATALOG["nps"]

WAITING = CATALOG["waiting_now"]


def reading(metric: Metric = FTFR, value: float | None = 0.8, **given: Any) -> Reading:
    """Return a reading of *metric*; 80 % of 50 unless told otherwise."""
    n = given.pop("n", 50)
    base = Reading(
        metric=metric,
        period_start=date(2026, 7, 24),
        period_end=date(2026, 10, 22),
        value=value,
        numerator=None if value is None else value * n,
        denominator=float(n),
        n=n,
        status=Status.NONE if value is None else Status.RED,
        as_of=AS_OF,
        batch_id="b1",
        thresholds=metric.lines({}, date(2026, 11, 21)),
    )
    return replace(base, **given)


def tile(of: Reading | None = None, **given: Any) -> Tile:
    """Return a tile of one reading; *previous* and the like go into its past."""
    names = ("previous", "year_before", "aligned", "restated")
    past = {name: given.pop(name) for name in names if name in given}
    given["past"] = Past(**past)
    base = Tile(
        metric=of.metric if of else FTFR,
        batch_id="b1",
        as_of=AS_OF,
        timezone="Asia/Shanghai",
        reading=of,
        data_as_of=AS_OF,
        href="?metric=ftfr_30d",
    )
    return replace(base, **given)
