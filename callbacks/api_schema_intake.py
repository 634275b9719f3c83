"""The description of `/api/v1/intake`."""

from typing import Any

from callbacks.api_schema_parts import found, one_of, problems, ref, text
from callbacks.intake_rows import MOST_ROWS
from warehouse.contracts import CONTRACTS, Severity

OUTCOMES = ("accepted", "rejected", "refused")


def intake() -> dict[str, Any]:
    """Return the description of sending rows."""
    value = {"type": ["string", "number", "boolean", "null"]}
    row = {"type": "object", "additionalProperties": value}
    rows = {"type": "array", "items": row, "minItems": 1, "maxItems": MOST_ROWS}
    answer = found(ref("Receipt"))
    return {
        "operationId": "sendRows",
        "summary": "Rows of a standard table; 202 when they are on the disk",
        "parameters": [
            {
                "name": "table",
                "in": "path",
                "required": True,
                "schema": one_of(*CONTRACTS),
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"oneOf": [rows, row]}},
                "application/x-ndjson": {"schema": text()},
                "text/csv": {"schema": text()},
            },
        },
        "responses": {"202": {**answer, "description": "Kept"}}
        | problems("400", "401", "403", "413", "422", "429", "503"),
    }


def receipt() -> dict[str, Any]:
    """Return the schema of the answer."""
    count = {"type": "integer", "minimum": 0}
    finding = _object(
        {
            "column": text(),
            "rule": text(),
            "severity": one_of(*Severity),
            "value": {"type": ["string", "null"]},
            "right": text(),
        }
    )
    row = _object(
        {
            "row": {"type": "integer", "minimum": 1},
            "status": one_of(*OUTCOMES),
            "findings": {"type": "array", "items": finding},
        }
    )
    return _object(
        {
            "table": text(),
            "received": count,
            **dict.fromkeys(OUTCOMES, count),
            "unknown_columns": {"type": "array", "items": text()},
            "rows": {"type": "array", "items": row},
        }
    )


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(fields), "properties": fields}
