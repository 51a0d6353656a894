"""A line whose client takes nothing of what waits for it is cut: neither uvicorn nor asyncio ever would."""

from asyncio import AbstractEventLoop, Protocol, TimerHandle, Transport

from chat.observed import metrics

SOON, WITHIN = 1.0, 30.0  # seconds: what is not taken at once; and what has to be taken
PROGRESS = 8 * 1024  # bytes that are to be taken in that time


class CutsUnread(Protocol):
    """Before one of uvicorn's protocols in the list of bases. Looks at the line only while its buffer is full."""

    loop: AbstractEventLoop
    transport: Transport
    _watch: TimerHandle | None = None
    _unread_bytes = 0

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch = self.loop.call_later(SOON, self._first_look)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._look_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        self._look_no_more()
        super().connection_lost(exc)

    def may_wait(self, size: int) -> bool:
        """Whether so many bytes may wait for this client; 0 when no more do."""
        return True

    def is_to_be_cut(self) -> bool:
        """Whether this is the time for it at all."""
        return True

    def _first_look(self) -> None:
        if self.may_wait(self.transport.get_write_buffer_size()):
            self._look_later()
        else:
            self._cut()

    def _look_later(self) -> None:
        self._unread_bytes = self.transport.get_write_buffer_size()
        self._watch = self.loop.call_later(WITHIN, self._look)

    def _look_no_more(self) -> None:
        if self._watch:
            self._watch.cancel()
            self._watch = None
            self.may_wait(0)

    def _look(self) -> None:
        has_taken = self.transport.get_write_buffer_size() <= self._unread_bytes - PROGRESS
        if has_taken or not self.is_to_be_cut():
            self._look_later()
        else:
            self._cut()

    def _cut(self) -> None:
        metrics.LINES_CUT.labels("unread").inc()
        self.transport.abort()
