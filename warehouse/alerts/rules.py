"""The rules: two for each judged metric of the catalogue, and those about the data.

Nothing is typed in twice: the lines are the metric's own, the patience follows from its
cadence (kpis.md §17).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from warehouse.alerts.alert import Basis, Level, Rule, Severity, Timing
from warehouse.metrics.metric import Cadence, Kind, Metric

TIMINGS: dict[Cadence, Timing] = {
    Cadence.LIVE: Timing(
        hold=timedelta(minutes=15),
        keep=timedelta(minutes=30),
        dead_share=0.10,
        realarm=timedelta(hours=2),
    ),
    # One day and two evaluations; two hours of grace, because no night's run begins at
    # the same second as the last one.
    Cadence.NIGHTLY: Timing(
        hold=timedelta(hours=22),
        evaluations=2,
        keep=timedelta(hours=46),
        dead_share=0.05,
        dead_points=0.01,
        realarm=timedelta(days=3),
    ),
    Cadence.MONTHLY: Timing(until_next_month=True),
    Cadence.SAFETY: Timing(realarm=timedelta(minutes=30)),
}

DATA_TIMING = TIMINGS[Cadence.SAFETY]
"""Lost data are as urgent as safety."""

SIGNAL_TIMING = replace(
    TIMINGS[Cadence.NIGHTLY], hold=timedelta(0), evaluations=1, realarm=None
)
"""A control chart has its patience in its limits."""

SAME_EVENT: dict[str, str] = {
    "line_fill": "stockout_rate",
    "line_fill_all": "stockout_rate",
    "stockout_rate_all": "stockout_rate",
    "stockout_days": "stockout_rate",
}
"""Metrics that turn red with another one, for the same reason: one alert is enough."""

CEILINGS: dict[str, str] = {"longest_wait_now": "cust_wait_total"}
"""A wait of this moment, judged by the lines of the wait it will become."""

SIGNALS: tuple[str, ...] = ("comeback_in",)
"""Metrics whose alarm is a change, not a line (kpis.md §2: the real-time signal)."""

BUSINESS = (Level.NETWORK, Level.REGION, Level.STORE)

FRESHNESS = Rule(
    id="source_stale",
    basis=Basis.FRESHNESS,
    severity=Severity.DATA,
    levels=(Level.SOURCE,),
    timing=DATA_TIMING,
    is_live=True,
)
SILENCE = Rule(
    id="store_silent",
    basis=Basis.SILENCE,
    severity=Severity.DATA,
    levels=(Level.STORE,),
    timing=DATA_TIMING,
    absent_is_none=True,
    is_live=True,
)
SCREENS = Rule(
    id="screens_dark",
    basis=Basis.FLEET,
    severity=Severity.DATA,
    levels=(Level.STORE,),
    # A screen may be switched on a little after the doors, or start anew.
    timing=TIMINGS[Cadence.LIVE],
    absent_is_none=True,
    is_live=True,
)
BROKEN_RULE = Rule(
    id="rule_broken",
    basis=Basis.FAULT,
    severity=Severity.DATA,
    levels=(Level.RULE,),
    timing=DATA_TIMING,
    absent_is_none=True,
    is_live=True,
)
BROKEN_CHANNEL = Rule(
    id="channel_broken",
    basis=Basis.FAULT,
    severity=Severity.DATA,
    levels=(Level.CHANNEL,),
    timing=DATA_TIMING,
)
ABOUT_DATA = (FRESHNESS, SILENCE, SCREENS, BROKEN_RULE, BROKEN_CHANNEL)


def rules(catalog: Mapping[str, Metric]) -> dict[str, Rule]:
    """Return every rule by its id."""
    found: list[Rule] = []
    for metric in catalog.values():
        if _has_own_alert(metric):
            found += _pair(metric, Basis.THRESHOLD, metric.id, absent_is_none=False)
    for metric_id, lines_of in CEILINGS.items():
        found += _pair(catalog[metric_id], Basis.CEILING, lines_of, absent_is_none=True)
    found += [
        Rule(
            id=f"{metric_id}.signal",
            basis=Basis.SIGNAL,
            severity=Severity.AMBER,
            metric=metric_id,
            levels=BUSINESS,
            timing=SIGNAL_TIMING,
        )
        for metric_id in SIGNALS
    ]
    return {rule.id: rule for rule in (*found, *ABOUT_DATA)}


def _has_own_alert(metric: Metric) -> bool:
    is_variant = metric.kind is Kind.TIME and metric.fact != metric.id
    return bool(metric.thresholds) and not is_variant and metric.id not in SAME_EVENT


def _pair(
    metric: Metric, basis: Basis, lines_of: str, *, absent_is_none: bool
) -> Iterable[Rule]:
    levels = BUSINESS if "store_id" in metric.dimensions else (Level.NETWORK,)
    return [
        Rule(
            id=f"{metric.id}.{severity}",
            basis=basis,
            severity=severity,
            metric=metric.id,
            levels=levels,
            timing=TIMINGS[metric.cadence],
            lines_of=lines_of,
            absent_is_none=absent_is_none,
            is_live=metric.cadence in (Cadence.LIVE, Cadence.SAFETY),
        )
        for severity in (Severity.RED, Severity.AMBER)
    ]
