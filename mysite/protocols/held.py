"""What clients make the process keep, in all and by address: requests yet to come, responses that nobody reads."""

from collections import Counter
from http import HTTPStatus

MB = 1024 * 1024


class Held:
    """Bytes by holder, which is a connection. An address is "" where a trusted proxy has not told it yet.

    Each address has its `share` even when all is taken: nobody is kept out by others.
    """

    def __init__(self, *, of_address: int, of_all: int, share: int) -> None:
        self.of_address, self.of_all, self.share = of_address, of_all, share
        self.bytes = 0
        self._by_address: Counter[str] = Counter()
        self._by_holder: dict[object, tuple[str, int]] = {}

    def __contains__(self, holder: object) -> bool:
        return holder in self._by_holder

    def hold(self, holder: object, address: str, size: int) -> HTTPStatus | None:
        """So many bytes instead of what it held. Returns the status to refuse with if that is too much."""
        self.release(holder)
        self._by_holder[holder] = address, size
        self._by_address[address] += size
        self.bytes += size
        if address and self._by_address[address] > self.of_address:
            return HTTPStatus.TOO_MANY_REQUESTS
        if self.bytes > self.of_all and self._by_address[address] > self.share:
            return HTTPStatus.SERVICE_UNAVAILABLE
        return None

    def release(self, holder: object) -> None:
        address, size = self._by_holder.pop(holder, ("", 0))
        self.bytes -= size
        self._by_address[address] -= size
        if not self._by_address[address]:
            del self._by_address[address]


TASK = 16 * 1024  # bytes that a request takes besides its own, while it waits for the rest of its body
# 40 of the largest bodies, or a school of 300 people who all send a form at once.
unfinished = Held(of_address=6 * MB, of_all=24 * MB, share=160 * 1024)
# 25 of the largest pages, or the same school on a line that takes 100 KB of a page for each of them.
unread = Held(of_address=32 * MB, of_all=96 * MB, share=2 * MB)
