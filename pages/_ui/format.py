"""How numbers, dates and ages are written, in both languages.

Nothing here rounds what is compared or exported: only what is read. What is missing
is an em dash, never "nan" and never 0.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from warehouse.metrics.metric import Interval, Metric, Unit
from warehouse.text import Language, Text

MISSING = "—"

MINUS = "\N{MINUS SIGN}"

MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)

WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}

UNITS: dict[Unit, Text] = {
    Unit.SHARE: Text("%", "%"),
    Unit.COUNT: Text("", ""),
    Unit.SCORE: Text("", ""),
    Unit.MINUTES: Text("分钟", "min"),
    Unit.HOURS: Text("小时", "h"),
    Unit.DAYS: Text("天", "days"),
    Unit.RATIO: Text("", ""),
    Unit.TIMES_A_YEAR: Text("次/年", "×/year"),
    Unit.PER_DAY: Text("台/工位·日", "per bay·day"),
}

DECIMALS: dict[Unit, int] = {
    Unit.SHARE: 1,
    Unit.COUNT: 0,
    Unit.SCORE: 1,
    Unit.MINUTES: 0,
    Unit.HOURS: 1,
    Unit.DAYS: 1,
    Unit.RATIO: 2,
    Unit.TIMES_A_YEAR: 1,
    Unit.PER_DAY: 1,
}

POINTS = Text("百分点", "pp")
"""The unit of a difference between two shares."""

SCALES: dict[Language, tuple[tuple[float, str], ...]] = {
    "zh": ((1e8, "亿"), (1e4, "万")),
    "en": ((1e9, "B"), (1e6, "M"), (1e3, "K")),
}
"""Large counts, largest first; below 10 000 every digit is shown in both languages."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A number and its unit, apart, so that a tile can set the unit smaller."""

    number: str
    unit: str = ""

    def __str__(self) -> str:
        if not self.unit or self.number == MISSING:
            return self.number
        tight = self.unit in {"%", "万", "亿", "K", "M", "B"}
        return f"{self.number}{'' if tight else ' '}{self.unit}"


def of(
    metric: Metric, number: float | None, language: Language, *, finer: int = 0
) -> Shown:
    """Return a value of *metric* as a reader sees it; a promoter score has a sign.

    *finer* asks for more decimals than the unit usually has.
    """
    signed = metric.interval is Interval.NPS
    return value(number, metric.unit, language, signed=signed, finer=finer)


def value(
    number: float | None,
    unit: Unit,
    language: Language,
    *,
    signed: bool = False,
    finer: int = 0,
) -> Shown:
    """Return *number* as a reader sees it."""
    if number is None or not math.isfinite(number):
        return Shown(MISSING)
    if unit is Unit.COUNT:
        return _count(number, language)
    if unit is Unit.SHARE:
        number *= 100
    decimals = DECIMALS[unit] + finer
    return Shown(_digits(number, decimals, signed=signed), UNITS[unit][language])


def rounded(number: float, unit: Unit, *, finer: int = 0) -> float:
    """Return *number* as its digits on screen say it."""
    scale = 100 if unit is Unit.SHARE else 1
    return round(number * scale, DECIMALS[unit] + finer) / scale


def difference(
    number: float | None, unit: Unit, language: Language, *, finer: int = 0
) -> Shown:
    """Return the difference of two values: signed, shares in percentage points."""
    if number is None or not math.isfinite(number):
        return Shown(MISSING)
    if unit is Unit.SHARE:
        return Shown(_digits(number * 100, 1 + finer, signed=True), POINTS[language])
    if unit is Unit.COUNT and abs(number) >= 10_000:
        scaled = _count(abs(number), language)
        return Shown(("+" if number > 0 else MINUS) + scaled.number, scaled.unit)
    decimals = DECIMALS[unit] + finer
    return Shown(_digits(number, decimals, signed=True), UNITS[unit][language])


def is_zero(number: float, unit: Unit) -> bool:
    """Tell whether a difference is nothing at the decimals that are shown."""
    text = difference(number, unit, "en").number
    return not any(digit in text for digit in "123456789")


def count(number: float | None, language: Language) -> str:
    """Return a number of rows or people."""
    return MISSING if number is None else str(_count(number, language))


def whole(number: float | None) -> str:
    """Return every digit of a count, in groups of three."""
    if number is None:
        return MISSING
    if float(number).is_integer():
        return _digits(number, 0)
    return _digits(number, 2)


def raw(number: float | None) -> str:
    """Return an unrounded number for `data-value`; empty when there is none."""
    return "" if number is None or not math.isfinite(number) else repr(number)


def growth(share: float) -> str:
    """Return by how much a count grew: signed, in per cent."""
    return f"{_digits(share * 100, 1, signed=True)}%"


def decimal(number: float | None) -> str:
    """Return a number with one decimal."""
    return MISSING if number is None else _digits(number, 1)


def _count(number: float, language: Language) -> Shown:
    if abs(number) >= 10_000:
        for size, word in SCALES[language]:
            if abs(number) >= size:
                return Shown(_digits(number / size, 1), word)
    return Shown(_digits(number, 0 if float(number).is_integer() else 1))


def _digits(number: float, decimals: int, *, signed: bool = False) -> str:
    text = f"{abs(number):,.{decimals}f}"
    if not any(digit in text for digit in "123456789"):
        return text  # neither "+0.0" nor "-0.0"
    if number < 0:
        return MINUS + text
    return f"+{text}" if signed else text


def day(when: date, language: Language, *, year: bool = False) -> str:
    """Return a calendar day."""
    if language == "zh":
        return f"{f'{when.year}年' if year else ''}{when.month}月{when.day}日"
    return f"{when.day} {MONTHS[when.month - 1]}{f' {when.year}' if year else ''}"


def month(first: date, language: Language) -> str:
    """Return a calendar month with its year."""
    if language == "zh":
        return f"{first.year}年{first.month}月"
    return f"{MONTHS[first.month - 1]} {first.year}"


def weekday(when: date, language: Language) -> str:
    """Return the day of the week."""
    return WEEKDAYS[language][when.weekday()]


def period(start: date, end: date, language: Language) -> str:
    """Return the days of the half-open `[start, end)`, first and last."""
    last = max(start, end - timedelta(days=1))
    if start == last:
        return day(start, language)
    years = start.year != last.year
    dash = "–" if language == "zh" else " – "
    return day(start, language, year=years) + dash + day(last, language, year=years)


def span(first: date, last: date, language: Language) -> str:
    """Return the days from *first* to *last*, both of them in."""
    return period(first, last + timedelta(days=1), language)


def moment(when: datetime | None, zone: str, language: Language) -> str:
    """Return a UTC moment on the wall clock of *zone*: day and minute."""
    if when is None:
        return MISSING
    local = when.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), language)} {local:%H:%M}"


def clock(when: datetime | None, zone: str, now: datetime, language: Language) -> str:
    """Return a moment as short as it can be understood at *now*."""
    if when is None:
        return MISSING
    local, today = when.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    same_day = local.date() == today.date()
    return f"{local:%H:%M}" if same_day else moment(when, zone, language)


def stamp(when: datetime | None) -> str:
    """Return a UTC moment as `data-as-of` carries it; empty when there is none."""
    return "" if when is None else when.strftime("%Y-%m-%dT%H:%M:%SZ")


def age(span: timedelta | None, language: Language) -> str:
    """Return a length of time in its largest useful unit."""
    if span is None:
        return MISSING
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} {Text('分钟', 'min')[language]}"
    if minutes < 48 * 60:
        return f"{minutes // 60} {Text('小时', 'h')[language]}"
    return f"{minutes // 1440:,} {Text('天', 'days')[language]}"
