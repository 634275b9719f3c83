"""The API does what its description says, and nothing that it does not allow.

schemathesis makes requests out of the description, right and wrong ones, and compares
the answers with it: no crash, no undeclared status or type, no wrong request taken.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from callbacks.api_schema import description
from tests.ui.readers import account
from warehouse.access.roles import Role
from warehouse.metrics import CATALOG

pytestmark = pytest.mark.xdist_group("network")

OPERATIONS = [
    (path, method)
    for path, methods in description()["paths"].items()
    for method in methods
]

EXAMPLES = 60

CAN_BE_WRONG = (
    "/api/v1/metrics/{metric}",
    "/api/v1/alerts",
    "/api/v1/intake/{table}",
)

RIGHT = {
    # The small network has no alert by a number drawn at random.
    "/api/v1/alerts/{alert}": 404,
    "/api/v1/intake/{table}": 202,
}


@pytest.fixture(scope="module")
def key(state) -> dict[str, str]:
    """Return the header of a program that may see everything."""
    now = datetime.now(UTC)
    person = account(state, Role.API_CLIENT)
    token = state.tokens.create(person, timedelta(days=1), now=now)
    # It reads bodies as they come, packed ones as well.
    return {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda m: m.value)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_answers_fit_the_description(app, key, path, method, mode):
    """Right questions are answered as declared, wrong ones refused as declared."""
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", app.server, headers=key
    )
    operation = schema[path][method.upper()]
    asked = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        response = case.call(headers=key)
        asked.append(response.status_code)
        case.validate_response(
            response,
            excluded_checks=[
                # It asks again without the key and with a wrong one; tests/access/ too.
                checks.ignored_auth,
                # Which dimensions a metric has, and that from comes before to, no
                # schema can say: 400 is right there.
                checks.positive_data_acceptance,
            ],
        )

    if mode is GenerationMode.NEGATIVE and path not in CAN_BE_WRONG:
        return  # There is nothing that could be said wrongly.
    ask()
    if mode is GenerationMode.NEGATIVE:
        assert 400 in asked
    else:
        assert RIGHT.get(path, 200) in asked


def test_every_address_of_the_api_is_described_or_named_here(app):
    """An address that joins the API joins its description, or stands in this list."""
    elsewhere = {
        "/api/v1/openapi.json",
        # Our own screens' (docs/walls.md), with a credential of their own.
        "/api/v1/devices/heartbeat",
        "/api/v1/walls/{store_id}",
    }
    mine = {
        re.sub(r"<(?:int:)?(\w+?)(?:_id)?>", r"{\1}", rule.rule).replace(
            "{store}", "{store_id}"
        )
        for rule in app.server.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }

    assert mine - elsewhere == set(description()["paths"])


def test_the_description_names_every_metric(client):
    """The path's choices are the catalogue, whatever joins it."""
    told = client.get("/api/v1/openapi.json").json
    (metric,) = (
        p
        for p in told["paths"]["/api/v1/metrics/{metric}"]["get"]["parameters"]
        if p["in"] == "path"
    )

    assert told["openapi"].startswith("3.1")
    assert metric["schema"]["enum"] == list(CATALOG)
