"""Keys of sentences about metrics and files that are put together from a value."""

from callbacks.exports_readings import READING
from pages._ui.metric_catalog import FEEDS
from warehouse.behind import PARTS
from warehouse.metrics import CATALOG, DOMAINS
from warehouse.metrics.metric import Cadence, Direction, Kind, Level
from warehouse.metrics.spc import Signal
from warehouse.store.behind import columns_of
from warehouse.store.behind_columns import details_of
from warehouse.store.behind_tiers import COLUMNS

METRIC_WORDS = {
    *(f"dim.{name}" for metric in CATALOG.values() for name in metric.dimensions),
    *(
        f"row.{column.name}"
        for metric in CATALOG.values()
        for column in columns_of(metric, details_of(metric.fact))
    ),
    *(f"row.{column.name}" for column in COLUMNS),
    *(f"rows.part.{part}{kind}" for part in PARTS for kind in ("", ".duration")),
    *(f"what.{what}" for what in ("clock", "attendance")),
    *(f"what.{what}" for what in ("work", "in_bay", "completed", "open_day")),
    *(f"domain.{name}" for name in DOMAINS),
    *(f"feed.{name}" for name in FEEDS),
    *(f"file.{key}" for key in READING),
    *(f"metric.rollup.{kind}" for kind in Kind),
    *(f"metric.direction.{direction}" for direction in Direction),
    *(f"metric.level.{level}" for level in Level),
    *(f"metric.cadence.{cadence}" for cadence in Cadence),
    *(f"metric.interval.{name}" for name in ("wilson", "nps", "order", "none")),
    *(f"spc.{kind}" for kind in ("p", "xmr")),
    *(f"spc.why.{signal}" for signal in Signal),
}
