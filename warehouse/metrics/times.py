"""Metrics of time: what customers and cars wait for (kpis.md §3).

Each time is declared once; its median, 90th percentile and mean are made from that
declaration. The bare id is the headline that kpis.md names.
"""

from dataclasses import dataclass, replace

from warehouse.metrics.dimensions import OF_ORDER
from warehouse.metrics.metric import (
    Baseline,
    Cadence,
    Direction,
    Interval,
    Kind,
    Level,
    Metric,
    Thresholds,
    Unit,
    Window,
)
from warehouse.text import Text

_WEEK = Window(days=7)
MINIMUM_N = 20

_USUAL = Baseline()
"""The lines of waits follow what is usual: the fixed ones bound them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Time:
    id: str
    name: Text
    question: Text
    formula: Text
    unit: Unit = Unit.MINUTES
    quantile: float = 0.9
    lines: tuple[Thresholds, ...] = ()
    lines_for: str = "p90"
    baseline: Baseline | None = None
    include: Text = Text("维修与保养", "repair and maintenance")
    sources: tuple[str, ...] = ("work_orders", "appointments")
    needs: tuple[str, ...] = ()
    level: Level = Level.L2
    headline: bool = False


_TIMES = (
    _Time(
        id="wait_writeup",
        name=Text("接车等待", "Wait for write-up"),
        question=Text("客户多久才有人接待?", "How long until somebody takes the car?"),
        formula=Text(
            "接车 − max(预约, 进站),不小于 0",
            "Write-up − later of appointment and check-in, at least 0",
        ),
        lines=(Thresholds(green=15, red=30, source="kpis.md §3 [P]"),),
        baseline=_USUAL,
    ),
    _Time(
        id="wait_bay",
        name=Text("待工位", "Wait for a bay"),
        question=Text("多久才进工位?", "How long until the car is in a bay?"),
        formula=Text("进工位 − 接车", "Bay in − write-up"),
        lines=(Thresholds(green=30, red=60, source="kpis.md §3 [P]"),),
        baseline=_USUAL,
    ),
    _Time(
        id="wait_parts",
        name=Text("待料", "Wait for parts"),
        question=Text("缺件等了多久?", "How long do cars wait for parts?"),
        formula=Text(
            "待料中断之和(有待料的工单)", "Sum of pauses for parts, of orders with one"
        ),
        sources=("work_orders", "pauses"),
    ),
    _Time(
        id="wait_handover",
        name=Text("待交车", "Wait for handover"),
        question=Text("修好后多久拿到车?", "How long from ready to handed over?"),
        formula=Text("交车 − 通知完工", "Delivered − ready"),
        lines=(Thresholds(green=20, red=40, source="kpis.md §3 [P]"),),
        baseline=_USUAL,
    ),
    _Time(
        id="cust_wait_total",
        name=Text("客户等待时长", "Customer waiting time"),
        question=Text(
            "在店客户有多少时间是在干等?", "How long do customers on site just wait?"
        ),
        formula=Text(
            "max(预约, 进站) 至通知完工,减去作业时间(仅在店等候客户)",
            "Later of appointment and check-in until ready, less clocked work; "
            "customers waiting on site",
        ),
        lines=(
            Thresholds(
                green=70,
                red=90,
                applies_to=(("store_class", "flagship"),),
                source="kpis.md §3: flagships 30-40 min normal, hard ceiling [P]",
            ),
            Thresholds(green=90, red=120, source="kpis.md §3, site mean 45 min [P]"),
        ),
        baseline=replace(_USUAL, has_promise=True),
        include=Text("在店等候的维修与保养", "repair and maintenance, waiting on site"),
        sources=("work_orders", "appointments", "job_clocks"),
        needs=("job_clocks",),
        level=Level.L1,
        headline=True,
    ),
    _Time(
        id="repair_duration",
        name=Text("维修时长", "Repair duration"),
        question=Text("修一台车要多久?", "How long does a repair take?"),
        formula=Text(
            "完工 − 进工位,扣除闭店时间;仅当日完成的一般维修",
            "Work done − bay in, less closed hours; same-day general repairs",
        ),
        unit=Unit.HOURS,
        quantile=0.5,
        lines=(Thresholds(green=2.4, red=4.2, source="kpis.md §3 (S2 before/after)"),),
        lines_for="p50",
        include=Text("当日完成的维修", "repairs done on the check-in date"),
        sources=("work_orders", "pauses", "stores"),
    ),
    _Time(
        id="tat_in_shop",
        name=Text("在店总时长", "Time in shop"),
        question=Text("车在店里待多久?", "How long does a car stay?"),
        formula=Text("通知完工 − 进站", "Ready − check-in"),
        unit=Unit.HOURS,
        quantile=0.5,
        lines_for="p50",
        sources=("work_orders",),
    ),
)


def _declare(time: _Time) -> list[Metric]:
    bare = Metric(
        id=time.id,
        name=time.name,
        question=time.question,
        formula=time.formula,
        unit=time.unit,
        kind=Kind.TIME,
        fact=time.id,
        numerator="seconds",
        direction=Direction.LOWER,
        thresholds=time.lines,
        baseline=time.baseline,
        minimum_n=MINIMUM_N,
        interval=Interval.ORDER_STATISTIC,
        quantile=time.quantile,
        window=_WEEK,
        cohort=Text("进站日", "check-in date"),
        include=time.include,
        exclude=Text("取消的工单", "cancelled orders"),
        level=time.level,
        cadence=Cadence.LIVE,
        owner="store-operations",
        sources=time.sources,
        needs=time.needs,
        dimensions=OF_ORDER,
        headline=time.headline,
    )
    return [
        bare,
        _variant(bare, time, "p50", Text("中位数", "P50"), 0.5),
        _variant(bare, time, "p90", Text("P90", "P90"), 0.9),
        _variant(bare, time, "mean", Text("均值", "mean"), None),
    ]


def _variant(
    bare: Metric, time: _Time, suffix: str, word: Text, quantile: float | None
) -> Metric:
    has_lines = suffix == time.lines_for
    return replace(
        bare,
        id=f"{time.id}_{suffix}",
        name=Text(f"{time.name.zh} {word.zh}", f"{time.name.en} {word.en}"),
        quantile=quantile,
        thresholds=time.lines if has_lines else (),
        baseline=time.baseline if has_lines else None,
        interval=Interval.ORDER_STATISTIC if quantile else Interval.NONE,
        level=Level.L2,
        headline=False,
    )


METRICS = tuple(metric for time in _TIMES for metric in _declare(time))
