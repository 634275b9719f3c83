"""Keys of sentences about alerts that are put together from a value."""

from pages._ui.alert_address import SHOWN
from pages._ui.alert_forms import HOURS
from warehouse.alerts.alert import Happening, Severity, State
from warehouse.alerts.records import Deed, Sending

MEASURES = (
    "firings", "active", "red", "acknowledged", "slowly", "answered", "actions",
    "stale", "chattering", "top", "suppressed", "failed",
)  # fmt: skip

ALERT_WORDS = {
    *(f"title.{name}" for name in ("alerts", "hygiene", "thresholds")),
    *(f"alerts.tab.{name}" for name in ("list", "hygiene", "thresholds")),
    *(f"alerts.show.{name}" for name in SHOWN),
    *(f"alerts.none.{name}" for name in SHOWN),
    *(f"alerts.severity.{severity}" for severity in Severity),
    *(f"alert.state.{state}" for state in State),
    *(f"alert.kind.{kind}" for kind in (*Happening, *Deed)),
    *(f"alert.sending.{status}" for status in Sending),
    *(f"alert.form.hours.{hours}" for hours in HOURS),
    *(f"hygiene.{name}" for name in MEASURES),
}
