"""Why red: a gap split into what each member adds, by mix and by rate, exactly.

A scope's rate is R = Σ wᵢrᵢ, with wᵢ a member's share of the denominator and rᵢ its own
rate. Against a target T, and a reference whose shares are vᵢ,

    R − T = Σ vᵢ(rᵢ − T)  +  Σ (wᵢ − vᵢ)(rᵢ − T)
            rate: at the      mix: from having more of
            usual mix         the difficult cases

and between two periods, with the means of both,

    R₁ − R₀ = Σ w̄ᵢ(r₁ᵢ − r₀ᵢ)  +  Σ (w₁ᵢ − w₀ᵢ)(r̄ᵢ − R̄).

Both add up by algebra, whatever the numbers: nothing is left over to be called "other".
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warehouse.metrics.metric import Direction

REST = ""
"""The member that makes a split complete: cases that stand under several members count
once too often there, and those without one are missing; it takes them back."""


@dataclass(frozen=True, slots=True)
class Part:
    """A member's sums: numerator, denominator, and its sample."""

    top: float
    bottom: float
    n: int = 0

    @property
    def rate(self) -> float:
        """Its own rate; 0 where it has no cases, which then weigh nothing."""
        return self.top / self.bottom if self.bottom else 0.0


Parts = Mapping[str, Part]

_NOTHING = Part(0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """What one member adds to a gap, in the metric's unit.

    *rate* and *mix* are the two effects; *excess* is what it adds beyond a member of
    its size that is as good as the whole scope.
    """

    member: str
    rate: float
    mix: float
    value: float | None
    n: int
    weight: float
    excess: float

    @property
    def effect(self) -> float:
        """Both effects."""
        return self.rate + self.mix


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A gap, and its drivers by one dimension, the worst first; they add up to it."""

    dimension: str
    gap: float
    drivers: tuple[Driver, ...]
    against: str

    @property
    def remainder(self) -> float:
        """What the drivers miss of the gap: float noise."""
        return self.gap - math.fsum(driver.effect for driver in self.drivers)


def complete(parts: Parts, total: Part) -> dict[str, Part]:
    """Return *parts* with the rest, so that they add up to *total*."""
    top = total.top - math.fsum(part.top for part in parts.values())
    bottom = total.bottom - math.fsum(part.bottom for part in parts.values())
    n = total.n - sum(part.n for part in parts.values())
    kept = {name: part for name, part in parts.items() if name != REST}
    if REST in parts:
        top, bottom, n = (
            top + parts[REST].top,
            bottom + parts[REST].bottom,
            n + parts[REST].n,
        )
    if abs(top) > 1e-9 or abs(bottom) > 1e-9:
        kept[REST] = Part(top, bottom, n)
    return kept


def against_target(
    dimension: str,
    parts: Parts,
    usual: Parts,
    target: float,
    direction: Direction,
    scale: float = 1.0,
) -> Split | None:
    """Split the gap between a scope and a target; None where the scope has no cases.

    *usual* are the sums of the reference whose mix counts as usual; *target* is in the
    metric's unit, which is *scale* times the rate.
    """
    whole = _total(parts)
    if not whole.bottom:
        return None
    common = _total(usual).bottom
    aim = target / scale
    drivers = []
    for name, part in parts.items():
        weight = part.bottom / whole.bottom
        known = usual.get(name, _NOTHING)
        was = known.bottom / common if common else weight
        gap = _gap(part, whole.bottom, aim)
        # A member without cases here has no rate to be judged by.
        rate = gap * (was / weight) if weight else gap
        drivers.append(_driver(name, part, whole, scale, rate=rate, mix=gap - rate))
    return Split(
        dimension=dimension,
        gap=scale * (whole.rate - aim),
        drivers=_sorted(drivers, direction),
        against="target",
    )


def against_before(
    dimension: str,
    parts: Parts,
    before: Parts,
    direction: Direction,
    scale: float = 1.0,
) -> Split | None:
    """Split the change between two periods; None where one of them has no cases."""
    now, then = _total(parts), _total(before)
    if not now.bottom or not then.bottom:
        return None
    middle = (now.rate + then.rate) / 2
    drivers = []
    for name in {**parts, **before}:
        one, old = parts.get(name, _NOTHING), before.get(name, _NOTHING)
        weight, was = one.bottom / now.bottom, old.bottom / then.bottom
        # Who is new has no earlier rate: all of him is mix.
        rate_now = one.rate if one.bottom else old.rate
        rate_then = old.rate if old.bottom else one.rate
        rate = (weight + was) / 2 * (rate_now - rate_then)
        mix = (weight - was) * ((rate_now + rate_then) / 2 - middle)
        drivers.append(_driver(name, one, now, scale, rate=rate, mix=mix))
    return Split(
        dimension=dimension,
        gap=scale * (now.rate - then.rate),
        drivers=_sorted(drivers, direction),
        against="before",
    )


def main_driver(
    splits: Sequence[Split], direction: Direction, minimum_n: int
) -> tuple[Split, Driver] | None:
    """Return the member that adds most beyond its size, whatever the dimension."""
    sign = -1 if direction is Direction.HIGHER else 1
    found = [
        (split, driver)
        for split in splits
        for driver in split.drivers
        if driver.member != REST
        and driver.n >= minimum_n
        and driver.weight < 1 - 1e-9
        and sign * driver.excess > 0
        and sign * driver.effect > 0
    ]
    return max(found, key=lambda pair: sign * pair[1].excess, default=None)


def _gap(part: Part, bottom: float, aim: float) -> float:
    """Return w(r − T) without dividing twice."""
    return (part.top - part.bottom * aim) / bottom


def _driver(
    name: str, part: Part, whole: Part, scale: float, *, rate: float, mix: float
) -> Driver:
    return Driver(
        member=name,
        rate=scale * rate,
        mix=scale * mix,
        value=scale * part.rate if part.bottom else None,
        n=part.n,
        weight=part.bottom / whole.bottom,
        excess=scale * _gap(part, whole.bottom, whole.rate),
    )


def _total(parts: Parts) -> Part:
    return Part(
        math.fsum(part.top for part in parts.values()),
        math.fsum(part.bottom for part in parts.values()),
        sum(part.n for part in parts.values()),
    )


def _sorted(drivers: Sequence[Driver], direction: Direction) -> tuple[Driver, ...]:
    """Return what hurts most first; of a band, what moves most."""
    if direction is Direction.BAND:
        return tuple(sorted(drivers, key=lambda d: (-abs(d.effect), d.member)))
    sign = 1 if direction is Direction.HIGHER else -1
    return tuple(sorted(drivers, key=lambda d: (sign * d.effect, d.member)))
