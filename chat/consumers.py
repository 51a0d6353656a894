"""The room's WebSocket. It reads frames, hands them to `obey`, and writes what the hub has for it."""

import asyncio
import logging
from functools import partial
from typing import Any

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error as DatabaseError

from chat import commands, limits, protocol, wire
from chat.commands import Outcome
from chat.direct import resolved
from chat.events import Frame, Whisper
from chat.handshake import query_parameter, visitor
from chat.hub import hub
from chat.observed import metrics
from chat.observed.access_log import LoggedConnection
from chat.posting import Accepted
from chat.protocol import BAD_FRAME, SUBPROTOCOL, TOO_MANY, TOO_SLOW, TRY_AGAIN_LATER, Event, Refused
from chat.subscriber import CLOSE_TIMEOUT, CUT_OFF, Subscriber

logger = logging.getLogger(__name__)

BAD_FRAMES_MAX = 3
IN_FLIGHT_MAX = 64  # frames of one connection that wait for the database, or answers; then it is not read any further
FLOOD_MAX = 100  # frames refused for their rate or their length, on one connection

_sending: set[asyncio.Task[None]] = set()  # of all connections; the event loop alone would not keep them


class ChatConsumer(AsyncWebsocketConsumer):
    """`/ws/chat/<room>/`: `chat.v1`, or the Channels tutorial for a client that asks for no subprotocol."""

    channel_layer_alias = None  # no channel for each socket: the room's feed listens for all its members
    hub = staticmethod(hub)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One loop: without a channel of its own a consumer need not wait for two things at once."""
        self.scope, self.base_send = scope, send
        self.room: str = scope["url_route"]["kwargs"]["room"]
        self.connection = LoggedConnection("websocket", self.room)
        self.tutorial = not scope["subprotocols"]
        self.write = None if self.tutorial else wire.direct_write(send)
        self.subscriber: Subscriber | None = None
        self.is_closed = False
        self.bad_frames = self.flood = self.in_flight = 0
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:  # disconnect() is not called after an exception
            if self.subscriber:
                self.hub().leave(self.subscriber)
            self.connection.closed()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Without the trip to the database thread that Channels makes for each frame: chat.database sees to that."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        """Without another trip to a thread: no connection to the database was used here that could be left open."""
        self.connection.code = self.connection.code or message.get("code")
        if self.subscriber and self.connection.code == 1006:  # its client did not say that it goes
            self.subscriber.back_within = CUT_OFF
        raise StopConsumer

    async def connect(self) -> None:
        offered = self.scope["subprotocols"]
        await self.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        try:
            if offered and SUBPROTOCOL not in offered:
                raise protocol.bad_frame(f"The subprotocol spoken here is {SUBPROTOCOL}.")
            after = protocol.parse_seq(query_parameter(self.scope, "after"), "after")
            you = await visitor(self.scope)
            self.scope["headers"].clear()  # a kilobyte, for as long as the connection lasts; read for the last time
            self.room = await resolved(self.room, you)
            self.subscriber = Subscriber(self.room, you, self, self.write)
            self.connection.opened(you.id)
            await self.hub().follow(self.subscriber, after)
        except Refused as refused:
            await self.send_event(refused.event())
            await self.close(refused.close_code)
        except DatabaseError as error:
            logger.warning("connect: %s", error)
            await self.send_event(protocol.unavailable().event())
            await self.close(TRY_AGAIN_LATER)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Hand a frame to `obey` and read on; the answer follows when it is carried out."""
        if self.is_closed or not self.subscriber:  # what was on its way when we closed
            return
        try:
            frame = protocol.parse(text_data)
            if frame.get("type") == "ping" and not self.tutorial:
                limits.take(limits.PINGS, self.subscriber.you)
                await self.send_event({"type": "pong", "seq": self.subscriber.seen})
                return
            verb = commands.understand(self.room, self.subscriber.you, frame, tutorial=self.tutorial)
        except Refused as refused:
            await self.refused(refused)
            return
        outcome = commands.obey(self.hub(), verb)
        self.in_flight += 1
        outcome.add_done_callback(partial(self.answer, frame.get("client_id")))
        if self.in_flight >= IN_FLIGHT_MAX:
            await outcome

    def answer(self, client_id: str | None, future: asyncio.Future[Outcome]) -> None:
        self.in_flight -= 1
        if self.is_closed or future.cancelled() or not self.subscriber:
            return
        outcome = future.result()
        if isinstance(outcome, Refused):
            outcome.client_id = client_id
            self.soon(self.refused(outcome))
        elif client_id and not self.tutorial:
            # A command took no number. Then it is the one that this client was sent: it might remember it as seen.
            seq = outcome.seq if isinstance(outcome, Accepted) else self.subscriber.seen
            self.soon(self.send_event({"type": "ack", "client_id": client_id, "seq": seq}))

    async def refused(self, refused: Refused) -> None:
        """Say why not. A client that goes on sending nonsense, or far too fast, is sent away."""
        metrics.REFUSED.labels(refused.code).inc()
        self.bad_frames += refused.bad
        self.flood += refused.code in ("rate_limited", "too_long")
        await self.send_event(refused.event())
        if self.bad_frames >= BAD_FRAMES_MAX or self.flood >= FLOOD_MAX:
            await self.close(BAD_FRAME if self.bad_frames >= BAD_FRAMES_MAX else TOO_MANY)

    def soon(self, work: Any) -> None:
        """Where nothing can be awaited: at once, as far as the socket takes it."""
        task = asyncio.Task(work, loop=asyncio.get_running_loop(), eager_start=True)
        if not task.done():
            _sending.add(task)
            self.in_flight += 1
            task.add_done_callback(self.sent)

    def sent(self, task: asyncio.Task[None]) -> None:
        _sending.discard(task)
        self.in_flight -= 1
        if not task.cancelled():
            task.exception()  # the connection is gone: receive() hears of that by itself

    # What the hub writes to: see chat.subscriber.Line.

    async def send_event(self, event: Event) -> None:
        if self.tutorial:
            if event["type"] not in ("error", "reset"):
                return
            event = {"error": event.get("detail", "Too many messages were missed: load the page again.")}
        text = protocol.encode([event])
        if not (self.write and self.write(wire.text_frame(text))):
            await self.base_send({"type": "websocket.send", "text": text})

    async def send_frame(self, frame: Frame | Whisper) -> None:
        for text in frame.tutorial if self.tutorial else (frame.text,):
            await self.base_send({"type": "websocket.send", "text": text})

    def end(self, code: int, refused: Refused | None) -> None:
        if self.is_closed:
            return
        self.is_closed = True
        if code == TOO_SLOW:
            self.connection.too_slow()
            self.make_room()
        self.soon(self.say_goodbye(code, refused))

    async def say_goodbye(self, code: int, refused: Refused | None) -> None:
        if refused:
            await self.send_event(refused.event())
        await self.close(code)

    def make_room(self) -> None:
        """For the end of one who does not read; the line is cut if that is not taken either."""
        line = getattr(self.base_send, "__self__", None)  # uvicorn's protocol: ASGI knows neither of the two
        if writable := getattr(line, "writable", None):
            writable.set()  # behind a full buffer this one frame has a place
        if transport := getattr(line, "transport", None):
            asyncio.get_running_loop().call_later(CLOSE_TIMEOUT, transport.abort)

    async def close(self, code: int | None = None, reason: str | None = None) -> None:
        self.is_closed, self.connection.code = True, code
        await super().close(code, reason)
