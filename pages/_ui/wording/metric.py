"""Sentences of the catalogue of metrics and of a metric's page."""

from pages._ui.wording.metric_rows import WORDS as ROWS
from warehouse.text import Text

WORDS: dict[str, Text] = {
    **ROWS,
    "tile.page": Text("指标页", "Metric page"),
    "tile.rows": Text("明细", "Rows"),
    "nav.metrics": Text("指标", "Metrics"),
    "title.metrics": Text("指标目录 · 售后驾驶舱", "Metrics · Aftersight"),
    "title.metric": Text("{name} · 售后驾驶舱", "{name} · Aftersight"),
    "catalog.heading": Text("指标目录", "Metric catalogue"),
    "catalog.note": Text(
        "每个指标只有一个定义，所有页面、接口、导出和告警都用它。",
        "Each metric is defined once; every page, export, alert and the API use it.",
    ),
    "catalog.search": Text("搜索", "Search"),
    "catalog.search.example": Text("名称、公式、数据表", "Name, formula, table"),
    "catalog.domain": Text("领域", "Domain"),
    "catalog.feed": Text("数据来源", "Feed"),
    "catalog.clear": Text("清除筛选", "Clear filters"),
    "catalog.metric": Text("指标", "Metric"),
    "catalog.version": Text("版本", "Version"),
    "catalog.none": Text("没有符合条件的指标。", "No metric fits."),
    "catalog.count": Text("{n} / {total} 个指标", "{n} of {total} metrics"),
    "domain.flow": Text("流转与录入", "Flow and entry"),
    "domain.service": Text("维修质量", "Service quality"),
    "domain.times": Text("时间与等待", "Times and waits"),
    "domain.capacity": Text("人员与工位", "People and bays"),
    "domain.parts": Text("配件", "Parts"),
    "domain.voice": Text("客户与伙伴", "Customers and partners"),
    "feed.fresh": Text("及时", "Fresh"),
    "feed.late": Text("迟到", "Late"),
    "feed.stale": Text("过期", "Stale"),
    "feed.no_data": Text("没有数据", "No data"),
    "feed.missing": Text("无人提供", "Nobody sends it"),
    "feed.unlimited": Text("无时限", "No limit"),
    "metric.unknown": Text("没有这个指标", "There is no such metric"),
    "metric.unknown.name": Text(
        "没有编号为“{name}”的指标。", "No metric is called {name}."
    ),
    "metric.unknown.near": Text("是不是要找：", "Did you mean:"),
    "metric.back": Text("全部指标", "All metrics"),
    "metric.definition.heading": Text("定义", "Definition"),
    "metric.definition.note": Text(
        "本页所有数字都用这个定义；别处看到不同的数字，只可能是范围、周期或批次不同。",
        "Every number on this page uses this definition; a different number elsewhere "
        "can only have another scope, period or batch.",
    ),
    "metric.plain": Text("回答的问题", "Question"),
    "metric.formula": Text("算法", "Formula"),
    "metric.exact": Text("精确写法", "Exactly"),
    "metric.cohort": Text("归入日期", "Counted on"),
    "metric.window": Text("默认周期", "Default period"),
    "metric.window.days": Text("截至今天的 {n} 天", "{n} days up to today"),
    "metric.window.lag": Text(
        "{n} 天，止于数据截至日之前 {lag} 天",
        "{n} days, ending {lag} days before the data end",
    ),
    "metric.window.months": Text("最近 {n} 个完整的月", "Last {n} whole month(s)"),
    "metric.include": Text("包含", "Included"),
    "metric.exclude": Text("不含", "Left out"),
    "metric.maturity": Text("成熟", "Matures"),
    "metric.maturity.days": Text("{n} 天后才能评判", "Judged after {n} days"),
    "metric.rollup": Text("汇总方式", "Roll-up"),
    "metric.rollup.ratio": Text(
        "分子之和 ÷ 分母之和，从不对比率求平均",
        "Sum of numerators ÷ sum of denominators, never a mean of rates",
    ),
    "metric.rollup.count": Text("求和", "Sum"),
    "metric.rollup.time": Text(
        "由每一笔时长计算，未结束的按删失处理",
        "From every single duration; those still running are censored",
    ),
    "metric.rollup.survival": Text(
        "由每一次进站计算的 Kaplan-Meier 存活率",
        "Kaplan-Meier survival over every visit",
    ),
    "metric.rollup.state": Text(
        "期末时刻的状态，不跨天相加",
        "The state at the end of the period, not summed over days",
    ),
    "metric.rollup.tier": Text("按月评级", "Judged month by month"),
    "metric.minimum": Text("最少样本", "Minimum n"),
    "metric.minimum.n": Text(
        "n < {n} 时显示「样本不足」，不判红绿", "Below n = {n} it is not judged"
    ),
    "metric.minimum.none": Text("没有下限", "None"),
    "metric.interval": Text("95% 区间", "95% interval"),
    "metric.interval.wilson": Text("Wilson 区间", "Wilson"),
    "metric.interval.nps": Text(
        "两个多项比例之差，每类加一",
        "Difference of two shares, one added to each class",
    ),
    "metric.interval.order": Text("次序统计量", "Order statistics"),
    "metric.interval.none": Text("没有", "None"),
    "metric.direction": Text("好的方向", "Better"),
    "metric.direction.higher": Text("越高越好", "Higher"),
    "metric.direction.lower": Text("越低越好", "Lower"),
    "metric.direction.band": Text("在区间内最好", "Within its band"),
    "metric.level": Text("层级", "Level"),
    "metric.level.north-star": Text("北极星", "North star"),
    "metric.level.L1": Text("一级", "Level 1"),
    "metric.level.L2": Text("二级", "Level 2"),
    "metric.cadence": Text("更新节奏", "Cadence"),
    "metric.cadence.live": Text("实时", "Live"),
    "metric.cadence.nightly": Text("每夜", "Nightly"),
    "metric.cadence.monthly": Text("每月", "Monthly"),
    "metric.cadence.safety": Text("安全与法规，立即", "Safety and law, at once"),
    "metric.owner": Text("负责", "Owner"),
    "metric.version": Text("定义版本", "Definition"),
    "metric.id": Text("编号", "Id"),
    "metric.lines.heading": Text("红绿线及其历史", "Lines and their history"),
    "metric.lines.none": Text(
        "这个指标没有红绿线，只看数值。", "This metric has no lines; it is only shown."
    ),
    "metric.since": Text("自", "From"),
    "metric.always": Text("一直", "Always"),
    "metric.applies": Text("适用", "Applies to"),
    "metric.applies.all": Text("全部", "Everything"),
    "metric.red": Text("红线", "Red line"),
    "norms.heading": Text("今天的基线", "The lines of today"),
    "norms.rule": Text(
        "绿线跟随平常：同类门店、同类日（工作日、周末、节假日、调休）、同一到店小时，"
        "最近 {days} 个这样的日子的 {percentile}，加 {margin}；只用所看周期之前的日子。"
        "一格不足 {n} 例时用全天，再不足、或够得上的样本少于 {coverage} 时用固定线。"
        "绿线与红线都不会宽于固定红线，绿线也不会严于固定绿线的 {floor}。",
        "The green line follows what is usual: like stores, like days (workday, "
        "weekend, holiday, make-up workday), the same hour of arrival, {percentile} of "
        "the last {days} such days plus {margin}; only days before the period count. A "
        "cell of fewer than {n} cases takes its whole day; where that is too little as "
        "well, or less than {coverage} of the cases are covered, the fixed lines hold. "
        "No line is looser than the fixed red one, nor green stricter than {floor} of "
        "the fixed green one.",
    ),
    "norms.promise": Text(
        "承诺是硬上限：超过 {allowed} 的客户等过承诺时间，即为红。",
        " The promise is a ceiling: when more than {allowed} of the customers wait "
        "past the promised time the value is red.",
    ),
    "norms.class": Text("门店类型", "Store class"),
    "norms.day": Text("日型", "Kind of day"),
    "norms.day.workday": Text("工作日", "Workday"),
    "norms.day.weekend": Text("周末", "Weekend"),
    "norms.day.holiday": Text("节假日", "Holiday"),
    "norms.day.makeup": Text("调休上班", "Make-up workday"),
    "norms.usual": Text("平常", "Usual"),
    "norms.lines": Text("绿线 / 红线", "Green / red line"),
    "norms.sample": Text("依据", "Made of"),
    "norms.cases": Text("{days} 天 n={n}", "{days} days n={n}"),
    "norms.few": Text("可比数据不足，用固定线", "too little to compare: fixed lines"),
    "norms.span": Text("日期", "Days"),
    "norms.drift": Text("较一季度前", "Against a quarter ago"),
    "norms.crept": Text("平常变差", "usual got worse"),
    "norms.bound.red": Text("以固定红线封顶", "held at the fixed red line"),
    "norms.bound.green": Text(
        "不严于固定绿线的下限", "held at the floor of the fixed green line"
    ),
    "metric.source": Text("出处", "Source"),
    "metric.state": Text("状态", "State"),
    "metric.sources.heading": Text("数据来源", "What feeds it"),
    "metric.missing": Text(
        "没有任何来源提供 {what}，所以这个指标没有数值（不是 0）。",
        "No source delivers {what}, so this metric has no value (it is not 0).",
    ),
    "metric.unsent": Text("尚未收到：{what}", "Not delivered yet: {what}"),
    "metric.breakdown.heading": Text("拆分", "Breakdown"),
    "metric.by": Text("按", "By"),
    "metric.place": Text("名次", "Rank"),
    "metric.bar": Text("对比", "Bar"),
    "metric.shrunken": Text("收缩值", "Shrunken"),
    "metric.problem": Text("问题名单", "Problem"),
    "metric.problem.yes": Text("显著偏差", "Clearly worse"),
    "metric.shrunken.note": Text(
        "名次按收缩值排：每个成员先加上 {strength} 例网络平均，"
        "样本少的不会因为偶然排到两端。问题名单是与整体检验后的结果，"
        "误报控制在 {rate}（Benjamini–Hochberg），现有 {n} 个。",
        "Ranked by the shrunken value: {strength} cases of the overall mean are added "
        "to each member, so that few cases do not reach the ends by chance. The "
        "problems are those that differ from the whole with {rate} false ones at most "
        "(Benjamini–Hochberg): {n} now.",
    ),
    "metric.members.none": Text(
        "这个范围里没有可以拆分的记录。", "There is nothing to split in this scope."
    ),
    "metric.members.cut": Text(
        "共 {total} 个，这里是最好和最差的 {shown} 个；导出文件里有全部。",
        "The best and worst {shown} of {total}; the file has all of them.",
    ),
    "metric.member.unknown": Text("未填", "Not given"),
    "heat.heading": Text("星期 × 小时", "Weekday × hour"),
    "heat.note": Text(
        "按进站（配件按申请）的当地时间；颜色越深数值越高（五等分），少于 5 例不着色。",
        "By local time of check-in (of the request, for parts); darker is higher, in "
        "fifths; fewer than 5 cases have no tint.",
    ),
    "heat.day": Text("星期", "Day"),
    "heat.cell": Text("{when}：{value}，n = {n}", "{when}: {value}, n = {n}"),
    "spread.heading": Text("时长分布", "Distribution"),
    "spread.note": Text(
        "每根柱子是这么长的笔数；仍在进行的单独标出。",
        "How many took how long; those that still run are marked.",
    ),
    "spread.length": Text("时长", "Length"),
    "spread.closed": Text("已结束", "Ended"),
    "spread.running": Text("进行中", "Still running"),
    "compare.heading": Text("与另一范围比较", "Compare two scopes"),
    "compare.with": Text("与…比较", "Compare with"),
    "compare.nobody": Text("不比较", "Nobody"),
    "compare.hint": Text("在上面选择另一范围。", "Choose the other scope above."),
    "compare.network": Text(
        "这个指标不属于门店，没有可比较的范围。",
        "This metric belongs to no store; there are no scopes to compare.",
    ),
    "metric.filter": Text("{name}：{value} ✕", "{name}: {value} ✕"),
    "metric.filter.off": Text("取消这个筛选", "Take this filter away"),
    "compare.scope": Text("范围", "Scope"),
    "compare.none": Text(
        "其中一个范围没有数据。", "One of the two scopes has no data."
    ),
    "compare.gap": Text("相差 {gap}。", "The difference is {gap}."),
    "compare.gap.clear": Text(
        "相差 {gap}（95% 区间 {low} 至 {high}），差异成立。",
        "The difference is {gap} (95% interval {low} to {high}): they differ.",
    ),
    "compare.gap.unclear": Text(
        "相差 {gap}（95% 区间 {low} 至 {high}），不能说两者不同。",
        "The difference is {gap} (95% interval {low} to {high}): it may be chance.",
    ),
    "spc.few": Text(
        "只有 {n} 个点，少于 {needed} 个，还画不出控制限。",
        "Only {n} points; control limits need {needed}.",
    ),
    "spc.p": Text(
        "控制图（p 图，按每点样本数）：中心 {centre}，{n} 个基线点，"
        "Laney 系数 {multiplier}。",
        "Control chart (p-chart, limits by each point's n): centre {centre}, {n} "
        "baseline points, Laney multiplier {multiplier}.",
    ),
    "spc.xmr": Text(
        "控制图（XmR）：中心 {centre}，{n} 个基线点。",
        "Control chart (XmR): centre {centre}, {n} baseline points.",
    ),
    "spc.stable": Text(
        "没有信号：起伏在平常范围之内。", "No signal: the ups and downs are usual ones."
    ),
    "spc.signals": Text(
        "有 {n} 个点发出信号（圆圈）：", "Points with a signal (ringed), {n}:"
    ),
    "spc.signal": Text("{period}：{value}，{why}", "{period}: {value}, {why}"),
    "spc.more": Text("更早的 {n} 个", "{n} earlier ones"),
    "spc.why.outside": Text("超出 3σ", "beyond 3σ"),
    "spc.why.run": Text("连续 8 点在同一侧", "eighth in a row on one side"),
    "spc.why.near": Text("3 点中 2 点超出 2σ", "2 of 3 beyond 2σ"),
    "spc.limits": Text("控制限", "Limits"),
    "spc.mark": Text("信号", "Signal"),
    "dim.store_id": Text("门店", "Store"),
    "dim.region": Text("区域", "Region"),
    "dim.province": Text("省份", "Province"),
    "dim.city": Text("城市", "City"),
    "dim.city_class": Text("城市级别", "City class"),
    "dim.store_class": Text("门店级别", "Store class"),
    "dim.technician_id": Text("技师", "Technician"),
    "dim.complaint_group": Text("故障类别", "Complaint group"),
    "dim.order_type": Text("工单类型", "Order type"),
    "dim.entry_mode": Text("录入方式", "Way of entry"),
    "dim.model": Text("车型", "Model"),
    "dim.part_number": Text("配件号", "Part number"),
    "dim.category": Text("配件类别", "Part category"),
    "dim.abc_class": Text("ABC 类", "ABC class"),
    "dim.instrument_id": Text("问卷工具", "Survey instrument"),
    "dim.partner_id": Text("伙伴", "Partner"),
    "dim.partner_type": Text("伙伴类型", "Partner type"),
    "dim.service_type": Text("服务类型", "Service type"),
    "dim.tier": Text("等级", "Tier"),
    "dim.source_system": Text("来源系统", "Source system"),
}
