"""Sentences of the executive overview."""

from warehouse.text import Text

WORDS: dict[str, Text] = {
    "overview.heading": Text("今日总览", "Overview"),
    "scope.network": Text("全部门店", "All stores"),
    "scope.part": Text("{n} 家门店", "{n} stores"),
    "filter.heading": Text("范围与周期", "Scope and period"),
    "filter.region": Text("区域", "Region"),
    "filter.city_class": Text("城市级别", "City class"),
    "filter.store": Text("门店", "Store"),
    "filter.period": Text("周期", "Period"),
    "filter.all": Text("全部", "All"),
    "filter.clear": Text("清除筛选", "Clear filters"),
    "filter.unknown": Text(
        "地址里的 {name}={value} 不存在，已忽略。",
        "There is no {name}={value}; it was ignored.",
    ),
    "period.default": Text("指标默认", "Metric default"),
    "period.today": Text("今天", "Today"),
    "period.7d": Text("近 7 天", "7 days"),
    "period.30d": Text("近 30 天", "30 days"),
    "period.90d": Text("近 90 天", "90 days"),
    "period.custom": Text("自定…", "Own dates…"),
    "period.from": Text("从", "From"),
    "period.to": Text("到(含)", "To (incl.)"),
    "period.quarter": Text("{year}年第{number}季度", "Q{number} {year}"),
    "period.closed": Text("{name}(已结束)", "{name} (closed)"),
    "period.running": Text("{name}(未结束)", "{name} (running)"),
    "filter.open": Text("筛选", "Filter"),
    "tiles.heading": Text("关键指标", "Key metrics"),
    "tally": Text("总体情况", "At a glance"),
    "tally.error": Text("{n} 项算不出来", "{n} failed"),
    "tally.red": Text("{n} 项超标", "{n} off limit"),
    "cards.good": Text("{n} 项正常", "{n} on target"),
    "cards.stale": Text("{n} 项过期", "{n} out of date"),
    "cards.more": Text(
        "另有 {n} 家门店，用筛选查看。", "{n} more stores: use the filters."
    ),
    "tally.stale": Text("{n} 项过期", "{n} out of date"),
    "attention.none.stale": Text(
        "能判的都正常；{n} 项数据过期，不知道好坏。",
        "What can be judged is on target; {n} are out of date, nobody knows how.",
    ),
    "ranking.single": Text(
        "这个范围只有一家门店，不排名；它在同类里的名次在门店页。",
        "One store alone has no rank here; its page has its place among its like.",
    ),
    "tally.store": Text("{n} 家门店超标", "{n} store off limit"),
    "tally.stores": Text("{n} 家门店超标", "{n} stores off limit"),
    "tally.amber": Text("{n} 项关注", "{n} to watch"),
    "tally.green": Text("{n} 项正常", "{n} on target"),
    "tally.other": Text("{n} 项不判", "{n} not judged"),
    "attention.heading": Text("需要关注", "Needs attention"),
    "attention.none": Text(
        "没有超标或需要关注的指标。", "Nothing is off limit or to be watched."
    ),
    "attention.order": Text(
        "按影响排序：每天涉及的客户 × 与目标的差距",
        "Ordered by impact: customers a day × gap to target",
    ),
    "attention.gap": Text(
        "{value}，目标 {target}，差 {gap}", "{value}, target {target}, gap {gap}"
    ),
    "attention.lacking": Text("距目标约 {n} 例", "about {n} cases short of target"),
    "attention.since.off": Text("自{day}起未达标", "off target since {day}"),
    "attention.since.off.more": Text(
        "至少自{day}起未达标", "off target since {day} or earlier"
    ),
    "attention.since.red": Text("自{day}起超标", "off limit since {day}"),
    "attention.since.red.more": Text(
        "至少自{day}起超标", "off limit since {day} or earlier"
    ),
    "attention.customers": Text(
        "每天涉及约 {n} 位客户", "touches about {n} customers a day"
    ),
    "attention.stores": Text("{n} 家门店超标", "{n} stores off limit"),
    "attention.store": Text("{n} 家门店超标", "{n} store off limit"),
    "attention.more": Text("另有 {n} 家", "{n} more"),
    "trend.heading": Text("趋势", "Trend"),
    "trend.metric": Text("指标", "Metric"),
    "trend.grain": Text("粒度", "Grain"),
    "grain.day": Text("日", "Day"),
    "grain.week": Text("周", "Week"),
    "grain.month": Text("月", "Month"),
    "trend.target": Text("目标<br>{value}", "Target<br>{value}"),
    "trend.red": Text("红线<br>{value}", "Red line<br>{value}"),
    "trend.n": Text("n = {n}", "n = {n}"),
    "trend.empty": Text("这个范围内没有数据点。", "There are no points in this scope."),
    "trend.note": Text(
        "{metric}，{scope}；按{grain}。空心点为暂估，灰点样本不足。",
        "{metric}, {scope}; by {grain}. Hollow points are provisional, "
        "grey ones have too few cases.",
    ),
    "trend.interval": Text("95% 区间 {low} – {high}", "95% interval {low} – {high}"),
    "trend.restated": Text("已重述，原为 {was}", "restated, was {was}"),
    "day.makeup": Text("调休上班", "make-up workday"),
    "trend.as_table": Text("以表格查看", "Show as a table"),
    "trend.when": Text("时间", "When"),
    "trend.value": Text("数值", "Value"),
    "ranking.heading": Text("门店排名", "Stores ranked"),
    "ranking.order": Text("从差到好", "Worst first"),
    "ranking.empty": Text(
        "没有样本足够的门店可以排名。", "No store has enough cases to be ranked."
    ),
    "ranking.between": Text("中间还有 {n} 家", "{n} more between"),
    "ranking.few": Text(
        "{n} 家门店样本不足，未排名", "Too few cases to be ranked: {n} stores"
    ),
    "table.heading": Text("门店 × 指标", "Stores × metrics"),
    "table.store": Text("门店", "Store"),
    "table.place": Text("地区", "Place"),
    "table.reds": Text("超标项", "Off limit"),
    "table.cell": Text(
        "{metric}：{value}，{state}，n = {n}", "{metric}: {value}, {state}, n = {n}"
    ),
    "table.note": Text("{n} 家门店。", "Stores: {n}. "),
    "table.hint": Text(
        "点击门店名打开门店页；表头可排序、筛选、固定。",
        "A store's name opens its page; headers sort, filter and pin.",
    ),
    "table.inferred": Text(
        "尚无门店主数据，只在业务数据里出现过",
        "Not yet described by any delivery; only referred to",
    ),
    "table.empty": Text("这个范围里没有门店。", "There are no stores in this scope."),
    "table.failed": Text("这些指标没有门店值：{names}", "No store values for: {names}"),
}
