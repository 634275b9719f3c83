"""A second, independent computation of every metric, written from the specification only.

Plain pandas over clean standard tables (interfaces.md section 3); it shares no code with the
product, so that a mistake must be made twice to stay unseen. CHOICES.md lists the readings taken
where the specification leaves room.
"""

from datetime import date
from functools import partial

import pandas as pd

from . import (
    capacity,
    customers,
    flow,
    identity,
    partners,
    parts,
    promises,
    repair,
    stock,
    times,
)
from .scope import Ask
from .world import World

METRICS = {
    "orders_arrived": flow.orders_arrived,
    "orders_in_progress": flow.orders_in_progress,
    "orders_delivered": flow.orders_delivered,
    "ftfr_30d": repair.ftfr_30d,
    "ftfr_prov": repair.ftfr_prov,
    "comeback_in": repair.comeback_in,
    "ftfr_order": repair.ftfr_order,
    "same_day": promises.same_day,
    "promise_kept": promises.promise_kept,
    "appt_on_time": promises.appt_on_time,
    "appt_served_on_time": promises.appt_served_on_time,
    "tech_util": capacity.tech_util,
    "tech_eff": capacity.tech_eff,
    "tech_prod": capacity.tech_prod,
    "bay_util": capacity.bay_util,
    "bay_occ": capacity.bay_occ,
    "bay_turn": capacity.bay_turn,
    "dispatch_acc": capacity.dispatch_acc,
    "line_fill": parts.line_fill,
    "stockout_rate": parts.stockout_rate,
    "line_fill_all": parts.line_fill_all,
    "stockout_rate_all": parts.stockout_rate_all,
    "unit_fill": parts.unit_fill,
    "order_fill": parts.order_fill,
    "level_of_service": parts.level_of_service,
    "sku_stockout": stock.sku_stockout,
    "stockout_days": stock.stockout_days,
    "turns": stock.turns,
    "dos": stock.dos,
    "dead_stock": stock.dead_stock,
    "slow_stock": stock.slow_stock,
    "nps": customers.nps,
    "nps_resp": customers.nps_resp,
    "csat": customers.csat,
    "complaint_rate": customers.complaint_rate,
    "complaint_close_48h": customers.complaint_close_48h,
    "waiting_now": times.waiting_now,
    "longest_wait_now": times.longest_wait_now,
    "entry_live_share": partial(flow.entry_share, "live"),
    "entry_backfilled_share": partial(flow.entry_share, "backfilled"),
    "entry_paper_share": partial(flow.entry_share, "paper"),
    "phone_error_rate": identity.phone_error_rate,
    "duplicate_customer_rate": identity.duplicate_customer_rate,
    "partner_tier": partners.partner_tier,
} | {
    name + ("_" + variant if variant else ""): partial(times.reading, name, variant)
    for name in times.HEADLINE
    for variant in ("", "p50", "p90", "mean")
}

_last: list = [None, None, None]


def world_of(tables: dict[str, pd.DataFrame], as_of: pd.Timestamp) -> World:
    """The world at as_of; the last one is kept, so that many metrics share its work."""
    frames = {name: id(frame) for name, frame in tables.items()}
    if _last[0] is not tables or _last[1] != (pd.Timestamp(as_of), frames):
        _last[:] = [tables, (pd.Timestamp(as_of), frames), World(tables, as_of)]
    return _last[2]


def read(
    metric: str,
    tables: dict[str, pd.DataFrame],
    *,
    as_of: pd.Timestamp,
    start: date | None = None,
    end: date | None = None,
    by: tuple[str, ...] = (),
    where: dict[str, str] | None = None,
) -> pd.DataFrame:
    """One reading: columns *by, value, numerator, denominator, n, ci_low, ci_high, maturity.

    `tables` are standard tables, deduplicated to the newest version; [start, end) are local days
    of the store. Tables that are missing are empty, columns that are missing are null.
    """
    ask = Ask(world_of(tables, as_of), start, end, tuple(by), dict(where or {}))
    return METRICS[metric](ask)
