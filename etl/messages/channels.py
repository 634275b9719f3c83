"""The channels: three robots, mail, and a signed webhook, each as its maker wants it.

A channel turns a message into one request and an answer into "arrived", "try again" or
"never will". It keeps nothing; how often it may be used is counted by the sender.
"""

import base64
import hashlib
import hmac
import json
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import quote_plus, urlsplit
from urllib.request import Request, urlopen

from warehouse.alerts.records import Delivery
from warehouse.errors import AftersightError, ConfigurationError

TIMEOUT = 10.0
"""Seconds that a channel may take to answer."""

WECOM_BYTES = 4096
"""The longest text that a robot of 企业微信 takes."""


class ChannelError(AftersightError):
    """A message did not arrive; *again* tells whether another try makes sense."""

    def __init__(self, reason: str, *, again: bool, is_busy: bool = False) -> None:
        super().__init__(reason)
        self.again = again
        self.is_busy = is_busy


class Channel(Protocol):
    """Something that carries messages."""

    name: str
    per_minute: int

    def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        """Carry a message; *address* is the recipient's mail address.

        Raises:
            ChannelError: it did not arrive.

        """


@dataclass(frozen=True, slots=True, kw_only=True)
class WeCom:
    """A robot of a 企业微信 group: the key stands in the address, nothing is signed."""

    name: str
    url: str = field(repr=False)
    per_minute: int = 20

    def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        """Send as Markdown, cut to what the robot takes."""
        content = cut(_markdown(delivery), WECOM_BYTES)
        answer = post(
            self.url, {"msgtype": "markdown", "markdown": {"content": content}}
        )
        _check(answer, "errcode", "errmsg", busy={45009, -1})


@dataclass(frozen=True, slots=True, kw_only=True)
class DingTalk:
    """A robot of a 钉钉 group: the moment in milliseconds, signed, in the address."""

    name: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    per_minute: int = 20

    def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        """Send as Markdown."""
        url = self.url
        if self.secret:
            stamp = str(round(now.timestamp() * 1000))
            joiner = "&" if urlsplit(url).query else "?"
            sign = quote_plus(dingtalk_sign(self.secret, stamp))
            url = f"{url}{joiner}timestamp={stamp}&sign={sign}"
        body = {
            "msgtype": "markdown",
            "markdown": {"title": delivery.title, "text": _markdown(delivery)},
        }
        _check(post(url, body), "errcode", "errmsg", busy={130101, 410100, -1})


@dataclass(frozen=True, slots=True, kw_only=True)
class Feishu:
    """A robot of a 飞书 group: the moment in seconds, signed, in the body."""

    name: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    per_minute: int = 100

    def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        """Send as a post with a link."""
        lines = [[{"tag": "text", "text": text}] for text in delivery.text.split("\n")]
        if delivery.link:
            lines.append([{"tag": "a", "text": delivery.link, "href": delivery.link}])
        post_ = {"zh_cn": {"title": delivery.title, "content": lines}}
        body: dict[str, Any] = {"msg_type": "post", "content": {"post": post_}}
        if self.secret:
            stamp = str(int(now.timestamp()))
            body |= {"timestamp": stamp, "sign": feishu_sign(self.secret, stamp)}
        _check(post(self.url, body), "code", "msg", busy={9499, 11232})


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Any system: JSON, signed over moment and body, with a key against repetition."""

    name: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    per_minute: int = 60

    def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        """Send the message as data."""
        body = json.dumps(
            {
                "id": delivery.key,
                "kind": delivery.kind,
                "recipient": delivery.recipient,
                "title": delivery.title,
                "text": delivery.text,
                "link": delivery.link,
                "created_at": delivery.created_at.isoformat(),
                "alerts": [{"id": a, "episode": e} for a, e in delivery.alerts],
            },
            ensure_ascii=False,
        ).encode()
        stamp = str(int(now.timestamp()))
        sign = webhook_sign(self.secret, stamp, body)
        headers = {
            "Idempotency-Key": hashlib.sha256(delivery.key.encode()).hexdigest(),
            "X-Aftersight-Timestamp": stamp,
            "X-Aftersight-Signature": f"sha256={sign}",
        }
        post(self.url, body, headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Mail over SMTP; the Message-ID is the message's own, however often it is sent."""

    name: str
    host: str
    sender: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "starttls"
    per_minute: int = 60

    def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        """Send as plain text."""
        if not address:
            raise ChannelError(f"{delivery.recipient} has no mail address", again=False)
        message = EmailMessage()
        message["Subject"] = delivery.title
        message["From"] = self.sender
        message["To"] = address
        message["Date"] = format_datetime(now)
        key = hashlib.sha256(delivery.key.encode()).hexdigest()
        message["Message-ID"] = f"<{key[:40]}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(f"{delivery.text}\n\n{delivery.link}\n")
        try:
            self._hand_over(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise ChannelError(str(error), again=False) from error
        except smtplib.SMTPResponseException as error:
            again = 400 <= error.smtp_code < 500
            raise ChannelError(str(error), again=again) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(
                f"{type(error).__name__}: {error}", again=True
            ) from error

    def _hand_over(self, message: EmailMessage) -> None:
        context = ssl.create_default_context()
        if self.tls == "ssl":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT, context=context
            )
        else:
            client = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        with client:
            if self.tls == "starttls":
                client.starttls(context=context)
            if self.user:
                client.login(self.user, self.password)
            client.send_message(message)


KINDS: dict[str, type] = {
    "wecom": WeCom,
    "dingtalk": DingTalk,
    "feishu": Feishu,
    "webhook": Webhook,
    "smtp": Mail,
}


def dingtalk_sign(secret: str, stamp: str) -> str:
    """Return 钉钉's signature: HMAC-SHA256 with the secret over moment and secret."""
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(digest.digest()).decode()


def feishu_sign(secret: str, stamp: str) -> str:
    """Return 飞书's signature: moment and secret are the key, nothing is signed."""
    digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256)
    return base64.b64encode(digest.digest()).decode()


def webhook_sign(secret: str, stamp: str, body: bytes) -> str:
    """Return our own signature, over the moment, a dot and the body, in hex."""
    return hmac.new(
        secret.encode(), stamp.encode() + b"." + body, hashlib.sha256
    ).hexdigest()


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


def _check(answer: Mapping[str, Any], code: str, reason: str, busy: set[int]) -> None:
    """Refuse a robot's answer that says no: they do so with HTTP 200."""
    number = answer.get(code, answer.get("StatusCode", 0))
    if number in (0, "0"):
        return
    is_busy = number in busy
    raise ChannelError(
        f"{code} {number}: {answer.get(reason, '')}", again=is_busy, is_busy=is_busy
    )


def _markdown(delivery: Delivery) -> str:
    parts = [f"**{delivery.title}**", delivery.text.replace("\n", "\n\n")]
    if delivery.link:
        parts.append(f"[{delivery.link}]({delivery.link})")
    return "\n\n".join(parts)


def cut(text: str, size: int) -> str:
    """Return *text* in at most *size* bytes of UTF-8, whole characters only."""
    data = text.encode()
    if len(data) <= size:
        return text
    mark = "\n…"
    return data[: size - len(mark.encode())].decode(errors="ignore") + mark
