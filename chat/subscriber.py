"""One who follows a room, by a WebSocket, an SSE stream or a poll: what cannot be sent at once waits here."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from chat.events import Frame, Whisper
from chat.identity import Identity
from chat.protocol import TOO_SLOW, Event, Refused

BACKLOG_MAX = 1024 * 1024  # characters that wait for one slow client
CLOSE_TIMEOUT = 300.0  # seconds for one who does not read to take its end; then the line is cut
CUT_OFF = 8.0  # seconds within which a page whose line broke has tried to come back: see static/chat/connection.js


class Line(Protocol):
    """How a client is written to: the doors differ in this alone."""

    async def send_event(self, event: Event) -> None:
        """One that is for this client alone: `hello`, `reset`, `error`."""

    async def send_frame(self, frame: Frame | Whisper) -> None: ...

    def end(self, code: int, refused: Refused | None) -> None:
        """Say why, and close. Called once, and nothing is sent after it."""


class Subscriber:
    """Has a backlog of up to `BACKLOG_MAX`; beyond it the line ends with 4408, and the client comes back with `after`.

    `write` is a way to hand a frame to the socket at once, if there is one: see chat.wire.
    """

    __slots__ = ("_backlog", "_sender", "_write", "access", "back_within", "has_entered", "is_over", "line", "live",
                 "needs", "room", "seen", "waiting", "you")  # fmt: skip

    def __init__(self, room: str, you: Identity, line: Line, write: Callable[[bytes], bool] | None = None) -> None:
        self.room, self.you, self.line = room, you, line
        self.live = False  # until then frames are kept, as the replay may hold them too
        self.is_over = self.has_entered = False
        self.access = -1  # of the room, under which they were let in
        self.needs = 0  # the number under which they must be let in to get what waits until they are live
        self.seen = 0  # the last number sent
        self.back_within = 0.0  # seconds after its end, if its client did not mean to go
        self.waiting = 0  # characters in the backlog
        self._backlog: deque[Frame | Whisper] | None = None  # an empty one takes 0.7 KB
        self._write = write
        self._sender: asyncio.Task[None] | None = None

    @property
    def _is_idle(self) -> bool:
        """Nearly always nothing waits: then the socket may take a frame at once."""
        return self.live and not self._backlog and not self._sender

    def push(self, frame: Frame) -> None:
        if self.is_over:
            return
        if self._is_idle and frame.first > self.seen and self._write and self._write(frame.wire):
            self.seen = frame.last
            return
        if not self.live:
            self.needs = max(self.needs, frame.access)
        self._keep(frame)
        if self.waiting > max(BACKLOG_MAX, len(frame.text)):  # one frame may be longer
            self.end(TOO_SLOW)
        elif self.live and self._sender is None:
            self._start()

    def hint(self, whisper: Whisper) -> bool:
        """For one with whom something waits a hint is not worth a place: then it is False."""
        if not self._is_idle or self.is_over:
            return False
        if not (self._write and self._write(whisper.wire)):
            self._keep(whisper)
            self._start()
        return True

    def _keep(self, frame: Frame | Whisper) -> None:
        self._backlog = self._backlog or deque()
        self._backlog.append(frame)
        self.waiting += len(frame.text)

    def end(self, code: int, refused: Refused | None = None) -> None:
        if not self.is_over:
            self.is_over = True
            self.stop()
            self.line.end(code, refused)

    def go_live(self, seq: int) -> None:
        """From now on what comes after `seq`, beginning with what came in while the replay was read."""
        self.live, self.seen = True, seq
        if self._backlog and self._sender is None:
            self._start()

    def _start(self) -> None:
        # Eager: a send that completes at once costs no trip through the event loop.
        task = asyncio.Task(self._drain(), loop=asyncio.get_running_loop(), eager_start=True)
        self._sender = None if task.done() else task

    async def _drain(self) -> None:
        try:
            while self._backlog:
                frame = self._backlog.popleft()
                self.waiting -= len(frame.text)
                if rest := frame.after(self.seen):
                    self.seen = max(self.seen, rest.last)
                    await self.line.send_frame(rest)
        except Exception:  # the connection is gone: its door hears of that by itself
            self.waiting = 0
        finally:
            self._backlog = self._sender = None

    def stop(self) -> None:
        """Send nothing more."""
        self._backlog = None
        self.waiting = 0
        if self._sender:
            self._sender.cancel()
