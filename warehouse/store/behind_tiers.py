"""The rows behind partner tiers: one a partner, with the month it was judged by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from warehouse.behind import TOP, Behind, Part, RowColumn
from warehouse.contracts import Kind as ColumnKind
from warehouse.scope import Rights
from warehouse.store.facts.partners import partner_months
from warehouse.store.partner_tiers import read_tiers

if TYPE_CHECKING:
    from warehouse.store.asking import Asker
    from warehouse.store.periods import Asked

COLUMNS = (
    RowColumn(name="partner_id"),
    RowColumn(name="tier"),
    RowColumn(name="month", kind=ColumnKind.DATE),
    RowColumn(name="partner_orders", kind=ColumnKind.INTEGER),
    RowColumn(name="ratings", kind=ColumnKind.INTEGER),
    RowColumn(name="mean_rating", kind=ColumnKind.NUMBER),
    RowColumn(name="partner_complaints", kind=ColumnKind.INTEGER),
    TOP,
)


def rows(asker: Asker, asked: Asked, rights: Rights) -> list[dict[str, Any]]:
    """Return one row a partner that has a tier in the period's month.

    A partner without orders that month has a tier too: its counts are empty.
    """
    question = replace(asked.question, by=("partner_id",), grain="total")
    readings = read_tiers(
        asker, asked.metric, question, asked.period, asked.now, rights
    )
    frame = asker.fetch(partner_months(asked.now, asker.zone.key))
    months = {
        (str(row.partner_id), pd.Timestamp(row.month).date()): row
        for row in frame.itertuples()
    }
    found = []
    for reading in sorted(readings, key=lambda r: str(r.dimensions["partner_id"])):
        partner_id = str(reading.dimensions["partner_id"])
        row = months.get((partner_id, reading.period_start))
        ratings = int(row.ratings) if row is not None else 0
        found.append(
            {
                "partner_id": partner_id,
                "tier": reading.dimensions.get("tier"),
                "month": reading.period_start,
                "partner_orders": None if row is None else int(row.orders),
                "ratings": None if row is None else ratings,
                "mean_rating": float(row.rating_sum) / ratings if ratings else None,
                "partner_complaints": None if row is None else int(row.complaints),
                "top": reading.value,
            }
        )
    return found


def behind(
    asker: Asker,
    asked: Asked,
    rights: Rights,
    *,
    part: Part,
    limit: int,
    offset: int,
) -> Behind:
    """Return a page of the partners behind a count of them."""
    mine = rights.partner_ids
    every = rows(asker, asked, rights) if asked.is_fed else []
    listed = [] if part == "rest" else every
    return Behind(
        columns=COLUMNS,
        rows=tuple(listed[offset : offset + limit]),
        total=len(every),
        listed=len(listed),
        numerator=float(sum(row["top"] for row in every)),
        period_start=asked.period.start,
        period_end=asked.period.end,
        fed=asked.is_fed,
        visible=mine is None or bool(mine),
    )
