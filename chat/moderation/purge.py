"""Everything by an author is deleted through the log, so that it vanishes live: newest first, a hundred at a time.

How far it has come is in the database, so another process goes on where one was killed. Doing a step twice is harmless.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.db.models import Min
from django.utils import timezone

from chat.database import reading
from chat.hub import Hub
from chat.identity import Identity
from chat.models import Message, Room
from chat.moderation.models import Purge
from chat.observed import metrics
from chat.posting import Accepted
from chat.protocol import Refused
from chat.verbs import Delete

STEP_MAX = 100  # messages
LOOKED_THROUGH = 20_000  # of all authors, in one step: there is no index by author
TAKEN_OVER_AFTER = timedelta(seconds=10)

metrics.STORED.labels("remove")  # the series exists from the start


@dataclass(slots=True)
class Remove(Delete):
    """By staff, also where they are not a member."""

    is_noted: bool = True

    def why_not(self, room: Room, changed: Iterable[Message]) -> Refused | None:
        return None


@dataclass(frozen=True, slots=True)
class Step:
    """What one step deletes, as rooms and ids, and down to where the log is done with then."""

    purge: Purge
    messages: list[tuple[str, int]]
    before: int

    @classmethod
    def next(cls) -> Self | None:
        """Takes a job that nobody is at, or goes on with one that is ours. Raises django.db.Error."""
        now = timezone.now()
        for purge in Purge.objects.filter(finished_at=None, stepped_at__lt=now - TAKEN_OVER_AFTER):
            if Purge.objects.filter(pk=purge.pk, stepped_at=purge.stepped_at).update(stepped_at=now):
                purge.stepped_at = now
                return cls.of(purge)
        return None

    @classmethod
    def of(cls, purge: Purge) -> Self:
        window = Message.objects.filter(pk__lt=purge.before, pk__gte=purge.before - LOOKED_THROUGH)
        theirs = window.filter(author_id=purge.author, deleted_at=None).order_by("-pk")
        found = list(theirs.values_list("pk", "room__name", "seq")[:STEP_MAX])
        before = found[-1][0] if len(found) == STEP_MAX else purge.before - LOOKED_THROUGH
        return cls(purge, [(room, seq) for _, room, seq in found], before)

    def done(self) -> Self | None:
        """Note it. Returns the next step, None if this was the last, or if another process took the job over."""
        purge, now = self.purge, timezone.now()
        first = Message.objects.aggregate(first=Min("pk"))["first"]
        is_last = first is None or self.before <= first
        ours = Purge.objects.filter(pk=purge.pk, stepped_at=purge.stepped_at)
        if not ours.update(before=self.before, stepped_at=now, finished_at=now if is_last else None) or is_last:
            return None
        purge.before, purge.stepped_at = self.before, now
        return self.of(purge)


_next, _done = reading(Step.next), reading(Step.done)


async def work(hub: Hub) -> None:
    """All that nobody is at. Raises django.db.Error; what was not done is taken up again later."""
    while (step := await _next()) is not None:
        while step is not None:
            staff = Identity(step.purge.by, step.purge.by_name, is_staff=True)
            verbs = [Remove(room, staff, seq, is_noted=False) for room, seq in step.messages]
            verdicts = await asyncio.gather(*[hub.writer.submit(verb) for verb in verbs])
            if any(not isinstance(verdict, Accepted) and verdict.code == "unavailable" for verdict in verdicts):
                return
            step = await _done(step)
