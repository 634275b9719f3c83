"""Taking in an export by a configuration alone, the way a customer does."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etl.sources import load_sources
from warehouse.errors import SourceError

NOW = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass
class Taken:
    """What a configuration made of the files beside it."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    keys: list[str] = field(default_factory=list)
    notices: tuple[str, ...] = ()
    ignored: int = 0

    def column(self, name: str) -> list[Any]:
        """Return one column of all rows."""
        return [row[name] for row in self.rows]


def take(folder: Path, toml: str, table: str | None = None) -> Taken:
    """Read every piece of the source that *toml* configures in *folder*."""
    path = folder / "source.toml"
    path.write_text(toml, encoding="utf-8")
    (source,) = load_sources(path, {}).values()
    taken = Taken()
    for piece in source.pieces({}, NOW):
        if table and piece.table != table:
            continue
        taken.keys.append(piece.key)
        try:
            found = source.read(piece)
            for batch in found.batches:
                _sort(batch.to_pylist(), taken)
        except SourceError as error:
            taken.errors.append(str(error))
            continue
        taken.unknown |= set(found.unknown)
        taken.ignored += found.ignored
    taken.notices = source.notices
    return taken


def _sort(rows: list[dict[str, Any]], taken: Taken) -> None:
    for row in rows:
        line, fault, _ = row.pop("_line"), row.pop("_fault"), row.pop("_raw")
        if fault is None:
            taken.rows.append({"line": line, **row})
        else:
            taken.faults.append((line, fault))


def orders(reading: str = "", columns: str = "", files: str = "*") -> str:
    """Return a configuration that reads 工单号, 到店时间 and 金额 as partner orders."""
    return f"""
name = "dms"
{reading}
[[table]]
table = "partner_orders"
files = "{files}"
[table.columns]
partner_order_id = "工单号"
partner_id = {{ constant = "P1" }}
requested_at = {{ column = "到店时间", format = "year_first" }}
gross_amount = {{ column = "金额", number = "1,234.5" }}
{columns}
"""


ROWS = [
    {
        "partner_order_id": "0001",
        "requested_at": "2026-11-05T15:05:00",
        "gross": "1234.5",
    },
    {
        "partner_order_id": "0002",
        "requested_at": "2026-11-06T09:00:00",
        "gross": "20000",
    },
]
"""What `LINES` hold."""

HEADER = ("工单号", "到店时间", "金额")
LINES = [
    ("0001", "2026年11月5日 下午3:05", "￥1,234.50"),
    ("0002", "2026/11/6 9:00", "2万元"),
]


def told(taken: Taken) -> list[dict[str, Any]]:
    """Return order, time and amount of each row."""
    return [
        {
            "partner_order_id": row["partner_order_id"],
            "requested_at": row["requested_at"],
            "gross": row["gross_amount"],
        }
        for row in taken.rows
    ]
