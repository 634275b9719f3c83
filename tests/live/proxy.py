"""A TCP proxy that breaks the network between a browser and the server on demand."""

import asyncio
import threading
import time
from contextlib import suppress
from typing import Any

BAD_GATEWAY = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n"
    b"Content-Length: 11\r\nConnection: close\r\n\r\nbad gateway"
)
FOR_EVER = 100_000


class FaultProxy:
    """Listens on a port of its own; *mode* may change at any time.

    up: passes everything on. refuse: closes at once. 502: answers for the server.
    freeze: what is open goes silent, what is new hangs. halfopen: what is open goes
    silent, what is new works. *delay* holds back what comes from the server.
    """

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        self.delay = 0.0
        self._mode = "up"
        self._era = 0
        self._loop: Any = None
        self._end: Any = None
        self._ready = threading.Event()
        self.port = 0
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self._thread.daemon = True
        self._thread.start()
        self._ready.wait(5)

    @property
    def url(self) -> str:
        """The address that the browser is given."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def mode(self) -> str:
        """How the network behaves now."""
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        if mode in {"freeze", "halfopen"}:
            self._era += 1
        self._mode = mode

    def away(self, seconds: float, mode: str = "refuse") -> None:
        """Break the network for some seconds, and mend it."""
        self.mode = mode
        time.sleep(seconds)
        self.mode = "up"

    def stop(self) -> None:
        """End it, and whatever still hangs."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    async def _run(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        # A server that is closed leaves a connection that it is just accepting open for
        # ever (its transport fails half made): first nothing more is accepted.
        for listening in server.sockets:
            self._loop.remove_reader(listening.fileno())
        # What is cancelled before its first step closes no socket: let it take it.
        await asyncio.sleep(0.05)
        server.close()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.wait(others, timeout=5)
        # One that is closed waits for who does not read; one that is aborted does not.
        # The loop knows them all, those too whose task never took its first step.
        for transport in list(self._loop._transports.values()):
            transport.abort()
        await asyncio.sleep(0.05)  # What was closed has to be seen to.

    async def _accept(self, reader: Any, writer: Any) -> None:
        mode, era = self._mode, self._era
        with suppress(OSError, asyncio.CancelledError):
            if mode == "freeze":
                await asyncio.sleep(FOR_EVER)
            if mode == "502":
                await reader.read(4096)
                writer.write(BAD_GATEWAY)
                await writer.drain()
            if mode not in {"refuse", "502"}:
                await self._pass(reader, writer, era)
        writer.transport.abort() if mode == "refuse" else writer.close()

    async def _pass(self, reader: Any, writer: Any, era: int) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.upstream)
        ways = (
            self._pipe(reader, back, era, False),
            self._pipe(there, writer, era, True),
        )
        tasks = [asyncio.ensure_future(way) for way in ways]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if era != self._era:
                await asyncio.sleep(FOR_EVER)  # Nobody is told that it is dead.
        finally:
            for task in tasks:
                task.cancel()
            back.close()

    async def _pipe(self, reader: Any, writer: Any, era: int, is_answer: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if is_answer and self.delay:
                    await asyncio.sleep(self.delay)
                if era != self._era:
                    await asyncio.sleep(FOR_EVER)
                if self._mode in {"refuse", "502"}:
                    return  # The server behind it has gone.
                writer.write(data)
                await writer.drain()
