"""What the stand-in is made of: stores, sources, refreshes, rejected rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from warehouse.records import (
    Counts,
    Freshness,
    GateResult,
    Outcome,
    RejectGroup,
    Run,
    SourceState,
    Store,
)

AS_OF = datetime(2026, 11, 21, 2, 15, tzinfo=UTC)

BATCH_ID = "20261121T021500Z-000017"

CITIES = (
    ("华东", "上海", "一线", "Shanghai"),
    ("华东", "杭州", "新一线", "Hangzhou"),
    ("华南", "深圳", "一线", "Shenzhen"),
    ("华北", "北京", "一线", "Beijing"),
    ("西南", "成都", "新一线", "Chengdu"),
    ("西北", "西安", "二线", "Xi'an"),
)


def make_stores(count: int) -> list[Store]:
    """Return *count* stores over six cities."""
    return [
        Store(
            store_id=f"S{i:03}",
            name=f"{CITIES[i % 6][1]}服务中心{i // 6 + 1}",
            name_en=f"{CITIES[i % 6][3]} Service {i // 6 + 1}",
            region=CITIES[i % 6][0],
            city=CITIES[i % 6][1],
            city_class=CITIES[i % 6][2],
            store_class="flagship" if i % 5 == 0 else "standard",
            is_inferred=i % 17 == 16,
        )
        for i in range(count)
    ]


def sources(as_of: datetime) -> list[SourceState]:
    """Return one table of each freshness."""
    made = []
    for i, (source, table, hours) in enumerate(
        (
            ("dms", "work_orders", 0.05),
            ("dms", "work_order_lines", 0.05),
            ("dms", "job_clocks", 1.5),
            ("wms", "part_requests", 0.2),
            ("wms", "stock_snapshots", 40),
            ("crm", "surveys", 9),
            ("ecosystem", "partner_orders", 3),
        )
    ):
        age = timedelta(hours=hours)
        limit = timedelta(hours=(1, 1, 1, 24, 26, 24, 24)[i])
        made.append(
            SourceState(
                source=source,
                table=table,
                rows=120_000 * (i + 1) + 37,
                watermark=as_of - age,
                last_delivery_at=as_of - age / 2,
                limit=limit,
                age=age,
                freshness=Freshness.STALE
                if age > limit
                else (Freshness.LATE if age > limit * 0.9 else Freshness.FRESH),
                unknown_columns=("memo",) if table == "surveys" else (),
            )
        )
    return made


REJECTS = [
    RejectGroup(
        source="dms",
        table="work_orders",
        column="vin",
        rule="vin",
        severity="reject",
        rows=120,
        example="LNBSCPKB0HR00000O",
        right="17 characters, digits and capitals without I, O and Q",
    ),
    RejectGroup(
        source="crm",
        table="surveys",
        column="score",
        rule="range",
        severity="reject",
        rows=3,
        example="11",
        right="a whole number from 0 to 10",
    ),
]


def history() -> list[Run]:
    """Return a published, a refused and a failed run."""
    start = AS_OF + timedelta(seconds=1)
    counts = {
        "work_orders": Counts(read=1200, loaded=1180, duplicate=8, rejected=12),
        "surveys": Counts(read=90, loaded=87, rejected=3, inferred=2),
    }
    passed = GateResult(
        check="row_count_drop",
        table="work_orders",
        passed=True,
        found=0.98,
        limit=0.5,
        message="rows against the mean of the last 7 deliveries",
    )
    refused = replace(
        passed, check="rejected_share", passed=False, found=0.31, limit=0.05
    )
    base = Run(
        batch_id=BATCH_ID,
        started_at=start,
        finished_at=start + timedelta(seconds=6.4),
        as_of=AS_OF,
        outcome=Outcome.PUBLISHED,
        tables=counts,
        gate=(passed,),
    )
    return [
        base,
        replace(
            base,
            outcome=Outcome.REFUSED,
            started_at=start - timedelta(hours=1),
            finished_at=start - timedelta(minutes=59),
            gate=(refused, passed),
            message="31 % of work_orders were rejected; the limit is 5 %",
        ),
        replace(
            base,
            outcome=Outcome.FAILED,
            started_at=start - timedelta(hours=2),
            finished_at=start - timedelta(hours=2),
            tables={},
            gate=(),
            message="disk full",
        ),
    ]
