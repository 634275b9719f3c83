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
    "DOMAINS",
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


_ROOMS = (flow, service, times, capacity, parts, voice)


def _catalog() -> dict[str, Metric]:
    declared: dict[str, Metric] = {}
    for room in _ROOMS:
        for one in room.METRICS:
            if one.id in declared:
                raise DefinitionError(f"metric {one.id} is declared twice")
            declared[one.id] = one
    return declared


CATALOG: dict[str, Metric] = _catalog()

DOMAINS: dict[str, tuple[str, ...]] = {
    room.__name__.rpartition(".")[2]: tuple(one.id for one in room.METRICS)
    for room in _ROOMS
}
"""Part of the business → its metrics: the files they are declared in."""

HEADLINES: tuple[str, ...] = tuple(m.id for m in CATALOG.values() if m.headline)


def metric(metric_id: str) -> Metric:
    """Return the metric declared under *metric_id*."""
    try:
        return CATALOG[metric_id]
    except KeyError:
        raise UnknownNameError("metric", metric_id, CATALOG) from None
