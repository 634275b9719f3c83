"""The SQL that reads times as other systems write them."""

from warehouse.store.names import literal

YEAR_FIRST = "year_first"
"""The format of every time that begins with its year, whatever stands between."""

_CLOCK = ("%H", "%I", "%M", "%S", "%f", "%g", "%n", "%T", "%X", "%c")
_DAY = ("%d", "%m", "%Y", "%y", "%j", "%b", "%B", "%x", "%D", "%F")
# A count beyond these is another count: milliseconds where seconds are asked for, or a
# day written as 20261105.
_EXCEL = "timestamp '1899-12-30' + to_seconds(round({0} * 86400)::bigint)"
_NUMBERS = {
    "epoch_s": ("to_timestamp({0})", 1e8, 1e11),
    "epoch_ms": ("to_timestamp({0} / 1000)", 1e11, 1e14),
    "epoch_us": ("to_timestamp({0} / 1000000)", 1e14, 1e17),
    "excel": (_EXCEL, 0.0, 2e5),
}
"""Formats that are no patterns but a count of seconds or days, and its range."""
NAMED_FORMATS = (YEAR_FIRST, *_NUMBERS)
"""Formats that are called by a name; every other one has directives (%Y)."""

_WIDE = (literal("０１２３４５６７８９：／－．　"), literal("0123456789:/-. "))
_MORNING = "上午|凌晨|清晨|早上|早晨"
_EVENING = "下午|晚上|傍晚|中午|午后|夜里"
_HALF = rf"(?:{_MORNING}|{_EVENING}|[AaPp]\.?[Mm]\.?)"
_CLOCK_TIME = (
    rf"({_HALF})?\s*(\d{{1,2}})\s*[:时点]\s*(\d{{1,2}})?\s*(?:[:分]\s*)?"
    rf"(\d{{1,2}}(?:[.,]\d+)?)?\s*秒?\s*({_HALF})?\s*(Z|[+-]\d{{2}}:?\d{{2}})?"
)
_SEPARATED = (
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
    r"\s*[(（]?(?:(?:星期|周|礼拜)[一二三四五六日天])?[)）]?"
    rf"[\s,，T]*(?:{_CLOCK_TIME})?$"
)
_COMPACT = (
    r"^(\d{4})(\d{2})(\d{2})(?:[\sT]?()(\d{2}):?(\d{2})"
    r"(?::?(\d{2}(?:\.\d+)?))?()\s*(Z|[+-]\d{2}:?\d{2})?)?$"
)
_PARTS = "['y', 'mo', 'd', 'half', 'h', 'mi', 's', 'late', 'zone']"


def dated(text: str, pattern: str) -> str:
    """Return SQL for the ISO text of *text* read as *pattern*, null if it is not."""
    if pattern == YEAR_FIRST:
        return _year_first(text)
    if pattern in _NUMBERS:
        count = f"try_cast({text} as double)"
        written, low, high = _NUMBERS[pattern]
        zone = "" if pattern == "excel" else "+00:00"
        moment = f"strftime({written.format(count)}, '%Y-%m-%dT%H:%M:%S{zone}')"
        return f"case when {count} between {low!r} and {high!r} then {moment} end"
    if "%p" in pattern:
        text = _english_halves(text)
    moment = f"try_strptime({text}, {literal(pattern)})"
    if not any(part in pattern for part in _CLOCK):
        return f"strftime({moment}, '%Y-%m-%d')"
    clock = "%H:%M:%S.%f" if _has_fraction(pattern) else "%H:%M:%S"
    if not any(part in pattern for part in _DAY):
        return f"strftime({moment}, '{clock}')"
    # A time with an offset arrives in UTC, the sandbox's only zone.
    zone = "+00:00" if "%z" in pattern.lower() else ""
    return f"strftime({moment}, '%Y-%m-%dT{clock}{zone}')"


def _has_fraction(pattern: str) -> bool:
    return any(part in pattern for part in ("%f", "%g", "%n"))


def _english_halves(text: str) -> str:
    """Return SQL that writes 上午 and 下午 as AM and PM."""
    early = f"regexp_replace({text}, {literal(_MORNING)}, 'AM')"
    return f"regexp_replace({early}, {literal(_EVENING)}, 'PM')"


def _year_first(text: str) -> str:
    """Return SQL for the ISO text of a time that begins with its year.

    24:00 is the next day's midnight; 下午12:05 and 中午12:05 are five past noon,
    凌晨12:05 is five past midnight. What is no such time, or no day of the calendar,
    is null.
    """
    plain = f"translate({text}, {_WIDE[0]}, {_WIDE[1]})"
    # A list of one, so that each part is found once and can be named.
    found = (
        f"[case when regexp_matches({plain}, {literal(_COMPACT)}) "
        f"then regexp_extract({plain}, {literal(_COMPACT)}, {_PARTS}) "
        f"else regexp_extract({plain}, {literal(_SEPARATED)}, {_PARTS}) end]"
    )
    half = "(p.half || p.late)"
    hour = (
        f"(case when regexp_matches({half}, '中午') and p.h::int between 1 and 10 "
        "then p.h::int + 12 "
        f"when regexp_matches({half}, '中午') then p.h::int "
        f"when regexp_matches({half}, {literal(f'{_EVENING}|[Pp]')}) "
        "and p.h::int < 12 then p.h::int + 12 "
        f"when regexp_matches({half}, '晚上|夜里') and p.h::int = 12 then 24 "
        f"when regexp_matches({half}, {literal(f'{_MORNING}|[Aa]')}) "
        "and p.h::int = 12 then 0 else p.h::int end)"
    )
    minute = "coalesce(try_cast(nullif(p.mi, '') as int), 0)"
    second = "coalesce(try_cast(replace(nullif(p.s, ''), ',', '.') as double), 0)"
    day = "try(make_timestamp(p.y::bigint, p.mo::bigint, p.d::bigint, 0, 0, 0))"
    seconds = f"{hour} * 3600 + {minute} * 60 + {second}"
    sane = f"{minute} < 60 and {second} < 60 and {seconds} <= 86400"
    moment = f"{day} + to_microseconds(round(({seconds}) * 1000000)::bigint)"
    zone = r"regexp_replace(p.zone, '(\d\d)(\d\d)$', '\1:\2')"
    whole = (
        f"if({second} = floor({second}), strftime({moment}, '%Y-%m-%dT%H:%M:%S'), "
        f"strftime({moment}, '%Y-%m-%dT%H:%M:%S.%f')) || {zone}"
    )
    read = (
        f"case when p.y = '' or p.y is null then null "
        f"when p.h = '' then strftime({day}, '%Y-%m-%d') "
        f"when {sane} then {whole} end"
    )
    return f"list_transform({found}, lambda p: {read})[1]"
