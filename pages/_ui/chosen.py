"""Which metrics of the catalogue a screen shows, and in which order."""

from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Kind, Metric


def headline() -> list[Metric]:
    """Return the metrics on the tiles, in the order of the catalogue."""
    return [metric for metric in CATALOG.values() if metric.headline]


def columns() -> list[Metric]:
    """Return the metrics in the table: what stores have, what is judged first."""
    have = [metric for metric in headline() if "store_id" in metric.dimensions]
    return sorted(have, key=lambda metric: not metric.thresholds)


def default_metric() -> Metric:
    """Return the metric whose trend is shown when nobody chose one."""
    return next((m for m in headline() if m.thresholds), headline()[0])


def charted() -> list[Metric]:
    """Return the metrics whose trend can be drawn, the headline first."""
    drawable = [m for m in CATALOG.values() if m.kind is not Kind.TIER]
    return sorted(drawable, key=lambda m: not m.headline)
