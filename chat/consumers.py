"""The room's WebSocket. It authorises, parses, calls one verb, answers; the feed does the rest."""

import asyncio
import logging
from functools import partial
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error as DatabaseError

from chat import commands, identity, limits, metrics, protocol, wire, writer
from chat.access import Connection, log_refused
from chat.database import reading_together
from chat.events import Frame, hello_event
from chat.hub import hub
from chat.member import CLOSE_TIMEOUT, Member
from chat.posting import Say, Verdict
from chat.protocol import Event, Ping, Refused, Saying
from chat.sessions import Ticket
from chat.writer import unavailable

logger = logging.getLogger(__name__)

BAD_FRAMES_MAX = 3
REPLAY_TIMEOUT = 30.0  # seconds for a client to take one frame of its replay
IN_FLIGHT_MAX = 64  # messages of one connection that wait for the database; then it is not read any further
FLOOD_MAX = 100  # messages refused for their rate, on one connection
TRY_AGAIN_LATER = 1013

_identify = reading_together(identity.of_cookie_headers)


class ChatConsumer(AsyncWebsocketConsumer):
    """`/ws/chat/<room>/`: `chat.v1`, or the Channels tutorial for a client that asks for no subprotocol."""

    channel_layer_alias = None  # no channel for each socket: the room's feed listens for all its members

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One loop: without a channel of its own a consumer need not wait for two things at once."""
        self.scope, self.base_send = scope, send
        self.room: str = scope["url_route"]["kwargs"]["room"]
        self.connection = Connection("websocket", self.room)
        self.tutorial = not scope["subprotocols"]
        self.write = None if self.tutorial else wire.direct_write(send)
        self.member = Member(self.send_frame, self.too_slow, self.write)
        self.ticket: Ticket | None = None
        self.is_closed = False
        self.bad_frames = self.flood = self.in_flight = 0
        self.sending: set[asyncio.Task[None]] = set()
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:  # disconnect() is not called after an exception
            hub().leave(self.room, self.member)
            if self.ticket:
                hub().sessions.discard(self.ticket, self.session_ended)
            self.connection.closed()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Without the trip to the database thread that Channels makes for each frame: chat.database sees to that."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        """Without another trip to a thread: no connection to the database was used here that could be left open."""
        self.connection.code = self.connection.code or message.get("code")
        raise StopConsumer

    async def connect(self) -> None:
        offered = self.scope["subprotocols"]
        await self.accept(protocol.SUBPROTOCOL if protocol.SUBPROTOCOL in offered else None)
        try:
            if offered and protocol.SUBPROTOCOL not in offered:
                raise protocol.bad_frame(f"The subprotocol spoken here is {protocol.SUBPROTOCOL}.")
            after = protocol.parse_seq(query_parameter(self.scope, "after"), "after")
            cookie = header(self.scope, b"cookie")
            self.scope["headers"].clear()  # a kilobyte, for as long as the connection lasts; read for the last time
            self.you = await _identify(cookie) if cookie else identity.stranger()
            await self.join(after)
        except Refused as refused:
            await self.send_event(refused.event())
            await self.close(protocol.BAD_FRAME)
        except DatabaseError as error:
            logger.warning("connect: %s", error)
            await self.send_event(unavailable().event())
            await self.close(TRY_AGAIN_LATER)

    async def join(self, after: int | None) -> None:
        seq, can_replay = await hub().join(self.room, self.member, after)
        self.connection.opened(self.you.id)
        self.ticket = self.you.ticket
        if self.ticket:
            hub().sessions.add(self.ticket, self.session_ended)
        if not self.tutorial:
            await self.send_event(self.hello(seq))
        if not can_replay:
            behind = Refused("unavailable", "Too many messages were missed: load the page again.").event()
            await self.send_event(behind if self.tutorial else {"type": "reset", "seq": seq})
        elif after is not None:
            async for frame in hub().replay(self.room, after, seq):
                if self.is_closed:  # the session ended
                    return
                try:
                    async with asyncio.timeout(REPLAY_TIMEOUT):
                        await self.send_frame(frame)
                except TimeoutError:
                    self.too_slow()
                    return
                if self.is_closed:
                    return
                seq = frame.last
        self.member.go_live(seq)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.is_closed:  # what was on its way when we closed
            return
        try:
            asked = protocol.parse(text_data, tutorial=self.tutorial)
            if isinstance(asked, Saying):
                await self.say(asked)
            elif isinstance(asked, Ping):
                await self.send_event({"type": "pong", "seq": self.member.seen})
        except Refused as refused:
            metrics.REFUSED.labels(refused.code).inc()
            await self.send_event(refused.event())
            self.bad_frames += refused.bad
            self.flood += refused.code == "rate_limited"
            if self.bad_frames >= BAD_FRAMES_MAX:
                await self.close(protocol.BAD_FRAME)
            elif self.flood >= FLOOD_MAX:
                await self.close(protocol.TOO_MANY)

    async def say(self, saying: Saying) -> None:
        """Hand a message to the writer and read on; the answer follows when it is stored."""
        try:
            limits.take(self.you.id)
            if (name := commands.asked_name(saying)) is not None:
                await self.rename(name, saying)
                return
        except Refused as refused:
            refused.client_id = saying.client_id
            raise
        verdict = writer.submit(Say(self.room, self.you, saying.text, UUID(saying.client_id)))
        self.in_flight += 1
        verdict.add_done_callback(partial(self.answer, saying.client_id))
        if self.in_flight + len(self.sending) >= IN_FLIGHT_MAX:
            await verdict

    def answer(self, client_id: str, verdict: asyncio.Future[Verdict]) -> None:
        self.in_flight -= 1
        if self.is_closed or verdict.cancelled():
            return
        outcome = verdict.result()
        if isinstance(outcome, Refused):
            metrics.REFUSED.labels(outcome.code).inc()
            outcome.client_id = client_id
            self.send_soon(outcome.event())
        elif not self.tutorial:
            self.send_soon({"type": "ack", "client_id": client_id, "seq": outcome.seq})

    async def rename(self, name: str, saying: Saying) -> None:
        self.you = await commands.rename(self.you, name)
        if not self.tutorial:
            # The number that this client has been sent: it might remember it as seen.
            await self.send_event(self.hello(self.member.seen))
            await self.send_event({"type": "ack", "client_id": saying.client_id, "seq": self.member.seen})

    def hello(self, seq: int) -> Event:
        return hello_event(self.room, seq, self.you)

    async def send_event(self, event: Event) -> None:
        text = self.encode(event)
        if not (self.write and self.write(wire.text_frame(text))):
            await self.base_send({"type": "websocket.send", "text": text})

    def send_soon(self, event: Event) -> None:
        """The same where nothing can be awaited: at once if the socket takes it."""
        if not (self.write and self.write(wire.text_frame(self.encode(event)))):
            task = asyncio.create_task(self.send_event(event))
            self.sending.add(task)
            task.add_done_callback(self.sent)

    def sent(self, task: asyncio.Task[None]) -> None:
        self.sending.discard(task)
        if not task.cancelled():
            task.exception()  # the connection is gone: receive() hears of that by itself

    def encode(self, event: Event) -> str:
        return protocol.encode([{"error": event["detail"]}] if self.tutorial else [event])

    async def send_frame(self, frame: Frame) -> None:
        for text in frame.tutorial if self.tutorial else (frame.text,):
            await self.base_send({"type": "websocket.send", "text": text})

    async def close(self, code: int | None = None, reason: str | None = None) -> None:
        self.is_closed, self.connection.code = True, code
        await super().close(code, reason)

    def session_ended(self) -> None:
        """Whoever it is now comes back without that session; what was on its way is not said any more."""
        if self.is_closed:
            return
        self.is_closed = True
        task = asyncio.create_task(self.say_goodbye())
        self.sending.add(task)
        task.add_done_callback(self.sent)

    async def say_goodbye(self) -> None:
        await self.send_event(Refused("forbidden", "Your session has ended.").event())
        await self.close(protocol.SESSION_ENDED)

    def too_slow(self) -> None:
        """Say 4408 to one who does not read, and cut the line if that is not taken either."""
        self.connection.too_slow()
        hub().leave(self.room, self.member)
        line = getattr(self.base_send, "__self__", None)  # uvicorn's protocol: ASGI knows neither of the two
        if isinstance(writable := getattr(line, "writable", None), asyncio.Event):
            writable.set()  # behind a full buffer this one frame has a place
        if transport := getattr(line, "transport", None):
            asyncio.get_running_loop().call_later(CLOSE_TIMEOUT, transport.abort)
        self.closing = asyncio.create_task(self.close(protocol.TOO_SLOW))


def header(scope: dict[str, Any], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def query_parameter(scope: dict[str, Any], name: str) -> str | None:
    values = parse_qs(scope["query_string"].decode("latin-1")).get(name)
    return values[-1] if values else None


async def refuse(scope: dict[str, Any], receive: Any, send: Any, refused: Refused, code: int) -> None:
    """Accept, say why, close: a page can tell this from a network failure, which a refused handshake it cannot."""
    await receive()
    speaks_v1 = protocol.SUBPROTOCOL in scope["subprotocols"]
    await send({"type": "websocket.accept", "subprotocol": protocol.SUBPROTOCOL if speaks_v1 else None})
    event: Event = refused.event() if speaks_v1 else {"error": refused.detail}
    await send({"type": "websocket.send", "text": protocol.encode([event])})
    await send({"type": "websocket.close", "code": code})
    log_refused(scope["path"], code)


async def no_such_room(scope: dict[str, Any], receive: Any, send: Any) -> None:
    refused = Refused("forbidden", "There is no room of that name.")
    await refuse(scope, receive, send, refused, protocol.NO_SUCH_ROOM)
