"""What happens when readers act, and what machines ask: each file has register()."""

from dash import Dash

from callbacks import api, data, delivery, frame, health, overview, security, session
from callbacks.services import Services

FEATURES = (session, frame, overview, data, api, health, delivery, security)
"""In the order in which a request meets them."""


def register(app: Dash, services: Services) -> None:
    """Connect every feature to *app*."""
    for feature in FEATURES:
        feature.register(app, services)
