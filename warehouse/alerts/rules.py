"""The rules: two for each judged metric of the catalogue, and those about the data.

Nothing is typed in twice: the lines are the metric's own, the patience follows from its
cadence (kpis.md §17).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from warehouse.alerts.alert import Basis, Level, Rule, Severity, Timing
from warehouse.alerts.burn import SLAS, SUFFIX
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


def _about_data(
    key: str,
    basis: Basis,
    level: Level,
    *,
    timing: Timing = DATA_TIMING,
    absent_is_none: bool = True,
    is_live: bool = True,
) -> Rule:
    """Return a rule about the data themselves; no row means that all is well."""
    return Rule(
        id=key,
        basis=basis,
        severity=Severity.DATA,
        levels=(level,),
        timing=timing,
        absent_is_none=absent_is_none,
        is_live=is_live,
    )


FRESHNESS = _about_data(
    "source_stale", Basis.FRESHNESS, Level.SOURCE, absent_is_none=False
)
SILENCE = _about_data("store_silent", Basis.SILENCE, Level.STORE)
# A screen may be switched on a little after the doors, or start anew.
SCREENS = _about_data(
    "screens_dark", Basis.FLEET, Level.STORE, timing=TIMINGS[Cadence.LIVE]
)
BROKEN_RULE = _about_data("rule_broken", Basis.FAULT, Level.RULE)
# No batch says anything of a channel: the notifier does.
BROKEN_CHANNEL = _about_data(
    "channel_broken", Basis.FAULT, Level.CHANNEL, absent_is_none=False, is_live=False
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
    for metric_id in SLAS:
        found += _burning(catalog[metric_id])
    found += [
        _of_metric(
            catalog[metric_id],
            f"{metric_id}.signal",
            Basis.SIGNAL,
            Severity.AMBER,
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
    return [
        _of_metric(
            metric,
            f"{metric.id}.{severity}",
            basis,
            severity,
            timing=TIMINGS[metric.cadence],
            lines_of=lines_of,
            absent_is_none=absent_is_none,
            is_live=metric.cadence in (Cadence.LIVE, Cadence.SAFETY),
        )
        for severity in (Severity.RED, Severity.AMBER)
    ]


def _burning(metric: Metric) -> Iterable[Rule]:
    """Return the two rules of a burn rate, whose patience is in its windows."""
    name = f"{metric.id}{SUFFIX}"
    timing = replace(TIMINGS[metric.cadence], hold=timedelta(0), evaluations=1)
    return [
        _of_metric(
            metric,
            f"{name}.{severity}",
            Basis.BURN,
            severity,
            timing=timing,
            lines_of=name,
        )
        for severity in (Severity.RED, Severity.AMBER)
    ]


def _of_metric(
    metric: Metric,
    key: str,
    basis: Basis,
    severity: Severity,
    *,
    timing: Timing,
    lines_of: str = "",
    absent_is_none: bool = False,
    is_live: bool = False,
) -> Rule:
    """Return a rule of a metric: over network, regions and stores where it has them."""
    return Rule(
        id=key,
        basis=basis,
        severity=severity,
        metric=metric.id,
        levels=BUSINESS if "store_id" in metric.dimensions else (Level.NETWORK,),
        timing=timing,
        lines_of=lines_of,
        absent_is_none=absent_is_none,
        is_live=is_live,
    )


def louder(rule: Rule) -> tuple[str, ...]:
    """Return the ids of the rules of the same metric that say more than this one.

    Red says more than amber, and a colour of the usual period more than the fast burn
    of the same colour, which came before it.
    """
    by_lines = f"{rule.metric}.{rule.severity}"
    reds = (f"{rule.metric}.{Severity.RED}", f"{rule.metric}{SUFFIX}.{Severity.RED}")
    spoken_by = reds if rule.severity is Severity.AMBER else ()
    return (*spoken_by, by_lines) if rule.basis is Basis.BURN else spoken_by
