"""A small TCP proxy in front of the servers, which can cut, freeze, swallow and block: the network that fails."""

import asyncio
import random
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

CHUNK = 65536


class Front:
    """Listens on a port of its own, in a thread of its own. Each connection goes to a backend that answers."""

    def __init__(self, *backends: int) -> None:
        self.backends = list(backends)
        self.blocked: tuple[bytes, ...] = ()  # a connection on which a client sends one of these is closed
        self.cut_before: bytes | None = None  # a connection is cut instead of handing on this
        self.cut_share = 0.75  # of the times
        self.cuts = 0
        self._open = True
        self._flowing: asyncio.Event
        self._links: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[Any] | None] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port: int = self._call(self._listen())

    def _call(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _listen(self) -> int:
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=2048)
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._links.add(writer)
        self._tasks.add(task := asyncio.current_task())
        backend: asyncio.StreamWriter | None = None
        try:
            first = await reader.read(CHUNK)
            if not self._open or self._blocks(first):
                return
            answers, backend = await self._connect()
            self._links.add(backend)
            backend.write(first)
            up = asyncio.ensure_future(self._pipe(reader, backend))
            down = asyncio.ensure_future(self._pipe(answers, writer, watch=True))
            self._tasks |= {up, down}
            try:
                await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._tasks -= {up, down}
                up.cancel()
                down.cancel()
        except OSError:
            pass
        finally:
            await self._close(*filter(None, (writer, backend)))
            self._tasks.discard(task)

    async def _close(self, *links: asyncio.StreamWriter) -> None:
        """One that still has something to send stays ours until it is closed, and is reset when we end."""
        for link in links:
            link.close() if self._open else link.transport.abort()
        for link in links:
            with suppress(OSError):
                await link.wait_closed()
            self._links.discard(link)

    def _blocks(self, data: bytes) -> bool:
        return any(word in data for word in self.blocked)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for port in random.sample(self.backends, len(self.backends)):
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        raise OSError("no backend answers")

    async def _pipe(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, watch: bool = False) -> None:
        with suppress(OSError):
            while data := await source.read(CHUNK):
                await self._flowing.wait()
                if not watch and self._blocks(data):
                    return
                if watch and self.cut_before and self.cut_before in data and random.random() < self.cut_share:
                    self.cuts += 1
                    sink.transport.abort()
                    return
                sink.write(data)
                await sink.drain()

    def _do(self, action: Callable[[], None]) -> None:
        async def done() -> None:
            action()

        self._call(done())

    def cut(self) -> None:
        """Reset every connection, and let none through until `mend`."""

        def cut() -> None:
            self._open = False
            for link in tuple(self._links):
                link.transport.abort()

        self._do(cut)

    def mend(self) -> None:
        self._open = True

    def freeze(self) -> None:
        """A black hole: nothing passes, nothing is closed."""
        self._do(lambda: self._flowing.clear())

    def thaw(self) -> None:
        self._do(lambda: self._flowing.set())

    async def _end(self) -> None:
        # First accept no more, and only then close: asyncio forgets the socket of whom it accepts meanwhile, open.
        # For the same reason only our own tasks are cancelled, not its own that accept.
        self._loop.remove_reader(self._server.sockets[0].fileno())
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in filter(None, self._tasks):
                task.cancel()
            await asyncio.wait(tasks, timeout=0.1)
        self._server.close()

    def stop(self) -> None:
        self.cut()
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
