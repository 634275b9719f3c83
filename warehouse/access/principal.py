"""A principal: somebody known, and what he may see and do in this request."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from warehouse.access.roles import ROLES, Action, Page, Role, ScopeKind
from warehouse.errors import AccessError
from warehouse.scope import Rights


class HasRegion(Protocol):
    """A store, as far as scope is concerned."""

    store_id: str
    region: str | None


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the network somebody is responsible for.

    *names* are store ids, regions or partner ids, as *kind* says; empty for ALL.
    A scope without names sees nothing.
    """

    kind: ScopeKind
    names: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.kind is ScopeKind.ALL and self.names:
            raise AccessError("the scope all takes no names", "范围“全部”不带名称")

    def __str__(self) -> str:
        names = ",".join(sorted(self.names))
        return f"{self.kind.value}:{names}" if names else self.kind.value


ALL = Scope(ScopeKind.ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody known. *real* is the administrator who looks through his eyes."""

    id: str
    name: str
    role: Role
    scope: Scope
    real: "Principal | None" = None

    def may(self, action: Action) -> bool:
        """Tell whether his role includes *action*; who sees as another only looks."""
        if self.real is not None and action not in (Action.VIEW, Action.SEE_AS):
            return False
        if self.real is not None and action is Action.SEE_AS:
            return True
        return action in ROLES[self.role].actions

    def may_open(self, page: Page) -> bool:
        """Tell whether his role includes *page*."""
        return page in ROLES[self.role].pages

    @property
    def actor(self) -> "Principal":
        """Who is responsible for what happens."""
        return self.real or self


def rights_of(principal: Principal, stores: Iterable[HasRegion]) -> Rights:
    """Return what *principal* may see of a network that has *stores*.

    Regions become stores here, at each request: a store that moves to another region
    moves to that region's manager.
    """
    scope = principal.scope
    store_ids: frozenset[str] | None = frozenset()
    partner_ids: frozenset[str] | None = frozenset()
    if scope.kind not in ROLES[principal.role].scopes:
        pass  # A scope that the role cannot have gives nothing.
    elif scope.kind is ScopeKind.ALL:
        store_ids = partner_ids = None
    elif scope.kind is ScopeKind.REGION:
        store_ids = frozenset(s.store_id for s in stores if s.region in scope.names)
    elif scope.kind is ScopeKind.STORE:
        store_ids = scope.names
    else:
        partner_ids = scope.names
    return Rights(
        store_ids=store_ids,
        partner_ids=partner_ids,
        privacy=ROLES[principal.role].privacy,
        is_wall=principal.role is Role.DEVICE,
        who=principal.id,
    )


def scope_from(text: str) -> Scope:
    """Return the scope that *text* spells: `all`, `store:S001,S002`, `region:华东`.

    Raises:
        AccessError: the kind is unknown, or names are missing.

    """
    kind, _, rest = text.strip().partition(":")
    names = frozenset(name.strip() for name in rest.split(",") if name.strip())
    try:
        chosen = ScopeKind(kind.strip())
    except ValueError:
        known = ", ".join(k.value for k in ScopeKind)
        raise AccessError(
            f"unknown kind of scope {kind!r}; known: {known}",
            f"没有“{kind}”这种范围；可用：{known}",
        ) from None
    if chosen is not ScopeKind.ALL and not names:
        raise AccessError(
            f"{text!r} names no {chosen.value}; write {chosen.value}:…",
            f"“{text}”没有写名称；请写成 {chosen.value}:…",
        )
    return Scope(chosen, names)


def check_scope(role: Role, scope: Scope) -> None:
    """Refuse a scope that *role* cannot have.

    Raises:
        AccessError: with the kinds it can have.

    """
    allowed = ROLES[role].scopes
    if scope.kind not in allowed:
        kinds = ", ".join(sorted(k.value for k in allowed))
        raise AccessError(
            f"a {role.value} cannot have the scope {scope.kind.value}; use {kinds}",
            f"{ROLES[role].name.zh}不能用“{scope.kind.value}”范围；可用：{kinds}",
        )
