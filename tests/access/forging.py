"""Requests that our own pages would never send, made from the real routes.

`requests` takes every rule and every callback that the app has, so that a new one is
attacked without being named here.
"""

import json
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient

from callbacks.forged import first_id
from tests.access.conftest import FOREIGN, OWN, Site
from warehouse.metrics import CATALOG

ALLOWED = {200, 202, 204, 302, 303, 304, 400, 401, 403, 404, 405, 413, 415, 422, 429}

TRACES = ("Traceback", 'File "', "site-packages", "werkzeug", "sqlalchemy", "Debugger")

SLOW = (".pdf",)
"""A PDF is printed by a browser; what stands in it is drawn by the same callbacks."""

GARBAGE = (
    "",
    "../../etc/passwd",
    "' or 1=1 --",
    "<script>alert(1)</script>",
    "𝕊001",
    "S001\x00",
    "%2e%2e",
    "9" * 400,
    "A" * 5000,
    "null",
    "true",
    "-1",
    "{}",
)


@dataclass
class Forged:
    """A request; *text* is everything the attacker wrote himself."""

    method: str
    path: str
    query: dict[str, Any] = field(default_factory=dict)
    body: bytes | None = None
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What an answer may echo without giving anything away."""
        body = (self.body or b"").decode("utf-8", "replace")
        return f"{self.path} {self.query} {body} {self.headers}"

    def send(self, client: FlaskClient) -> Any:
        """Return the answer."""
        return client.open(
            self.path,
            method=self.method,
            query_string=self.query or None,
            data=self.body,
            content_type=self.kind if self.body is not None else None,
            headers=self.headers,
        )


def requests(site: Site, dice: random.Random) -> Iterator[Forged]:
    """Yield forged requests for ever, each route and callback in turn."""
    rules = sorted(site.app.server.url_map.iter_rules(), key=lambda r: r.rule)
    # Files are the same for everybody; who signs out forges nothing any more.
    skipped = ("/static/", "/assets/", "/_dash-component-suites/", "/logout")
    rules = [r for r in rules if not r.rule.startswith(skipped)]
    outputs = sorted(site.app.callback_map)
    while True:
        for rule in rules:
            yield _address(rule, dice)
        for output in outputs:
            yield _callback(site, output, dice)
            yield _callback(site, output, dice)


def _address(rule: Any, dice: random.Random) -> Forged:
    path = rule.rule
    for name in sorted(rule.arguments):
        start = path.index("<")
        value = _word(name, dice).replace("/", "%2F") or "x"
        if "int:" in path[start : path.index(">")]:
            value = str(dice.randrange(0, 40))
        path = path[:start] + value + path[path.index(">") + 1 :]
    path = path.replace("\x00", "%00") if not path.endswith(SLOW) else "/"
    methods = sorted(rule.methods - {"HEAD", "OPTIONS"})
    method = dice.choice([*methods * 8, "POST", "PUT", "DELETE"])
    query = {_name(dice): _word("", dice) for _ in range(dice.randrange(4))}
    forged = Forged(method, path, query, headers=_headers(dice))
    if method in ("POST", "PUT"):
        if dice.random() < 0.5:
            pairs = [f"{_name(dice)}={_word('', dice)}" for _ in range(4)]
            forged.body = "&".join(pairs).encode("utf-8", "replace")
            forged.kind = "application/x-www-form-urlencoded"
        else:
            forged.body = _json(dice)
    return forged


def _callback(site: Site, output: str, dice: random.Random) -> Forged:
    spec = site.app.callback_map[output]
    names = output.strip(".").split("...")
    body: dict[str, Any] = {
        "output": output,
        "outputs": [
            dict(zip(("id", "property"), n.rsplit(".", 1), strict=True)) for n in names
        ],
        "inputs": [_given(one, dice) for one in spec.get("inputs", [])],
        "state": [_given(one, dice) for one in spec.get("state", [])],
        "changedPropIds": [],
    }
    if len(names) == 1:
        body["outputs"] = body["outputs"][0]
    if dice.random() < 0.4:
        _spoil(body, first_id(output), dice)
    raw = json.dumps(body, ensure_ascii=True).encode()
    if dice.random() < 0.05:
        raw = dice.choice([raw[: len(raw) // 2], b"[" * 3000, b"\xff\xfe", b"", b"1"])
    if dice.random() < 0.02:
        raw = json.dumps({**body, "junk": "x" * 2_000_000}).encode()
    return Forged("POST", "/_dash-update-component", body=raw, headers=_headers(dice))


def _given(one: dict[str, str], dice: random.Random) -> dict[str, Any]:
    name = one["property"]
    if name == "pathname":
        value: Any = _path(dice)
    elif name in ("search", "href", "hash"):
        pairs = [f"{_name(dice)}={_word('', dice)}" for _ in range(dice.randrange(4))]
        value = "?" + "&".join(pairs)
    else:
        value = dice.choice([None, "zh", "en", 1, [], {}, _word("", dice)])
    if dice.random() < 0.05:
        value = dice.choice([1, 1.5, [], {}, True, ["/data"], {"a": 1}])
    return {"id": one["id"], "property": name, "value": value}


def _spoil(body: dict[str, Any], own: str, dice: random.Random) -> None:
    way = dice.randrange(6)
    if way == 0:
        body["output"] = dice.choice(["", "x.y", f"{own}.secret", "__proto__.x"])
    elif way == 1 and body["inputs"]:
        body["inputs"][0]["property"] = dice.choice(["value", "__class__", "children"])
    elif way == 2:
        body["inputs"] = dice.choice([None, {}, "x", [[]], [None], body["inputs"] * 2])
    elif way == 3:
        body["outputs"] = dice.choice([None, [], "x", [{"id": "x", "property": "y"}]])
    elif way == 4:
        body["changedPropIds"] = dice.choice([None, 1, [1], {"a": 1}])
    else:
        body[dice.choice(["background", "cacheKey", "job", "fn"])] = "x"


def _path(dice: random.Random) -> str:
    pages = ("/", "/data", "/admin", "/metrics-catalog", "/metrics-catalog/ftfr_30d")
    stores = (f"/stores/{OWN}", f"/stores/{FOREIGN}", f"/wall/{FOREIGN}", "/stores")
    return dice.choice([*pages, *stores, "/partners", "//data", "/%2e%2e/data", ""])


def _name(dice: random.Random) -> str:
    return dice.choice(
        [
            *("store", "region", "city_class", "where", "by", "grain", "from", "to"),
            *("period", "metric", "as_of", "lang", "next", "page", "who", "action"),
            *("source", "table", "rule", "format", "limit", "offset", "vs", "part"),
            *("do", "role", "scope", "person", "code", "name", "password", "csrf"),
        ]
    )


def _word(name: str, dice: random.Random) -> str:
    if name == "metric_id" and dice.random() < 0.8:
        return dice.choice(sorted(CATALOG))
    if name == "form":
        return dice.choice(["csv", "xlsx", "zip", ""])
    known = [
        *(OWN, FOREIGN, FOREIGN, "S002", "S004", "华东", "西南", "all", "store_id"),
        *(f"store_id={FOREIGN}", "region=西南", f"store:{FOREIGN}", "store_id,region"),
        *("2026-10-01", "2026-11-01", "day", "week", "total", "admin", "1", "2", "30d"),
        *("ftfr_30d", "orders_arrived", "technician_id", "partner_id", "customers"),
    ]
    if dice.random() < 0.2:
        return dice.choice(GARBAGE)
    return dice.choice(known)


def _json(dice: random.Random) -> bytes:
    made = {_name(dice): _word("", dice) for _ in range(dice.randrange(5))}
    listed: Any = dice.choice([made, [made], [], None, "x", 1, {"store_id": FOREIGN}])
    return json.dumps(listed).encode()


def _headers(dice: random.Random) -> dict[str, str]:
    headers = {}
    if dice.random() < 0.08:
        headers["X-CSRFToken"] = "".join(dice.choices(string.ascii_letters, k=43))
    if dice.random() < 0.06:
        headers["Origin"] = "https://evil.example"
    if dice.random() < 0.06:
        headers["Sec-Fetch-Site"] = "cross-site"
    if dice.random() < 0.05:
        headers["X-Forwarded-For"] = "10.0.0.1"
        headers["X-Remote-User"] = "admin"
    if dice.random() < 0.03:
        headers["Authorization"] = dice.choice(["Bearer x.y", "Basic YTpi", "Bearer "])
    return headers
