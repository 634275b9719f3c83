"""The robots of 企业微信, 钉钉 and 飞书: how each is signed, fed and told to wait.

All three answer with HTTP 200 and say no in the body. What they say is described under
developer.work.weixin.qq.com/document/path/91770 (企业微信's robots), /90313 (its codes)
and /90454 (blocked for a minute), open.dingtalk.com/document/robots/custom-robot-access
and open.feishu.cn/document/client-docs/bot-v3/add-custom-bot.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote_plus, urlsplit

from etl.messages.posting import MINUTE, ChannelError, cut, post
from warehouse.alerts.records import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class WeCom:
    """A robot of a 企业微信 group: the key stands in the address, nothing is signed.

    Of its codes 45009 (too often) and 45033 (too many at once) are for waiting, -1
    (busy) for trying again; 93000 (wrong key) and 40058 (too long) will not change.
    """

    name: str
    url: str = field(repr=False)
    per_minute: int = 20
    per_second: ClassVar[int] = 0
    pause: ClassVar[timedelta] = MINUTE
    longest: ClassVar[int] = 4096
    """Bytes of Markdown."""

    def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        """Send as Markdown, cut to what the robot takes."""
        content = cut(_markdown(delivery), self.longest)
        answer = post(
            self.url, {"msgtype": "markdown", "markdown": {"content": content}}
        )
        _check(answer, "errcode", "errmsg", busy={45009, 45033}, again={-1})


@dataclass(frozen=True, slots=True, kw_only=True)
class DingTalk:
    """A robot of a 钉钉 group: the moment in milliseconds, signed, in the address.

    130101 and, in newer answers, 410100 say that more than 20 came in a minute: then
    nothing is taken for ten. 310000 (signature, keyword or address not allowed) and
    460101 (over 20,000 bytes) will not change.
    """

    name: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    per_minute: int = 20
    per_second: ClassVar[int] = 0
    pause: ClassVar[timedelta] = timedelta(minutes=10)
    longest: ClassVar[int] = 20_000
    """Bytes of the body."""

    def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        """Send as Markdown, cut to what the robot takes."""
        url = self.url
        if self.secret:
            stamp = str(round(now.timestamp() * 1000))
            joiner = "&" if urlsplit(url).query else "?"
            sign = quote_plus(dingtalk_sign(self.secret, stamp))
            url = f"{url}{joiner}timestamp={stamp}&sign={sign}"
        body = _fitting(
            _markdown(delivery),
            lambda text: {
                "msgtype": "markdown",
                "markdown": {"title": delivery.title, "text": text},
            },
            self.longest,
        )
        _check(post(url, body), "errcode", "errmsg", busy={130101, 410100}, again={-1})


@dataclass(frozen=True, slots=True, kw_only=True)
class Feishu:
    """A robot of a 飞书 group: the moment in seconds, signed, in the body.

    It takes 100 messages a minute and 5 a second, and says 11232 also at full and half
    hours when all the world sends. 19021 (signature, or an hour late), 19022 (address),
    19024 (keyword) and 9499 (a body it cannot read) will not change.
    """

    name: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    per_minute: int = 100
    per_second: ClassVar[int] = 5
    pause: ClassVar[timedelta] = MINUTE
    longest: ClassVar[int] = 20_000
    """Bytes of the body: 20 KB."""

    def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        """Send as a post with a link, cut to what the robot takes."""
        body = _fitting(
            delivery.text, lambda text: self._body(delivery, text, now), self.longest
        )
        busy = {11232, 99991400}
        _check(post(self.url, body), "code", "msg", busy=busy, again=())

    def _body(self, delivery: Delivery, text: str, now: datetime) -> dict[str, Any]:
        lines = [[{"tag": "text", "text": one}] for one in text.split("\n")]
        if delivery.link:
            lines.append([{"tag": "a", "text": delivery.link, "href": delivery.link}])
        post_ = {"zh_cn": {"title": delivery.title, "content": lines}}
        body: dict[str, Any] = {"msg_type": "post", "content": {"post": post_}}
        if self.secret:
            stamp = str(int(now.timestamp()))
            body |= {"timestamp": stamp, "sign": feishu_sign(self.secret, stamp)}
        return body


def dingtalk_sign(secret: str, stamp: str) -> str:
    """Return 钉钉's signature: HMAC-SHA256 with the secret over moment and secret."""
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(digest.digest()).decode()


def feishu_sign(secret: str, stamp: str) -> str:
    """Return 飞书's signature: moment and secret are the key, nothing is signed."""
    digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256)
    return base64.b64encode(digest.digest()).decode()


def _fitting(
    text: str, build: Callable[[str], Mapping[str, Any]], longest: int
) -> bytes:
    """Return the body built of a text, which is cut until the body fits."""
    size = len(text.encode())
    while True:
        # Chinese as it is: three bytes a character, not six.
        body = json.dumps(build(text), ensure_ascii=False).encode()
        if len(body) <= longest or size <= 0:
            return body
        size -= len(body) - longest
        text = cut(text, size)


def _check(
    answer: Mapping[str, Any],
    code: str,
    reason: str,
    *,
    busy: Collection[int],
    again: Collection[int],
) -> None:
    """Refuse an answer that says no; 飞书 used to say it as StatusCode."""
    number = answer.get(code, answer.get("StatusCode", 0))
    if number in (0, "0"):
        return
    told = str(answer.get(reason, answer.get("StatusMessage", "")))
    is_busy = number in busy or "too many" in told.lower()
    raise ChannelError(
        f"{code} {number}: {told}", again=is_busy or number in again, is_busy=is_busy
    )


def _markdown(delivery: Delivery) -> str:
    parts = [f"**{delivery.title}**", delivery.text.replace("\n", "\n\n")]
    if delivery.link:
        parts.append(f"[{delivery.link}]({delivery.link})")
    return "\n\n".join(parts)
