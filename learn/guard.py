"""What keeps the classroom harmless to the rooms beside it: its consumers are small, and anybody may use them."""

import asyncio
import time
from collections import Counter
from typing import Any

from django.db import Error as DatabaseError

from chat import limits
from chat.handshake import refuse, visitor
from chat.identity import Identity
from chat.protocol import TRY_AGAIN_LATER, Refused, unavailable
from learn.answers import as_the_product_does, check, refuse_request

OPEN_MAX = 1000  # connections and requests of the classroom, in this process
ROOM_MAX = 50  # WebSockets of one address: what is said on one of them may go to all of them
FRAME_MAX = 16 * 1024  # characters or bytes
BODY_MAX = 64 * 1024  # bytes of a request
PACE = 0.02  # seconds between frames of one connection; uvicorn reads no further meanwhile
PACE_OF_ALL = 0.02  # seconds between frames of all connections: one may be sent on to a whole room
PATIENCE = 2.0  # seconds for a client to take a frame
TOO_BIG = 1009


class Guarded:
    """How many connections, how big and how fast their frames, and how long they may take to read.

    Who comes from where is counted as in the rooms, with the same settings.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        is_request = scope["type"] == "http"
        if is_request:
            send = as_the_product_does(scope, send)
        try:
            if is_request:
                check(scope)
            room = entered_room(scope)
            try:
                you = await entered(scope)
            except BaseException:
                left_room(room)
                raise
        except Refused as refused:
            if is_request:
                await refuse_request(send, refused)
            else:
                code = TRY_AGAIN_LATER if refused.code == "unavailable" else refused.close_code
                await refuse(scope, receive, send, refused, code)
            return
        try:
            if is_request:
                await self.application(scope, limited_body(receive), send)
            else:
                await self.application(scope, *guarded(receive, send, you))
        finally:
            left(you)
            left_room(room)


_rooms: Counter[str] = Counter()  # WebSockets by path


def entered_room(scope: dict[str, Any]) -> str:
    """The room that is entered, "" for a request; each needs a `left_room`. Raises Refused."""
    if scope["type"] == "http":
        return ""
    room: str = scope["path"]
    if _rooms[room] >= ROOM_MAX:
        raise Refused("unavailable", "Here are too many already. Try again later.", retry_after=30)
    _rooms[room] += 1
    return room


def left_room(room: str) -> None:
    if room:
        _rooms[room] -= 1
        if not _rooms[room]:
            del _rooms[room]


_open: list[Identity] = []  # everybody's connections and requests
_connections = limits.Connections()


async def entered(scope: dict[str, Any]) -> Identity:
    """Who comes; each needs a `left`. Raises Refused."""
    if len(_open) >= OPEN_MAX:
        raise Refused("unavailable", "The classroom is full. Try again later.", retry_after=30)
    try:
        you = await visitor(scope)
    except DatabaseError as error:
        raise unavailable() from error
    if scope["type"] == "http":
        limits.take(limits.MESSAGES, you)
    _connections.enter(you)
    _open.append(you)
    return you


def left(you: Identity) -> None:
    _open.remove(you)
    _connections.leave(you)


async def turn(you: Identity) -> None:
    """A frame beyond CHAT_RATE_LIMIT or CHAT_ADDRESS_LIMIT waits; uvicorn reads no further meanwhile."""
    while True:
        try:
            return limits.take(limits.MESSAGES, you)
        except Refused as refused:
            await asyncio.sleep(refused.retry_after or 1)


_next_at = 0.0


def _next_of_all() -> float:
    """How long a frame waits for those before it: first come, first served, and each connection has one that waits."""
    global _next_at
    now = time.monotonic()
    _next_at = max(now, _next_at) + PACE_OF_ALL
    return _next_at - PACE_OF_ALL - now


def guarded(receive: Any, send: Any, you: Identity) -> tuple[Any, Any]:
    loop = asyncio.get_running_loop()
    next_at = 0.0

    async def paced() -> dict[str, Any]:
        nonlocal next_at
        event: dict[str, Any] = await receive()
        if event["type"] == "websocket.receive":
            if len(event.get("text") or event.get("bytes") or b"") > FRAME_MAX:
                await patient({"type": "websocket.close", "code": TOO_BIG})
                return {"type": "websocket.disconnect", "code": TOO_BIG}
            await asyncio.sleep(max(0.0, next_at - loop.time()))
            next_at = loop.time() + PACE
            await turn(you)
            await asyncio.sleep(_next_of_all())
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
