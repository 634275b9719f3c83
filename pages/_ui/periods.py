"""The periods a reader may choose: how the address writes them, what they are called.

`today`, `7d`, `30d`, `90d` end today; `2026-10` is a month, `2026Q3` a quarter, and
`2026-10-01..2026-10-15` names its first and last day. A period is closed when its
last day is over.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from pages._ui import format as fmt
from pages._ui.wording import say
from warehouse.text import Language

TRAILING = {"today": 1, "7d": 7, "30d": 30, "90d": 90}

STANDARD = ("default", *TRAILING)

CUSTOM = "custom"
"""The choice that opens the two dates; an address never holds it."""

MONTHS_OFFERED, QUARTERS_OFFERED = 6, 4

LONGEST = timedelta(days=1100)

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
_QUARTER = re.compile(r"(20\d\d)Q([1-4])", re.ASCII)
_DAY = r"(20\d\d-\d\d-\d\d)"
_CUSTOM = re.compile(rf"{_DAY}\.\.{_DAY}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Named:
    """Days that are named by the calendar or by their ends, half-open."""

    start: date
    end: date

    def is_closed(self, today: date) -> bool:
        """Tell whether its last day is over."""
        return self.end <= today

    @property
    def is_months(self) -> bool:
        """Whether it holds whole calendar months."""
        return self.start.day == self.end.day == 1


def named(text: str) -> Named | None:
    """Return the days that *text* names; None for a standard or an unknown period."""
    if found := _MONTH.fullmatch(text):
        start = date(int(found[1]), int(found[2]), 1)
        return Named(start, _months_on(start, 1))
    if found := _QUARTER.fullmatch(text):
        start = date(int(found[1]), 3 * int(found[2]) - 2, 1)
        return Named(start, _months_on(start, 3))
    if found := _CUSTOM.fullmatch(text):
        try:
            first, last = map(date.fromisoformat, found.groups())
        except ValueError:
            return None
        if first <= last and last - first < LONGEST:
            return Named(first, last + timedelta(days=1))
    return None


def is_legal(text: str) -> bool:
    """Tell whether an address may hold *text* as its period."""
    return text in STANDARD or named(text) is not None


def offered(today: date) -> list[str]:
    """Return the periods to choose from: the standard ones, months, quarters."""
    this_month = today.replace(day=1)
    this_quarter = _months_on(this_month, -((today.month - 1) % 3))
    months = [_months_on(this_month, -n) for n in range(MONTHS_OFFERED + 1)]
    quarters = [_months_on(this_quarter, -3 * n) for n in range(QUARTERS_OFFERED + 1)]
    return [
        *STANDARD,
        *(f"{m:%Y-%m}" for m in months),
        *(f"{q.year}Q{(q.month + 2) // 3}" for q in quarters),
    ]


def as_many_months_before(chosen: Named) -> date:
    """Return the first day of as many months before *chosen* as it holds."""
    months = (chosen.end.year - chosen.start.year) * 12
    months += chosen.end.month - chosen.start.month
    return _months_on(chosen.start, -months)


def label(text: str, today: date, language: Language) -> str:
    """Return what a period is called; a named one says whether it is over."""
    days = named(text)
    if days is None:
        return say(f"period.{text}", language)
    if _MONTH.fullmatch(text):
        name = fmt.month(days.start, language)
    elif found := _QUARTER.fullmatch(text):
        name = say("period.quarter", language, year=found[1], number=found[2])
    else:
        name = fmt.period(days.start, days.end, language)
    key = "period.closed" if days.is_closed(today) else "period.running"
    return say(key, language, name=name)


def _months_on(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
