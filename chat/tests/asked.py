"""Requests to the application itself, whose answers come part by part: streams and polls. A plugin of conftest.py."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator

from conftest import Open

SOON = 10  # seconds


class Asked:
    """A request to the application itself, whose client may go away."""

    def __init__(self, path: str, *, method: str = "GET", host: str = "localhost", cookie: str = "") -> None:
        from mysite.asgi import application

        path, _, query = path.partition("?")
        headers = [(b"host", host.encode()), (b"cookie", cookie.encode())]
        self.line = ApplicationCommunicator(application, {
            "type": "http", "http_version": "1.1", "scheme": "http", "method": method, "path": path,
            "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "headers": headers,
        })  # fmt: skip
        self.read = ""
        self.is_over = False

    async def begun(self) -> int:
        await self.line.send_input({"type": "http.request", "body": b"", "more_body": False})
        start = await self.line.receive_output(SOON)
        return start["status"]  # type: ignore[no-any-return]

    async def more(self) -> str:
        part = await self.line.receive_output(SOON)
        self.is_over = not part.get("more_body")
        self.read += part["body"].decode()
        return self.read

    async def block(self) -> dict[str, str]:
        """The next event of a stream, as its fields."""
        while "\n\n" not in self.read:
            await self.more()
        block, self.read = self.read.split("\n\n", 1)
        return dict(line.split(": ", 1) for line in block.splitlines())

    async def all(self) -> str:
        while not self.is_over:
            await self.more()
        return self.read

    async def goes(self) -> None:
        await self.line.send_input({"type": "http.disconnect"})
        await self.line.wait(SOON)


Ask = Callable[..., Asked]


@pytest.fixture
async def ask(opened: Open) -> AsyncIterator[Ask]:
    """Requests that have gone at the end; `opened` closes the hub after them."""
    asked: list[Asked] = []

    def ask(path: str, **options: Any) -> Asked:
        asked.append(Asked(path, **options))
        return asked[-1]

    yield ask
    for each in asked:
        if each.line.future and not each.line.future.done():
            await each.goes()
