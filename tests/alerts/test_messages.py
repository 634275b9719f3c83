"""Messages over the wire: robots, a webhook and a mail server of our own.

Each receiver checks what its maker checks: the signature, the rate, repetitions.
"""

import asyncio
import base64
import email
import email.policy
import hashlib
import hmac
import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.controller import Controller

from etl.messages.channel_health import judge_channels
from etl.messages.channels import Mail, Webhook
from etl.messages.config import read
from etl.messages.posting import ChannelError, cut
from etl.messages.robots import (
    DingTalk,
    Feishu,
    WeCom,
    dingtalk_sign,
    feishu_sign,
)
from etl.messages.sender import TRIES, Sender, back_off
from warehouse.alerts.alert import State as Standing
from warehouse.alerts.records import Delivery, Sending
from warehouse.errors import ConfigurationError

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)
SECRET = "SEC-quite-secret"
DINGTALK_SIGN = "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="
FEISHU_SIGN = "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


def message(key="red:B1:li:c", **more):
    """Return a message that waits."""
    told = {
        "kind": "red",
        "channel": "c",
        "recipient": "li",
        "title": "2 项告警需要处理",
        "text": "- 店S1 · 待工位 · 75 分钟",
        "link": "https://x/alerts",
        "status": Sending.WAITING,
        "created_at": NOW,
        "due_at": NOW,
    }
    return Delivery(key=key, **(told | more))


@dataclass
class Receiver:
    """A server that answers as a robot does, and refuses what a robot refuses."""

    kind: str
    allowed: int = 1000
    failures: list = field(default_factory=list)
    arrived: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    keys: set = field(default_factory=set)
    repeated: int = 0
    url: str = ""

    def answer(self, path, headers, body):
        """Return status and answer to a request."""
        if self.failures:
            return self.failures.pop(0)
        if len(self.arrived) >= self.allowed:
            return {
                "wecom": (200, {"errcode": 45009, "errmsg": "api freq out of limit"}),
                "dingtalk": (200, {"errcode": 130101, "errmsg": "send too fast"}),
                "feishu": (200, {"code": 11232, "msg": "frequency limited"}),
            }.get(self.kind, (429, {}))
        problem = getattr(self, f"_{self.kind}")(path, headers, body)
        if problem:
            self.refused.append(problem)
            return problem
        self.arrived.append(json.loads(body))
        ok = {"feishu": {"code": 0, "msg": "success"}}
        return 200, ok.get(self.kind, {"errcode": 0, "errmsg": "ok"})

    def _wecom(self, path, _headers, body):
        told = json.loads(body)
        if parse_qs(urlsplit(path).query).get("key") != ["K"]:
            return 200, {"errcode": 93000, "errmsg": "invalid webhook url"}
        if len(told["markdown"]["content"].encode()) > 4096:
            return 200, {"errcode": 40058, "errmsg": "content exceed max length"}
        return None

    def _dingtalk(self, path, _headers, body):
        if len(body) > 20_000:
            return 200, {"errcode": 460101, "errmsg": "body too large"}
        query = parse_qs(urlsplit(path).query)
        stamp = query["timestamp"][0]
        digest = hmac.new(
            SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256
        )
        right = base64.b64encode(digest.digest()).decode()
        is_late = abs(int(stamp) / 1000 - NOW.timestamp()) > 3600
        if query["sign"] != [right] or is_late or query["access_token"] != ["T"]:
            return 200, {"errcode": 310000, "errmsg": "sign not match"}
        return None

    def _feishu(self, _path, _headers, body):
        if len(body) > 20_000:
            return 200, {"code": 9499, "msg": "Bad Request"}
        told = json.loads(body)
        key = f"{told['timestamp']}\n{SECRET}".encode()
        right = base64.b64encode(hmac.new(key, digestmod=hashlib.sha256).digest())
        if told["sign"] != right.decode():
            return 200, {"code": 19021, "msg": "sign match fail"}
        return None

    def _webhook(self, _path, headers, body):
        signed = headers["X-Aftersight-Timestamp"].encode() + b"." + body
        right = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(
            headers["X-Aftersight-Signature"], f"sha256={right}"
        ):
            return 401, {}
        key = headers["Idempotency-Key"]
        self.repeated += key in self.keys
        self.keys.add(key)
        return None


@contextmanager
def serving(receiver, path="/"):
    """Serve a receiver on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, told = receiver.answer(self.path, self.headers, body)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    receiver.url = f"http://127.0.0.1:{server.server_port}{path}"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


PLACES = {
    "wecom": ("/cgi-bin/webhook/send?key=K", lambda url, _: WeCom(name="c", url=url)),
    "dingtalk": (
        "/robot/send?access_token=T",
        lambda url, s: DingTalk(name="c", url=url, secret=s),
    ),
    "feishu": (
        "/open-apis/bot/v2/hook/H",
        lambda url, s: Feishu(name="c", url=url, secret=s),
    ),
    "webhook": ("/in", lambda url, s: Webhook(name="c", url=url, secret=s)),
}


@pytest.mark.parametrize("kind", list(PLACES))
def test_each_robot_takes_what_we_send(kind):
    """Address, signature and body are as its maker wants them."""
    path, make = PLACES[kind]
    with serving(Receiver(kind), path) as receiver:
        make(receiver.url, SECRET).send(message(), "", NOW)

    assert receiver.refused == []
    assert "待工位" in json.dumps(receiver.arrived, ensure_ascii=False)
    assert "https://x/alerts" in json.dumps(receiver.arrived)


@pytest.mark.parametrize("kind", ["dingtalk", "feishu", "webhook"])
def test_a_wrong_secret_is_refused_for_good(kind):
    """Nothing is tried again that can never succeed."""
    path, make = PLACES[kind]
    with (
        serving(Receiver(kind), path) as receiver,
        pytest.raises(ChannelError) as error,
    ):
        make(receiver.url, "wrong").send(message(), "", NOW)

    assert not error.value.again
    assert receiver.arrived == []


def test_signatures_as_published():
    """Worked out apart, byte by byte, with openssl."""
    assert dingtalk_sign("this is secret", "1577262236757") == DINGTALK_SIGN
    assert feishu_sign("demo", "1599360473") == FEISHU_SIGN


def test_a_long_text_is_cut_between_characters():
    """企业微信 takes 4096 bytes; half a character would be refused."""
    text = cut("警" * 3000, 4096)

    assert len(text.encode()) <= 4096
    assert text.endswith("…")
    assert cut("short", 4096) == "short"
    with serving(Receiver("wecom"), PLACES["wecom"][0]) as receiver:
        channel = WeCom(name="c", url=receiver.url)
        channel.send(message(text="警" * 3000), "", NOW)
    assert len(receiver.arrived) == 1


@pytest.fixture
def sent(state):
    """Return a function that runs the sender at some moments, and what it left."""

    def run(channel, messages, *seconds, sender=None):
        state.deliveries.add(messages)
        sender = sender or Sender(state, {"c": channel}, lambda _: "li@example.com")
        for moment in seconds:
            sender.send_due(NOW + timedelta(seconds=moment))
        return state.deliveries.since(NOW)[::-1]

    return run


def test_what_fails_is_tried_again_with_growing_patience(sent):
    """502, silence, then success: three tries, one message."""
    failures = [(502, {}), (503, {})]
    with serving(Receiver("webhook", failures=failures)) as receiver:
        channel = PLACES["webhook"][1](receiver.url, SECRET)
        (one,) = sent(channel, [message()], 0, 10, 15, 30, 44, 45)

    assert (one.status, one.attempts) == (Sending.SENT, 3)
    assert len(receiver.arrived) == 1
    assert [back_off(n).total_seconds() for n in (1, 2, 3, 20)] == [15, 30, 60, 3600]


def test_it_gives_up_and_says_so(sent):
    """After some tries a message has failed, with the reason."""
    with serving(Receiver("webhook", failures=[(500, {})] * 50)) as receiver:
        channel = PLACES["webhook"][1](receiver.url, SECRET)
        (one,) = sent(channel, [message()], *range(0, 40_000, 900))

    assert (one.status, one.attempts, one.error) == (Sending.FAILED, TRIES, "HTTP 500")


def test_a_server_that_is_away_is_no_crash(sent):
    """Refused connections are tried again."""
    with serving(Receiver("webhook")) as receiver:
        channel = PLACES["webhook"][1](receiver.url, SECRET)
    (one,) = sent(channel, [message()], 0)

    assert (one.status, one.attempts) == (Sending.WAITING, 1)


def test_a_planned_message_is_sent_once(sent, state):
    """Planned twice, looked at twice: one request."""
    with serving(Receiver("webhook")) as receiver:
        channel = PLACES["webhook"][1](receiver.url, SECRET)
        sent(channel, [message(), message()], 0, 1, 2)
        state.deliveries.add([message()])
        sent(channel, [], 3)

    assert len(receiver.arrived) == 1
    assert receiver.repeated == 0


def test_a_message_sent_twice_can_be_told(sent, state):
    """Killed between sending and noting so: it comes again under the same key."""
    with serving(Receiver("webhook")) as receiver:
        channel = PLACES["webhook"][1](receiver.url, SECRET)
        state.deliveries.add([message()])
        channel.send(state.deliveries.due(NOW)[0], "", NOW)  # and then it died
        sent(channel, [], 1)

    assert receiver.repeated == 1


def test_never_faster_than_the_robot_allows(sent, state):
    """Fifty messages over a robot of twenty a minute take three minutes."""
    messages = [message(f"red:{n}:li:c") for n in range(50)]
    with serving(Receiver("wecom"), PLACES["wecom"][0]) as receiver:
        channel = WeCom(name="c", url=receiver.url)
        sender = Sender(state, {"c": channel}, lambda _: "")
        counts = []
        for second in (0, 30, 59, 60, 119, 120):
            sent(channel, messages if second == 0 else [], second, sender=sender)
            counts.append(len(receiver.arrived))

    assert counts == [20, 20, 20, 40, 40, 50]


@pytest.mark.parametrize("kind", list(PLACES))
def test_a_robot_that_has_had_enough_is_left_alone(sent, kind):
    """Each maker says so in another way; nothing is lost, nothing is hurried."""
    path, make = PLACES[kind]
    with serving(Receiver(kind, allowed=1), path) as receiver:
        channel = make(receiver.url, SECRET)
        messages = [message(f"red:{n}:li:c") for n in range(3)]
        kept = sent(channel, messages, 0)
        assert [one.status for one in kept].count(Sending.SENT) == 1
        assert [one.attempts for one in kept] == [1, 1, 0]
        receiver.allowed = 10
        later = channel.pause.total_seconds() + 1
        kept = sent(channel, [], later, later + 1)
    assert [one.status for one in kept] == [Sending.SENT] * 3


SAYS = [
    # kind, answer, again, busy
    ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, True, True),
    ("wecom", {"errcode": 45033, "errmsg": "concurrency out of limit"}, True, True),
    ("wecom", {"errcode": -1, "errmsg": "system error"}, True, False),
    ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, False, False),
    ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, True, True),
    ("dingtalk", {"errcode": 410100, "errmsg": "发送速度太快而限流"}, True, True),
    ("dingtalk", {"errcode": -1, "errmsg": "system busy"}, True, False),
    (
        "dingtalk",
        {"errcode": 310000, "errmsg": "keywords not in content"},
        False,
        False,
    ),
    ("feishu", {"code": 11232, "msg": "frequency limited"}, True, True),
    ("feishu", {"code": 9499, "msg": "too many request"}, True, True),
    ("feishu", {"code": 9499, "msg": "Bad Request"}, False, False),
    ("feishu", {"StatusCode": 9499, "StatusMessage": "Bad Request"}, False, False),
    ("feishu", {"code": 19021, "msg": "sign match fail"}, False, False),
    ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, False, False),
]


@pytest.mark.parametrize(("kind", "answer", "again", "busy"), SAYS)
def test_what_a_robot_says_is_understood(kind, answer, again, busy):
    """Too often waits, busy tries again, and what will not change is given up."""
    path, make = PLACES[kind]
    receiver = Receiver(kind, failures=[(200, answer)])
    with serving(receiver, path), pytest.raises(ChannelError) as raised:
        make(receiver.url, SECRET).send(message(), "", NOW)
    assert (raised.value.again, raised.value.is_busy) == (again, busy)


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_a_robot_is_never_given_more_than_it_takes(kind):
    """Ten thousand characters, or as many lines, are cut, not refused."""
    path, make = PLACES[kind]
    with serving(Receiver(kind), path) as receiver:
        for text in ("红" * 10_000, "红\n" * 10_000):
            make(receiver.url, SECRET).send(message(text=text), "", NOW)
    assert len(receiver.arrived) == 2


def test_five_a_second_and_no_more(sent, state):
    """飞书 takes five messages a second: the sixth goes with the next round."""
    messages = [message(f"red:{n}:li:c") for n in range(12)]
    with serving(Receiver("feishu"), PLACES["feishu"][0]) as receiver:
        channel = PLACES["feishu"][1](receiver.url, SECRET)
        sender = Sender(state, {"c": channel}, lambda _: "")
        counts = []
        for second in (0, 5, 10):
            sent(channel, messages if second == 0 else [], second, sender=sender)
            counts.append(len(receiver.arrived))
    assert counts == [5, 10, 12]


class Box:
    """What a mail server has taken."""

    def __init__(self):
        self.taken = []
        self.refusals = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        """Take a message, or refuse it."""
        if self.refusals:
            return self.refusals.pop(0)
        self.taken.append(envelope.content)
        return "250 taken"


@pytest.fixture
def mailbox():
    """Return a real mail server and what it took."""
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    # A connection that its client has just closed is closed here a step later.
    settled = asyncio.run_coroutine_threadsafe(asyncio.sleep(0.2), controller.loop)
    settled.result(10)
    controller.stop()


def mail(box):
    return Mail(
        name="c", host="127.0.0.1", port=box.port, sender="bi@example.com", tls="none"
    )


def test_mail_arrives_in_chinese(sent, mailbox):
    """Subject and text are readable; the Message-ID is the message's own."""
    (one,) = sent(mail(mailbox), [message()], 0)

    assert one.status is Sending.SENT
    (content,) = mailbox.taken
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    assert parsed["Subject"] == "2 项告警需要处理"
    assert "待工位" in parsed.get_content()
    assert parsed["Message-ID"].endswith("@example.com>")
    assert parsed["To"] == "li@example.com"


def test_a_full_mailbox_is_tried_again_a_wrong_one_is_not(sent, mailbox):
    """4xx is for now, 5xx is for good."""
    mailbox.refusals = ["452 full", "550 nobody"]
    one = sent(mail(mailbox), [message()], 0)[0]
    assert one.status is Sending.WAITING
    (one,) = sent(mail(mailbox), [], 60)
    assert one.status is Sending.FAILED
    assert mailbox.taken == []


def test_without_an_address_no_mail():
    """It is said whose address is missing."""
    with pytest.raises(ChannelError, match="li has no mail address"):
        Mail(name="c", host="127.0.0.1", sender="a@b").send(message(), "", NOW)


def test_a_broken_channel_is_an_alert(sent, state):
    """Three failures raise it once; the first message that arrives ends it."""
    with serving(Receiver("webhook", failures=[(500, {})] * 4)) as receiver:
        channel = PLACES["webhook"][1](receiver.url, SECRET)
        sender = Sender(state, {"c": channel}, lambda _: "")
        shown = []
        for number, second in enumerate((0, 20, 60, 200, 400)):
            sent(channel, [message()], second, sender=sender)
            judge_channels(state, ["c"], NOW + timedelta(seconds=second))
            shown.append([a.instance.state for a in state.alerts.active(NOW)])
            assert number < 5

    firing = [Standing.FIRING]
    assert shown == [[], [], firing, firing, []]
    kinds = [e.kind for e in state.alerts.entries_since(NOW)]
    assert kinds.count("fired") == kinds.count("recovered") == 1


TOML = """
link = "https://bi.example.com"

[escalation]
steps = [{ after_minutes = 15, to = "region_manager" }]
hours = "09:00-18:00"

[budget]
store_manager = 3

[[channel]]
name = "ops"
kind = "dingtalk"
url = "${DING_URL}"
secret = "${DING_SECRET}"

[[recipient]]
name = "east"
channels = ["ops"]
quiet = "22:00-07:00"

[[recipient]]
name = "duty"
role = "data_admin"
scope = "all"
channels = ["ops"]
digest_at = ""
"""
ENVIRONMENT = {"DING_URL": "https://x/robot", "DING_SECRET": "s3"}


def test_the_configuration_is_read(tmp_path):
    """Secrets come from the environment and are shown to nobody."""
    path = tmp_path / "alerts.toml"
    path.write_text(TOML, encoding="utf-8")

    found = read(path, ENVIRONMENT)

    assert found.channels["ops"] == DingTalk(
        name="ops", url="https://x/robot", secret="s3"
    )
    assert "s3" not in repr(found)
    assert "https://x/robot" not in repr(found)
    assert [step.after for step in found.steps] == [timedelta(minutes=15)]
    east, duty = found.recipients
    assert (east.role, east.digest_at.hour) == (None, 8)
    assert duty.digest_at is None
    assert read(None, {}).recipients == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("dingtalk", "dingtak", "did you mean dingtalk"),
        ('channels = ["ops"]\nquiet', 'channels = ["op"]\nquiet', "did you mean ops"),
        ("22:00-07:00", "22-7", "write hours as"),
        ("data_admin", "boss", "boss"),
        ("${DING_SECRET}", "${NOBODY}", "NOBODY"),
        (
            "[budget]\nstore_manager",
            "[budget]\nstore_managr",
            "did you mean store_manager",
        ),
        ("link =", "links =", "did you mean link"),
        ('to = "region_manager"', 'to = "nobody"', "nobody"),
        ('scope = "all"', 'scope = "city:x"', "city"),
    ],
)
def test_a_mistake_is_named(tmp_path, old, new, told):
    """What is wrong, and what would be right."""
    path = tmp_path / "alerts.toml"
    path.write_text(TOML.replace(old, new), encoding="utf-8")

    with pytest.raises(ConfigurationError, match=told):
        read(path, ENVIRONMENT)
