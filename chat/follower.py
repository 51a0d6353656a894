"""Followers of the log: each has a cursor in every room, and does something slow with what comes after it.

There is no log of all rooms, as rows become visible out of order. So the rooms are asked for whose `seq` is above the
cursor. A step's effect and its new cursor are one transaction, and the cursor moves only from where it was read: it is
done exactly once, without a lease, on as many processes as run.
"""

import logging
import math
import signal
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event, Thread
from typing import Any, Protocol

from django.db import (
    Error as DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connections,
    transaction,
)
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from chat.models import Cursor, Message, Room

logger = logging.getLogger(__name__)

STEP_MAX = 100  # messages of one step
TURN_MAX = 5  # steps in a room, then it is another's turn
FAR_BEHIND = 10_000  # changes, from which on it leaves nothing to the writer
LOOK_EVERY = 1.0  # seconds, at the rooms in which something happened of late
LOOK_AT_ALL_EVERY = 60.0
OF_LATE = timedelta(minutes=10)


class Follower(Protocol):
    name: str

    def prepare(self, room: Room, messages: Sequence[Message]) -> Any:
        """What takes time: before the transaction. The messages are in the order of their last change."""

    def store(self, prepared: Any) -> None:
        """The effect, in the transaction that moves the cursor. At most 10 ms: on SQLite all others wait."""


def due(follower: str, *, of_late: bool = False) -> QuerySet[Room]:
    """The rooms in which a follower is behind, with `behind`: by how many changes. The least first."""
    cursor = Cursor.objects.filter(follower=follower, room=OuterRef("pk")).values("seq")
    rooms = Room.objects.alias(done=Coalesce(Subquery(cursor), 0)).annotate(behind=F("seq") - F("done"))
    if of_late:
        rooms = rooms.filter(active_at__gt=timezone.now() - OF_LATE)
    return rooms.filter(behind__gt=0).order_by("behind")


def lag(follower: str) -> int:
    """By how many changes it is behind, in all rooms."""
    return int(due(follower).aggregate(total=Coalesce(Sum("behind"), 0))["total"])


def step(follower: Follower, room: Room) -> int:
    """Take the next changes of a room. Returns how many there were; 0 also if another process took them."""
    Cursor.objects.bulk_create([Cursor(follower=follower.name, room=room)], ignore_conflicts=True)
    cursor = Cursor.objects.get(follower=follower.name, room=room)
    messages = list(Message.objects.filter(room=room).changes_after(cursor.seq)[:STEP_MAX])
    if not messages:
        return 0
    prepared = follower.prepare(room, messages)
    with transaction.atomic():
        place = Cursor.objects.filter(pk=cursor.pk, seq=cursor.seq)
        if not place.update(seq=messages[-1].changed_seq):
            return 0
        follower.store(prepared)
    return len(messages)


def catch_up(followers: Sequence[Follower], stop: Event, *, of_late: bool = False, seconds: float = math.inf) -> None:
    """Until nothing is due, it is stopped, or its time is over.

    Rooms take turns, the least behind first: neither a flood in one nor a failure holds up the others.
    """
    until, failed, has_more = time.monotonic() + seconds, set[tuple[str, int]](), True
    while has_more and time.monotonic() < until:
        has_more = False
        for follower in followers:
            for room in due(follower.name, of_late=of_late):
                if stop.is_set():
                    return
                if (follower.name, room.pk) in failed:
                    continue
                try:
                    has_more |= _turn(room, follower, stop)
                except (OperationalError, InterfaceError):
                    raise
                except Exception:
                    logger.exception("follow: %s failed in room %d; it will be tried again", follower.name, room.pk)
                    failed.add((follower.name, room.pk))


def _turn(room: Room, follower: Follower, stop: Event) -> bool:
    """Whether there is more."""
    is_far_behind = room.behind > FAR_BEHIND  # type: ignore[attr-defined]
    for _ in range(TURN_MAX):
        if stop.is_set():
            break
        begun = time.perf_counter()
        if step(follower, room) < STEP_MAX:
            return False
        if not is_far_behind:
            stop.wait(time.perf_counter() - begun)  # in a flood, half of the time is the writer's
    return True


def follow(followers: Sequence[Follower], stop: Event, beat: Callable[[], object] = lambda: None) -> None:
    """Until it is stopped. A database that is away, or a follower that fails, is tried again. `beat` at each look."""
    all_at = 0.0
    while not stop.is_set():
        beat()
        looks_at_all = time.monotonic() >= all_at
        try:
            close_old_connections()
            catch_up(followers, stop, of_late=not looks_at_all, seconds=LOOK_AT_ALL_EVERY)
            if looks_at_all:
                all_at = time.monotonic() + LOOK_AT_ALL_EVERY
        except DatabaseError as error:
            logger.warning("follow: %s; trying again", error)
        except Exception:
            logger.exception("follow; trying again")
        stop.wait(LOOK_EVERY)
    connections.close_all()  # of this thread; old ones alone would not be those of SQLite, which have no age


def follow_in_process(
    followers: Sequence[Follower], ready: Callable[[], object], beat: Callable[[], object] = lambda: None
) -> None:
    """Until SIGTERM or Ctrl-C, after the step that is under way."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    ready()
    follow(followers, stop, beat)


def in_thread(followers: Sequence[Follower]) -> Event | None:
    """Follow beside the server, in a thread of its own. Set the event to stop it."""
    if not followers:
        return None
    stop = Event()
    Thread(target=follow, args=(followers, stop), name="follow", daemon=True).start()
    return stop
