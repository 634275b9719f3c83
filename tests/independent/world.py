"""The world as it was known at one moment (interfaces.md, «What a reading means», --as-of)."""

from collections.abc import Callable
from functools import cached_property

import pandas as pd

from .schema import DEFAULT_ZONE, FIRST_EVENT, PLANS, SCHEMA, typed

STAMPS = [
    "writeup_at",
    "bay_in_at",
    "work_done_at",
    "ready_notified_at",
    "delivered_at",
]


def borrow(keys: pd.Series, known: pd.Series) -> pd.Series:
    """Look each key up in an indexed series, keeping its type; unknown keys are null."""
    return pd.Series(known.reindex(keys).array, index=keys.index)


class World:
    """Standard tables cut at as_of: later rows do not exist, later stamps are null.

    Plans (promised_at, appointment_at) may lie after as_of and stay.
    """

    def __init__(self, tables: dict[str, pd.DataFrame], as_of: pd.Timestamp):
        """Keep the tables and the moment that counts as now."""
        self.tables = tables
        self.as_of = pd.Timestamp(as_of).tz_convert("UTC")
        self.today = self.as_of.tz_convert(DEFAULT_ZONE).tz_localize(None).normalize()
        self._cut: dict[str, pd.DataFrame] = {}
        self._made: dict[Callable, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """A table as known at as_of, cut once and kept."""
        if name not in self._cut:
            self._cut[name] = self._known(name)
        return self._cut[name]

    def once(self, make: Callable[["World"], pd.DataFrame]) -> pd.DataFrame:
        """What a function makes of this world, made once and kept."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]

    def _known(self, name: str) -> pd.DataFrame:
        """Drop rows whose first event is after as_of and blank the stamps after as_of."""
        frame = typed(name, self.tables.get(name))
        if name == "surveys":
            first = frame["sent_at"].fillna(frame["answered_at"])
            frame = frame[~(first > self.as_of)]
        elif name in FIRST_EVENT:
            column = FIRST_EVENT[name]
            limit = self.as_of if SCHEMA[name][column] == "t" else self.today
            frame = frame[~(frame[column] > limit)]
        frame = frame.reset_index(drop=True)
        if name == "work_orders":
            later = (frame[STAMPS] > self.as_of).any(axis=1)
            frame.loc[later & (frame["status"] == "closed"), "status"] = "open"
        for column, kind in SCHEMA[name].items():
            if kind == "t" and column not in PLANS:
                frame[column] = frame[column].where(~(frame[column] > self.as_of))
        return frame

    @cached_property
    def zones(self) -> pd.Series:
        """Time zone of each store; the default is Asia/Shanghai."""
        stores = self["stores"]
        stores = stores.drop_duplicates("store_id", keep="last").set_index("store_id")
        return stores["timezone"].fillna(DEFAULT_ZONE)

    def zone_of(self, store_ids: pd.Series) -> pd.Series:
        """Time zone for each row's store; rows without a (known) store are Asia/Shanghai."""
        return borrow(store_ids, self.zones).fillna(DEFAULT_ZONE)

    def local(self, times: pd.Series, store_ids: pd.Series) -> pd.Series:
        """Wall-clock time of each row's store, naive (kpis.md section 1, rule «time»)."""
        zones = self.zone_of(store_ids)
        out = pd.Series(pd.NaT, index=times.index, dtype="datetime64[ns]")
        for zone in zones.unique():
            at = zones == zone
            out[at] = (
                times[at]
                .dt.tz_convert(zone)
                .dt.tz_localize(None)
                .astype("datetime64[ns]")
            )
        return out

    def day(self, times: pd.Series, store_ids: pd.Series) -> pd.Series:
        """Local calendar day of each row's store."""
        return self.local(times, store_ids).dt.normalize()

    def utc(self, local: pd.Series, store_ids: pd.Series) -> pd.Series:
        """Back from wall-clock time of the store to UTC."""
        zones = self.zone_of(store_ids)
        out = pd.Series(pd.NaT, index=local.index, dtype="datetime64[ns, UTC]")
        for zone in zones.unique():
            at = zones == zone
            there = local[at].dt.tz_localize(
                zone, ambiguous=False, nonexistent="shift_forward"
            )
            out[at] = there.dt.tz_convert("UTC")
        return out

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Work orders with their appointment and the moment from which the customer waits.

        start_at = max(appointment, check-in); a walk-in waits from check-in (kpis.md section 3).
        """
        orders = self["work_orders"].copy()
        booked = self["appointments"].drop_duplicates("appointment_id", keep="last")
        booked = booked.set_index("appointment_id")["appointment_at"]
        orders["appt_at"] = borrow(orders["appointment_id"], booked)
        orders["start_at"] = orders[["checkin_at", "appt_at"]].max(axis=1)
        orders["checkin_day"] = self.day(orders["checkin_at"], orders["store_id"])
        return orders

    @cached_property
    def order_facts(self) -> pd.DataFrame:
        """The columns of an order that other tables borrow, by work_order_id."""
        return self.orders.drop_duplicates("work_order_id").set_index("work_order_id")

    def of_order(self, ids: pd.Series, column: str) -> pd.Series:
        """Look a column of the order up for rows that name one."""
        return borrow(ids, self.order_facts[column])
