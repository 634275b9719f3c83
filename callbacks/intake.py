"""Rows that other systems send: judged at the door, kept before they are answered for.

202 means that every row listed as `accepted` or `rejected` is on the disk and will be
in the books of the next refresh: the accepted ones as rows, the rejected ones set aside
with the reason that stands in the answer. Rows listed as `refused` were not kept.
"""

import csv
import io
import json
import logging
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from dash import Dash
from flask import Response, jsonify, request

from callbacks.services import Services
from callbacks.session import access, demand
from warehouse.access.roles import Action
from warehouse.contracts import CONTRACTS, Contract, Severity
from warehouse.errors import QuestionError, UnknownNameError
from warehouse.text import Text

logger = logging.getLogger(__name__)

CLOCK_MAY_DIFFER = timedelta(days=1)
"""How far a sender's clock may be ahead of ours."""

MOST_ROWS = 5000
"""Rows of one request; a sender with more sends several."""

_PLAIN = Text("单个值,不是列表或对象", "one value, no list and no object")
_IN_TIME = Text("不晚于现在一天以上", "no later than a day from now")
_IN_SCOPE = Text("该账号负责的门店", "a store of this account's scope")


def register(app: Dash, services: Services) -> None:
    """Open `/api/v1/intake/<table>`."""

    @app.server.post("/api/v1/intake/<table>")
    def take_rows(table: str) -> tuple[Response, int]:
        demand(Action.SEND)
        if table not in CONTRACTS:
            raise UnknownNameError("table", table, CONTRACTS)
        rows = parsed(request.get_data(cache=False), request.mimetype)
        asker = access()
        try:
            told = receive(
                services.door,
                sender(asker.principal.name),
                table,
                rows,
                asker.rights.store_ids,
                asker.now,
            )
        except OSError as error:
            logger.error("intake: rows could not be kept", exc_info=error)
            reason = "the rows could not be kept; nothing was taken, send them again"
            return jsonify({"error": reason}), 503
        for outcome in ("accepted", "rejected", "refused"):
            services.served[f"intake_{outcome}"] += told[outcome]
        is_kept = told["accepted"] + told["rejected"] > 0
        return jsonify(told), 202 if is_kept else 422


def sender(name: str) -> str:
    """Return the name of a source for the account *name*."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50]
    digest = sha256(name.encode()).hexdigest()[:6]
    return plain if plain == name else f"{plain or 'client'}-{digest}"


class Rows:
    """The rows of a request, with what was wrong with each before it was judged."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str | None]] = []
        self.refused: dict[int, dict[str, Any]] = {}

    def add(self, found: Mapping[str, Any]) -> None:
        """Take a row; a value that is no text of any kind refuses it."""
        row: dict[str, str | None] = {}
        for told, value in found.items():
            name = _speakable(str(told))
            if isinstance(value, bool):
                row[name] = "true" if value else "false"
            elif value is None or _is_text(value):
                row[name] = value
            else:
                shown = _speakable(json.dumps(value, ensure_ascii=False))[:200]
                refused = finding(name, "plain", shown, _PLAIN)
                self.refused[len(self.rows)] = refused
                row[name] = None
        self.rows.append(row)


def _is_text(value: Any) -> bool:
    """Whether *value* can be written down: half a surrogate pair cannot."""
    return isinstance(value, str) and value == _speakable(value)


def _speakable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()


def finding(column: str, rule: str, value: str | None, right: Text) -> dict[str, Any]:
    """Return a finding of the door's own, as the answer tells it."""
    return {
        "column": column,
        "rule": rule,
        "severity": Severity.REJECT.value,
        "value": value,
        "right": f"{right.en} / {right.zh}",
    }


def parsed(body: bytes, mimetype: str) -> Rows:
    """Return the rows in a request's body.

    Raises:
        QuestionError: it is no JSON array, NDJSON or CSV in UTF-8, or too long.

    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuestionError(f"byte {error.start} is no UTF-8; send UTF-8") from None
    readers = {
        "application/json": _of_json,
        "application/x-ndjson": _of_lines,
        "text/csv": _of_csv,
    }
    if mimetype not in readers:
        known = ", ".join(readers)
        raise QuestionError(f"content type {mimetype!r}; use one of {known}")
    rows = Rows()
    for number, found in enumerate(readers[mimetype](text), start=1):
        if number > MOST_ROWS:
            raise QuestionError(f"more than {MOST_ROWS} rows; send them in parts")
        if not isinstance(found, Mapping):
            raise QuestionError(f"row {number} is no object; use {{column: value}}")
        rows.add(found)
    if not rows.rows:
        raise QuestionError("there is no row in the body")
    return rows


def _of_json(text: str) -> list[Any]:
    found = _json(text, "the body")
    return found if isinstance(found, list) else [found]


def _of_lines(text: str) -> Iterable[Any]:
    # Only \n ends a line: a text may hold U+2028 and others that splitlines() takes.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _json(line, f"line {number}")


def _of_csv(text: str) -> Iterable[dict[str, str | None]]:
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        names = reader.fieldnames or []
        if len(set(names)) < len(names):
            raise QuestionError("a column stands twice in the header")
        for row in reader:
            if None in row or None in row.values():
                raise QuestionError(
                    f"line {reader.line_num} has another number of fields "
                    "than the header"
                )
            yield row
    except csv.Error as error:
        raise QuestionError(f"line {reader.line_num}: {error}") from None


def _json(text: str, where: str) -> Any:
    try:
        # Numbers stay as they were written: 0.10 is not 0.1 to a code.
        return json.loads(
            text, parse_float=str, parse_int=str, object_pairs_hook=_single
        )
    except ValueError as error:
        raise QuestionError(f"{where} is no JSON: {error}") from None
    except RecursionError:
        raise QuestionError(f"{where} is nested too deeply") from None


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose columns stand once: of two values one would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"column {twice[:100]!r} stands twice in an object")
    return found


def ahead_of_time(
    rows: list[dict[str, str | None]], at: datetime
) -> dict[int, dict[str, Any]]:
    """Return the rows that say they were changed later than a day after *at*.

    The newest `updated_at` of a key stays: one from a clock that is wrong by years
    would stand against every true version that follows.
    """
    limit = at.astimezone(UTC) + CLOCK_MAY_DIFFER
    found = {}
    for number, row in enumerate(rows):
        told = row.get("updated_at")
        try:
            changed = datetime.fromisoformat((told or "").strip())
        except ValueError:
            continue  # The checks of the table say what is wrong with it.
        # Without an offset it is local time; a day leaves room for any zone.
        aware = changed if changed.tzinfo else changed.replace(tzinfo=UTC)
        if aware > limit:
            found[number] = finding("updated_at", "clock", told, _IN_TIME)
    return found


def out_of_scope(
    contract: Contract,
    rows: list[dict[str, str | None]],
    store_ids: frozenset[str] | None,
) -> dict[int, dict[str, Any]]:
    """Return the rows that a sender with *store_ids* (None: all) may not send.

    A table that names no store can only be sent by who may send everything.
    """
    if store_ids is None:
        return {}
    if "store_id" not in contract.column_names:
        return {
            number: finding("store_id", "scope", None, _IN_SCOPE)
            for number in range(len(rows))
        }
    return {
        number: finding("store_id", "scope", row.get("store_id"), _IN_SCOPE)
        for number, row in enumerate(rows)
        if (row.get("store_id") or "").strip() not in store_ids
    }


def receive(
    door: Any,
    client: str,
    table: str,
    rows: Rows,
    store_ids: frozenset[str] | None,
    at: datetime,
) -> dict[str, Any]:
    """Judge and keep rows; return the answer. What it says is kept is on the disk.

    Raises:
        OSError: nothing could be kept.

    """
    contract = CONTRACTS[table]
    refused = {
        **ahead_of_time(rows.rows, at),
        **out_of_scope(contract, rows.rows, store_ids),
        **rows.refused,
    }
    kept = [n for n in range(len(rows.rows)) if n not in refused]
    judged = door.judge.findings(table, [rows.rows[n] for n in kept])
    told: dict[int, tuple[str, list[dict[str, Any]]]] = {
        number: ("refused", [found]) for number, found in refused.items()
    }
    for number, findings in zip(kept, judged, strict=True):
        is_bad = any(f.severity is Severity.REJECT for f in findings)
        words = [
            {
                "column": f.column,
                "rule": f.rule,
                "severity": f.severity.value,
                "value": f.value,
                "right": f.right,
            }
            for f in findings
        ]
        told[number] = ("rejected" if is_bad else "accepted", words)
    if kept:
        door.spool.keep(client, table, [rows.rows[n] for n in kept], at)
    known = set(contract.column_names)
    outcomes = [told[number][0] for number in range(len(rows.rows))]
    return {
        "table": table,
        "received": len(outcomes),
        **{name: outcomes.count(name) for name in ("accepted", "rejected", "refused")},
        "unknown_columns": sorted({n for row in rows.rows for n in row} - known),
        "rows": [
            {"row": number + 1, "status": told[number][0], "findings": told[number][1]}
            for number in range(len(rows.rows))
        ],
    }
