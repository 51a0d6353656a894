"""What keeps the classroom harmless to the rooms beside it: its consumers are small, and anybody may use them."""

import asyncio
from typing import Any

from chat.handshake import refuse
from chat.protocol import TRY_AGAIN_LATER, Refused

SOCKETS_MAX = 1000  # of the classroom, in this process
FRAME_MAX = 16 * 1024  # characters or bytes
BODY_MAX = 64 * 1024  # bytes of a request
PACE = 0.02  # seconds between frames of one connection; uvicorn reads no further meanwhile
PATIENCE = 2.0  # seconds for a client to take a frame
TOO_BIG = 1009


class Guarded:
    """How many connections, how big and how fast their frames, and how long they may take to read."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.open = 0

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await self.application(scope, limited_body(receive), send)
        elif self.open >= SOCKETS_MAX:
            refused = Refused("unavailable", "The classroom is full. Try again later.")
            await refuse(scope, receive, send, refused, TRY_AGAIN_LATER)
        else:
            self.open += 1
            try:
                await self.application(scope, *guarded(receive, send))
            finally:
                self.open -= 1


def guarded(receive: Any, send: Any) -> tuple[Any, Any]:
    loop = asyncio.get_running_loop()
    next_at = 0.0

    async def paced() -> dict[str, Any]:
        nonlocal next_at
        event: dict[str, Any] = await receive()
        if event["type"] == "websocket.receive":
            await asyncio.sleep(max(0.0, next_at - loop.time()))
            next_at = loop.time() + PACE
            if len(event.get("text") or event.get("bytes") or b"") > FRAME_MAX:
                await patient({"type": "websocket.close", "code": TOO_BIG})
                return {"type": "websocket.disconnect", "code": TOO_BIG}
        return event

    async def patient(event: dict[str, Any]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await send(event)
        except TimeoutError:  # nobody reads: websocket.disconnect comes when the line is cut
            if transport := getattr(getattr(send, "__self__", None), "transport", None):
                transport.abort()
        except OSError:  # it has gone, and a consumer that failed for that would never hear websocket.disconnect
            pass

    return paced, patient


def limited_body(receive: Any) -> Any:
    """A body that is too long ends as if the client had left."""
    size = 0

    async def limited() -> dict[str, Any]:
        nonlocal size
        event: dict[str, Any] = await receive()
        size += len(event.get("body", b""))
        return event if size <= BODY_MAX else {"type": "http.disconnect"}

    return limited
