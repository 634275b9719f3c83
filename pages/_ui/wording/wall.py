"""Sentences of the wall displays; those with `{…}` are filled in by the browser."""

from warehouse.text import Text

WORDS: dict[str, Text] = {
    "title.wall": Text("门店大屏 · 售后驾驶舱", "Store wall · Aftersight"),
    "wall.page.now": Text("现在", "Now"),
    "wall.page.today": Text("今日达成", "Today's targets"),
    "wall.page.quality": Text("质量", "Quality"),
    "wall.page.parts": Text("配件", "Parts"),
    "wall.page.voice": Text("客户之声", "Customers' voice"),
    "wall.page.quiet": Text("一切正常", "All on target"),
    "wall.quiet.text": Text(
        "{n} 项指标全部达标，没有需要处理的事项",
        "All {n} judged metrics are on target; nothing needs attention",
    ),
    "wall.period.now": Text("此刻", "right now"),
    "wall.period.today": Text("今日", "today"),
    "wall.period.days": Text("近 {n} 天", "{n} days"),
    "wall.period.cohort": Text("{n} 天，已成熟", "{n} d, matured"),
    "wall.target": Text("目标 {target}", "Target {target}"),
    "wall.taken": Text("已接手 · {name}", "Taken by {name}"),
    "wall.met": Text("达标 {met}/{of}", "{met} of {of} on target"),
    "wall.reds": Text("{n} 项超标", "{n} off limit"),
    "wall.ambers": Text("{n} 项关注", "{n} to watch"),
    "wall.as_of": Text("数据截至 {clock}", "Data as of {clock}"),
    "wall.loading": Text("正在取数…", "Loading…"),
    "wall.nothing": Text("还没有数据", "No data yet"),
    "wall.banner.lost": Text(
        "与服务器失去联系 {age} · 数据截至 {moment}，不是现在的情况",
        "Server lost for {age} · data as of {moment}, not the present",
    ),
    "wall.banner.kept": Text(
        "服务器尚未连上 · 这是 {age}前的数据（{moment}）",
        "Server not reached yet · these data are {age} old ({moment})",
    ),
    "wall.banner.old": Text(
        "数据停在 {moment}（{age}前），之后没有更新",
        "The data stopped at {moment}, {age} ago",
    ),
    "wall.banner.yesterday": Text(
        "这是 {day} 的数据，今天的还没有到",
        "These are the data of {day}; today's have not arrived",
    ),
    "wall.banner.silent": Text(
        "本店的{table}自 {moment} 起没有新数据",
        "No new {table} from this store since {moment}",
    ),
    "wall.banner.problem": Text(
        "最新批次打不开，显示上一批 · 数据截至 {moment}",
        "The newest batch cannot be opened; the last good one, as of {moment}",
    ),
    "wall.stopped": Text("已停用", "Switched off"),
    "wall.stopped.text": Text(
        "这块屏幕没有权限显示本店；请打开 /pair 由店长配对",
        "This screen may not show this store; open /pair to have it paired",
    ),
    "wall.unknown": Text("没有这家门店", "There is no such store"),
    "wall.unknown.text": Text(
        "地址里的门店编号不存在：{store}", "No store has the id {store}"
    ),
    "wall.unit.days": Text("{n} 天", "{n} d"),
    "wall.unit.hours": Text("{n} 小时", "{n} h"),
    "wall.unit.minutes": Text("{n} 分钟", "{n} min"),
    "wall.unit.seconds": Text("{n} 秒", "{n} s"),
}
"""`wall.banner.*` and `wall.unit.*` go to the browser as they are."""
