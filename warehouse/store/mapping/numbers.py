"""The SQL that reads numbers as people and other systems write them."""

from collections.abc import Mapping
from fractions import Fraction

from warehouse.store.names import literal

NUMBER_STYLES = ("1,234.5", "1.234,5", "1 234,5", "1'234.5")
"""How a number may be written, by example; the last sign is the decimal one."""

_WIDE = "０１２３４５６７８９．，－＋％（）　"
_NARROW = "0123456789.,-+%() "
_MONEY = r"(?i)¥|￥|\$|€|£|人民币|CNY|RMB|USD|EUR|元|圆"
_TIMES = {"千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12}
# Dividing by a hundred is exact where multiplying by 0.01 is not.
_PER = {"%": 1e2, "‰": 1e3}


def counted(text: str, style: str | None, scale: Fraction | None) -> str:
    """Return SQL for the number (double) in *text*, null if there is none.

    *style* is an example of NUMBER_STYLES: it may then have groups of three, a
    currency, a percent sign or a Chinese unit (3.2万 is 32000), and be negative by a
    sign before or behind it or by brackets. A group that is not of three digits is no
    number: nobody knows whether its sign was meant to be the decimal one.
    """
    found = f"try_cast({text} as double)" if style is None else _written(text, style)
    if scale is not None:
        found = f"({found} * {scale.numerator}::double / {scale.denominator}::double)"
    return found


def _written(text: str, style: str) -> str:
    group, point = style[1], style[-2]
    narrow = f"translate({text}, {literal(_WIDE)}, {literal(_NARROW)})"
    bare = f"regexp_replace({narrow}, {literal(_MONEY)}, '', 'g')"
    bare = f"trim(regexp_replace({bare}, '^([-+(]?)\\s+', '\\1'))"
    groups = r"[\s\x{00a0}\x{202f}]" if group == " " else f"[{group}]"
    units = "|".join(sorted([*_TIMES, *_PER], key=len, reverse=True))
    pattern = (
        rf"^(\(|[-+])?(\d{{1,3}}(?:{groups}\d{{3}})+|\d+)?"
        rf"(?:[{point}](\d*))?([eE][-+]?\d+)?\s*({units})?\s*(\)|-)?$"
    )
    parts = "['sign', 'whole', 'part', 'power', 'unit', 'end']"
    found = f"[regexp_extract({bare}, {literal(pattern)}, {parts})]"
    whole = f"regexp_replace(p.whole, {literal(groups)}, '', 'g')"
    number = f"try_cast({whole} || '.' || p.part || p.power as double)"
    times, per = _cases(_TIMES), _cases(_PER)
    signed = "(case when p.sign in ('-', '(') or p.\"end\" = '-' then -1 else 1 end)"
    balanced = "(p.sign = '(') = (p.\"end\" = ')')"
    read = (
        f"case when p.whole || p.part <> '' and {balanced} then {signed} * {number} "
        f"* {times} / {per} end"
    )
    return f"list_transform({found}, lambda p: {read})[1]"


def _cases(factors: Mapping[str, float]) -> str:
    """Return SQL for the factor of a unit, 1 where it is none of *factors*."""
    known = " ".join(f"when {literal(u)} then {f!r}" for u, f in factors.items())
    return f"(case p.unit {known} else 1 end)::double"
