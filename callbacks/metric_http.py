"""The address of a metric that does not exist is not found."""

from dash import Dash
from flask import Response, request

from callbacks.services import Services
from pages._ui.metric_address import metric_of
from warehouse.metrics import CATALOG


def register(app: Dash, _services: Services) -> None:
    """Answer pages of unknown metrics with 404; the page itself says what is near."""

    @app.server.after_request
    def tell_unknown(response: Response) -> Response:
        asked = metric_of(request.path)
        if asked and asked not in CATALOG and response.status_code == 200:
            response.status_code = 404
        return response
