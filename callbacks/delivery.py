"""How files travel: compressed, cached by the browser, plotly.js precompressed."""

import gzip
import hashlib
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

from dash import Dash
from flask import Response, request

from callbacks.services import Services

PLOTLY_URL = "/_dash-component-suites/plotly/package_data/plotly.min.js"
"""Where Dash's loader asks for plotly.js: an address without a version."""

VENDOR = Path(__file__).parents[1] / "assets" / "vendor"

PLOTLY_FILE = "plotly-basic.min.js"

WORTH_COMPRESSING = 1024

DAY = 24 * 3600

COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/javascript",
    "image/svg+xml",
)


class Bundle:
    """plotly.js as browsers can take it; each form is made when first asked for."""

    def __init__(self, path: Path) -> None:
        plain = path.read_bytes()
        self.tag = hashlib.sha256(plain).hexdigest()[:16]
        self._forms = {"": plain, "br": path.with_name(f"{path.name}.br").read_bytes()}

    def form(self, encoding: str) -> bytes:
        """Return the file in *encoding*: "br", "gzip" or "" for plain."""
        if encoding not in self._forms:
            self._forms[encoding] = gzip.compress(self._forms[""], 9, mtime=0)
        return self._forms[encoding]


def register(app: Dash, _services: Services) -> None:
    """Serve plotly.js, compress answers, let fingerprinted files be kept."""
    server = app.server
    bundle = Bundle(VENDOR / PLOTLY_FILE)
    # Files of a release never change: each is compressed once, and well.
    pack_once = lru_cache(maxsize=64)(partial(gzip.compress, compresslevel=9, mtime=0))
    pack_quickly = partial(gzip.compress, compresslevel=5, mtime=0)

    # Dash would compress the full bundle anew at each request and never let a browser
    # keep it. A static rule comes before Dash's own, which has variables.
    @server.get(PLOTLY_URL)
    def plotly() -> Response:
        accepted = request.accept_encodings
        encoding = next((e for e in ("br", "gzip") if accepted[e] > 0), "")
        response = Response(bundle.form(encoding), mimetype="text/javascript")
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.headers["Cache-Control"] = (
            f"public, max-age={DAY}, stale-while-revalidate={7 * DAY}"
        )
        response.vary.add("Accept-Encoding")
        response.set_etag(f"{bundle.tag}-{encoding or 'plain'}")
        return response.make_conditional(request)

    @server.after_request
    def deliver(response: Response) -> Response:
        # Dash writes the fingerprint of a file of assets/ into its address.
        if request.path.startswith("/assets/") and "m" in request.args:
            response.headers["Cache-Control"] = (
                f"public, max-age={365 * DAY}, immutable"
            )
        is_file = request.path.startswith(("/_dash-component-suites/", "/assets/"))
        return compressed(response, pack_once if is_file else pack_quickly)


def compressed(response: Response, pack: Callable[[bytes], bytes]) -> Response:
    """Return *response* packed, where the client can take it and it is worth it."""
    if (
        response.status_code not in {200, 404}
        or "Content-Encoding" in response.headers
        # A file of rows is sent as it is read; to pack it would be to hold it whole.
        or response.mimetype == "text/csv"
        or not (response.content_type or "").startswith(COMPRESSIBLE)
    ):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0:
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) >= WORTH_COMPRESSING:
        response.set_data(pack(content))
        response.headers["Content-Encoding"] = "gzip"
    return response
