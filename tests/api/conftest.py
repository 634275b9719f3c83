"""The API over the small network."""

from collections.abc import Iterator

import pytest
from dash import Dash
from flask.testing import FlaskClient

from app import create_app
from tests import network
from tests.ui.readers import sign_in
from warehouse.store.state import State


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    """Return accounts and sessions."""
    state = State(f"sqlite:///{tmp_path_factory.mktemp('state')}/state.db")
    yield state
    state.close()


@pytest.fixture(scope="module")
def app(state: State) -> Dash:
    """Return the dashboard."""
    return create_app(network.warehouse(), network.settings(), state)


@pytest.fixture
def client(app: Dash, state: State) -> FlaskClient:
    """Return a signed-in client."""
    return sign_in(app.server.test_client(), state, network.settings())
