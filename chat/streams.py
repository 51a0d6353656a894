"""The room without a WebSocket: Server-Sent Events and long-poll, members of the same feed with the same events.

Django views rather than Channels' `AsyncHttpConsumer`, which does not notice a client that has gone.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from chat import identity, protocol
from chat.access import Connection
from chat.database import reading
from chat.events import Frame, hello_event
from chat.hub import hub
from chat.identity import Identity
from chat.member import CLOSE_TIMEOUT, Member
from chat.protocol import Event, Refused
from chat.writer import unavailable

COMMENT_EVERY = 15.0  # seconds of silence after which an SSE stream says that it is alive
WAIT_MAX = 25  # seconds that a long-poll may wait

_who = reading(identity.of_request)
_open: set["Stream"] = set()


class Stream(Member):
    """A member that is asked for its frames. `None` is the end: it was too slow, or the process stops."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(self._put, self.too_slow)
        self.connection = connection
        self._next: asyncio.Queue[Frame | None] = asyncio.Queue(maxsize=1)
        self._ended = False
        self._request = asyncio.current_task()
        self._cut: asyncio.TimerHandle | None = None

    async def _put(self, frame: Frame) -> None:
        await self._next.put(frame)

    async def next(self) -> Frame | None:
        return None if self._ended else await self._next.get()

    def too_slow(self) -> None:
        self.connection.too_slow()
        self.end()

    def end(self) -> None:
        """No more frames. If its client does not read either, the request is cut off after a while."""
        self._ended = True
        self.stop()
        if self._cut is None and self._request:
            self._cut = asyncio.get_running_loop().call_later(CLOSE_TIMEOUT, self._request.cancel)
        with suppress(asyncio.QueueFull):  # then whoever waits for it will look at _ended next
            self._next.put_nowait(None)


@asynccontextmanager
async def joined(
    connection: Connection, room: str, after: int | None
) -> AsyncIterator[tuple[Stream, tuple[int, bool]]]:
    stream = Stream(connection)
    _open.add(stream)
    try:
        yield stream, await hub().join(room, stream, after)
    finally:
        if stream._cut:
            stream._cut.cancel()
        _open.discard(stream)
        hub().leave(room, stream)
        connection.closed()


def end_all() -> None:
    """The process stops: streams and polls end now, and their clients go on elsewhere."""
    for stream in tuple(_open):
        stream.end()


@require_GET
async def events(request: HttpRequest, room: str) -> HttpResponse | StreamingHttpResponse:
    """`/chat/<room>/events/?after=<seq>`; `Last-Event-ID` wins over `after`."""
    try:
        after = protocol.parse_seq(request.headers.get("Last-Event-ID") or request.GET.get("after"), "after")
    except Refused as refused:
        return JsonResponse(refused.event(), status=400)
    you = await _who(request)
    response = StreamingHttpResponse(_stream(room, after, you), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    response["Content-Encoding"] = "identity"  # GZipMiddleware would hold events back to compress them
    return response


async def _stream(room: str, after: int | None, you: Identity) -> AsyncIterator[str]:
    connection = Connection("events", room)
    try:
        async with joined(connection, room, after) as (stream, (seq, can_replay)):
            connection.opened(you.id)
            hello = hello_event(room, seq, you)
            # Not the room's newest number while a replay is due: a client cut off now must come back for it.
            yield as_sse(hello, seq if after is None else after)
            if not can_replay:
                yield as_sse({"type": "reset", "seq": seq})
            elif after is not None:
                async for frame in hub().replay(room, after, seq):
                    yield _frame_as_sse(frame)
                    seq = frame.last
            stream.go_live(seq)
            async for text in _live(stream):
                yield text
    except DatabaseError:
        yield as_sse(unavailable().event())


async def _live(stream: Stream) -> AsyncIterator[str]:
    while True:
        try:
            async with asyncio.timeout(COMMENT_EVERY):
                live = await stream.next()
        except TimeoutError:
            yield ": still here\n\n"
            continue
        if live is None:
            return
        yield _frame_as_sse(live)


def as_sse(event: Event, seq: int | None = None) -> str:
    number = "" if seq is None else f"id: {seq}\n"
    return f"{number}event: {event['type']}\ndata: {protocol.encode([event])}\n\n"


def _frame_as_sse(frame: Frame) -> str:
    return "".join(as_sse(event, event["seq"]) for event in frame.events)


@require_GET
async def poll(request: HttpRequest, room: str) -> JsonResponse:
    """`/chat/<room>/poll/?after=<seq>&wait=<seconds>`: what is new, at the latest after `wait` seconds."""
    try:
        after = protocol.parse_seq(request.GET.get("after"), "after")
        wait = protocol.parse_seq(request.GET.get("wait"), "wait")
        if wait is not None and wait > WAIT_MAX:
            raise protocol.bad_frame(f"wait: at most {WAIT_MAX} seconds.")
    except Refused as refused:
        return JsonResponse(refused.event(), status=400)
    async with joined(Connection("poll", room), room, after) as (stream, (seq, can_replay)):
        if not can_replay:
            return _poll_answer(seq, [{"type": "reset", "seq": seq}])
        async for frame in hub().replay(room, seq if after is None else after, seq):
            return _poll_answer(frame.last, frame.events)
        stream.go_live(seq)
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT_MAX if wait is None else wait):
                if live := await stream.next():
                    return _poll_answer(live.last, live.events)
    return _poll_answer(seq, [])


def _poll_answer(seq: int, events: list[Event]) -> JsonResponse:
    response = JsonResponse({"seq": seq, "events": events}, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response
