"""Readings of partner tiers: counted months from the facts, decisions from tiering."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import sqlalchemy as sa

from warehouse.metrics import Metric, Reading
from warehouse.moments import aware, day_began
from warehouse.partners.tiering import Month, Verdict, next_month, verdicts
from warehouse.scope import Question, Rights
from warehouse.store.facts.partners import partner_months
from warehouse.store.schema import CONFORMED

if TYPE_CHECKING:
    from warehouse.store.asking import Asker, Period

_FINAL_AFTER = timedelta(days=30)


def read_tiers(
    asker: Asker,
    one: Metric,
    question: Question,
    period: Period,
    now: datetime,
    rights: Rights,
) -> list[Reading]:
    """Return tiers by partner, or how many partners stand in each group, by month.

    Partners belong to the network, not to stores: rights name them apart. The sample
    of one partner's tier is the ratings it was judged on; 0: nobody rated it.
    """
    mine = rights.partner_ids
    if mine is not None and not mine:
        return []
    wanted = _monthly(question, period)
    groups: Counter = Counter()
    ratings: Counter = Counter()
    for row, verdict in _rows(asker, now, wanted):
        is_mine = mine is None or row["partner_id"] in mine
        if is_mine and all(row.get(n) in allowed for n, allowed in question.where):
            key = (verdict.month, tuple((n, row.get(n)) for n in _names(question)))
            groups[key] += 1
            ratings[key] += verdict.judged.ratings
    if not groups and not question.by:
        groups = Counter({(month, ()): 0 for month in wanted})
    samples = ratings if "partner_id" in question.by else groups
    return [
        _reading(asker, one, month, dict(key), (count, samples[month, key]), now)
        for (month, key), count in sorted(groups.items(), key=str)
    ]


def _rows(
    asker: Asker, now: datetime, months: list[date]
) -> Iterator[tuple[dict[str, Any], Verdict]]:
    """Yield each verdict with what it may be split or filtered by."""
    details = asker.once.get(("partners",), lambda: _details(asker))
    for partner_id, verdict in _verdicts(asker, now, months):
        known = details.get(partner_id, {})
        yield {"partner_id": partner_id, "tier": verdict.tier.value, **known}, verdict


def _names(question: Question) -> tuple[str, ...]:
    """The dimensions of the readings: one partner's always says its tier."""
    names = question.by
    is_bare = "partner_id" in names and "tier" not in names
    return (*names, "tier") if is_bare else names


def _monthly(question: Question, period: Period) -> list[date]:
    """The months asked for: each of the period, or its last one as a whole."""
    months, month = [], period.start.replace(day=1)
    while month < period.end:
        months.append(month)
        month = next_month(month)
    return months if question.grain == "month" else months[-1:]


def _verdicts(
    asker: Asker, now: datetime, months: list[date]
) -> list[tuple[str, Verdict]]:
    every = asker.once.get(("tiers", now), lambda: _every_verdict(asker, now))
    return [one for one in every if one[1].month in months]


def _every_verdict(asker: Asker, now: datetime) -> list[tuple[str, Verdict]]:
    """Return the tier of each partner in each month that *now* knows of."""
    frame = asker.fetch(partner_months(now, asker.zone.key))
    found: list[tuple[str, Verdict]] = []
    for partner_id, part in frame.groupby("partner_id"):
        counted = [
            Month(
                month=pd.Timestamp(row.month).date(),
                orders=int(row.orders),
                ratings=int(row.ratings),
                rating_sum=float(0 if pd.isna(row.rating_sum) else row.rating_sum),
                complaints=int(row.complaints),
            )
            for row in part.itertuples()
        ]
        until = asker.today(now).replace(day=1)
        found += [(str(partner_id), one) for one in verdicts(counted, until)]
    return found


def _details(asker: Asker) -> dict[str, dict[str, Any]]:
    partners = CONFORMED["partners"]
    frame = asker.fetch(
        sa.select(
            partners.c.partner_id, partners.c.partner_type, partners.c.service_type
        )
    )
    frame = frame.astype(object).where(frame.notna(), None)
    return {row["partner_id"]: row for row in frame.to_dict("records")}


def _maturity(asker: Asker, month: date, now: datetime) -> float:
    """1 from 30 days after the month's end; before, the part of it that is final."""
    first = day_began(asker.zone, month)
    end = day_began(asker.zone, next_month(month))
    elapsed = (now - _FINAL_AFTER - first) / (end - first)
    return min(1.0, max(0.0, elapsed))


def _reading(
    asker: Asker,
    one: Metric,
    month: date,
    dimensions: dict[str, str | None],
    counted: tuple[int, int],
    now: datetime,
) -> Reading:
    """Return a count of partners and its sample."""
    count, n = counted
    maturity = _maturity(asker, month, now)
    return Reading(
        metric=one,
        dimensions=dimensions,
        period_start=month,
        period_end=next_month(month),
        value=count,
        numerator=count,
        denominator=None,
        n=n,
        maturity=maturity,
        as_of=aware(now),
        batch_id=asker.batch_id,
        is_provisional=maturity < 1,
    )
