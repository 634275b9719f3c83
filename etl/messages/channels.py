"""The channels: three robots, a signed webhook, and mail.

A channel turns a message into one request and an answer into "arrived", "try again" or
"never will". It keeps nothing; how often it may be used is counted by the sender.
"""

import hashlib
import hmac
import json
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import ClassVar

from etl.messages.posting import MINUTE, TIMEOUT, ChannelError, post
from etl.messages.robots import DingTalk, Feishu, WeCom
from warehouse.alerts.records import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Any system: JSON, signed over moment and body, with a key against repetition."""

    name: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    per_minute: int = 60
    per_second: ClassVar[int] = 0
    pause: ClassVar[timedelta] = MINUTE

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
    per_second: ClassVar[int] = 0
    pause: ClassVar[timedelta] = MINUTE

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


def webhook_sign(secret: str, stamp: str, body: bytes) -> str:
    """Return our own signature, over the moment, a dot and the body, in hex."""
    return hmac.new(
        secret.encode(), stamp.encode() + b"." + body, hashlib.sha256
    ).hexdigest()
