"""Rows that other systems send: judged at the door, kept before they are answered for.

202 means that every row listed as `accepted` or `rejected` is on the disk and will be
in the books of the next refresh: the accepted ones as rows, the rejected ones set aside
with the reason that stands in the answer. Rows listed as `refused` were not kept.
"""

import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from hashlib import sha256
from typing import Any

from dash import Dash
from flask import Response, jsonify, request

from callbacks.api_problems import told as told_in_both
from callbacks.intake_rows import Rows, finding, parsed
from callbacks.services import Services
from callbacks.session import access, demand
from warehouse.access.roles import Action
from warehouse.contracts import CONTRACTS, Contract, Severity
from warehouse.errors import QuestionError, UnknownNameError
from warehouse.text import Text

logger = logging.getLogger(__name__)

CLOCK_MAY_DIFFER = timedelta(days=1)
"""How far a sender's clock may be ahead of ours."""

_IN_TIME = Text("不晚于现在一天以上", "no later than a day from now")
_IN_SCOPE = Text("该账号负责的门店", "a store of this account's scope")
_NOT_KEPT = Text(
    "这些行没能存下，一行都没有收；请重发",
    "the rows could not be kept; nothing was taken, send them again",
)


def register(app: Dash, services: Services) -> None:
    """Open `/api/v1/intake/<table>`."""

    @app.server.post("/api/v1/intake/<table>")
    def take_rows(table: str) -> tuple[Response, int]:
        demand(Action.SEND)
        if table not in CONTRACTS:
            raise _unknown(table)
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
            return told_in_both(_NOT_KEPT), 503
        for outcome in ("accepted", "rejected", "refused"):
            services.served[f"intake_{outcome}"] += told[outcome]
        is_kept = told["accepted"] + told["rejected"] > 0
        return jsonify(told), 202 if is_kept else 422


def _unknown(table: str) -> QuestionError:
    """Return what is told of a table that does not exist."""
    near = get_close_matches(table, CONTRACTS, n=3)
    known = (
        f"是不是 {', '.join(near)}？" if near else f"可用的有 {', '.join(CONTRACTS)}"
    )
    error = UnknownNameError("table", table, CONTRACTS)
    return QuestionError(str(error), f"没有 {table!r} 这张表；{known}")


def sender(name: str) -> str:
    """Return the name of a source for the account *name*."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50]
    digest = sha256(name.encode()).hexdigest()[:6]
    return plain if plain == name else f"{plain or 'client'}-{digest}"


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
    told = {number: ("refused", [found]) for number, found in refused.items()}
    told |= dict(zip(kept, map(_judged, judged), strict=True))
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


def _judged(findings: Sequence[Any]) -> tuple[str, list[dict[str, Any]]]:
    """Return the outcome of a row that is kept, and what was found, in words."""
    is_bad = any(found.severity is Severity.REJECT for found in findings)
    words = [
        {
            "column": found.column,
            "rule": found.rule,
            "severity": found.severity.value,
            "value": found.value,
            "right": found.right,
        }
        for found in findings
    ]
    return ("rejected" if is_bad else "accepted", words)
