"""Sentences of the page of one store."""

from warehouse.text import Text

WORDS: dict[str, Text] = {
    "title.store": Text("门店 · 售后驾驶舱", "Store · Aftersight"),
    "store.closed": Text("已停业", "Closed"),
    "store.closed.note": Text(
        "这家门店已停业，下面是它留下的数字。",
        "This store has closed; these are the numbers it left.",
    ),
    "store.silent": Text(
        "这家门店自 {moment} 起没有送来新数据：没有消息不等于正常。",
        "No new data from this store since {moment}: silence is not health.",
    ),
    "store.unknown.title": Text("没有这家门店", "There is no such store"),
    "store.unknown.text": Text(
        "没有编号为“{store}”的门店，或者它不在您的权限范围内。",
        "No store has the id “{store}”, or your rights do not include it.",
    ),
    "store.back": Text("回到总览", "Back to the overview"),
    "board.orders": Text("今日看板", "In the shop now"),
    "board.orders.note": Text("在店车辆，停留最久的在前", "Longest inside first"),
    "board.orders.none": Text("现在店里没有车。", "There are no cars inside now."),
    "board.overdue": Text("承诺已过", "Promise passed"),
    "board.hands": Text("技师与工位", "Technicians and bays"),
    "board.hands.none": Text(
        "没有这家门店的技师数据。", "No technicians are known of this store."
    ),
    "board.bays": Text("工位占用", "Bays taken"),
    "board.bays.value": Text("{taken} / {bays}", "{taken} / {bays}"),
    "board.at_work": Text("正在作业", "At work"),
    "board.clocked": Text("今日打卡", "Clocked today"),
    "board.known": Text("在册技师", "Technicians"),
    "board.parts": Text("缺的配件", "Parts that miss"),
    "board.parts.none": Text(
        "最近 30 天没有缺件。", "No part was missing in the last 30 days."
    ),
    "board.comebacks": Text("返修与首次维修", "Comebacks and their first visits"),
    "board.comebacks.none": Text(
        "最近 30 天没有返修。", "No comebacks in the last 30 days."
    ),
    "board.voices": Text("客户之声", "Voice of customers"),
    "board.voices.none": Text(
        "最近 30 天没有留言或投诉。", "No words or complaints in the last 30 days."
    ),
    "board.lately": Text("最近 30 天", "Last 30 days"),
    "stage.arrived": Text("已进站", "Arrived"),
    "stage.written": Text("已开单", "Written up"),
    "stage.in_bay": Text("在工位", "In a bay"),
    "stage.done": Text("修完", "Work done"),
    "stage.ready": Text("待交车", "Ready"),
    "mark.overdue": Text("超承诺", "overdue"),
    "mark.waits": Text("客户在等", "waits here"),
    "mark.parts": Text("等配件", "waits for parts"),
    "type.repair": Text("维修", "Repair"),
    "type.maintenance": Text("保养", "Maintenance"),
    "type.pdi": Text("新车检查", "PDI"),
    "type.accident": Text("事故", "Accident"),
    "type.recall": Text("召回", "Recall"),
    "type.ota": Text("升级", "OTA"),
    "type.internal": Text("内部", "Internal"),
    "list.order": Text("工单", "Order"),
    "list.plate": Text("车辆", "Car"),
    "list.type": Text("类型", "Type"),
    "list.stage": Text("进度", "Stage"),
    "list.arrived": Text("进站", "Arrived"),
    "list.promised": Text("承诺", "Promised"),
    "list.technician": Text("技师", "Technician"),
    "list.skill": Text("技能等级", "Skill"),
    "list.now": Text("正在做", "Works on"),
    "list.since": Text("自", "Since"),
    "list.today": Text("今日工单", "Orders today"),
    "list.part": Text("配件", "Part"),
    "list.requests": Text("缺件次数", "Times short"),
    "list.pieces": Text("缺件数量", "Pieces short"),
    "list.on_hand": Text("现存", "On hand"),
    "list.last": Text("最近一次", "Last"),
    "list.topic": Text("故障", "Problem"),
    "list.first": Text("首次维修", "First visit"),
    "list.first.when": Text(
        "{moment} 交车，{days} 天后返修",
        "delivered {moment}, back after {days} d",
    ),
    "voice.score": Text("{score} 分", "score {score}"),
    "voice.open": Text("投诉未结", "Open complaint"),
    "voice.closed": Text("投诉已结", "Closed complaint"),
    "voice.silent": Text("没有留言，或不在您的权限内。", "No words, or not for you."),
}
