"""Metrics of the parts warehouse (kpis.md §5)."""

from warehouse.metrics.dimensions import OF_ORDER, OF_PART
from warehouse.metrics.metric import (
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

_MONTH = Window(days=30)
_DEMAND = ("part_requests", "parts")
_STOCK = ("stock_snapshots", "stock_movements", "parts")
_ASKED = Text("需求日", "day of the request")
_END = Text("期末", "end of the period")
_MISS = (Thresholds(green=0.03, red=0.06, source="kpis.md §5 (S2: 12 → 3 %)"),)
_FILL = (Thresholds(green=0.95, red=0.90, source="kpis.md §5, R2375"),)


def _line(
    key: str, name: Text, formula: Text, top: str, bottom: str, **rest: object
) -> Metric:
    return Metric(
        id=key,
        name=name,
        question=Text("要件的时候,货架上有吗?", "Is the part on the shelf when asked?"),
        formula=formula,
        kind=Kind.RATIO,
        fact="demand",
        numerator=top,
        denominator=bottom,
        minimum_n=10,
        window=_MONTH,
        cohort=_ASKED,
        owner="parts-planning",
        sources=_DEMAND,
        dimensions=OF_PART,
        **{"unit": Unit.SHARE, "interval": Interval.WILSON, **rest},
    )


STOCKOUT_RATE = _line(
    "stockout_rate",
    Text("缺货率", "Stockout rate"),
    Text(
        "首次未能整行满足的 A 类常备件需求行 ÷ A 类常备件需求行",
        "Demand lines of stocked A-class parts not filled completely at first request "
        "/ all of them",
    ),
    "lines_fast_missed",
    "lines_fast",
    direction=Direction.LOWER,
    thresholds=_MISS,
    headline=True,
)
LINE_FILL = _line(
    "line_fill",
    Text("配件一次满足率(行)", "Line fill rate"),
    Text("1 − 缺货率(A 类常备件)", "1 − stockout rate, stocked A-class parts"),
    "lines_fast_filled",
    "lines_fast",
    thresholds=_FILL,
)
STOCKOUT_ALL = _line(
    "stockout_rate_all",
    Text("缺货率(全部常备件)", "Stockout rate, all stocked"),
    Text("同缺货率,全部常备件", "As the stockout rate, over all stocked parts"),
    "lines_stocked_missed",
    "lines_stocked",
    direction=Direction.LOWER,
    thresholds=_MISS,
    level=Level.L2,
)
LINE_FILL_ALL = _line(
    "line_fill_all",
    Text("一次满足率(全部常备件)", "Line fill rate, all stocked"),
    Text("1 − 缺货率(全部常备件)", "1 − stockout rate, all stocked parts"),
    "lines_stocked_filled",
    "lines_stocked",
    thresholds=_FILL,
    level=Level.L2,
)
UNIT_FILL = _line(
    "unit_fill",
    Text("件满足率", "Unit fill rate"),
    Text("满足件数 ÷ 需求件数(常备件)", "Units filled / units requested, stocked"),
    "units_stocked_filled",
    "units_stocked",
    interval=Interval.NONE,
    level=Level.L2,
)
LEVEL_OF_SERVICE = _line(
    "level_of_service",
    Text("服务水平(含非库存件)", "Level of service"),
    Text(
        "(全部需求 − 未满足行)÷ 全部需求,含非常备件",
        "(All demand lines − unfilled lines) / all, parts not stocked included",
    ),
    "lines_filled",
    "lines",
    thresholds=(Thresholds(green=0.85, red=0.80, source="cata.info 85-95 %"),),
    level=Level.L2,
)
ORDER_FILL = Metric(
    id="order_fill",
    name=Text("工单齐套率", "Order fill rate"),
    question=Text("一张工单的件一次齐吗?", "Are all parts of an order there at once?"),
    formula=Text(
        "每行都满足的工单 ÷ 有配件需求的工单",
        "Orders with every line filled / orders with parts",
    ),
    unit=Unit.SHARE,
    kind=Kind.RATIO,
    fact="kits",
    numerator="orders_complete",
    denominator="orders_with_parts",
    thresholds=(Thresholds(green=0.85, red=0.75, source="kpis.md §5 [P]"),),
    minimum_n=10,
    interval=Interval.WILSON,
    window=_MONTH,
    cohort=_ASKED,
    level=Level.L2,
    owner="parts-planning",
    sources=("part_requests", "work_orders"),
    dimensions=OF_ORDER,
)


def _state(key: str, name: Text, formula: Text, fact: str, **rest: object) -> Metric:
    return Metric(
        id=key,
        name=name,
        question=Text("库存的钱用得好吗?", "Is the money in stock well spent?"),
        formula=formula,
        kind=Kind.STATE,
        fact=fact,
        window=Window(days=1),
        cohort=_END,
        level=Level.L2,
        owner="parts-planning",
        sources=_STOCK,
        dimensions=OF_PART,
        **rest,
    )


SKU_STOCKOUT = _state(
    "sku_stockout",
    Text("缺货 SKU 占比(快照)", "SKUs out of stock"),
    Text(
        "可用量 ≤ 0 的常备 SKU ÷ 常备 SKU(期末最近一晚快照)",
        "Stocked SKUs with on hand − reserved ≤ 0 / stocked SKUs, newest snapshot",
    ),
    "stock_snapshot",
    unit=Unit.SHARE,
    numerator="skus_out",
    denominator="skus",
    direction=Direction.LOWER,
)
STOCKOUT_DAYS = Metric(
    id="stockout_days",
    name=Text("缺货天数占比", "Stock-out days"),
    question=Text("货架空了多少天?", "On how many days was the shelf empty?"),
    formula=Text(
        "当天任一时刻可用量 ≤ 0 的 SKU 天 ÷ SKU 天(常备件,按流水推算)",
        "SKU-days with nothing available at any time / SKU-days, stocked parts, "
        "from movements",
    ),
    unit=Unit.SHARE,
    kind=Kind.RATIO,
    fact="sku_days",
    numerator="sku_days_out",
    denominator="sku_days",
    direction=Direction.LOWER,
    thresholds=(Thresholds(green=0.03, red=0.06, source="kpis.md §5 [P]"),),
    minimum_n=10,
    window=_MONTH,
    cohort=Text("日历日", "calendar day"),
    level=Level.L2,
    owner="parts-planning",
    sources=_STOCK,
    dimensions=OF_PART,
)
TURNS = _state(
    "turns",
    Text("库存周转率", "Inventory turns"),
    Text(
        "12 个月配件成本 ÷ 13 点平均库存(成本)",
        "12-month parts COGS / 13-point average inventory at cost",
    ),
    "stock_turnover",
    unit=Unit.TIMES_A_YEAR,
    numerator="cogs",
    needs=("stock_movements",),
    denominator="average_stock",
    thresholds=(Thresholds(green=8, red=4, source="kpis.md §5, R101, KEA"),),
)
DOS = _state(
    "dos",
    Text("库存天数", "Days of supply"),
    Text(
        "期末库存成本 ÷ (12 个月配件成本 ÷ 365)",
        "On-hand cost / (12-month parts COGS / 365)",
    ),
    "stock_turnover",
    unit=Unit.DAYS,
    numerator="stock_now",
    needs=("stock_movements",),
    denominator="cogs_a_day",
    direction=Direction.LOWER,
    thresholds=(Thresholds(green=45, red=90, source="kpis.md §5"),),
)
DEAD_STOCK = _state(
    "dead_stock",
    Text("呆滞占比(12个月)", "Dead stock (12 months)"),
    Text(
        "12 个月无出库且首次入库早于 12 个月前的库存金额 ÷ 库存金额",
        "Value without an issue in 12 months, first received before / total value",
    ),
    "stock_snapshot",
    unit=Unit.SHARE,
    numerator="dead_value",
    needs=("parts.first_received_on|stock_movements.kind=receipt",),
    denominator="stock_value",
    direction=Direction.LOWER,
    thresholds=(Thresholds(green=0.02, red=0.05, source="kpis.md §5, KEA"),),
)
SLOW_STOCK = _state(
    "slow_stock",
    Text("缓动占比(6个月)", "Slow stock (6 months)"),
    Text("同呆滞占比,6 个月", "As dead stock, over 6 months"),
    "stock_snapshot",
    unit=Unit.SHARE,
    numerator="slow_value",
    needs=("parts.first_received_on|stock_movements.kind=receipt",),
    denominator="stock_value",
    direction=Direction.LOWER,
)

METRICS = (
    STOCKOUT_RATE,
    LINE_FILL,
    STOCKOUT_ALL,
    LINE_FILL_ALL,
    UNIT_FILL,
    LEVEL_OF_SERVICE,
    ORDER_FILL,
    SKU_STOCKOUT,
    STOCKOUT_DAYS,
    TURNS,
    DOS,
    DEAD_STOCK,
    SLOW_STOCK,
)
