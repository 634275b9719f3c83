"""A partner's tier of a month (kpis.md §8): pure decisions on counted months.

The source documents leave holes (exactly 4.0, 4.9 with 3 % complaints, suspended
partners without orders); kpis.md §8 closes each, and each is one line below.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Tier(StrEnum):
    """Where a partner stands; exit is never left again."""

    GOLD = "gold"
    SILVER = "silver"
    BRONZE = "bronze"
    WATCH = "watch"
    YELLOW = "yellow"
    EXIT = "exit"


NEEDED_ORDERS = {Tier.GOLD: 200, Tier.SILVER: 100, Tier.BRONZE: 50}
"""One over the tier's complaint line: with fewer orders a single complaint decides."""

NEEDED_RATINGS = 20
"""A yellow card rests on at least this many ratings."""

ROLLING_MONTHS = 3
YELLOWS_TO_EXIT = 3

_LOWER = {Tier.GOLD: Tier.SILVER, Tier.SILVER: Tier.BRONZE, Tier.BRONZE: Tier.WATCH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What is counted of one partner in one calendar month of delivery."""

    month: date
    orders: int = 0
    ratings: int = 0
    rating_sum: float = 0.0
    complaints: int = 0

    def __add__(self, other: "Month") -> "Month":
        return replace(
            self,
            orders=self.orders + other.orders,
            ratings=self.ratings + other.ratings,
            rating_sum=self.rating_sum + other.rating_sum,
            complaints=self.complaints + other.complaints,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The tier of one month, and the months it was judged on."""

    month: date
    tier: Tier
    judged: Month


def raw_tier(counts: Month) -> Tier:
    """Return the highest tier whose lines on rating and complaints both hold.

    All lines are strict. Shares are compared by multiplying out, never as floats.
    Nobody's rating is beyond no line: who is never rated is watched.
    """
    if counts.ratings == 0:
        return Tier.WATCH
    # Ratings have at most a few decimals; rounding undoes the sum's float noise.
    tenths = round(counts.rating_sum * 10, 6)
    complaints, orders = counts.complaints, counts.orders
    if tenths < 40 * counts.ratings:
        return Tier.YELLOW
    if tenths > 48 * counts.ratings and complaints * 1000 < 5 * orders:
        return Tier.GOLD
    if tenths > 45 * counts.ratings and complaints * 100 < orders:
        return Tier.SILVER
    if tenths > 40 * counts.ratings and complaints * 100 < 2 * orders:
        return Tier.BRONZE
    return Tier.WATCH


def _enough(tier: Tier, counts: Month) -> bool:
    if tier is Tier.YELLOW:
        return counts.ratings >= NEEDED_RATINGS
    return counts.orders >= NEEDED_ORDERS.get(tier, 0)


def capped_tier(counts: Month, rolling: Month) -> tuple[Tier, Month]:
    """Return the tier that the volume supports, and the counts it was judged on.

    Where the month alone is too thin for its tier, or has no rating, three months are
    judged; what is still too thin falls to the tier that the volume carries.
    """
    tier = raw_tier(counts)
    if counts.ratings and _enough(tier, counts):
        return tier, counts
    tier = raw_tier(rolling)
    if tier is Tier.YELLOW and not _enough(tier, rolling):
        return Tier.WATCH, rolling
    while not _enough(tier, rolling):
        tier = _LOWER[tier]
    return tier, rolling


def next_month(month: date) -> date:
    """Return the first day of the following month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def verdicts(months: Iterable[Month], until: date) -> list[Verdict]:
    """Return the tiers of one partner from its first month to the month of *until*.

    A month without orders is judged on the three months up to it, and has no verdict
    when those are empty too. Where the partner is suspended by a yellow card it counts
    as yellow, for otherwise the third yellow month could never come. Three yellow
    months in a row end in exit, for good.
    """
    counted = {one.month: one for one in months}
    if not counted:
        return []
    found: list[Verdict] = []
    yellows, is_out = 0, False
    month = min(counted)
    recent: list[Month] = []
    while month <= until:
        counts = counted.get(month, Month(month=month))
        recent = [*recent, counts][-ROLLING_MONTHS:]
        tier, judged = None, counts
        if is_out:
            tier = Tier.EXIT
        elif yellows and not counts.orders:
            tier = Tier.YELLOW
        elif any(one.orders for one in recent):
            rolling = counts
            for earlier in recent[:-1]:
                rolling = rolling + earlier
            tier, judged = capped_tier(counts, rolling)
        if tier is not None and not is_out:
            yellows = yellows + 1 if tier is Tier.YELLOW else 0
            if yellows >= YELLOWS_TO_EXIT:
                tier, is_out = Tier.EXIT, True
        if tier is not None:
            found.append(Verdict(month=month, tier=tier, judged=judged))
        month = next_month(month)
    return found
