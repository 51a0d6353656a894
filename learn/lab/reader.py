"""One who reads in a lane, and what of a sentence they heard, when and in which order."""

import asyncio


class Reader:
    def __init__(self) -> None:
        self.heard: list[tuple[int, int]] = []  # a message's number, and the one that was being said when it came
        self.now = 0
        self.news = asyncio.Event()
        self.reads = asyncio.Event()
        self.reads.set()

    def hears(self, number: int) -> None:
        self.heard.append((number, self.now))
        self.news.set()

    async def waits_for(self, number: int, seconds: float) -> None:
        """Until it is heard, or so long."""
        try:
            async with asyncio.timeout(seconds):
                while all(heard != number for heard, _ in self.heard):
                    self.news.clear()
                    await self.news.wait()
        except TimeoutError:
            pass

    def outcomes(self, count: int) -> list[str]:
        """For each message `heard`, `late`, `twice`, `order` (after a later one) or `lost`."""
        return [self._outcome(number) for number in range(1, count + 1)]

    def _outcome(self, number: int) -> str:
        places = [place for place, (heard, _) in enumerate(self.heard) if heard == number]
        if not places:
            return "lost"
        if len(places) > 1:
            return "twice"
        if any(before > number for before, _ in self.heard[: places[0]]):
            return "order"
        return "late" if self.heard[places[0]][1] > number else "heard"

    def numbers(self) -> list[int]:
        return [number for number, _ in self.heard]
