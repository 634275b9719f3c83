"""Words of which descriptions of the API are made (OpenAPI 3.1, JSON Schema)."""

from typing import Any


def problems(*codes: str) -> dict[str, Any]:
    """Return the responses of what can go wrong."""
    content = {"application/problem+json": {"schema": ref("Problem")}}
    return {code: {"description": "Problem", "content": content} for code in codes}


def found(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the response of what was asked for."""
    return {
        "description": "Found",
        "content": {"application/json": {"schema": schema}},
    }


def parameter(name: str, schema: dict[str, Any], about: str) -> dict[str, Any]:
    """Return a parameter of the query."""
    return {"name": name, "in": "query", "description": about, "schema": schema}


def ref(name: str) -> dict[str, Any]:
    """Return a reference to one of the schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


def text() -> dict[str, Any]:
    """Return the schema of a text."""
    return {"type": "string"}


def one_of(*values: str) -> dict[str, Any]:
    """Return the schema of a closed list."""
    return {"type": "string", "enum": [str(value) for value in values]}


def day() -> dict[str, Any]:
    """Return the schema of a date."""
    return {"type": "string", "format": "date"}


def asked_day() -> dict[str, Any]:
    """Return the schema of a date that may be asked for."""
    return {**day(), "pattern": r"^(199\d|20\d\d|21\d\d)-\d\d-\d\d$"}


def moment() -> dict[str, Any]:
    """Return the schema of a time."""
    return {"type": "string", "format": "date-time"}
