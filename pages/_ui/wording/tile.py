"""Sentences of KPI tiles and of the table's cells."""

from warehouse.text import Text

WORDS: dict[str, Text] = {
    "state.green": Text("正常", "On target"),
    "state.amber": Text("关注", "Watch"),
    "state.red": Text("超标", "Off limit"),
    "state.grey": Text("样本不足", "Too few"),
    "state.stale": Text("过期", "Stale"),
    "state.nodata": Text("无数据", "No data"),
    "state.error": Text("错误", "Error"),
    "state.unjudged": Text("无红线", "No limit"),
    "tile.target": Text("目标", "Target"),
    "tile.change": Text("较上期", "vs prev."),
    "tile.change.yesterday": Text("较昨日同时", "vs yesterday"),
    "tile.change.title": Text(
        "与前一个等长周期 {period} 相比：{value}",
        "Compared with the previous period of equal length, {period}: {value}",
    ),
    "tile.change.none": Text("没有可比的数据", "Nothing to compare with"),
    "tile.change.workday": Text(
        "；每个工作日 {now}，当时 {then}", "; per working day {now}, then {then}"
    ),
    "tile.year": Text("较去年", "vs last year"),
    "tile.year.festival": Text("较去年(春节对齐)", "vs last year (festival)"),
    "tile.year.title": Text(
        "与去年同期 {period} 相比：{value}",
        "Compared with the like days of last year, {period}: {value}",
    ),
    "tile.n": Text("n = {n}", "n = {n}"),
    "tile.as_of": Text("数据截至 {moment}", "Data as of {moment}"),
    "tile.as_of.none": Text("没有数据来源时间", "No source time"),
    "tile.provisional": Text("暂估", "Provisional"),
    "tile.provisional.title": Text(
        "成熟度 {maturity}：部分结果还会变化",
        "Maturity {maturity}: part of the outcome may still change",
    ),
    "tile.network": Text("全网", "Network"),
    "tile.network.title": Text(
        "这个指标不属于门店，不随范围改变",
        "This metric belongs to no store and does not follow the scope",
    ),
    "tile.restated": Text("已重述", "Restated"),
    "tile.restated.title": Text(
        "已重述：{was} → {now}。{moment} 迟到的数据或新的口径改变了 {days}",
        "Restated: {was} → {now}. Late rows or a new definition changed {days} "
        "on {moment}",
    ),
    "tile.restatement": Text("重述", "Restatement"),
    "tile.late": Text("迟到", "Late"),
    "tile.late.title": Text(
        "来源即将超过更新时限", "The source is close to its limit of age"
    ),
    "tile.silent": Text("缺 {n} 家", "{n} missing"),
    "tile.silent.title": Text(
        "这些门店没有送来新数据：{names}", "No new data from these stores: {names}"
    ),
    "tile.silent.stores": Text("没有新数据的门店", "Stores without new data"),
    "tile.workday": Text("每个工作日", "Per working day"),
    "tile.last_year": Text("去年同期", "Like days last year"),
    "tile.last_year.festival": Text("去年同期(春节对齐)", "Last year (festival)"),
    "rank.region": Text("本区", "Region"),
    "rank.peers": Text("同类", "Peers"),
    "tile.waiting": Text("读取中…", "Reading…"),
    "rank.alone": Text("没有可比的门店", "no store to compare with"),
    "rank.few": Text("样本不足，不排名", "too few cases to rank"),
    "rank.withheld": Text(
        "权限外可比门店不足 3 家，不排名", "too few other stores to rank"
    ),
    "rank.place": Text("第 {place} / {of}", "{place} of {of}"),
    "rank.others": Text("其余 {value}", "others {value}"),
    "rank.title": Text(
        "{group}：另外 {n} 家样本足够的门店，不含本店",
        "{group}: {n} other stores with enough cases, this one left out",
    ),
    "tile.unconfirmed": Text(
        "未达标，样本不足以确认", "Off target, too few to confirm"
    ),
    "tile.trend": Text("{metric}：看趋势", "{metric}: see the trend"),
    "tile.spark": Text(
        "{metric}的走势，{period}，最近 {value}",
        "Course of {metric}, {period}, latest {value}",
    ),
    "tile.details": Text("口径", "Details"),
    "tile.numerator": Text("分子", "Numerator"),
    "tile.denominator": Text("分母", "Denominator"),
    "tile.sample": Text("样本数 n", "Sample n"),
    "tile.interval": Text("95% 区间", "95% interval"),
    "tile.period": Text("统计期", "Period"),
    "tile.previous": Text("上期", "Previous"),
    "tile.maturity": Text("成熟度", "Maturity"),
    "tile.lines": Text("绿线 / 红线", "Green / red line"),
    "tile.basis": Text("线的依据", "What the lines rest on"),
    "tile.basis.baseline": Text("按基线", "baseline"),
    "tile.basis.fixed": Text("按固定线", "fixed line"),
    "tile.basis.promise": Text("超承诺", "past promise"),
    "tile.promise": Text("承诺上限", "Ceiling of the promise"),
    "tile.formula": Text("算法", "Formula"),
    "tile.question": Text("回答的问题", "Question"),
    "tile.version": Text("定义版本", "Definition"),
    "tile.version.value": Text("v{version}，自 {day} 起", "v{version}, from {day}"),
    "tile.owner": Text("负责", "Owner"),
    "tile.batch": Text("批次", "Batch"),
    "tile.failed": Text(
        "这个指标算不出来，其他指标不受影响。",
        "This metric could not be computed; the others are not affected.",
    ),
    "tile.failed.reason": Text("原因", "Reason"),
    "tile.stale": Text(
        "来源超过时限没有更新，不判红绿",
        "The source is past its limit; neither red nor green",
    ),
    "tile.nodata": Text(
        "这段时间没有可以计算的记录", "There is nothing to compute in this period"
    ),
    "tier.gold": Text("金牌", "Gold"),
    "tier.silver": Text("银牌", "Silver"),
    "tier.bronze": Text("铜牌", "Bronze"),
    "tier.watch": Text("观察", "Watch"),
    "tier.yellow": Text("黄牌", "Yellow"),
    "tier.exit": Text("退出", "Exit"),
    "tier.unit": Text("家", "partners"),
    "tier.count": Text("{tier} {n} 家", "{tier}: {n}"),
}
