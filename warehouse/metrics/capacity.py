"""Metrics of people and bays (kpis.md §4)."""

from warehouse.metrics.dimensions import OF_ORDER, OF_STORE, OF_TECHNICIAN
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

_WEEK = Window(days=7)
_LABOUR = ("job_clocks", "attendance", "technicians")


def _labour(
    key: str, name: Text, question: Text, formula: Text, **rest: object
) -> Metric:
    return Metric(
        id=key,
        name=name,
        question=question,
        formula=formula,
        kind=Kind.RATIO,
        fact="labour",
        window=_WEEK,
        cohort=Text("打卡日、出勤日", "day of the clock-in, work date"),
        owner="workshop",
        sources=_LABOUR,
        dimensions=OF_TECHNICIAN,
        **rest,
    )


TECH_UTIL = _labour(
    "tech_util",
    Text("技师利用率", "Technician utilisation"),
    Text("技师的出勤时间用在工单上了吗?", "Is attended time spent on jobs?"),
    Text("工单打卡工时 ÷ 出勤工时", "Hours clocked on jobs / hours attended"),
    unit=Unit.SHARE,
    numerator="clocked_hours",
    needs=("job_clocks", "attendance"),
    denominator="attended_hours",
    thresholds=(Thresholds(green=0.85, red=0.75, source="kpis.md §4"),),
    headline=True,
)
TECH_EFF = _labour(
    "tech_eff",
    Text("技师效率", "Technician efficiency"),
    Text("标准工时与实际工时相比如何?", "How do billed hours compare with clocked?"),
    # Over the same hours as tech_util, running clocks too: productivity is the product.
    Text("标准(结算)工时 ÷ 打卡工时", "Billed (standard) hours / clocked hours"),
    unit=Unit.SHARE,
    numerator="billed_hours",
    denominator="clocked_hours",
    needs=("job_clocks.billed_hours",),
    direction=Direction.BAND,
    thresholds=(
        Thresholds(
            green=1.00, green_high=1.30, red=0.85, red_high=1.30, source="kpis.md §4"
        ),
    ),
)
TECH_PROD = _labour(
    "tech_prod",
    Text("综合产出", "Technician productivity"),
    Text("每个出勤小时产出多少标准工时?", "How much is billed for an attended hour?"),
    Text("标准(结算)工时 ÷ 出勤工时", "Billed hours / attended hours"),
    unit=Unit.SHARE,
    numerator="billed_hours",
    denominator="attended_hours",
    needs=("job_clocks.billed_hours", "attendance"),
    thresholds=(Thresholds(green=0.95, red=0.75, source="kpis.md §4 [P]"),),
    level=Level.L2,
)


def _bay(key: str, name: Text, question: Text, formula: Text, **rest: object) -> Metric:
    return Metric(
        id=key,
        name=name,
        question=question,
        formula=formula,
        kind=Kind.RATIO,
        fact="bay_hours",
        direction=Direction.BAND,
        window=_WEEK,
        cohort=Text("作业日、进站日", "day of the work, check-in date"),
        owner="workshop",
        sources=("job_clocks", "work_orders", "stores", "calendar"),
        dimensions=OF_STORE,
        **rest,
    )


BAY_UTIL = _bay(
    "bay_util",
    Text("工位利用率", "Bay utilisation"),
    Text("工位有人在干活吗?", "Is somebody working in the bays?"),
    Text(
        "有技师作业的工位小时 ÷ 工位数 × 营业小时",
        "Bay hours with a technician at work / bays × opening hours",
    ),
    unit=Unit.SHARE,
    numerator="bay_worked_hours",
    needs=("job_clocks",),
    denominator="bay_open_hours",
    thresholds=(
        Thresholds(green=0.60, green_high=0.75, red=0.50, red_high=0.85, source="R868"),
    ),
    cadence=Cadence.LIVE,
)
BAY_OCC = _bay(
    "bay_occ",
    Text("工位占用率", "Bay occupancy"),
    Text("工位被车占着吗?", "Is a car standing in the bays?"),
    Text(
        "有车的工位小时(进工位至通知完工)÷ 工位数 × 营业小时",
        "Bay hours with any car, bay in to ready / bays × opening hours",
    ),
    unit=Unit.SHARE,
    numerator="bay_occupied_hours",
    needs=("work_orders.bay_in_at",),
    denominator="bay_open_hours",
    level=Level.L2,
)
BAY_TURN = _bay(
    "bay_turn",
    Text("工位周转率", "Bay turns"),
    Text("每个工位一天完成几单?", "How many orders does a bay finish a day?"),
    Text("完工工单 ÷ 工位 ÷ 营业日", "Orders finished / bays / open days"),
    unit=Unit.PER_DAY,
    numerator="completed",
    needs=("work_orders.work_done_at",),
    denominator="bays_open",
    thresholds=(
        Thresholds(green=3.5, green_high=5.5, red=2.0, red_high=99.0, source="R1680"),
    ),
    level=Level.L2,
)
DISPATCH_ACC = Metric(
    id="dispatch_acc",
    name=Text("派单准确率", "Dispatch accuracy"),
    question=Text("一次就派对人了吗?", "Was the right technician sent at once?"),
    formula=Text(
        "开工前未改派、未因技能失败的工单 ÷ 已派工单",
        "Orders not re-assigned before start and not failed for skill / dispatched",
    ),
    unit=Unit.SHARE,
    kind=Kind.RATIO,
    fact="dispatched",
    numerator="dispatched_right",
    denominator="dispatched",
    thresholds=(Thresholds(green=0.89, red=0.73, source="S2: 73 → 89 %"),),
    minimum_n=20,
    interval=Interval.WILSON,
    window=Window(days=30),
    cohort=Text("首次派工日", "day of the first dispatch"),
    owner="workshop",
    sources=("dispatches", "work_orders", "job_clocks"),
    dimensions=OF_ORDER,
)

METRICS = (TECH_UTIL, TECH_EFF, TECH_PROD, BAY_UTIL, BAY_OCC, BAY_TURN, DISPATCH_ACC)
