"""Which right each address and each callback asks for, declared once.

What is not named here is refused to everybody: `tests/access/` goes through the real
routes and callbacks and fails for one that nobody has declared.
"""

from dataclasses import dataclass

from warehouse.access.principal import Principal
from warehouse.access.roles import Action, Page


@dataclass(frozen=True, slots=True)
class Policy:
    """What must be had: nothing (*is_open*), an action, a page, or one of both.

    *is_file* marks what is the same for everybody: nobody is looked up for it.
    *is_noted* marks addresses that hand out numbers by themselves: who asks goes
    into the audit log. Pages and files note it where they know what is on them.
    """

    is_open: bool = False
    is_file: bool = False
    is_noted: bool = False
    action: Action | None = None
    page: Page | None = None

    def allows(self, principal: Principal) -> bool:
        """Tell whether *principal* has what is asked."""
        if self.is_open:
            return True
        has_action = self.action is None or principal.may(self.action)
        return has_action and (self.page is None or principal.may_open(self.page))


OPEN = Policy(is_open=True)
FILE = Policy(is_open=True, is_file=True)
LOOK = Policy(action=Action.VIEW)
READ = Policy(action=Action.VIEW, is_noted=True)
BY_PAGE = Policy(action=Action.VIEW)
"""The address decides as well: its first part names the page."""
BY_CALLBACK = Policy(action=Action.VIEW)
"""The callback decides as well: the prefix of its ids names the page."""
OPERATION = Policy(action=Action.SEE_OPERATION)

ROUTES: dict[str, Policy] = {
    "/": BY_PAGE,
    "/<path:path>": BY_PAGE,
    "/_dash-update-component": BY_CALLBACK,
    "/_dash-layout": LOOK,
    "/_dash-dependencies": LOOK,
    "/_reload-hash": LOOK,
    "/_favicon.ico": FILE,
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": FILE,
    "/assets/<path:filename>": FILE,
    "/static/<path:filename>": FILE,
    "/_dash-component-suites/plotly/package_data/plotly.min.js": FILE,
    "/livez": FILE,
    "/readyz": OPEN,
    "/metrics": OPERATION,
    "/login": OPEN,
    "/login/start": OPEN,
    "/login/callback": OPEN,
    "/logout": LOOK,
    # Only to people who have one; the route says so.
    "/password": LOOK,
    "/pair": OPEN,
    "/api/v1/metrics": LOOK,
    "/api/v1/metrics/<metric_id>": READ,
    "/api/v1/batch": LOOK,
    "/api/v1/alerts": READ,
    "/api/v1/alerts/<int:alert_id>": READ,
    "/alerts/<int:alert_id>/do": Policy(action=Action.ACKNOWLEDGE, page=Page.ALERTS),
    "/alerts/thresholds/<metric_id>": Policy(
        action=Action.EDIT_THRESHOLDS, page=Page.ALERTS
    ),
    "/api/v1/intake/<table>": Policy(action=Action.SEND),
    "/api/v1/openapi.json": LOOK,
    "/export/overview.<form>": Policy(action=Action.EXPORT, page=Page.OVERVIEW),
    "/export/stores/<store_id>.<form>": Policy(action=Action.EXPORT, page=Page.STORES),
    "/export/metrics/<metric_id>.<form>": Policy(
        action=Action.EXPORT, page=Page.CATALOG
    ),
    # Rows ask for the action SEE_ROWS besides.
    "/export/metrics/<metric_id>/rows.<form>": Policy(
        action=Action.EXPORT, page=Page.CATALOG
    ),
    # The page of a wall holds no number; what it shows comes from the snapshot.
    "/wall/<store_id>": OPEN,
    "/wall/worker.js": FILE,
    "/api/v1/walls/<store_id>": LOOK,
    "/api/v1/devices/heartbeat": Policy(action=Action.REPORT_DEVICE),
    "/admin/people": Policy(action=Action.MANAGE_PEOPLE),
    "/admin/people/<int:person_id>": Policy(action=Action.MANAGE_PEOPLE),
    "/admin/devices": Policy(action=Action.MANAGE_DEVICES),
    "/admin/devices/<device_id>": Policy(action=Action.MANAGE_DEVICES),
    "/admin/see-as": Policy(action=Action.SEE_AS),
    "/admin/audit.csv": Policy(action=Action.SEE_AUDIT),
}
"""By the rule of the route, as Flask spells it."""

CALLBACKS: dict[str, Policy] = {
    "shell": LOOK,
    "_pages": BY_PAGE,
    "overview": Policy(page=Page.OVERVIEW),
    "store": Policy(page=Page.STORES),
    "wall": Policy(page=Page.WALL),
    "catalog": Policy(page=Page.CATALOG),
    "metric": Policy(page=Page.CATALOG),
    "alerts": Policy(page=Page.ALERTS),
    "parts": Policy(page=Page.PARTS),
    "partners": Policy(page=Page.PARTNERS),
    "vehicles": Policy(page=Page.VEHICLES),
    "workshop": Policy(page=Page.WORKSHOP),
    "customers": Policy(page=Page.CUSTOMERS),
    "maturity": Policy(page=Page.MATURITY),
    "data": Policy(page=Page.DATA),
    "admin": Policy(page=Page.ADMIN),
}
"""By the first word of the ids a callback writes to."""


def word_of(component_id: str) -> str:
    """Return the word of an id that says where it belongs."""
    if component_id.startswith("_pages"):
        return "_pages"
    return component_id.partition("-")[0]
