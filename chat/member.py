"""One who receives a room's frames: a WebSocket, an SSE stream or a poll."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from chat.events import Frame

BACKLOG_MAX = 1024 * 1024  # characters that wait for one slow member
CLOSE_TIMEOUT = 300.0  # seconds for one who does not read to take its end; then the line is cut


class Member:
    """What cannot be sent at once waits here, up to `BACKLOG_MAX`."""

    __slots__ = ("_backlog", "_send", "_sender", "_too_slow", "_write", "live", "seen", "waiting")

    def __init__(
        self,
        send: Callable[[Frame], Awaitable[None]],
        too_slow: Callable[[], None],
        write: Callable[[bytes], bool] | None = None,
    ) -> None:
        self.live = False  # until then frames are kept, as the replay may hold them too
        self.seen = 0  # the last number sent
        self.waiting = 0  # characters in the backlog
        self._backlog: deque[Frame] = deque()
        self._send = send
        self._too_slow = too_slow
        self._write = write  # see chat.wire
        self._sender: asyncio.Task[None] | None = None

    def push(self, frame: Frame) -> None:
        # Nearly always nothing waits and all of the frame is new: then the socket may take it at once.
        is_next = self.live and not self._backlog and not self._sender and frame.first > self.seen
        if is_next and self._write and self._write(frame.wire):
            self.seen = frame.last
            return
        self._backlog.append(frame)
        self.waiting += len(frame.text)
        if self.waiting > BACKLOG_MAX and len(self._backlog) > 1:
            self.give_up()
        elif self.live and self._sender is None:
            self._start()

    def give_up(self) -> None:
        """Close the connection; whoever it is comes back with `after`."""
        self._backlog.clear()
        self.waiting = 0
        self._too_slow()

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
                    self.seen = rest.last
                    await self._send(rest)
        except Exception:  # the connection is gone: its consumer hears of that by itself
            self._backlog.clear()
            self.waiting = 0
        finally:
            self._sender = None

    def stop(self) -> None:
        if self._sender:
            self._sender.cancel()
