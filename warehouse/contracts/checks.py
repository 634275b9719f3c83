"""The checks that contracts name, with what would be right (kpis.md §18)."""

from warehouse.contracts.contract import Check, Severity
from warehouse.contracts.instruments import SCALES
from warehouse.text import Text

VIN_SHAPE = Check(
    rule="vin_shape",
    severity=Severity.REJECT,
    right=Text(
        "17 位,0-9 与 A-Z,不含 I、O、Q",
        "17 characters of 0-9 and A-Z without I, O, Q",
    ),
)
# GB 16735 mandates the check digit, but imports may fail it: warn only.
VIN_CHECK_DIGIT = Check(
    rule="vin_check_digit",
    severity=Severity.WARN,
    right=Text("第 9 位等于校验和", "position 9 equals the check sum"),
)
VIN_BLANK = Check(
    rule="vin_shape",
    severity=Severity.BLANK,
    right=VIN_SHAPE.right,
)
PHONE = Check(
    rule="phone",
    severity=Severity.WARN,
    right=Text(
        "11 位手机号,1[3-9] 开头,非占位号",
        "an 11-digit mobile number 1[3-9]…, no placeholder",
    ),
)
DTC = Check(
    rule="dtc",
    severity=Severity.BLANK,
    right=Text("如 B0039-10 或 U0073", "like B0039-10 or U0073"),
)
ZONE = Check(
    rule="time_zone",
    severity=Severity.BLANK,
    right=Text("IANA 时区名,如 Asia/Shanghai", "an IANA name such as Asia/Shanghai"),
)


def _order(rule: str, earlier: str, later: str, severity: Severity) -> Check:
    """Return the check that *earlier* is not after *later*."""
    return Check(
        rule=rule,
        severity=severity,
        right=Text(f"{later} 不早于 {earlier}", f"{later} not before {earlier}"),
    )


DELIVERED_AFTER_CHECKIN = _order(
    "delivered_at_before_checkin_at", "checkin_at", "delivered_at", Severity.REJECT
)
CLOCK_OUT_AFTER_IN = _order(
    "clock_out_at_before_clock_in_at", "clock_in_at", "clock_out_at", Severity.REJECT
)
PAUSE_END_AFTER_START = _order(
    "ended_at_before_started_at", "started_at", "ended_at", Severity.REJECT
)
ANSWERED_AFTER_SENT = _order(
    "answered_at_before_sent_at", "sent_at", "answered_at", Severity.WARN
)
SCORE_SCALE = Check(
    rule="score_scale",
    severity=Severity.REJECT,
    right=Text(
        ";".join(f"{s.name.zh}问卷 {s.low:g}–{s.high:g} 分" for s in SCALES),
        "; ".join(f"{s.low:g}-{s.high:g} of a {s.name.en} survey" for s in SCALES),
    ),
)
