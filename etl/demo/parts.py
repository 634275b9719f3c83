"""The parts catalogue of the demo network and which part an order asks for."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from etl.demo.days import day_number
from etl.demo.draws import TABLE, stream
from etl.demo.vocabulary import GROUP_INDEX, GROUPS

_TABLE_NAME = 10_001  # its own stream, beside those of the stores

# group, category, name, class, variants, unit cost in CNY, stocked
_RANGES = (
    ("scheduled", "保养", "空调滤芯", "A", 3, 58, True),
    ("scheduled", "保养", "雨刮片", "A", 3, 72, True),
    ("scheduled", "保养", "制动液", "A", 1, 45, True),
    ("scheduled", "保养", "冷却液", "A", 1, 92, True),
    ("scheduled", "保养", "减速器油", "A", 2, 126, True),
    ("scheduled", "保养", "遥控钥匙电池", "B", 1, 6, True),
    ("brakes", "制动", "前制动片", "A", 3, 318, True),
    ("brakes", "制动", "后制动片", "A", 2, 262, True),
    ("brakes", "制动", "制动盘", "B", 3, 480, True),
    ("brakes", "制动", "制动卡钳", "C", 3, 1120, False),
    ("tyres", "轮胎", "轮胎", "A", 3, 840, True),
    ("tyres", "轮胎", "胎压传感器", "A", 1, 178, True),
    ("tyres", "轮胎", "轮毂", "C", 4, 1480, False),
    ("climate", "空调", "冷媒", "A", 1, 108, True),
    ("climate", "空调", "鼓风机", "B", 2, 420, True),
    ("climate", "空调", "空调压缩机", "B", 2, 2580, True),
    ("climate", "空调", "PTC加热器", "C", 2, 1320, False),
    ("infotainment", "车机", "USB接口模块", "B", 1, 64, True),
    ("infotainment", "车机", "T-BOX", "B", 2, 690, True),
    ("infotainment", "车机", "中控屏", "B", 2, 2180, True),
    ("infotainment", "车机", "车机主板", "C", 3, 1750, False),
    ("adas", "智驾", "超声波雷达", "A", 1, 148, True),
    ("adas", "智驾", "前视摄像头", "B", 2, 910, True),
    ("adas", "智驾", "毫米波雷达", "B", 2, 1210, True),
    ("adas", "智驾", "环视摄像头", "C", 2, 520, False),
    ("body", "车身", "隐藏门把手", "A", 2, 238, True),
    ("body", "车身", "车窗升降器", "B", 3, 352, True),
    ("body", "车身", "尾门撑杆", "B", 2, 276, True),
    ("body", "车身", "门锁总成", "B", 2, 312, True),
    ("body", "车身", "车门密封条", "C", 4, 118, False),
    ("lights", "灯具", "大灯总成", "C", 5, 2760, False),
    ("lights", "灯具", "尾灯总成", "C", 5, 880, False),
    ("lights", "灯具", "转向灯泡", "B", 1, 22, True),
    ("chassis", "底盘", "稳定杆连杆", "A", 1, 88, True),
    ("chassis", "底盘", "减震器", "B", 3, 780, True),
    ("chassis", "底盘", "下摆臂", "B", 3, 425, True),
    ("chassis", "底盘", "空气弹簧", "C", 2, 3180, False),
    ("steering", "转向", "拉杆球头", "B", 2, 156, True),
    ("steering", "转向", "转向机", "C", 3, 3560, False),
    ("battery", "三电", "电池冷却水泵", "B", 1, 540, True),
    ("battery", "三电", "高压熔断器", "B", 2, 330, True),
    ("battery", "三电", "电池模组", "C", 3, 14800, False),
    ("battery", "三电", "BMS主控", "C", 2, 2350, False),
    ("charging", "三电", "充电口盖执行器", "A", 1, 96, True),
    ("charging", "三电", "充电枪锁", "A", 1, 132, True),
    ("charging", "三电", "充电口总成", "B", 2, 680, True),
    ("charging", "三电", "车载充电机", "C", 3, 4150, False),
    ("drive", "三电", "半轴", "B", 2, 760, True),
    ("drive", "三电", "电机控制器", "C", 3, 6900, False),
    ("drive", "三电", "驱动电机", "C", 3, 17600, False),
    ("low_voltage", "低压", "12V蓄电池", "A", 1, 468, True),
    ("low_voltage", "低压", "DCDC转换器", "C", 2, 1680, False),
    ("collision", "钣金", "卡扣套装", "A", 1, 12, True),
    ("collision", "钣金", "前保险杠", "B", 3, 890, True),
    ("collision", "钣金", "后视镜总成", "B", 3, 620, True),
    ("collision", "钣金", "后保险杠", "C", 4, 860, False),
    ("collision", "钣金", "前翼子板", "C", 4, 740, False),
    ("collision", "钣金", "车门总成", "C", 4, 2300, False),
    ("campaign", "活动", "召回维修套件", "A", 1, 150, True),
)
_PULL = {
    "A": 10.0,
    "B": 1.6,
    "C": 0.28,
}  # how often a class is the part that is asked for


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All parts by number; *of_group* holds the parts of each complaint group."""

    numbers: list[str]
    names: list[str]
    categories: list[str]
    abc: np.ndarray  # 'A', 'B', 'C'
    cost: np.ndarray
    stocked: np.ndarray
    lead_days: np.ndarray
    received_on: np.ndarray  # day
    of_group: list[np.ndarray]
    pull: np.ndarray
    categories_array: np.ndarray

    def asked_for(self, group: np.ndarray, uniform: np.ndarray) -> np.ndarray:
        """Return a part for each complaint group, -1 where the group needs none."""
        chosen = np.full(len(group), -1, dtype=np.int64)
        for number, members in enumerate(self.of_group):
            rows = np.flatnonzero(group == number)
            if len(members) and len(rows):
                edges = np.cumsum(self.pull[members])
                place = np.searchsorted(edges, uniform[rows] * edges[-1], "right")
                chosen[rows] = members[np.minimum(place, len(members) - 1)]
        return chosen


def catalogue(seed: int) -> Catalogue:
    """Return the catalogue; only lead times and first receipts depend on the seed."""
    rows = [
        (
            group,
            category,
            name if many == 1 else f"{name} {variant + 1}型",
            abc,
            cost,
            keep,
        )
        for group, category, name, abc, many, cost, keep in _RANGES
        for variant in range(many)
    ]
    # Parts that nobody asks for any more: they are the dead stock.
    rows += [
        ("", "停产车型", f"旧款饰件 {n + 1}", "C", 160 + 40 * n, True) for n in range(4)
    ]
    draw = stream(seed, TABLE, _TABLE_NAME).random((len(rows), 2))
    abc = np.array([row[3] for row in rows])
    quickest = np.select([abc == "A", abc == "B"], [2, 3], 4)
    slowest = np.select([abc == "A", abc == "B"], [5, 8], 14)
    groups = np.array([GROUP_INDEX.get(row[0], -1) for row in rows])
    first = day_number(date(2019, 4, 1))
    return Catalogue(
        numbers=[
            f"{GROUPS[g].short if g >= 0 else 'OLD'}-{1001 + i}"
            for i, g in enumerate(groups.tolist())
        ],
        names=[row[2] for row in rows],
        categories=[row[1] for row in rows],
        abc=abc,
        cost=np.array([row[4] for row in rows], dtype=float),
        stocked=np.array([row[5] for row in rows]),
        lead_days=quickest + (draw[:, 0] * (slowest - quickest + 1)).astype(np.int64),
        received_on=first + (draw[:, 1] * 1500).astype(np.int64),
        of_group=[np.flatnonzero(groups == g) for g in range(len(GROUPS))],
        pull=np.array([_PULL[c] for c in abc.tolist()]),
        categories_array=np.array([row[1] for row in rows]),
    )
