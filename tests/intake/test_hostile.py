"""Bodies that a broken or hostile sender could send: a clear answer, nothing lost."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.intake.test_http import (
    NDJSON,
    Send,
    client,
    kept,
    send,
    settings,
    state,
)
from tests.intake.test_spool import order
from warehouse.settings import Settings

__all__ = ["client", "send", "settings", "state"]


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
def test_a_line_of_ndjson_ends_at_a_newline_and_nowhere_else(send: Send, sign: str):
    """A text may hold signs that other places take for the end of a line."""
    row = json.dumps(order(1) | {"note": f"a{sign}b"}, ensure_ascii=False)
    told = send("work_orders", f"{row}\r\n{row}\n", content_type=NDJSON)

    assert told.status_code == 202
    assert told.json["received"] == 2


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('[{"work_order_id": "A", "work_order_id": "B"}]', "application/json"),
        ('{"work_order_id": "A", "work_order_id": "B"}', NDJSON),
        ("work_order_id,work_order_id\nA,B\n", "text/csv"),
    ],
)
def test_a_column_that_stands_twice_is_refused(
    send: Send, settings: Settings, body: str, kind: str
):
    """Of two values one would be lost without a word."""
    answer = send("work_orders", body, content_type=kind)

    assert answer.status_code == 400
    assert "stands twice" in answer.json["error"]
    assert kept(settings) == 0


@pytest.mark.parametrize(
    ("ahead", "status"),
    [
        (timedelta(hours=-1), "accepted"),
        (timedelta(hours=20), "accepted"),
        (timedelta(days=2), "refused"),
        (timedelta(days=365 * 70), "refused"),
    ],
)
def test_a_clock_that_runs_ahead_cannot_win_over_the_truth(
    send: Send, ahead: timedelta, status: str
):
    """The newest version stays: one from 2096 would stay for ever."""
    changed = (datetime.now(UTC) + ahead).isoformat()
    told = send("work_orders", [order(1, updated_at=changed), order(2)]).json

    assert [row["status"] for row in told["rows"]] == [status, "accepted"]
    if status == "refused":
        (found,) = told["rows"][0]["findings"]
        assert (found["column"], found["rule"]) == ("updated_at", "clock")


@pytest.mark.parametrize("changed", ["yesterday", "", None, "9999-99-99"])
def test_a_time_that_is_none_is_left_to_the_checks(send: Send, changed: str | None):
    """The door judges clocks; what a time looks like the contract says."""
    told = send("work_orders", [order(1, updated_at=changed)]).json

    assert told["refused"] == 0


BODIES = {
    # A packed file holds the second of its packing, unless it is told another.
    "packed": gzip.compress(b'[{"work_order_id": "A"}]', mtime=0),
    "a bomb": gzip.compress(b" " * 50_000_000, mtime=0),
    "utf-16": b"\xff\xfe[\x00]\x00",
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "nothing": b"",
    "null": b"null",
    "no rows": b"[]",
    "numbers": b"[1, 2]",
    "a text": b'"text"',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_is_no_body_of_rows_is_refused_at_once(
    send: Send, settings: Settings, body: bytes
):
    """400 with the reason, and no byte kept; packed bodies are never unpacked."""
    answer = send("work_orders", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json["error"]
    assert kept(settings) == 0


@pytest.mark.parametrize(
    "row",
    [
        {"a'; drop table work_orders; --": "1"},
        {"_line": "1", "_findings": "x", "_seq": "9"},
        {"x" * 50_000: "1"},
        {f"c{n}": "1" for n in range(20_000)},
        {"": "1"},
    ],
)
def test_columns_that_nobody_knows_are_told_and_kept_aside(
    send: Send, row: dict[str, str]
):
    """They are no columns of ours, whatever they are called."""
    told = send("work_orders", [order(1) | row]).json

    assert set(told["unknown_columns"]) == set(row)
    assert told["accepted"] == 1
