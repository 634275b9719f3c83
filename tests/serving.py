"""What servers of tests have in common."""

from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def whole(application: Application) -> Application:
    """Return *application* with answers read to their end before they are sent.

    Werkzeug's server forgets to close an answer whose reader has gone in the middle,
    and a page that is closed leaves many: what they hold open would be found in
    whatever test runs next.
    """

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        parts = application(environ, start)
        try:
            return list(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answer
