"""The metric catalogue: the only list of KPIs in the product."""

from warehouse.errors import DefinitionError, UnknownNameError
from warehouse.metrics import capacity, flow, parts, service, times, voice
from warehouse.metrics.metric import (
    Cadence,
    Direction,
    Interval,
    Kind,
    Level,
    Metric,
    Status,
    Thresholds,
    Unit,
    Window,
)
from warehouse.metrics.reading import Reading

__all__ = [
    "CATALOG",
    "HEADLINES",
    "Cadence",
    "Direction",
    "Interval",
    "Kind",
    "Level",
    "Metric",
    "Reading",
    "Status",
    "Thresholds",
    "Unit",
    "Window",
    "metric",
]


def _catalog() -> dict[str, Metric]:
    declared: dict[str, Metric] = {}
    for room in (flow, service, times, capacity, parts, voice):
        for one in room.METRICS:
            if one.id in declared:
                raise DefinitionError(f"metric {one.id} is declared twice")
            declared[one.id] = one
    return declared


CATALOG: dict[str, Metric] = _catalog()

HEADLINES: tuple[str, ...] = tuple(m.id for m in CATALOG.values() if m.headline)


def metric(metric_id: str) -> Metric:
    """Return the metric declared under *metric_id*."""
    try:
        return CATALOG[metric_id]
    except KeyError:
        raise UnknownNameError("metric", metric_id, CATALOG) from None
