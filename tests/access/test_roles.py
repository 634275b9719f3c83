"""Roles and scopes: what follows from who somebody is."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.access.principal import (
    ALL,
    Principal,
    Scope,
    check_scope,
    rights_of,
    scope_from,
)
from warehouse.access.roles import ROLES, Action, Page, Role, ScopeKind
from warehouse.contracts.contract import Privacy
from warehouse.errors import AccessError
from warehouse.scope import Rights


@dataclass(frozen=True)
class Place:
    """A store."""

    store_id: str
    region: str | None


STORES = (Place("S1", "东"), Place("S2", "东"), Place("S3", "西"), Place("S4", None))


def person(role: Role, scope: Scope, real: Principal | None = None) -> Principal:
    """Return somebody."""
    return Principal(id="person:1", name="x", role=role, scope=scope, real=real)


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_rules(role):
    """A role without rules could not be given to anybody."""
    rules = ROLES[role]

    assert rules.name.zh
    assert rules.name.en
    assert rules.scopes


@given(st.sampled_from(Role), st.sampled_from(ScopeKind), st.sets(st.text(max_size=3)))
def test_a_scope_the_role_cannot_have_gives_nothing(role, kind, names):
    """Whatever stands in the database: rights never exceed what the role allows."""
    scope = Scope(kind, frozenset() if kind is ScopeKind.ALL else frozenset(names))
    rights = rights_of(person(role, scope), STORES)

    if kind not in ROLES[role].scopes:
        assert rights.store_ids == rights.partner_ids == frozenset()
    if kind is not ScopeKind.ALL:
        assert rights.store_ids is not None
        assert rights.partner_ids is not None


def test_regions_become_stores_when_asked():
    """A store that moves to another region changes hands at the next request."""
    east = person(Role.REGION_MANAGER, scope_from("region:东"))
    moved = (*STORES[:1], Place("S2", "西"), *STORES[2:])

    assert rights_of(east, STORES).store_ids == {"S1", "S2"}
    assert rights_of(east, moved).store_ids == {"S1"}
    assert rights_of(east, ()).store_ids == frozenset()


def test_a_store_without_region_belongs_to_no_region():
    """An inferred member is not everybody's."""
    found = rights_of(person(Role.REGION_MANAGER, scope_from("region:None")), STORES)

    assert found.store_ids == frozenset()


def test_a_partner_manager_may_be_given_partners():
    """Then he sees no store."""
    rights = rights_of(person(Role.PARTNER_MANAGER, scope_from("partner:P1")), STORES)

    assert rights.store_ids == frozenset()
    assert rights.partner_ids == {"P1"}


def test_who_asks_is_no_part_of_the_key_of_a_cache():
    """Two with equal rights share what is computed; any other difference parts them."""
    one = Rights(store_ids=frozenset({"S1"}), who="person:1")

    assert one == replace(one, who="person:2")
    assert hash(one) == hash(replace(one, who="person:2"))
    assert one != replace(one, store_ids=frozenset({"S2"}))
    assert one != replace(one, privacy=Privacy.SENSITIVE)
    assert one != replace(one, is_wall=True)
    assert one != replace(one, partner_ids=None)


def test_rights_start_closed():
    """Who forgets to say what may be seen shows nobody's number."""
    assert Rights().privacy is Privacy.PUBLIC
    assert Rights().partner_ids == frozenset()


def test_a_screen_reads_one_store_and_nothing_else():
    """It hangs in a hall: no rows, no export, no personal data."""
    rules = ROLES[Role.DEVICE]

    assert rules.pages == {Page.WALL}
    assert rules.actions == {Action.VIEW, Action.REPORT_DEVICE}
    assert rules.privacy is Privacy.PUBLIC


def test_who_sees_as_another_changes_nothing():
    """He looks, and he can stop looking."""
    admin = person(Role.ADMIN, ALL)
    shown = person(Role.STORE_MANAGER, scope_from("store:S1"), real=admin)

    assert {action for action in Action if shown.may(action)} == {
        Action.VIEW,
        Action.SEE_AS,
    }
    assert shown.actor is admin
    assert not shown.may_open(Page.PARTNERS)


def test_personal_data_are_for_those_who_need_them():
    """Who calls customers or mends deliveries; nobody else."""
    assert {role for role in Role if ROLES[role].privacy is Privacy.SENSITIVE} == {
        Role.STORE_MANAGER,
        Role.VEHICLE_DESK,
        Role.DATA_ADMIN,
    }


@pytest.mark.parametrize("text", ["all", "store:S1,S2", "region:华东", "partner:P1"])
def test_a_scope_is_written_as_it_is_read(text):
    """The shell and the forms spell it the same way."""
    assert str(scope_from(text)) == text


@pytest.mark.parametrize(
    "text", ["", "store", "store:", "shop:S1", "all:S1", "region:,"]
)
def test_a_scope_that_says_nothing_is_refused(text):
    """An empty scope is a mistake, not everything."""
    with pytest.raises(AccessError):
        scope_from(text)


def test_a_role_is_given_a_scope_that_suits_it():
    """An executive of one store, a store manager of everything: neither."""
    with pytest.raises(AccessError, match="use all"):
        check_scope(Role.EXECUTIVE, scope_from("store:S1"))
    with pytest.raises(AccessError, match="use store"):
        check_scope(Role.STORE_MANAGER, ALL)
