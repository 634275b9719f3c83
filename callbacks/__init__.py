"""What happens when readers act, and what machines ask: each file has register()."""

from dash import Dash

from callbacks import (
    admin,
    admin_actions,
    alerts,
    alerts_actions,
    alerts_api,
    alerts_elsewhere,
    alerts_more,
    api,
    audit,
    data,
    delivery,
    devices,
    exports,
    frame,
    gate,
    guard,
    health,
    intake,
    metric,
    metric_http,
    metrics_catalog,
    overview,
    password,
    security,
    session,
    signin,
    store,
    wall,
)
from callbacks.services import Services

FEATURES = (
    session,
    audit,
    # Answers pass the other way: what packs them comes after what writes them.
    delivery,
    gate,
    guard,
    signin,
    password,
    devices,
    admin,
    admin_actions,
    frame,
    metric,
    metric_http,
    metrics_catalog,
    overview,
    store,
    alerts,
    alerts_actions,
    alerts_api,
    alerts_elsewhere,
    alerts_more,
    data,
    api,
    intake,
    wall,
    exports,
    health,
    security,
)
"""In the order in which a request meets them."""


def register(app: Dash, services: Services) -> None:
    """Connect every feature to *app*."""
    for feature in FEATURES:
        feature.register(app, services)
