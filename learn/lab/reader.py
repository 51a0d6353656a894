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
        outcomes, highest = ["lost"] * count, 0
        for number, now in self.heard:
            if outcomes[number - 1] != "lost":
                outcomes[number - 1] = "twice"
            elif number < highest:
                outcomes[number - 1] = "order"
            else:
                outcomes[number - 1] = "late" if now > number else "heard"
            highest = max(highest, number)
        return outcomes

    def numbers(self) -> list[int]:
        return [number for number, _ in self.heard]
