"""Metrics of service quality: was it fixed the first time (kpis.md §2)."""

from warehouse.metrics.dimensions import OF_ORDER
from warehouse.metrics.metric import (
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

_BY_DELIVERY = Text("首次进站的交车日", "delivery date of the index visit")
_INCLUDE = Text(
    "至少一行客户抱怨、已关闭且已交车的维修工单",
    "closed, delivered repair orders with a customer's complaint",
)
_EXCLUDE = Text(
    "保养、PDI、事故车、召回/OTA、内部、取消、未关闭",
    "maintenance, PDI, accident, recall/OTA, internal, cancelled, still open",
)
_SOURCES = ("work_orders", "work_order_lines")

FTFR_30D = Metric(
    id="ftfr_30d",
    name=Text("首次修复率(30天,已成熟)", "First-time fix rate (30 days, matured)"),
    question=Text("第一次就修好了吗?", "Was it fixed the first time?"),
    formula=Text(
        "30 天内未因同一问题返回的首次进站 ÷ 已成熟的首次进站",
        "Index visits without a same-problem return in 30 × 24 h / matured ones",
    ),
    unit=Unit.SHARE,
    kind=Kind.RATIO,
    fact="deliveries",
    numerator="index_fixed",
    denominator="index_matured",
    immature="index_immature",
    thresholds=(Thresholds(green=0.90, red=0.85, source="kpis.md §2, R869"),),
    minimum_n=10,
    interval=Interval.WILSON,
    window=Window(days=90, lag_days=30),
    maturity_days=30,
    cohort=_BY_DELIVERY,
    include=_INCLUDE,
    exclude=_EXCLUDE,
    level=Level.NORTH_STAR,
    owner="service-quality",
    sources=_SOURCES,
    dimensions=OF_ORDER,
    headline=True,
)
FTFR_PROV = Metric(
    id="ftfr_prov",
    name=Text("首次修复率(暂估)", "First-time fix rate (provisional)"),
    question=Text("最近 30 天的车修得怎样?", "How are the last 30 days doing?"),
    formula=Text(
        "未成熟群组在第 30 天的 Kaplan-Meier 存活率",
        "Kaplan-Meier survival at day 30 of the cohort too young to judge",
    ),
    unit=Unit.SHARE,
    kind=Kind.SURVIVAL,
    fact="deliveries",
    numerator="index_fixed",
    denominator="index_matured",
    minimum_n=30,
    window=Window(days=31),
    cohort=_BY_DELIVERY,
    include=_INCLUDE,
    exclude=_EXCLUDE,
    level=Level.L2,
    owner="service-quality",
    sources=_SOURCES,
    dimensions=OF_ORDER,
)
FTFR_ORDER = Metric(
    id="ftfr_order",
    name=Text("首修率(工单口径)", "Fix rate by order"),
    question=Text("每张工单都修好了吗?", "Was each order fixed, comebacks too?"),
    formula=Text(
        "未因同一问题返回的已关闭维修工单 ÷ 全部(返修也计入)",
        "Closed repair orders without a same-problem return / all, comebacks counted",
    ),
    unit=Unit.SHARE,
    kind=Kind.RATIO,
    fact="deliveries",
    numerator="visits_fixed",
    denominator="visits_matured",
    immature="visits_immature",
    minimum_n=10,
    interval=Interval.WILSON,
    window=Window(days=90, lag_days=30),
    maturity_days=30,
    cohort=Text("交车日", "delivery date"),
    include=_INCLUDE,
    exclude=_EXCLUDE,
    level=Level.L2,
    owner="service-quality",
    sources=_SOURCES,
    dimensions=OF_ORDER,
)
COMEBACK_IN = Metric(
    id="comeback_in",
    name=Text("返修率(进站)", "Comebacks among check-ins"),
    question=Text("今天进站的维修车有多少是返修?", "How many repairs came back today?"),
    formula=Text(
        "同一问题 30 天内返回的维修进站 ÷ 维修进站",
        "Repair check-ins that are same-problem returns in 30 days / repair check-ins",
    ),
    unit=Unit.SHARE,
    kind=Kind.RATIO,
    fact="checkins",
    numerator="comeback_checkins",
    denominator="repair_checkins",
    direction=Direction.LOWER,
    minimum_n=20,
    interval=Interval.WILSON,
    window=Window(days=1),
    cohort=Text("进站日", "check-in date"),
    exclude=Text("取消的工单", "cancelled orders"),
    cadence=Cadence.LIVE,
    owner="service-quality",
    needs=("work_order_lines.complaint_group",),
    sources=_SOURCES,
    dimensions=OF_ORDER,
    headline=True,
)

METRICS = (FTFR_30D, FTFR_PROV, FTFR_ORDER, COMEBACK_IN)
