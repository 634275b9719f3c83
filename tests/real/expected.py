"""What the sources hold, counted in their files, and what they can feed."""

COUNTS = {
    "01": {
        "stores": (3, 1, 2, 0),
        "vehicles": (5142, 1714, 3428, 0),
        "work_orders": (8133, 2711, 5422, 0),
        "work_order_lines": (50487, 16829, 33658, 0),
    },
    "02": {
        "stores": (2, 2, 0, 0),
        "vehicles": (1868, 1868, 0, 0),
        "work_orders": (3457, 3446, 0, 11),
        "work_order_lines": (3457, 3451, 0, 6),
    },
    "03": {
        "stores": (1, 1, 0, 0),
        "work_orders": (25903, 24682, 27, 1194),
        "work_order_lines": (24709, 24682, 27, 0),
    },
    "04": {
        "stores": (70, 70, 0, 0),
        "technicians": (184, 184, 0, 0),
        "work_orders": (9202, 9200, 0, 2),
        "work_order_lines": (9202, 9202, 0, 0),
        "pauses": (3208, 3206, 2, 0),
        "dispatches": (10886, 10886, 0, 0),
    },
    "05": {
        "stores": (1, 1, 0, 0),
        "parts": (2674, 2674, 0, 0),
        "stock_movements": (32854, 32854, 0, 0),
    },
    "06": {
        "stores": (1, 1, 0, 0),
        "parts": (3000, 3000, 0, 0),
        "stock_movements": (56133, 56133, 0, 0),
    },
    "07": {
        "stores": (1, 1, 0, 0),
        "parts": (3512, 3512, 0, 0),
        "stock_snapshots": (3512, 3512, 0, 0),
        "stock_movements": (11451, 11451, 0, 0),
    },
    "10": {"surveys": (1482, 1482, 0, 0)},
    "11": {"surveys": (1258, 1252, 6, 0)},
    "12": {"surveys": (6511, 6511, 0, 0)},
    "13": {
        "stores": (625, 625, 0, 0),
        "partners": (625, 625, 0, 0),
        "partner_orders": (374, 374, 0, 0),
    },
    "14": {"complaints": (2430, 1500, 930, 0)},
    "18": {"partners": (25, 25, 0, 0), "partner_orders": (3395, 3395, 0, 0)},
    "20": {
        "partners": (60, 60, 0, 0),
        "partner_orders": (2768, 2497, 0, 271),
        "parts": (161, 161, 0, 0),
    },
    "21": {
        "customers": (7846, 7846, 0, 0),
        "partners": (1, 1, 0, 0),
        "partner_orders": (24351, 24257, 94, 0),
    },
    "22": {
        "stores": (1, 1, 0, 0),
        "technicians": (28, 28, 0, 0),
        "work_orders": (29717, 29717, 0, 0),
    },
    "25": {"stores": (1, 1, 0, 0), "calendar": (315, 315, 0, 0)},
    "26": {"partners": (1706, 1706, 0, 0)},
}
"""Read, loaded, duplicate, rejected of each table of each source."""

REJECTS = {
    "02": {
        ("work_orders", "", "fields"): 6,
        ("work_orders", "vin", "required"): 5,
        ("work_order_lines", "", "fields"): 6,
    },
    "03": {("work_orders", "vin", "required"): 1194},
    "04": {("work_orders", "vin", "required"): 2},
    "20": {("partner_orders", "requested_at", "required"): 271},
}

FLOW = {"orders_arrived", "orders_in_progress", "orders_delivered"}
FIXES = {"ftfr_30d", "ftfr_prov", "ftfr_order", "comeback_in", "same_day"}
STAYS = {"tat_in_shop", "wait_handover"}
ENTRY = {"entry_live_share", "entry_backfilled_share", "entry_paper_share"}
STOCK = {"sku_stockout", "stockout_days", "turns", "dos", "dead_stock", "slow_stock"}
FED = {
    "01": FLOW,
    "02": FLOW | FIXES | STAYS,
    "04": FLOW | FIXES | STAYS | {"wait_writeup", "dispatch_acc"},
    "03": FLOW | {"ftfr_30d", "ftfr_order", "comeback_in"},
    "05": set(),
    "06": set(),
    "07": STOCK,
    "10": {"nps"},
    "11": {"csat"},
    "12": set(),
    "13": set(),
    "14": set(),
    "18": {"partner_tier"},
    "20": {"partner_tier"},
    "21": {"partner_tier"},
    "22": FLOW | ENTRY | {"wait_writeup", "waiting_now"},
    "25": set(),
    "26": set(),
}
"""What may have a value; each value is judged below."""
