"""Period, dimensions and filters of a reading (interfaces.md, «What a reading means»)."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from .world import World, borrow

STORE_DIMS = ("region", "province", "city", "city_class", "store_class")
ORDER_DIMS = ("order_type", "technician_id", "entry_mode", "vin", "store_id")
PART_DIMS = ("category", "abc_class")
GRAINS = ("day", "week", "month")


@dataclass(frozen=True)
class Ask:
    """One question: the world, the period as local days [start, end), dimensions, filters."""

    world: World
    start: date | None
    end: date | None
    by: tuple[str, ...] = ()
    where: dict[str, str] = field(default_factory=dict)

    @property
    def dims(self) -> tuple[str, ...]:
        """Every dimension that must be on the rows, asked for or filtered on."""
        return tuple(dict.fromkeys([*self.by, *self.where]))

    def window(
        self, days: int, lag: int = 0
    ) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
        """The period as midnights; without dates the last `days` days up to as_of - lag days.

        The day of as_of itself (or of as_of - lag) belongs to the window, it is its last day.
        """
        if self.start is None and self.end is None:
            moment = (self.world.as_of - pd.Timedelta(days=lag)).tz_convert(
                "Asia/Shanghai"
            )
            last = moment.tz_localize(None).normalize() + pd.Timedelta(days=1)
            return last - pd.Timedelta(days=days), last
        return (
            None if self.start is None else pd.Timestamp(self.start),
            None if self.end is None else pd.Timestamp(self.end),
        )

    def closing(self) -> pd.Timestamp:
        """The moment (exclusive midnight) at which trailing and snapshot metrics are read."""
        tomorrow = self.world.today + pd.Timedelta(days=1)
        return tomorrow if self.end is None else min(pd.Timestamp(self.end), tomorrow)


def within(
    rows: pd.DataFrame, ask: Ask, days: int, lag: int = 0, column: str = "day"
) -> pd.DataFrame:
    """Rows whose cohort day lies in the period, half-open."""
    start, end = ask.window(days, lag)
    keep = rows[column].notna()
    if start is not None:
        keep &= rows[column] >= start
    if end is not None:
        keep &= rows[column] < end
    return rows[keep]


def scoped(rows: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    """Put the asked dimensions on the rows and apply the filters."""
    for dim in ask.dims:
        rows = with_dim(rows, dim, ask.world)
    for dim, value in ask.where.items():
        rows = rows[rows[dim].astype(str) == str(value)]
    return rows


def with_dim(rows: pd.DataFrame, dim: str, world: World) -> pd.DataFrame:
    """Add one dimension, taken from the row, its order, store, vehicle, part or partner."""
    if dim in rows:
        return rows
    if dim in GRAINS:
        period = {"day": "D", "week": "W-SUN", "month": "M"}[dim]
        return rows.assign(**{dim: rows["day"].dt.to_period(period).dt.start_time})
    if dim == "complaint_group":
        return _with_groups(rows, world)
    if dim in ORDER_DIMS and "work_order_id" in rows:
        return rows.assign(**{dim: world.of_order(rows["work_order_id"], dim)})
    if dim in STORE_DIMS and ("store_id" in rows or "work_order_id" in rows):
        return _lookup(
            with_dim(rows, "store_id", world), dim, world, "stores", "store_id"
        )
    if dim == "model":
        return _lookup(with_dim(rows, "vin", world), dim, world, "vehicles", "vin")
    if dim in PART_DIMS:
        return _lookup(rows, dim, world, "parts", "part_number")
    if dim in ("partner_type", "service_type"):
        return _lookup(rows, dim, world, "partners", "partner_id")
    raise KeyError(f"these rows have no dimension {dim!r}")


def _lookup(
    rows: pd.DataFrame, dim: str, world: World, table: str, key: str
) -> pd.DataFrame:
    """Take an attribute from a dimension table; a member that has not arrived has none."""
    known = world[table].drop_duplicates(key, keep="last").set_index(key)[dim]
    return rows.assign(**{dim: borrow(rows[key], known)})


def _with_groups(rows: pd.DataFrame, world: World) -> pd.DataFrame:
    """An order counts once, with its own outcome, under each of its complaint groups."""
    lines = world["work_order_lines"][["work_order_id", "complaint_group"]]
    lines = lines[lines["complaint_group"].notna()].drop_duplicates()
    return rows.merge(lines, on="work_order_id", how="left")
