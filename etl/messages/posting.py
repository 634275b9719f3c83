"""What every channel is made of: one request, and what its answer means."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from warehouse.alerts.records import Delivery
from warehouse.errors import AftersightError, ConfigurationError

TIMEOUT = 10.0
"""Seconds that a channel may take to answer."""

MINUTE = timedelta(minutes=1)


class ChannelError(AftersightError):
    """A message did not arrive; *again* tells whether another try makes sense."""

    def __init__(self, reason: str, *, again: bool, is_busy: bool = False) -> None:
        super().__init__(reason)
        self.again = again
        self.is_busy = is_busy


class Channel(Protocol):
    """Something that carries messages.

    *per_second* 0 is without limit; for *pause* a channel is left alone that was used
    too often.
    """

    name: str
    per_minute: int
    per_second: ClassVar[int]
    pause: ClassVar[timedelta]

    def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        """Carry a message; *address* is the recipient's mail address.

        Raises:
            ChannelError: it did not arrive.

        """


def post(
    url: str, body: Mapping[str, Any] | bytes, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return what a server answers to JSON; {} where it is not an object.

    Raises:
        ChannelError: no answer, or one of refusal. 429 and 5xx may be tried again.

    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise ConfigurationError(f"a channel's url begins with https://, not {url[:8]}")
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    request = Request(url, data=data, headers=told, method="POST")  # noqa: S310
    try:
        with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            text = answer.read(100_000)
    except HTTPError as error:
        is_busy = error.code == 429
        with error:
            raise ChannelError(
                f"HTTP {error.code}",
                again=is_busy or error.code >= 500,
                is_busy=is_busy,
            ) from None
    except (URLError, OSError, TimeoutError) as error:
        raise ChannelError(f"{type(error).__name__}: {error}", again=True) from None
    try:
        found = json.loads(text or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def cut(text: str, size: int) -> str:
    """Return *text* in at most *size* bytes of UTF-8, whole characters only."""
    data = text.encode()
    if len(data) <= size:
        return text
    mark = "\n…"
    return data[: max(0, size - len(mark.encode()))].decode(errors="ignore") + mark
