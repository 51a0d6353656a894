"""What becomes of one person's messages in this process, and when: submitted, batch, committed, fed, published."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from chat.events import Frame
from chat.feed import group_name
from chat.protocol import Event, Refused

KEPT = 100  # messages; what the layer never publishes is forgotten


@dataclass(slots=True)
class Trip:
    client_id: str
    room: str
    submitted: float
    batch: int  # messages and other changes in its transaction
    seq: int = 0  # none if it was refused
    outcome: str = "stored"  # or repeated, or the code of a refusal
    ms: dict[str, float] = field(default_factory=dict)  # since it was submitted

    def reached(self, stage: str, at: float) -> None:
        self.ms[stage] = round((at - self.submitted) * 1000, 2)

    def event(self) -> Event:
        return {"type": "stages", "client_id": self.client_id, "seq": self.seq, "batch": self.batch,
                "outcome": self.outcome, "ms": {**self.ms}}  # fmt: skip


class Trips:
    """`tell` is called with all that is known of a message, once it is committed and each time that more is known."""

    def __init__(self, you: str, tell: Callable[[Event], None]) -> None:
        self._you, self._tell = you, tell
        self._taken: dict[int, float] = {}  # when the batch began, by the verb's id()
        self._on_their_way: list[Trip] = []  # newest last

    def reached(self, stage: str, what: Any, outcome: Any) -> None:
        """A watcher: see chat.observed.watchers."""
        if stage == "taken":
            self._taken = dict.fromkeys((id(change) for change, _, _ in what), perf_counter())
        elif stage == "committed":
            self._committed(what, outcome)
        elif stage == "published" and "last" in outcome:  # a wake-up, no hint
            room_of = {trip.room for trip in self._on_their_way if group_name(trip.room) == what}
            for room in room_of:
                self._came("published", room, outcome["first"], outcome["last"])

    def fed(self, frame: Frame) -> None:
        """A listener of the hub: the members here have it, or are about to."""
        self._came("fed", frame.room, frame.first, frame.last)

    def _committed(self, batch: list[Any], verdicts: list[Any]) -> None:
        now = perf_counter()
        for (change, _, submitted), verdict in zip(batch, verdicts, strict=True):
            taken = self._taken.pop(id(change), now)  # it is missing if the inspector was opened meanwhile
            if change.author.id != self._you or not change.client_id:
                continue
            trip = Trip(str(change.client_id), change.room, submitted, len(batch))
            trip.reached("batch", taken)
            trip.reached("committed", now)
            if isinstance(verdict, Refused):
                trip.outcome = verdict.code
            else:
                trip.seq, trip.outcome = verdict.seq, "repeated" if verdict.repeat else "stored"
            self._tell(trip.event())
            if trip.outcome == "stored":
                self._on_their_way = [*self._on_their_way, trip][-KEPT:]

    def _came(self, stage: str, room: str, first: int, last: int) -> None:
        now = perf_counter()
        for trip in self._on_their_way:
            if trip.room == room and first <= trip.seq <= last and stage not in trip.ms:
                trip.reached(stage, now)
                self._tell(trip.event())
        self._on_their_way = [trip for trip in self._on_their_way if "published" not in trip.ms]
