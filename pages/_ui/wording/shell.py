"""Sentences of the frame: navigation, notices, the states of a whole page."""

from warehouse.text import Text

WORDS: dict[str, Text] = {
    "product": Text("售后驾驶舱", "Aftersight"),
    "skip": Text("跳到正文", "Skip to content"),
    "nav": Text("主导航", "Main navigation"),
    "nav.overview": Text("总览", "Overview"),
    "nav.data": Text("数据", "Data"),
    "title.overview": Text("总览 · 售后驾驶舱", "Overview · Aftersight"),
    "title.data": Text("数据 · 售后驾驶舱", "Data · Aftersight"),
    "title.missing": Text("没有这个页面 · 售后驾驶舱", "Page not found · Aftersight"),
    "language.switch": Text("English", "中文"),
    "language.switch.label": Text("Switch to English", "切换到中文"),
    "theme.auto": Text("自动", "Auto"),
    "theme.light": Text("浅色", "Light"),
    "theme.dark": Text("深色", "Dark"),
    "theme.label": Text("外观", "Appearance"),
    "demo": Text("演示数据", "Demo data"),
    "demo.title": Text(
        "这是演示网络，不是真实门店", "This is a demo network, not real stores"
    ),
    "batch": Text("批次 {batch}", "Batch {batch}"),
    "batch.as_of": Text("数据截至 {moment}", "Data as of {moment}"),
    "batch.title": Text(
        "本页所有数字来自同一批次 {batch}，发布于 {moment}",
        "Every number on this page comes from one batch, {batch}, published {moment}",
    ),
    "batch.none": Text("尚无批次", "No batch yet"),
    "noscript": Text(
        "驾驶舱需要打开浏览器的 JavaScript。",
        "The dashboard needs JavaScript to be switched on.",
    ),
    "offline": Text(
        "与服务器失去联系：下面的数字停留在 {moment}，正在自动重连。",
        "The server cannot be reached: the numbers below are from {moment}. "
        "Reconnecting.",
    ),
    "notice.failed": Text(
        "刚才的更新没有成功，屏幕上仍是上一次的数字。",
        "The last update failed; the screen still shows the previous numbers.",
    ),
    "notice.kept": Text(
        "最新批次暂时打不开，显示的是上一个好的批次。原因：{reason}",
        "The newest batch cannot be opened; this is the last good one. "
        "Reason: {reason}",
    ),
    "notice.refused": Text(
        "{moment} 的刷新没有通过质量闸门，没有发布；下面仍是 {as_of} 的数据。"
        "原因见「数据」页。",
        "The refresh of {moment} did not pass the quality gate and was not published; "
        "the data below are still those of {as_of}. The Data page says why.",
    ),
    "notice.crashed": Text(
        "{moment} 的刷新失败，没有发布；下面仍是 {as_of} 的数据。",
        "The refresh of {moment} failed and was not published; the data below are "
        "still those of {as_of}.",
    ),
    "missing.title": Text("没有这个页面", "There is no such page"),
    "missing.text": Text(
        "地址可能写错了，或者页面已经移走。",
        "The address may be mistyped, or the page has moved.",
    ),
    "missing.back": Text("回到总览", "Back to the overview"),
    "empty.title": Text("还没有数据", "No data yet"),
    "empty.text": Text(
        "仓库里还没有发布过任何批次。请先运行一次刷新：",
        "Nothing has been published to the warehouse yet. Run a refresh first:",
    ),
    "empty.demo": Text(
        "想先看看样子，可以生成演示网络：", "To look around first, make a demo network:"
    ),
    "empty.after": Text(
        "发布之后本页会自己更新，不需要重新打开。",
        "This page updates by itself once a batch is published.",
    ),
    "empty.reason": Text("原因：{reason}", "Reason: {reason}"),
    "error.title": Text("这一块算不出来", "This part could not be computed"),
}
