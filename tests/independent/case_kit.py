"""What hand cases are made of: the HandCase record and short ways to type source rows."""

from dataclasses import dataclass, field

Rows = dict[str, list[dict]]
AS_OF = "2025-06-15T12:00:00+08:00"
VALUES = dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ",
        [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9],
        strict=True,
    )
)
WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]


@dataclass
class HandCase:
    """One reading worked out by hand from the specification.

    `tables` are source rows as typed in standard files (local times, in order of delivery); the
    same key twice is an older and a newer version. `expected` holds only what was computed by
    hand: dimensions and some of value, numerator, denominator, n, ci_low, maturity, tier.
    `choice` says which reading was taken where the specification leaves room.
    """

    metric: str
    why: str
    tables: Rows
    as_of: str = AS_OF
    start: str | None = None
    end: str | None = None
    by: tuple[str, ...] = ()
    expected: list[dict] = field(default_factory=list)
    choice: str | None = None
    where: dict[str, str] = field(default_factory=dict)


def vin(number: int) -> str:
    """A valid made-up VIN (17 characters, right check digit, kpis.md section 18)."""
    body = f"LHC0000000000{number:04d}"
    total = sum(
        (VALUES.get(c) or int(c)) * w for c, w in zip(body, WEIGHTS, strict=True)
    )
    digit = "0123456789X"[total % 11]
    return body[:8] + digit + body[9:]


def store(store_id: str = "S1", **more) -> dict:
    """A store in Shanghai with two bays, open 08:00-18:00."""
    return {
        "store_id": store_id,
        "name": f"Store {store_id}",
        "region": "East",
        "city": "Shanghai",
        "timezone": "Asia/Shanghai",
        "bays": 2,
        "opens_at": "08:00",
        "closes_at": "18:00",
    } | more


def order(
    work_order_id: str, checkin_at: str, delivered_at: str | None = None, **more
) -> dict:
    """A repair order of vehicle 1 at store S1; closed when it has a delivery, else open."""
    return {
        "work_order_id": work_order_id,
        "store_id": "S1",
        "vin": vin(1),
        "order_type": "repair",
        "status": "closed" if delivered_at else "open",
        "checkin_at": checkin_at,
        "delivered_at": delivered_at,
    } | more


def line(
    work_order_id: str, complaint_group: str | None = "brakes", line_no: int = 1, **more
) -> dict:
    """A complaint line."""
    return {
        "work_order_id": work_order_id,
        "line_no": line_no,
        "complaint_group": complaint_group,
    } | more


def shop(orders: list[dict], lines: list[dict] | None = None, **more) -> Rows:
    """Store S1 (and S2) with these orders; a «brakes» line each unless lines are given."""
    if lines is None:
        lines = [line(w) for w in dict.fromkeys(o["work_order_id"] for o in orders)]
    tables = {
        "stores": [store(), store("S2", region="North", city="Beijing")],
        "work_orders": orders,
        "work_order_lines": lines,
    }
    return tables | more


def share(numerator: float, denominator: float, **dims) -> dict:
    """The expected reading of a share: value is the quotient, null over 0, n the denominator."""
    value = numerator / denominator if denominator else None
    return dims | {
        "value": value,
        "numerator": numerator,
        "denominator": denominator,
        "n": denominator,
    }


def ratio(numerator: float, denominator: float, **dims) -> dict:
    """The expected reading of a ratio of two sums; n is not pinned by hand."""
    value = numerator / denominator if denominator else None
    return dims | {"value": value, "numerator": numerator, "denominator": denominator}


def count(value: float | None, **dims) -> dict:
    """The expected reading of a count."""
    return dims | {"value": value}
