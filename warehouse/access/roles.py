"""Roles: which pages, actions, columns and stores each may have, declared once.

Nothing else in the product decides by role. `tests/access/` holds the table against
the pages, routes and callbacks that really exist.
"""

from dataclasses import dataclass
from enum import StrEnum

from warehouse.contracts.contract import Privacy
from warehouse.text import Text


class Role(StrEnum):
    """What somebody does; decides which rules hold for him."""

    EXECUTIVE = "executive"
    REGION_MANAGER = "region_manager"
    STORE_MANAGER = "store_manager"
    PARTS_PLANNER = "parts_planner"
    PARTNER_MANAGER = "partner_manager"
    VEHICLE_DESK = "vehicle_desk"
    DATA_ADMIN = "data_admin"
    ADMIN = "admin"
    DEVICE = "device"
    API_CLIENT = "api_client"


class ScopeKind(StrEnum):
    """What the names in a scope are names of."""

    ALL = "all"
    REGION = "region"
    STORE = "store"
    PARTNER = "partner"


class Page(StrEnum):
    """A page, by the first part of its address."""

    OVERVIEW = ""
    STORES = "stores"
    WALL = "wall"
    CATALOG = "metrics-catalog"
    ALERTS = "alerts"
    PARTS = "parts"
    PARTNERS = "partners"
    VEHICLES = "vehicles"
    WORKSHOP = "workshop"
    CUSTOMERS = "customers"
    MATURITY = "maturity"
    DATA = "data"
    ADMIN = "admin"


class Action(StrEnum):
    """What may be done beyond looking at aggregates."""

    VIEW = "view"
    EXPORT = "export"
    SEE_ROWS = "see_rows"
    ACKNOWLEDGE = "acknowledge"
    EDIT_THRESHOLDS = "edit_thresholds"
    MANAGE_DEVICES = "manage_devices"
    MANAGE_PEOPLE = "manage_people"
    SEE_AUDIT = "see_audit"
    SEE_AS = "see_as"
    SEE_OPERATION = "see_operation"
    REPORT_DEVICE = "report_device"
    SEND = "send"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for a role.

    *scopes* are the kinds of scope a person of this role can be given; *privacy* is
    the most sensitive level of column that is shown as it is, the others are masked.
    """

    name: Text
    scopes: frozenset[ScopeKind]
    pages: frozenset[Page]
    actions: frozenset[Action]
    privacy: Privacy


_ALL = frozenset({ScopeKind.ALL})
_SOME_STORES = frozenset({ScopeKind.REGION, ScopeKind.STORE})
_ANY_STORES = _ALL | _SOME_STORES

_READING = frozenset(
    {Page.OVERVIEW, Page.STORES, Page.CATALOG, Page.ALERTS, Page.DATA, Page.MATURITY}
)
_STORE_WORK = _READING | {Page.WALL, Page.PARTS, Page.WORKSHOP, Page.CUSTOMERS}
_LOOKING = frozenset({Action.VIEW, Action.EXPORT})
_WORKING = _LOOKING | {Action.SEE_ROWS, Action.ACKNOWLEDGE}

ROLES: dict[Role, Rules] = {
    Role.EXECUTIVE: Rules(
        name=Text("高管", "Executive"),
        scopes=_ALL,
        pages=frozenset(Page) - {Page.ADMIN},
        actions=_WORKING | {Action.EDIT_THRESHOLDS},
        privacy=Privacy.DESENSITIZED,
    ),
    Role.REGION_MANAGER: Rules(
        name=Text("区域经理", "Region manager"),
        scopes=_SOME_STORES,
        pages=_STORE_WORK | {Page.VEHICLES, Page.ADMIN},
        actions=_WORKING | {Action.MANAGE_DEVICES},
        privacy=Privacy.DESENSITIZED,
    ),
    Role.STORE_MANAGER: Rules(
        # Calls the customers of his own store: needs their names and numbers.
        name=Text("店长", "Store manager"),
        scopes=frozenset({ScopeKind.STORE}),
        pages=_STORE_WORK | {Page.ADMIN},
        actions=_WORKING | {Action.MANAGE_DEVICES},
        privacy=Privacy.SENSITIVE,
    ),
    Role.PARTS_PLANNER: Rules(
        name=Text("备件计划员", "Parts planner"),
        scopes=_ANY_STORES,
        pages=_READING | {Page.PARTS, Page.WORKSHOP},
        actions=_WORKING,
        privacy=Privacy.PUBLIC,
    ),
    Role.PARTNER_MANAGER: Rules(
        name=Text("伙伴经理", "Partner manager"),
        scopes=frozenset({ScopeKind.ALL, ScopeKind.PARTNER}),
        pages=_READING | {Page.PARTNERS},
        actions=_WORKING,
        privacy=Privacy.DESENSITIZED,
    ),
    Role.VEHICLE_DESK: Rules(
        # Calls the owner of a car that is about to fail.
        name=Text("车辆监控台", "Vehicle desk"),
        scopes=_ANY_STORES,
        pages=_READING | {Page.VEHICLES, Page.CUSTOMERS},
        actions=_WORKING,
        privacy=Privacy.SENSITIVE,
    ),
    Role.DATA_ADMIN: Rules(
        # Finds out why a row was refused: sees what was delivered.
        name=Text("数据管理员", "Data administrator"),
        scopes=_ALL,
        pages=frozenset(Page) - {Page.ADMIN},
        actions=_WORKING | {Action.EDIT_THRESHOLDS, Action.SEE_OPERATION, Action.SEND},
        privacy=Privacy.SENSITIVE,
    ),
    Role.ADMIN: Rules(
        # Manages people and screens; needs nobody's telephone number for it.
        name=Text("系统管理员", "Administrator"),
        scopes=_ALL,
        pages=frozenset(Page),
        actions=frozenset(Action) - {Action.REPORT_DEVICE},
        privacy=Privacy.PUBLIC,
    ),
    Role.DEVICE: Rules(
        name=Text("门店大屏", "Wall screen"),
        scopes=frozenset({ScopeKind.STORE}),
        pages=frozenset({Page.WALL}),
        actions=frozenset({Action.VIEW, Action.REPORT_DEVICE}),
        privacy=Privacy.PUBLIC,
    ),
    Role.API_CLIENT: Rules(
        name=Text("接口客户端", "API client"),
        scopes=_ANY_STORES,
        pages=frozenset(),
        actions=_LOOKING | {Action.SEE_OPERATION, Action.SEND},
        privacy=Privacy.PUBLIC,
    ),
}

PEOPLE = tuple(role for role in Role if role is not Role.DEVICE)
"""The roles an account can have; a device gets its own by pairing."""

PAGES_OF_ONE_STORE = (Page.STORES, Page.WALL)
"""The second part of their address is a store's id."""


def page_at(path: str) -> Page | None:
    """Return the page that an address belongs to; None where there is none."""
    head = path.strip("/").partition("/")[0]
    try:
        return Page(head)
    except ValueError:
        return None


def store_at(path: str) -> str | None:
    """Return the store that an address is about, if it is about one."""
    parts = path.strip("/").split("/")
    is_one = len(parts) > 1 and page_at(path) in PAGES_OF_ONE_STORE
    return parts[1] if is_one else None
