"""A thousand walls and fifty executives, as sockets: `python -m tests.live.load`.

Reads a plan as JSON on stdin (host, port, walls: [[store, cookie]…], clicks: [[body,
headers]…], seconds, interval) and prints what it saw as JSON. A process of its own, so
that its work is not the server's.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from typing import Any


class Talk:
    """One kept-open connection that asks and reads whole answers."""

    def __init__(self, host: str, port: int) -> None:
        self.place = (host, port)
        self.ways: Any = None

    async def ask(self, head: str, body: bytes = b"") -> tuple[int, dict, bytes]:
        """Send a request; return status, headers and body of the answer."""
        if self.ways is None:
            self.ways = await asyncio.open_connection(*self.place)
        reader, writer = self.ways
        try:
            writer.write(f"{head}\r\n\r\n".encode() + body)
            await writer.drain()
            raw = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = raw.split("\r\n")
            told = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
            told = {name.lower(): value for name, value in told.items()}
            length = int(told.get("content-length", 0))
            status = int(lines[0].split(" ")[1])
            content = await reader.readexactly(length) if status != 304 else b""
            if told.get("connection", "").lower() == "close":
                self.close()
            return status, told, content
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the connection up; the next question opens another."""
        if self.ways is not None:
            self.ways[1].close()
            self.ways = None


class Tally:
    """What was seen of one kind of reader."""

    def __init__(self) -> None:
        self.statuses: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.bytes = 0

    def note(self, status: object, seconds: float, size: int = 0) -> None:
        """Count an answer."""
        self.statuses[str(status)] += 1
        self.seconds.append(seconds)
        self.bytes += size

    def told(self) -> dict[str, Any]:
        """Return counts and percentiles in milliseconds."""
        times = sorted(self.seconds) or [0.0]
        at = lambda share: 1000 * times[min(len(times) - 1, int(share * len(times)))]  # noqa: E731
        return {
            "answers": sum(self.statuses.values()),
            "statuses": dict(self.statuses),
            "p50": at(0.5),
            "p99": at(0.99),
            "most": 1000 * times[-1],
            "bytes": self.bytes,
        }


async def timed(talk: Talk, tally: Tally, head: str, body: bytes = b"") -> dict:
    """Ask once and count it; return the answer's headers, empty on an error."""
    began = time.monotonic()
    try:
        status, told, content = await asyncio.wait_for(talk.ask(head, body), 30)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        tally.note(type(error).__name__, time.monotonic() - began)
        return {}
    tally.note(status, time.monotonic() - began, len(content))
    return told


async def wall(plan: dict, store: str, cookie: str, tally: Tally, end: float) -> None:
    """Poll one wall, as assets/10-live.js does."""
    talk, tag = Talk(plan["host"], plan["port"]), ""
    await asyncio.sleep(random.random() * plan["interval"])
    while time.monotonic() < end:
        head = (
            f"GET /api/v1/walls/{store}?lang=zh HTTP/1.1\r\nHost: wall\r\n"
            f"Accept-Encoding: gzip, br\r\nCookie: {cookie}"
        )
        told = await timed(talk, tally, head + tag)
        if told.get("etag"):
            tag = f"\r\nIf-None-Match: {told['etag']}"
        await asyncio.sleep(plan["interval"] * random.uniform(0.8, 1.2))
    talk.close()


async def executive(plan: dict, number: int, tally: Tally, end: float) -> None:
    """Click through the views of the overview, a click every five seconds or so."""
    talk, clicks = Talk(plan["host"], plan["port"]), plan["clicks"]
    await asyncio.sleep(random.random() * plan["think"])
    while time.monotonic() < end:
        click, headers = clicks[(number + random.randrange(len(clicks))) % len(clicks)]
        body = json.dumps(click).encode()
        lines = "".join(f"\r\n{name}: {value}" for name, value in headers.items())
        head = (
            "POST /_dash-update-component HTTP/1.1\r\nHost: wall\r\n"
            "Content-Type: application/json\r\nAccept-Encoding: gzip\r\n"
            f"Content-Length: {len(body)}{lines}"
        )
        await timed(talk, tally, head, body)
        await asyncio.sleep(plan["think"] * random.uniform(0.5, 1.5))
    talk.close()


async def main() -> None:
    """Run the plan."""
    plan = json.load(sys.stdin)
    walls, executives = Tally(), Tally()
    end = time.monotonic() + plan["seconds"]
    tasks = [wall(plan, *one, walls, end) for one in plan["walls"]]
    tasks += [executive(plan, n, executives, end) for n in range(plan["executives"])]
    await asyncio.gather(*tasks)
    print(json.dumps({"walls": walls.told(), "executives": executives.told()}))


if __name__ == "__main__":
    asyncio.run(main())
