"""The accounts of the demo network: for looking around on one machine, nowhere else.

They exist with AFTERSIGHT_DEMO=1 only, and can sign in only where the dashboard listens
on this machine alone, from this machine.
"""

from warehouse.access.principal import scope_from
from warehouse.access.roles import Role

PASSWORD = "look-around-1"  # noqa: S105
"""Said on the sign-in page, to whoever sits at the machine."""

PEOPLE = (
    ("executive", Role.EXECUTIVE, scope_from("all")),
    ("east", Role.REGION_MANAGER, scope_from("region:华东")),
    ("store1", Role.STORE_MANAGER, scope_from("store:S001")),
    ("parts", Role.PARTS_PLANNER, scope_from("all")),
    ("partners", Role.PARTNER_MANAGER, scope_from("all")),
    ("vehicles", Role.VEHICLE_DESK, scope_from("all")),
    ("data", Role.DATA_ADMIN, scope_from("all")),
    ("admin", Role.ADMIN, scope_from("all")),
)
"""Sign-in name, role, scope."""
