"""Files of the small network, taken by real readers through the real gate."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from tests import network
from tests.ui.readers import sign_in
from warehouse.access.roles import Role
from warehouse.store.state import State


@pytest.fixture
def reader(state: State) -> Callable[..., FlaskClient]:
    """Return a function that signs a reader in: a role, a scope, settings."""

    def reader(
        role: Role = Role.DATA_ADMIN, scope: str = "all", **settings: Any
    ) -> FlaskClient:
        chosen = network.settings(**settings)
        app = create_app(network.warehouse(), chosen, state)
        return sign_in(app.server.test_client(), state, chosen, role, scope)

    return reader


@pytest.fixture
def client(reader: Callable[..., FlaskClient]) -> FlaskClient:
    """Return a signed-in client that may see everything."""
    return reader()
