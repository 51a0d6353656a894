"""Two servers, a Redis, and the relay between it and the second one: started, hindered, killed, started again."""

import asyncio
import json
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from websockets.asyncio.client import connect

from e2e.lab.relay import Relay
from e2e.servers import Server
from e2e.services import Valkey

POLL_SECONDS = "1"
APPLICATION = "e2e.lab.server:application"


class Stack:
    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="chat-lab-")
        folder = Path(self._folder.name)
        self.database = f"sqlite:///{folder}/db.sqlite3"
        self.redis = Valkey(folder)
        self.relay = Relay(self.redis.port)
        self.is_away = False  # Redis
        self.servers: dict[str, Server] = {}
        self._changing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.redis.start)
        await self.relay.start()
        layers = {"A": self.redis.port, "B": self.relay.port}
        self.servers = {name: self._server(port) for name, port in layers.items()}
        await asyncio.to_thread(self.servers["A"].manage, "migrate", "--verbosity", "0")
        await asyncio.gather(*(asyncio.to_thread(server.start) for server in self.servers.values()))
        return self

    def _server(self, redis: int) -> Server:
        environment = {"DEBUG": "1", "CHAT_RATE_LIMIT": "", "CHAT_POLL_SECONDS": POLL_SECONDS}
        url = f"redis://127.0.0.1:{redis}/0"
        return Server(Path(self._folder.name), application=APPLICATION, REDIS_URL=url, LEARN="1", **environment)

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        at: TracebackType | None) -> None:  # fmt: skip
        # Nothing is awaited before all of them are gone: Ctrl-C may cancel what waits.
        for server in self.servers.values():
            server.kill()
        self.redis.kill()
        self._folder.cleanup()
        await self.relay.stop()

    def log(self) -> str:
        return "\n".join(server.log.read_text() for server in self.servers.values())

    # Both lanes may ask for the same: done once.

    async def kill_b(self) -> None:
        async with self._changing:
            await asyncio.to_thread(self.servers["B"].kill)

    async def start_b(self) -> None:
        async with self._changing:
            process = self.servers["B"].process
            if process and process.poll() is not None:
                await asyncio.to_thread(self.servers["B"].start)

    async def kill_redis(self) -> None:
        async with self._changing:
            self.is_away = True
            await asyncio.to_thread(self.redis.kill)

    async def start_redis(self) -> None:
        async with self._changing:
            if self.is_away:
                await asyncio.to_thread(self.redis.start)
                self.is_away = False

    async def until_both_hear(self, group: str) -> None:
        """Until both servers have subscribed to it again, which takes them about a second."""
        async with asyncio.timeout(10):
            while not self.redis.command("PUBSUB", "NUMSUB", f"asgi__group__{group}").endswith(b":2\r\n"):
                await asyncio.sleep(0.05)

    async def hinder_b(self, lane: str, **told: bool) -> None:
        async with connect(f"{self.servers['B'].ws}/ws/lab/control/", compression=None) as control:
            await control.send(json.dumps({"lane": lane, **told}))
            await control.recv()
