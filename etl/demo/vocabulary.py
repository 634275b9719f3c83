"""Code lists and words of the demo network; a code is the position in its tuple."""

from typing import NamedTuple

ORDER_TYPES = (
    "repair",
    "maintenance",
    "pdi",
    "accident",
    "recall",
    "ota",
    "internal",
)
REPAIR, MAINTENANCE, PDI, ACCIDENT, RECALL, OTA, INTERNAL = range(7)
ORDER_TYPE_SHARES = (0.455, 0.345, 0.045, 0.075, 0.03, 0.025, 0.025)

ENTRY_MODES = ("live", "backfilled", "paper")
STATUSES = ("open", "closed", "cancelled")
DISPATCHERS = ("hand", "system")
REASSIGN_REASONS = ("技能不符", "技师忙", "技师请假", "工位调整")
PAUSE_REASONS = ("parts", "approval", "outsource", "closed")
MOVEMENT_KINDS = ("receipt", "issue", "return", "adjust", "transfer")
RECEIPT, ISSUE, RETURN, ADJUST, TRANSFER = range(5)
CHANNELS = ("app", "电话", "小程序", "到店")
APPOINTMENT_STATUSES = ("booked", "arrived", "no_show", "cancelled")
INSTRUMENTS = ("nps_delivery", "csat_delivery")
COMPLAINT_CATEGORIES = ("维修质量", "等待时间", "服务态度", "费用", "配件", "交付延期")


class Model(NamedTuple):
    """A car model: name, its world manufacturer identifier, its body code, battery."""

    name: str
    wmi: str
    body: str
    battery: str
    share: float


MODELS = (
    Model("A5", "LAV", "A5SD", "LFP", 0.26),
    Model("A7", "LAV", "A7SD", "NCM", 0.20),
    Model("X3", "LXV", "X3UV", "LFP", 0.24),
    Model("X6", "LXV", "X6UV", "NCM", 0.18),
    Model("M8", "LMV", "M8MP", "NCM", 0.07),
    Model("E2", "LEV", "E2HB", "LFP", 0.05),
)


class Group(NamedTuple):
    """A level-2 complaint group and what goes with it."""

    code: str
    short: str
    dtc: str
    weight: float
    words: tuple[str, ...]


GROUPS = (
    Group("battery", "BAT", "P0A", 0.07, ("续航下降", "电池故障灯亮", "低温掉电快")),
    Group("charging", "CHG", "P0D", 0.09, ("快充中断", "充电口盖不开", "充电功率低")),
    Group("drive", "DRV", "P1B", 0.06, ("加速抖动", "动力受限提示", "电机异响")),
    Group("brakes", "BRK", "C01", 0.09, ("制动异响", "制动踏板软", "手刹故障灯亮")),
    Group("chassis", "CHS", "C11", 0.10, ("过坎异响", "车身跑偏", "悬架高度异常")),
    Group("steering", "STR", "C05", 0.04, ("方向盘抖动", "转向沉重", "转向异响")),
    Group("climate", "AC", "B12", 0.11, ("空调不凉", "暖风不热", "空调异味")),
    Group("infotainment", "IVI", "U02", 0.12, ("中控黑屏", "导航卡顿", "蓝牙断连")),
    Group("adas", "ADA", "U04", 0.08, ("车道保持退出", "雷达误报", "摄像头故障")),
    Group("body", "BDY", "B10", 0.09, ("车窗升降异常", "门把手不弹出", "尾门异响")),
    Group("lights", "LGT", "B22", 0.04, ("大灯起雾", "转向灯不亮", "氛围灯异常")),
    Group("tyres", "TYR", "C07", 0.07, ("胎压报警", "轮胎偏磨", "轮胎扎钉")),
    Group("low_voltage", "LV", "U11", 0.04, ("小电瓶亏电", "无法唤醒", "频繁断电")),
    Group("scheduled", "SVC", "", 0.0, ("首次保养", "定期保养", "年度检查")),
    Group("collision", "COL", "", 0.0, ("前部碰撞", "侧面刮擦", "追尾")),
    Group("campaign", "CMP", "", 0.0, ("召回活动", "软件升级活动")),
    Group("pre_delivery", "PDI", "", 0.0, ("交付前检查",)),
    Group("in_house", "INT", "", 0.0, ("试驾车整备", "展车维护")),
)
GROUP_CODES = tuple(g.code for g in GROUPS)
GROUP_INDEX = {g.code: i for i, g in enumerate(GROUPS)}
COMPLAINT_GROUPS = tuple(i for i, g in enumerate(GROUPS) if g.weight)
# The group of the first line of an order that no customer complaint opened.
GROUP_OF_TYPE = {
    MAINTENANCE: GROUP_INDEX["scheduled"],
    PDI: GROUP_INDEX["pre_delivery"],
    ACCIDENT: GROUP_INDEX["collision"],
    RECALL: GROUP_INDEX["campaign"],
    OTA: GROUP_INDEX["campaign"],
    INTERNAL: GROUP_INDEX["in_house"],
}

CAUSES = (
    "零件老化",
    "线束接触不良",
    "软件版本过低",
    "装配间隙偏大",
    "外力损伤",
    "密封件失效",
    "传感器漂移",
    "正常损耗",
)
CORRECTIONS = (
    "更换总成后试车正常",
    "重新插接并固定线束",
    "刷写最新软件",
    "调整间隙并紧固",
    "更换零件",
    "清洁并标定",
    "更换密封件",
    "检查正常,客户知悉",
)

SURNAMES = (
    *(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余"
        "杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙"
        "史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    ),
    "欧阳",
    "司马",
    "上官",
    "诸葛",
)
GIVEN = tuple(
    first + second
    for first in ("", *"子志文建晓雨思佳海国明俊雅梦嘉宇浩欣若")
    for second in "伟芳娜敏静强磊军洋勇艳杰娟涛明超霞平刚华玲波宁浩然琪轩涵怡婷宇博"
)
TITLES = ("先生", "女士")

PRAISE = ("服务很好", "速度快", "师傅专业", "讲解清楚", "环境不错", "超出预期")
NEUTRAL = ("还可以", "一般", "基本满意", "等得有点久", "价格偏高")
BLAME = (
    "等太久了",
    "问题没修好",
    "又要返修",
    "没人跟进",
    "说好的时间没做到",
    "配件一直没到",
)
COMMENTS = ("", *PRAISE, *NEUTRAL, *BLAME)
COMPLAINT_TEXTS = (
    "维修后同样的故障再次出现",
    "到店等待时间过长,没有人告知进度",
    "服务顾问态度冷淡",
    "结算金额与报价不一致",
    "配件迟迟未到,车辆一直不能用",
    "承诺的交车时间一再推迟",
)
