"""Sentences of files and of paper: heads of columns, the watermark, what is missing."""

from warehouse.text import Text

WORDS: dict[str, Text] = {
    "export.label": Text("导出", "Export"),
    "export.stamp": Text(
        "{who} · {when} · {scope} · 批次 {batch}",
        "{who} · {when} · {scope} · batch {batch}",
    ),
    "export.busy": Text(
        "正在排队制作的 PDF 太多，请一分钟后再试。",
        "Too many PDFs are being made; try again in a minute.",
    ),
    "export.slow": Text(
        "PDF 没有在 {seconds} 秒内做好，请稍后再试，或用浏览器的打印功能。",
        "The PDF was not ready within {seconds} s; try again later, or use your "
        "browser's print.",
    ),
    "export.no_browser": Text(
        "服务器上没有可用的浏览器（{path}），不能制作 PDF。请用自己浏览器的打印功能"
        "（Ctrl+P，另存为 PDF）；版式相同。",
        "There is no browser on the server ({path}), so no PDF can be made. Use your "
        "own browser's print (Ctrl+P, save as PDF): the layout is the same.",
    ),
    "export.form": Text(
        "没有这种文件：{form}。可用的有 {known}。",
        "There is no such file: {form}. There are {known}.",
    ),
    "export.store": Text(
        "没有这家门店，或不在您的范围内。", "No such store, or not within your scope."
    ),
    "export.session": Text(
        "PDF 只能由登录的人制作；程序请用 CSV 或 Excel。",
        "Only a signed-in person can have a PDF; programs use CSV or Excel.",
    ),
    "file.all": Text("数据", "Data"),
    "file.number": Text("当前数值", "The number"),
    "file.scope": Text("范围", "Scope"),
    "file.as_of": Text("数据截至", "Data as of"),
    "file.taken": Text("导出", "Exported"),
    "file.metric": Text("指标编号", "Metric"),
    "file.name": Text("指标", "Name"),
    "file.store_id": Text("门店编号", "Store id"),
    "file.store": Text("门店", "Store"),
    "file.dimension": Text("维度", "Dimension"),
    "file.member": Text("成员", "Member"),
    "file.value": Text("数值", "Value"),
    "file.unit": Text("单位", "Unit"),
    "file.state": Text("状态", "State"),
    "file.n": Text("样本数", "n"),
    "file.numerator": Text("分子", "Numerator"),
    "file.denominator": Text("分母", "Denominator"),
    "file.ci_low": Text("95% 下限", "95% low"),
    "file.ci_high": Text("95% 上限", "95% high"),
    "file.target": Text("目标", "Target"),
    "file.first_day": Text("首日", "First day"),
    "file.last_day": Text("末日", "Last day"),
    "file.provisional": Text("暂估", "Provisional"),
    "file.version": Text("定义版本", "Version"),
    "file.formula": Text("算法", "Formula"),
    "file.red": Text("红线", "Red line"),
    "file.basis": Text("线的依据", "What the lines rest on"),
    "file.promise": Text("承诺上限", "Ceiling of the promise"),
}
