"""Who looks at the page that is being drawn.

Layouts, which Dash calls with nothing but the address, ask here; `callbacks/gate.py`
sets it for each request. It decides what is offered, never what is allowed.
"""

from contextvars import ContextVar
from dataclasses import dataclass

from warehouse.access.principal import Principal


@dataclass(frozen=True, slots=True)
class Viewer:
    """A reader; *csrf* goes into his forms.

    *has_password* tells that he signs in with one that is kept here, and his own.
    """

    principal: Principal
    display_name: str = ""
    csrf: str = ""
    has_password: bool = False

    @property
    def who(self) -> str:
        """Who really looks, whoever's eyes he looks through."""
        return self.display_name or self.principal.actor.name


_current: ContextVar[Viewer | None] = ContextVar("viewer", default=None)


def current() -> Viewer | None:
    """Return who looks; None outside of a request of somebody known."""
    return _current.get()


def activate(viewer: Viewer | None) -> None:
    """Draw for *viewer* from now on."""
    _current.set(viewer)
