"""A sandbox that runs while a visitor looks: words are said in both lanes, and faults come at a click.

Nothing of it is stored, and nothing real is killed. It is gone when its last page has left, or after ten minutes.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from time import monotonic
from typing import Any

from learn.lab.faults import FAULTS
from learn.lab.ground import ground
from learn.lab.lane import Lane
from learn.lab.outcome import SHOWN, WORDS
from learn.lab.product import MESSAGES_MAX
from learn.lab.reader import Reader

logger = logging.getLogger(__name__)

PAGES_MAX = 8  # WebSockets of one visitor
RATE = 10  # messages a second
SECONDS_MAX = 600.0
FAULT_SECONDS = 2.0  # that a fault lasts
SLOW_SECONDS = 3.0  # that Bo reads slowly: more words than the layer keeps for him
PACE = 0.5  # seconds between the words of the sentence
LATE = 1.5  # seconds after which a word that did not come is shown as lost; it may still come
LOOK_EVERY = 0.1  # seconds

State = dict[str, Any]


class RefusedError(Exception):
    """Too fast, too much, or not now; its text is for the visitor."""


class Sandbox:
    """`lasts` is awaited while a fault lasts."""

    def __init__(self, lasts: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        self._lasts = lasts
        self.lanes: dict[str, Lane] = {"tutorial": ground().tutorial(""), "product": ground().product("")}
        self.is_there = False  # everybody has come
        self.fault = ""  # that lasts, or waits for the next word
        self._words: list[tuple[str, float]] = []  # and when they were said
        self._said = asyncio.Event()
        self._recent: deque[float] = deque(maxlen=RATE)
        self._saying = asyncio.Lock()
        self._unanswered = False  # Cy's line is cut before the answer to the next word
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        for lane in self.lanes.values():
            await lane.start()
        self.is_there = True

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for lane in self.lanes.values():
            await lane.close()

    async def say(self, word: str) -> None:
        """In both lanes. Raises RefusedError."""
        if len(self._words) >= MESSAGES_MAX:
            raise RefusedError(f"This sandbox has had its {MESSAGES_MAX} words. Load the page again for another one.")
        now = monotonic()
        if len(self._recent) == RATE and now - self._recent[0] < 1:
            raise RefusedError(f"At most {RATE} words a second.")
        self._recent.append(now)
        self._words.append((word, now))
        number, unanswered = len(self._words), self._unanswered
        self._unanswered = False
        self._said.set()
        async with self._saying:  # in this order
            for lane in self.lanes.values():
                lane.ann.now = lane.bo.now = number
                await lane.say(number)
                if unanswered:
                    await lane.say_again(number)
        if self.fault == "ack" and unanswered:
            self.fault = ""

    def say_sentence(self) -> None:
        """A word every PACE seconds. Raises RefusedError while one is being said."""
        if any(task.get_name() == "sentence" for task in self._tasks):
            raise RefusedError("The sentence is being said.")
        self._start(self._sentence(), "sentence")

    async def _sentence(self) -> None:
        with suppress(RefusedError):
            for word in WORDS:
                await self.say(word)
                await asyncio.sleep(PACE)

    def break_it(self, fault: str) -> None:
        """Raises RefusedError: there is no such fault, or another one is not over."""
        if fault not in FAULTS:
            raise RefusedError("There is no such fault.")
        if self.fault:
            raise RefusedError("One fault at a time.")
        self.fault = fault
        self._start(self._until_over(fault), "fault")

    async def _until_over(self, fault: str) -> None:
        try:
            await self._broken(fault)
        finally:
            if not self._unanswered:
                self.fault = ""

    async def _broken(self, fault: str) -> None:
        lanes = self.lanes.values()
        match fault:
            case "cut":
                await _each(lane.cut_bo() for lane in lanes)
                await self._lasts(FAULT_SECONDS)
                await _each(lane.bo_comes_back("B") for lane in lanes)
            case "death":
                await _each(lane.kill_b() for lane in lanes)
                await self._lasts(FAULT_SECONDS)
                await _each(lane.bo_comes_back("A") for lane in lanes)
                await _each(lane.start_b() for lane in lanes)
                await _each(lane.bo_comes_back("B") for lane in lanes)
            case "away":
                await _each(lane.layer_leaves() for lane in lanes)
                await self._lasts(FAULT_SECONDS)
                await _each(lane.layer_returns() for lane in lanes)
            case "slow":
                await _each(lane.bo_reads(False) for lane in lanes)
                await self._lasts(SLOW_SECONDS)
                await _each(lane.bo_reads(True) for lane in lanes)
            case "exception":
                await _each(lane.break_bo() for lane in lanes)
                await self._next_word()
                await self._lasts(FAULT_SECONDS)
                await _each(lane.bo_comes_back("B") for lane in lanes)
            case "ack":
                self._unanswered = True  # over with the next word
            case _:
                await _each(lane.tamper(fault) for lane in lanes)
                await self._next_word()

    async def _next_word(self) -> None:
        self._said.clear()
        await self._said.wait()

    def _start(self, work: Any, name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("the lab", exc_info=error)

    def state(self) -> State:
        """What a page shows: the newest words, what each reader heard of them, what Bo reads, and what was lost."""
        first = max(0, len(self._words) - SHOWN)
        heard = {
            name: {"Ann": self._outcomes(lane.ann), "Bo": self._outcomes(lane.bo)} for name, lane in self.lanes.items()
        }
        return {
            "type": "state",
            "fault": self.fault,
            "words": [[number, self._words[number - 1][0]] for number in range(first + 1, len(self._words) + 1)],
            "lanes": {name: {who: kinds[first:] for who, kinds in readers.items()} for name, readers in heard.items()},
            "reads": {name: self._reads(lane.bo) for name, lane in self.lanes.items()},
            "lost": {name: sum(kinds.count("lost") for kinds in readers.values()) for name, readers in heard.items()},
        }

    def _outcomes(self, reader: Reader) -> list[str]:
        now = monotonic()
        outcomes = reader.outcomes(len(self._words))
        for place, (_, at) in enumerate(self._words):
            if outcomes[place] == "lost" and now - at < LATE:
                outcomes[place] = ""  # not yet
        return outcomes

    def _reads(self, reader: Reader) -> str:
        return " ".join(self._words[number - 1][0] for number in reader.numbers()[-SHOWN:])


async def _each(works: Iterable[Awaitable[None]]) -> None:
    for work in works:
        await work
