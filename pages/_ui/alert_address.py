"""What the address of the alerts page says: which alerts, or which one."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Self
from urllib.parse import parse_qsl, urlencode

from warehouse.alerts.alert import Severity
from warehouse.records import Store

PATH = "/alerts"

SHOWN = ("active", "open", "mine", "unknown", "spoken", "recent")
"""Lists of alerts: burning, not taken, one's own, without data, collapsed, over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """The alerts on screen; *alert* 0 means the list."""

    show: str = "active"
    severity: str = ""
    region: str = ""
    store: str = ""
    alert: int = 0

    @classmethod
    def read(cls, search: str | None, stores: Iterable[Store]) -> Self:
        """Return the view that *search* names; what is unknown is left out."""
        given = dict(parse_qsl((search or "").removeprefix("?")))
        stores = list(stores)
        legal = {
            "show": set(SHOWN),
            "severity": {severity.value for severity in Severity},
            "region": {s.region for s in stores if s.region},
            "store": {s.store_id for s in stores},
        }
        known = {n: given[n] for n in legal if given.get(n) in legal[n]}
        number = given.get("alert", "")
        is_number = number.isascii() and number.isdigit() and len(number) < 12
        return cls(**known, alert=int(number) if is_number else 0)

    def href(self, **changes: str | int) -> str:
        """Return the address of this view, changed."""
        changed = asdict(replace(self, **changes))
        standard = asdict(AlertView())
        given = {k: v for k, v in changed.items() if v != standard[k]}
        return f"{PATH}?{urlencode(given)}" if given else PATH
