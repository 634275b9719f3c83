"""What a line rests on, in one sentence for every place that shows the line.

An alert keeps it as its note ("usual=53.5 n=2916 …") and says the same sentence.
"""

import re
from collections.abc import Callable
from datetime import date

from warehouse.metrics.metric import Basis, Bound
from warehouse.metrics.reading import Promise, Reading
from warehouse.text import Text

Amount = Callable[[float], str]
"""Spells a value of the metric, with its unit."""

_NOTE = re.compile(
    r"usual=(?P<usual>\S+) p=(?P<quantile>\S+) \+(?P<margin>\S+) n=(?P<n>\d+) "
    r"days=(?P<days>\d+) (?P<first>\S+)/(?P<last>\S+) hourly=(?P<hourly>\S+) "
    r"fixed=(?P<green>\S+)/(?P<red>\S+) bound=(?P<bound>\w*)"
)
_FIXED = re.compile(r"fixed-only covered=(\S+) needs=(\d+)d/(\d+)")
_PROMISE = re.compile(r"promise=(\d+)/(\d+) running=(\d+) allowed=(\S+)")


def short(on: Basis) -> Text:
    """Return in a few words whether a line follows what is usual, and of how much."""
    if on.usual is None:
        return Text("固定线，可比数据不足", "fixed line, too little to compare")
    return Text(f"基线 {on.days} 天 n={on.n:,}", f"baseline {on.days} days n={on.n:,}")


def sentence(on: Basis, amount: Amount) -> Text:
    """Return what the lines rest on, and which fixed line bounds them."""
    fixed = f"{amount(on.fixed_green)} / {amount(on.fixed_red)}"
    if on.usual is None:
        return Text(
            f"固定线 {fixed}：每格需 {on.asked_days} 个同类日、{on.asked_n} 例，"
            f"只有 {on.covered:.0%} 的样本够得上",
            f"fixed lines {fixed}: a cell needs {on.asked_days} days alike and "
            f"{on.asked_n} cases; only {on.covered:.0%} of these have that",
        )
    percentile = f"P{on.quantile * 100:.0f}"
    base = Text(
        f"基线：同类门店、同类日，{on.first} 至 {on.last} 中 {on.days} 天 {on.n:,} 例，"
        f"按本样本构成的 {percentile} 为 {amount(on.usual)}，加 {on.margin:.0%}；"
        f"{on.hourly:.0%} 按到店时段，其余按全天；固定线 {fixed}",
        f"baseline: like stores, {on.days} like days from {on.first} to {on.last}, "
        f"{on.n:,} cases, {percentile} at this mix {amount(on.usual)}, "
        f"plus {on.margin:.0%}; {on.hourly:.0%} by hour of arrival, the rest by day; "
        f"fixed lines {fixed}",
    )
    more = _bounded(on, amount)
    return Text(base.zh + more.zh, base.en + more.en)


def _bounded(on: Basis, amount: Amount) -> Text:
    """Return what keeps a lasting problem from becoming the norm unseen."""
    if on.bound is Bound.RED:
        return Text(
            f"；平常已超过固定红线，以 {amount(on.fixed_red)} 封顶",
            f"; what is usual lies beyond the fixed red line, {amount(on.fixed_red)} "
            "is the limit",
        )
    if on.bound is Bound.GREEN:
        return Text(
            "；平常好于固定绿线的一半，不再收紧",
            "; what is usual beats half the fixed green line and tightens no further",
        )
    if on.usual is not None and on.usual * (1 + on.margin) > on.fixed_green:
        return Text(
            "；平常已差于固定目标", "; what is usual is worse than the fixed target"
        )
    return Text("", "")


def promised(promise: Promise) -> Text:
    """Return how many waited past the promised time, and how many may."""
    told = f"{promise.past:,} / {promise.given:,}"
    return Text(
        f"承诺上限：{told} 例超过承诺时间，允许 {promise.allowed:.0%}",
        f"ceiling of the promise: {told} past the promised time, "
        f"{promise.allowed:.0%} may be",
    )


def note(reading: Reading) -> str:
    """Return what an alert keeps of a reading's lines; empty where they are fixed."""
    on = reading.thresholds.basis if reading.thresholds else None
    if on is None:
        return ""
    if on.usual is None:
        parts = [
            f"fixed-only covered={on.covered:.3g} needs={on.asked_days}d/{on.asked_n}",
            f"lines={on.fixed_green:g}/{on.fixed_red:g}",
        ]
    else:
        parts = [
            f"usual={on.usual:.6g} p={on.quantile:g} +{on.margin:g} n={on.n}",
            f"days={on.days} {on.first}/{on.last} hourly={on.hourly:.3g}",
            f"fixed={on.fixed_green:g}/{on.fixed_red:g} bound={on.bound.value}",
        ]
    promise = reading.promise
    if promise is not None and promise.is_broken:
        parts.append(
            f"promise={promise.past}/{promise.given} running={promise.running} "
            f"allowed={promise.allowed:.3g}"
        )
    return " ".join(parts)


def read(text: str, amount: Amount) -> Text | None:
    """Return what a note says in words; None where it says nothing of lines."""
    on = _read(text)
    return None if on is None else _joined(sentence(on, amount), _promise(text))


def read_short(text: str) -> Text | None:
    """Return what a note says in a few words."""
    on = _read(text)
    return None if on is None else _joined(short(on), _promise(text))


def _joined(told: Text, more: Text | None) -> Text:
    if more is None:
        return told
    return Text(f"{told.zh}；{more.zh}", f"{told.en}; {more.en}")


def _promise(text: str) -> Text | None:
    found = _PROMISE.search(text)
    if found is None:
        return None
    past, given, running = (int(one) for one in found.groups()[:3])
    allowed = float(found[4])
    return promised(Promise(given=given, past=past, running=running, allowed=allowed))


def _read(text: str) -> Basis | None:
    few = _FIXED.match(text)
    if few is not None:
        lines = re.search(r"lines=(\S+)/(\S+)", text)
        green, red = (float(lines[1]), float(lines[2])) if lines else (0.0, 0.0)
        return Basis(
            fixed_green=green,
            fixed_red=red,
            covered=float(few[1]),
            asked_days=int(few[2]),
            asked_n=int(few[3]),
        )
    found = _NOTE.match(text)
    if found is None:
        return None
    return Basis(
        fixed_green=float(found["green"]),
        fixed_red=float(found["red"]),
        quantile=float(found["quantile"]),
        margin=float(found["margin"]),
        usual=float(found["usual"]),
        bound=Bound(found["bound"]),
        n=int(found["n"]),
        days=int(found["days"]),
        first=date.fromisoformat(found["first"]),
        last=date.fromisoformat(found["last"]),
        hourly=float(found["hourly"]),
    )
