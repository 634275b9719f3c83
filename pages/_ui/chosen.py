"""Which metrics of the catalogue a screen shows, and in which order."""

from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Kind, Level, Metric


def headline() -> list[Metric]:
    """Return the metrics on the tiles, in the order of the catalogue."""
    return [metric for metric in CATALOG.values() if metric.headline]


def columns() -> list[Metric]:
    """Return the metrics in the table: what stores have, what is judged first."""
    have = [metric for metric in headline() if "store_id" in metric.dimensions]
    return sorted(have, key=lambda metric: not metric.thresholds)


def default_metric() -> Metric:
    """Return the metric whose trend is shown when nobody chose one: a north star."""
    judged = [metric for metric in headline() if metric.thresholds]
    stars = [metric for metric in judged if metric.level is Level.NORTH_STAR]
    return [*stars, *judged, *headline()][0]


def charted() -> list[Metric]:
    """Return the metrics whose trend follows the scope, the headline first."""
    drawable = [
        metric
        for metric in CATALOG.values()
        if metric.kind is not Kind.TIER and "store_id" in metric.dimensions
    ]
    return sorted(drawable, key=lambda m: not m.headline)


def charted_ids() -> frozenset[str]:
    """Return the ids of the metrics whose trend may be asked for."""
    return frozenset(metric.id for metric in charted())
