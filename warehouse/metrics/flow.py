"""Metrics of today's flow: orders in, at work and out, and how they are recorded."""

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

_BY_CHECKIN = Text("进站日", "check-in date")
_NOW = Text("期末时刻", "the moment the period ends")
_TODAY = Window(days=1)

ORDERS_ARRIVED = Metric(
    id="orders_arrived",
    name=Text("进站工单", "Orders arrived"),
    question=Text("今天来了多少车?", "How many cars came in?"),
    formula=Text("进站工单数(不含取消)", "Check-ins, cancelled orders left out"),
    unit=Unit.COUNT,
    kind=Kind.COUNT,
    fact="checkins",
    numerator="arrived",
    window=_TODAY,
    cohort=_BY_CHECKIN,
    cadence=Cadence.LIVE,
    owner="store-operations",
    needs=("work_orders",),
    sources=("work_orders",),
    dimensions=OF_ORDER,
    headline=True,
)
ORDERS_IN_PROGRESS = Metric(
    id="orders_in_progress",
    name=Text("在店工单", "Orders in progress"),
    question=Text("现在店里有多少车?", "How many cars are in the shops now?"),
    formula=Text("已进站、未交车、未取消", "Checked in, not delivered, not cancelled"),
    unit=Unit.COUNT,
    kind=Kind.STATE,
    fact="in_shop",
    numerator="in_progress",
    window=_TODAY,
    cohort=_NOW,
    cadence=Cadence.LIVE,
    owner="store-operations",
    needs=("work_orders",),
    sources=("work_orders",),
    dimensions=OF_ORDER,
    headline=True,
)
ORDERS_DELIVERED = Metric(
    id="orders_delivered",
    name=Text("交车工单", "Orders delivered"),
    question=Text("今天交了多少车?", "How many cars were handed back?"),
    formula=Text("交车工单数(不含取消)", "Deliveries, cancelled orders left out"),
    unit=Unit.COUNT,
    kind=Kind.COUNT,
    fact="deliveries",
    numerator="delivered",
    window=_TODAY,
    cohort=Text("交车日", "delivery date"),
    cadence=Cadence.LIVE,
    owner="store-operations",
    needs=("work_orders.delivered_at",),
    sources=("work_orders",),
    dimensions=OF_ORDER,
    headline=True,
)
WAITING_NOW = Metric(
    id="waiting_now",
    name=Text("当前等待人数", "Customers waiting now"),
    question=Text("现在有多少客户在等?", "How many customers wait on site now?"),
    formula=Text(
        "在店等候、维修或保养、尚未通知完工",
        "Waiting on site for repair or maintenance, not yet told that it is ready",
    ),
    unit=Unit.COUNT,
    kind=Kind.STATE,
    fact="in_shop",
    numerator="waiting",
    direction=Direction.LOWER,
    window=_TODAY,
    cohort=_NOW,
    cadence=Cadence.LIVE,
    level=Level.L2,
    owner="store-operations",
    needs=("work_orders.waiting_on_site",),
    sources=("work_orders",),
    dimensions=OF_ORDER,
)
LONGEST_WAIT_NOW = Metric(
    id="longest_wait_now",
    name=Text("当前最长等待", "Longest wait now"),
    question=Text("等得最久的客户等了多久?", "How long has the longest wait lasted?"),
    formula=Text(
        "当前等待者中,自预约或进站(取晚者)起的最长分钟数",
        "Most minutes since the later of appointment and check-in among those waiting",
    ),
    unit=Unit.MINUTES,
    kind=Kind.STATE,
    fact="in_shop",
    numerator="waiting_minutes",
    counted="waiting",
    direction=Direction.LOWER,
    window=_TODAY,
    cohort=_NOW,
    cadence=Cadence.LIVE,
    level=Level.L2,
    owner="store-operations",
    needs=("work_orders.waiting_on_site",),
    sources=("work_orders", "appointments"),
    dimensions=OF_ORDER,
)
SAME_DAY = Metric(
    id="same_day",
    name=Text("当日完工率", "Same-day completion"),
    question=Text(
        "下午三点前进站的车,当天修好了吗?",
        "Are cars that came before 15:00 ready today?",
    ),
    formula=Text(
        "进站当日通知完工 ÷ 15:00 前进站(维修与保养),当日结束后才评判",
        "Ready on the check-in date / check-ins before 15:00 (repair, maintenance); "
        "judged when the day has ended",
    ),
    unit=Unit.SHARE,
    kind=Kind.RATIO,
    fact="checkins",
    numerator="same_day_ready",
    denominator="same_day_judged",
    thresholds=(Thresholds(green=0.85, red=0.70, source="kpis.md §3 [P]"),),
    minimum_n=20,
    interval=Interval.WILSON,
    window=Window(days=30),
    cohort=_BY_CHECKIN,
    exclude=Text("取消的工单", "cancelled orders"),
    owner="store-operations",
    needs=("work_orders.ready_notified_at",),
    sources=("work_orders",),
    dimensions=OF_ORDER,
)
PROMISE_KEPT = Metric(
    id="promise_kept",
    name=Text("准时交车率", "Promises kept"),
    question=Text("答应的时间做到了吗?", "Is the car ready when we said it would be?"),
    formula=Text(
        "首次承诺时间前通知完工 ÷ 承诺时间已过的工单",
        "Ready by the first promised time / orders whose promised time has passed",
    ),
    unit=Unit.SHARE,
    kind=Kind.RATIO,
    fact="promises",
    numerator="promises_kept",
    denominator="promises_due",
    immature="promises_ahead",
    thresholds=(Thresholds(green=0.90, red=0.80, source="kpis.md §3 [P]"),),
    minimum_n=20,
    interval=Interval.WILSON,
    window=Window(days=30),
    cohort=Text("承诺日", "promised date"),
    exclude=Text("取消的工单", "cancelled orders"),
    owner="store-operations",
    sources=("work_orders",),
    dimensions=OF_ORDER,
    headline=True,
)


def _appointment(
    key: str, name: Text, formula: Text, fact: str, top: str, bottom: str, lines: tuple
) -> Metric:
    return Metric(
        id=key,
        name=name,
        question=Text("预约的承诺兑现了吗?", "Do appointments hold?"),
        formula=formula,
        unit=Unit.SHARE,
        kind=Kind.RATIO,
        fact=fact,
        numerator=top,
        denominator=bottom,
        direction=Direction.HIGHER,
        thresholds=lines,
        minimum_n=20,
        interval=Interval.WILSON,
        window=Window(days=30),
        cohort=Text("预约日(到店率)、进站日(接待率)", "appointment or check-in date"),
        exclude=Text("取消的预约;爽约另计", "cancelled; no-shows are counted apart"),
        level=Level.L2,
        owner="store-operations",
        sources=("appointments", "work_orders"),
        dimensions=OF_ORDER,
    )


APPT_ON_TIME = _appointment(
    "appt_on_time",
    Text("预约准时到店率", "Appointments on time"),
    Text(
        "进站 ≤ 预约 + 15 分钟 ÷ 已过预约 + 15 分钟且到店的预约",
        "Check-in by appointment + 15 min / past appointments whose customer came",
    ),
    "appointments",
    "appointments_on_time",
    "appointments_came",
    (),
)
APPT_SERVED_ON_TIME = _appointment(
    "appt_served_on_time",
    Text("预约准时接待率", "Appointments served on time"),
    Text(
        "接车 ≤ max(预约, 进站) + 15 分钟 ÷ 该时刻已过的预约",
        "Write-up by the later of appointment and check-in + 15 min / those past it",
    ),
    "receptions",
    "receptions_on_time",
    "receptions_due",
    (Thresholds(green=0.90, red=0.80, source="kpis.md §3 [P]"),),
)


def _entry(key: str, name: Text, top: str, better: Direction, lines: tuple) -> Metric:
    return Metric(
        id=key,
        name=name,
        question=Text(
            "工单是在系统里实时开的吗?", "Are orders entered as they happen?"
        ),
        formula=Text(
            f"{name.zh}:该录入方式的工单 ÷ 有录入方式的工单",
            "Orders entered this way / orders whose way of entry is known",
        ),
        unit=Unit.SHARE,
        kind=Kind.RATIO,
        fact="checkins",
        numerator=top,
        denominator="entered",
        direction=better,
        thresholds=lines,
        minimum_n=20,
        interval=Interval.WILSON,
        window=Window(days=30),
        cohort=_BY_CHECKIN,
        level=Level.L2,
        owner="data-governance",
        sources=("work_orders",),
        dimensions=OF_ORDER,
    )


ENTRY_LIVE = _entry(
    "entry_live_share",
    Text("实时录入占比", "Entered live"),
    "entered_live",
    Direction.HIGHER,
    (Thresholds(green=0.80, red=0.70, source="mission.md A15, A11 (level 2)"),),
)
ENTRY_BACKFILLED = _entry(
    "entry_backfilled_share",
    Text("补录占比", "Entered later"),
    "entered_backfilled",
    Direction.LOWER,
    (),
)
ENTRY_PAPER = _entry(
    "entry_paper_share",
    Text("纸质工单占比", "On paper"),
    "entered_paper",
    Direction.LOWER,
    (),
)

METRICS = (
    ORDERS_ARRIVED,
    ORDERS_IN_PROGRESS,
    ORDERS_DELIVERED,
    WAITING_NOW,
    LONGEST_WAIT_NOW,
    SAME_DAY,
    PROMISE_KEPT,
    APPT_ON_TIME,
    APPT_SERVED_ON_TIME,
    ENTRY_LIVE,
    ENTRY_BACKFILLED,
    ENTRY_PAPER,
)
