"""What a wall display shows, page by page, the most important tile first."""

from dataclasses import dataclass

from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Metric


@dataclass(frozen=True, slots=True)
class WallPage:
    """A page of the wall: its name, its title, its metrics by importance."""

    name: str
    title: str
    metrics: tuple[Metric, ...]


def _page(name: str, title: str, *metric_ids: str) -> WallPage:
    return WallPage(name, title, tuple(CATALOG[key] for key in metric_ids))


PAGES = (
    _page(
        "now",
        "wall.page.now",
        "waiting_now",
        "longest_wait_now",
        "bay_util",
        "tech_util",
        "orders_in_progress",
        "wait_writeup",
    ),
    _page(
        "today",
        "wall.page.today",
        "orders_arrived",
        "orders_delivered",
        "promise_kept",
        "cust_wait_total",
        "same_day",
        "wait_handover",
    ),
    _page(
        "quality",
        "wall.page.quality",
        "ftfr_30d",
        "comeback_in",
        "dispatch_acc",
        "ftfr_prov",
    ),
    _page(
        "parts",
        "wall.page.parts",
        "stockout_rate",
        "order_fill",
        "wait_parts",
        "sku_stockout",
    ),
    _page(
        "voice",
        "wall.page.voice",
        "nps",
        "complaint_rate",
        "csat",
        "complaint_close_48h",
    ),
)


def metrics() -> tuple[Metric, ...]:
    """Return every metric that some page shows, once."""
    return tuple({m.id: m for page in PAGES for m in page.metrics}.values())
