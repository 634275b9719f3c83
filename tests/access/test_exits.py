"""Every exit, for every role and scope: rows within the scope, or a refusal.

Routes, pages and callbacks are taken from the running app: one that is new is covered
without being named here, or fails for want of a declared policy.
"""

import re
from datetime import date

import dash
import pytest

from callbacks.forged import first_id
from callbacks.policies import CALLBACKS, ROUTES, word_of
from tests.access.conftest import FOREIGN, OWN, Site, pages_body, scopes_of
from tests.access.leaks import Marks, marks_of, text_of
from warehouse.access.principal import Principal, rights_of, scope_from
from warehouse.access.roles import (
    PAGES_OF_ONE_STORE,
    PEOPLE,
    ROLES,
    Action,
    Page,
    Role,
    page_at,
)
from warehouse.contracts import CONTRACTS
from warehouse.contracts.contract import Privacy
from warehouse.metrics import CATALOG
from warehouse.metrics.metric import Kind
from warehouse.scope import EVERYTHING, Question

READERS = [(role, scope) for role in PEOPLE for scope in scopes_of(role)]

NAMED = [f"{role.value}-{scope}" for role, scope in READERS]


@pytest.fixture(scope="module")
def marks(site: Site) -> Marks:
    """Return what gives other stores and people away."""
    return marks_of(site)


def rights(site: Site, role: Role, scope: str):
    """Return what somebody may see."""
    one = Principal(id="x", name="x", role=role, scope=scope_from(scope))
    return rights_of(one, site.stores)


def test_every_route_has_a_policy(site: Site):
    """A new route that nobody has declared is refused to everybody, and fails here."""
    rules = {rule.rule for rule in site.app.server.url_map.iter_rules()}

    assert rules - set(ROUTES) == set()
    assert set(ROUTES) - rules == set()


def test_every_callback_has_a_policy(site: Site):
    """A new callback belongs to a page."""
    words = {word_of(first_id(output)) for output in site.app.callback_map}

    assert words - set(CALLBACKS) == set()


def test_every_page_is_in_the_table_of_roles(site: Site):
    """A page that no role includes is a page nobody can open."""
    for page in dash.page_registry.values():
        if page["name"] == "missing":
            continue
        place = page_at(page.get("path_template") or page["path"])
        assert place is not None, page["path"]
        assert any(place in rules.pages for rules in ROLES.values())
        assert hasattr(page["layout"], "guards"), page["path"]


def test_only_what_holds_no_data_is_open():
    """The list of what strangers may ask for is short, and known."""
    assert {rule for rule, policy in ROUTES.items() if policy.is_open} == {
        "/_favicon.ico",
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
        "/_dash-component-suites/plotly/package_data/plotly.min.js",
        "/assets/<path:filename>",
        "/static/<path:filename>",
        "/livez",
        "/readyz",
        "/login",
        "/login/start",
        "/login/callback",
        "/pair",
        "/wall/<store_id>",
        "/wall/worker.js",
    }


def addresses(site: Site) -> list[str]:
    """Return an address for every rule that answers GET."""
    words = {"store_id": OWN, "metric_id": "ftfr_30d", "form": "csv", "table": "stores"}
    found = []
    for rule in site.app.server.url_map.iter_rules():
        is_file = ROUTES[rule.rule].is_file
        if is_file or "GET" not in rule.methods or rule.rule == "/<path:path>":
            continue
        address = rule.rule
        for name in rule.arguments:
            start = address.index("<")
            end = address.index(">") + 1
            address = address[:start] + words.get(name, "1") + address[end:]
        found.append(address)
    return found + [page["path"] for page in dash.page_registry.values()]


def test_a_stranger_gets_nothing(site: Site, marks: Marks):
    """Pages lead to the sign-in, programs get 401; nothing that was asked for."""
    client = site.stranger()
    for address in addresses(site):
        response = client.get(address, environ_base={"REMOTE_ADDR": "10.9.9.9"})
        rule = next(
            (r for r in ROUTES if r == address), "/wall/<store_id>" if
            address.startswith("/wall/") else ""
        )  # fmt: skip
        if not (rule and ROUTES[rule].is_open):
            assert response.status_code in (302, 401), address
        text = text_of(response)
        assert not marks.found(text, address, all_stores=False, personal=False)
        assert "dms" not in text, address


@pytest.mark.parametrize(("role", "scope"), READERS, ids=NAMED)
def test_every_page_and_callback_keeps_to_the_scope(site, marks, role, scope):
    """Opened as a browser does: the page, its layout, and every callback behind it."""
    client = site.reader(role, scope)
    seen = rights(site, role, scope)
    sees = {
        "all_stores": seen.store_ids is None,
        "personal": seen.privacy is Privacy.SENSITIVE,
    }
    others = frozenset(
        word
        for store in site.stores
        if seen.store_ids is not None and store.store_id not in seen.store_ids
        for word in (store.name, store.name_en)
    )
    assert others or seen.store_ids is None
    for page in dash.page_registry.values():
        template = page.get("path_template") or page["path"]
        place = page_at(template)
        word = OWN if place in PAGES_OF_ONE_STORE else "ftfr_30d"
        path = re.sub("<[^>]+>", word, template)
        allowed = place is None or place in ROLES[role].pages
        if page.get("path_template") and place is Page.STORES:
            allowed = allowed and (seen.store_ids is None or OWN in seen.store_ids)
        first = client.get(path)
        if page["name"] != "missing":
            assert first.status_code == (200 if allowed else 403), path
        layout = client.post("/_dash-update-component", json=pages_body(path))
        if role is not Role.API_CLIENT and place is not None:
            is_refused = '"data-state":"forbidden"' in layout.get_data(as_text=True)
            assert is_refused is not allowed, path
        for output, spec in site.app.callback_map.items():
            policy = CALLBACKS[word_of(first_id(output))]
            is_elsewhere = policy.page not in (None, place) and path != "/"
            if "callback" not in spec or is_elsewhere:
                continue
            response = client.post(
                "/_dash-update-component", json=fired(output, spec, path)
            )
            if policy.page is not None and policy.page not in ROLES[role].pages:
                assert response.status_code == 403, (path, output)
            text = text_of(response)
            found = marks.found(text, path, **sees)
            found += [word for word in others if word in text]
            if role is not Role.REGION_MANAGER:  # Whose region has one store as well.
                assert found == [], (path, output[:60])


def fired(output: str, spec: dict, path: str) -> dict:
    """Return what Dash's scripts would send for a callback on the page *path*."""
    names = output.strip(".").split("...")
    outputs = [
        dict(zip(("id", "property"), n.rsplit(".", 1), strict=True)) for n in names
    ]
    values = {"pathname": path, "search": "?period=30d", "data": None}

    def given(part: str) -> list:
        return [
            {**one, "value": values.get(one["property"])} for one in spec.get(part, [])
        ]

    return {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "inputs": given("inputs"),
        "state": given("state"),
        "changedPropIds": [],
    }


@pytest.mark.parametrize(("role", "scope"), READERS, ids=NAMED)
def test_the_api_adds_up_to_the_scope(site: Site, role: Role, scope: str):
    """For sums over all metrics: what somebody reads is what his stores sum up to."""
    seen = rights(site, role, scope)
    client = (
        site.program(scope) if role is Role.API_CLIENT else site.reader(role, scope)
    )
    batch = site.warehouse.batch()
    start, end = date(2026, 10, 1), date(2026, 11, 20)
    compared = 0
    for metric in list(CATALOG.values())[:: 1 if seen.store_ids else 4]:
        if metric.kind not in (Kind.COUNT, Kind.RATIO) or (
            "store_id" not in metric.dimensions
        ):
            continue
        answer = client.get(f"/api/v1/metrics/{metric.id}?from={start}&to={end}")
        assert answer.status_code == 200
        question = Question(by=("store_id",), start=start, end=end)
        own = [
            reading
            for reading in batch.read(metric.id, question, EVERYTHING)
            if seen.store_ids is None
            or reading.dimensions["store_id"] in seen.store_ids
        ]
        found = sum(r["numerator"] or 0 for r in answer.json)
        assert found == pytest.approx(sum(r.numerator or 0 for r in own)), metric.id
        named = client.get(f"/api/v1/metrics/{metric.id}?by=store_id&from={start}")
        stores = {r["dimensions"]["store_id"] for r in named.json}
        assert seen.store_ids is None or stores <= seen.store_ids
        compared += 1
    assert compared > (15 if seen.store_ids else 3)


@pytest.mark.parametrize("filters", [f"where=store_id={FOREIGN}", "where=region=西南"])
def test_a_filter_cannot_widen_the_scope(site: Site, filters: str):
    """Whoever names another's store reads nothing of it."""
    client = site.reader(Role.STORE_MANAGER, f"store:{OWN}")
    address = f"/api/v1/metrics/orders_arrived?{filters}&from=2026-10-01&to=2026-11-20"
    everything = site.reader(Role.EXECUTIVE).get(address).json

    assert sum(r["n"] for r in everything) > 0
    assert sum(r["n"] for r in client.get(address).json) == 0


@pytest.mark.parametrize(("role", "scope"), READERS, ids=NAMED)
def test_personal_data_are_for_who_needs_them(site, marks, role, scope):
    """Rows behind a number: masked for all but the three roles that call people."""
    client = (
        site.program(scope) if role is Role.API_CLIENT else site.reader(role, scope)
    )
    response = client.get("/export/metrics/orders_arrived/rows.csv?period=30d")
    may_see = Action.SEE_ROWS in ROLES[role].actions and (
        Page.CATALOG in ROLES[role].pages
    )

    assert response.status_code == (200 if may_see else 403)
    if may_see and ROLES[role].privacy is not Privacy.SENSITIVE:
        text = text_of(response)
        assert not marks.found(text, "", all_stores=True, personal=False)


def test_what_belongs_to_the_network_is_not_for_one_store(site: Site, marks: Marks):
    """Rejected rows, runs and inferred members name no store, or a wrong one."""
    batch = site.warehouse.batch()
    one = rights(site, Role.STORE_MANAGER, f"store:{OWN}")

    assert batch.reject_groups(EVERYTHING)
    assert batch.reject_groups(one) == batch.rejects(one) == []
    assert batch.inferred(one) == batch.restatements(one) == []


def test_rejected_values_are_masked_by_their_column(site: Site):
    """A refused VIN is a VIN: who may not see the column does not see the value."""
    batch = site.warehouse.batch()
    public = rights(site, Role.ADMIN, "all")

    def values(seen) -> dict[str, set]:
        found: dict[str, set] = {"open": set(), "guarded": set()}
        for row in batch.rejects(seen, limit=5000):
            contract = CONTRACTS[row.table]
            is_open = (
                row.column in contract.column_names
                and contract.column(row.column).privacy is Privacy.PUBLIC
            )
            found["open" if is_open else "guarded"].add(row.value)
        return found

    assert values(EVERYTHING)["open"] == values(public)["open"]
    assert values(public)["guarded"] <= {None, "***"}
    groups = {g.example for g in batch.reject_groups(EVERYTHING)}
    assert groups >= {g.example for g in batch.reject_groups(public)} - {"***"}
