"""A callback of Dash as the browser posts it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Spec = Mapping[str, Any]


def outputs_of(spec: Spec) -> list[str]:
    """Return the properties that a callback fills, each as component.property."""
    return spec["output"].strip(".").split("...")


def post(
    client: FlaskClient,
    spec: Spec,
    given: Mapping[str, Any],
    changed: Sequence[str] | None = None,
) -> TestResponse:
    """Post the callback *spec* of `/_dash-dependencies` with the *given* properties.

    *changed* are the properties that fired it; all its inputs where that is None.
    """
    outputs = [
        dict(zip(("id", "property"), name.rsplit(".", 1), strict=True))
        for name in outputs_of(spec)
    ]

    def filled(wanted: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
        return [
            {**one, "value": given.get(f"{one['id']}.{one['property']}")}
            for one in wanted
        ]

    every = [f"{one['id']}.{one['property']}" for one in spec["inputs"]]
    return client.post(
        "/_dash-update-component",
        json={
            "output": spec["output"],
            "outputs": outputs if len(outputs) > 1 else outputs[0],
            "inputs": filled(spec["inputs"]),
            "state": filled(spec["state"]),
            "changedPropIds": every if changed is None else list(changed),
        },
    )
