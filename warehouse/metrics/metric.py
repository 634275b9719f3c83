"""What a metric is. The metrics themselves are declared in the files beside this."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from warehouse.errors import DefinitionError
from warehouse.text import Text


class Level(StrEnum):
    """How high in the pyramid a metric stands."""

    NORTH_STAR = "north-star"
    L1 = "L1"
    L2 = "L2"


class Direction(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"
    BAND = "band"


class Unit(StrEnum):
    """What a value is counted in, as written in a reading."""

    SHARE = "share"
    COUNT = "count"
    SCORE = "score"
    MINUTES = "min"
    HOURS = "h"
    DAYS = "days"
    RATIO = "ratio"
    TIMES_A_YEAR = "times/year"
    PER_DAY = "per bay and day"


class Kind(StrEnum):
    """How a metric is rolled up."""

    RATIO = "ratio"
    """Sum of numerators over sum of denominators."""
    COUNT = "count"
    """A sum; the denominator is not defined."""
    TIME = "time"
    """A percentile (or the mean) of durations, open ones censored."""
    SURVIVAL = "survival"
    """Kaplan-Meier survival of a cohort that is not yet mature."""
    STATE = "state"
    """A ratio or count read at the end of the period, not summed over it."""
    TIER = "tier"
    """A partner's tier of a month."""


class Interval(StrEnum):
    """How the 95 % interval of a value is found (kpis.md §1, §7)."""

    NONE = "none"
    WILSON = "wilson"
    NPS = "nps"
    ORDER_STATISTIC = "order statistic"


class Cadence(StrEnum):
    """How often a metric can change, and so how long an alert waits (kpis.md §17)."""

    LIVE = "live"
    NIGHTLY = "nightly"
    MONTHLY = "monthly"
    SAFETY = "safety"


class Status(StrEnum):
    """How a reading is judged; the value is also the hook of the stylesheet."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """How the lines of a wait follow what is usual (`warehouse/metrics/baseline.py`).

    What is usual is the metric's percentile over the last *days* comparable days that
    had cases, out of the last *among* (what stopped coming is no longer usual) and
    within *reach_days*, in cells of *minimum_n* cases at least. Green lies *margin*
    above it, but never below *floor* of the fixed green line; at least *coverage* of a
    reading's cases must lie in cells that are known. Lines are whole *step*s of the
    metric's unit. Where *has_promise*, the promised time is a ceiling above all lines.
    """

    days: int = 8
    among: int = 12
    minimum_n: int = 36
    margin: float = 0.10
    floor: float = 0.5
    coverage: float = 0.9
    reach_days: int = 400
    step: float = 1.0
    has_promise: bool = False
    valid_from: date = date(1990, 1, 1)
    source: str = "kpis.md §3, R1585, R1579"


class Bound(StrEnum):
    """Which fixed line keeps a line from following what is usual any further."""

    NONE = ""
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the lines of one reading rest on; *usual* None: on the fixed lines.

    *usual* is the *quantile* of *n* cases of *days* days from *first* to *last*, and
    green lies *margin* above it; *bound* says which fixed line stopped it. *hourly* is
    the share of the reading's cases that were set against their own hour (the others
    against their day), *covered* the share of which anything usual is known.
    *asked_days* and *asked_n* are what a cell needs.
    """

    fixed_green: float
    fixed_red: float
    quantile: float = 0.9
    margin: float = 0.0
    asked_days: int = 0
    asked_n: int = 0
    usual: float | None = None
    bound: Bound = Bound.NONE
    n: int = 0
    days: int = 0
    first: date | None = None
    last: date | None = None
    hourly: float = 0.0
    covered: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The lines of one version of a metric for one class of scope.

    Green is better than or equal to *green*; red is strictly beyond *red*; between
    them lies amber. For a band, *green_high* and *red_high* are the upper lines.
    *applies_to* maps a dimension (store_class, city_class, instrument_id) to the
    value these lines are for; empty = every scope. *basis* says what lines rest on that
    follow what is usual; those that are declared have none.
    """

    green: float
    red: float
    green_high: float | None = None
    red_high: float | None = None
    valid_from: date = date(1990, 1, 1)
    applies_to: tuple[tuple[str, str], ...] = ()
    source: str = ""
    basis: Basis | None = None

    def applies(self, dimensions: dict[str, str | None], on: date) -> bool:
        """Tell whether these lines hold for a scope on a day."""
        return self.valid_from <= on and all(
            dimensions.get(name) == value for name, value in self.applies_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The period a metric is read over when nobody names one.

    It is *days* local days long and ends *lag_days* before as-of (for a matured
    cohort); *months* instead of days means whole calendar months.
    """

    days: int = 0
    lag_days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One KPI, declared once.

    *fact* names the rows it is computed from; *numerator* and *denominator* name
    measures of that fact (`warehouse/store/facts`), which are summed up to any level
    before they are divided: a region's rate is never the mean of its stores' rates.
    *counted* names the measure that is n where the numerator is no count of cases.
    *needs* names tables, columns (`table.column`) or codes (`table.column=value`) that
    must be there, with `|` between alternatives: a warehouse that nobody sends job
    clocks to has no bay utilisation, not one of 0 %.
    """

    id: str
    name: Text
    question: Text
    formula: Text
    unit: Unit
    kind: Kind
    fact: str
    numerator: str
    denominator: str | None = None
    immature: str | None = None
    counted: str | None = None
    direction: Direction = Direction.HIGHER
    thresholds: tuple[Thresholds, ...] = ()
    baseline: Baseline | None = None
    minimum_n: int = 0
    interval: Interval = Interval.NONE
    quantile: float | None = None
    window: Window
    maturity_days: int = 0
    cohort: Text
    include: Text | None = None
    exclude: Text | None = None
    level: Level = Level.L1
    cadence: Cadence = Cadence.NIGHTLY
    refresh: str = "each publish"
    owner: str
    sources: tuple[str, ...]
    dimensions: tuple[str, ...]
    needs: tuple[str, ...] = ()
    version: int = 1
    valid_from: date = date(2026, 1, 1)
    headline: bool = False

    def __post_init__(self) -> None:
        for lines in self.thresholds:
            self._validate(lines)
        if self.kind is Kind.RATIO and self.denominator is None:
            raise DefinitionError(f"{self.id}: a ratio needs a denominator")
        if self.quantile is not None and not 0 < self.quantile < 1:
            raise DefinitionError(f"{self.id}: quantile {self.quantile} not in (0, 1)")
        if not self.sources:
            raise DefinitionError(f"{self.id}: no source tables")
        if self.baseline is not None and not self._may_follow():
            raise DefinitionError(
                f"{self.id}: only a percentile with lines, of which less is better, "
                "can follow what is usual"
            )

    def _may_follow(self) -> bool:
        is_wait = self.kind is Kind.TIME and self.direction is Direction.LOWER
        return is_wait and self.quantile is not None and bool(self.thresholds)

    def _validate(self, lines: Thresholds) -> None:
        green, red = lines.green, lines.red
        upper = (lines.green_high, lines.red_high)
        if self.direction is Direction.BAND:
            ordered = None not in upper and red <= green < upper[0] <= upper[1]
        elif self.direction is Direction.HIGHER:
            ordered = upper == (None, None) and red <= green
        else:
            ordered = upper == (None, None) and red >= green
        if not ordered:
            raise DefinitionError(
                f"{self.id}: {self.direction} contradicts its lines {lines}"
            )

    @property
    def is_share(self) -> bool:
        """Whether the value is a fraction from 0 to 1, shown as a percentage."""
        return self.unit is Unit.SHARE

    def lines(self, dimensions: dict[str, str | None], on: date) -> Thresholds | None:
        """Return the lines in force for a scope on a day: special before general."""
        fitting = [t for t in self.thresholds if t.applies(dimensions, on)]
        return max(
            fitting, key=lambda t: (len(t.applies_to), t.valid_from), default=None
        )
