"""The API over the small network."""

import pytest
from dash import Dash
from flask.testing import FlaskClient

from app import create_app
from tests import network
from tests.ui.readers import sign_in
from warehouse.store.state import State


@pytest.fixture(scope="module")
def app(state: State) -> Dash:
    """Return the dashboard."""
    return create_app(network.warehouse(), network.settings(), state)


@pytest.fixture
def client(app: Dash, state: State) -> FlaskClient:
    """Return a signed-in client."""
    return sign_in(app.server.test_client(), state, network.settings())
