"""The writer: who spoils a batch, who delays it, and that whatever it stores is numbered without gaps."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async
from django.db import OperationalError, connection
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as some

from chat import posting
from chat.events import Frame
from chat.hub import DATABASE_LOG
from chat.identity import Identity
from chat.models import Message, Room
from chat.posting import Accepted, Batch, Change, Verdict, commit
from chat.protocol import Refused
from chat.tests.posted import say
from chat.tests.starring import Star
from chat.verbs import Delete, Edit, Say
from chat.writer import Writer

pytestmark = pytest.mark.django_db(transaction=True)


class Told:
    """A writer on the real database, what it announced, and the sizes of the batches that it handed over."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.handed: list[int] = []
        self.stored: list[int] = []
        self.writer = Writer(self.commit, self.frames.extend)

    async def commit(self, changes: Sequence[Change]) -> tuple[list[Verdict], list[Frame]]:
        self.handed.append(len(changes))
        verdicts, frames = await DATABASE_LOG.commit(changes)
        self.stored.append(len(verdicts))
        return verdicts, frames

    async def all(self, changes: Sequence[Change]) -> list[Verdict]:
        return await asyncio.gather(*[self.writer.submit(change) for change in changes])


@pytest.fixture
async def told(transactional_db: None) -> Told:
    return Told()


@dataclass(slots=True)
class Broken(Say):
    """A feature with a mistake in it."""

    where: str = "carry_out"

    def prepare(self) -> None:
        if self.where == "prepare":
            raise ZeroDivisionError

    def carry_out(self, batch: Batch, room: Room) -> Verdict:
        batch.say(room, self.author, self.client_id, self.text, "")
        raise ZeroDivisionError


@pytest.mark.parametrize("where", ["prepare", "carry_out"])
async def test_a_verb_that_fails_is_refused_alone_and_the_others_of_its_batch_are_stored(
    told: Told, ada: Identity, where: str
) -> None:
    batch: list[Change] = [Say("lobby", ada, text, uuid4()) for text in "abcd"]
    batch.insert(2, Broken("lobby", ada, "broken", uuid4(), where=where))
    a, b, broken, c, d = await told.all(batch)
    assert isinstance(broken, Refused)
    assert broken.code == "unavailable"
    assert [verdict.seq for verdict in (a, b, c, d) if isinstance(verdict, Accepted)] == [1, 2, 3, 4]
    texts = Message.objects.order_by("seq").values_list("text", flat=True)
    assert await database_sync_to_async(list)(texts) == ["a", "b", "c", "d"]
    assert [(frame.first, frame.last) for frame in told.frames] == [(n, n) for n in range(1, 5)]
    (after,) = await told.all([Say("lobby", ada, "after", uuid4())])
    assert isinstance(after, Accepted)
    assert after.seq == 5


@dataclass(slots=True)
class Odd(Say):
    """Its text is nothing that a database takes."""

    def carry_out(self, batch: Batch, room: Room) -> Verdict:
        return batch.say(room, self.author, self.client_id, "\ud800", "")


@pytest.mark.parametrize("kind", ["overlong", "surrogate", "room"])
async def test_what_the_database_refuses_is_the_problem_of_one_alone(told: Told, ada: Identity, kind: str) -> None:
    bad: Change = {
        "overlong": Edit("lobby", ada, 10**20, "x"),
        "surrogate": Odd("lobby", ada, "x"),
        "room": Say("r\0om", ada, "x") if connection.vendor == "postgresql" else Say("r\ud800om", ada, "x"),
    }[kind]
    batch: list[Change] = [Say("lobby", ada, text) for text in "abcd"]
    batch.insert(2, bad)
    verdicts = await told.all(batch)
    refused = verdicts.pop(2)
    assert isinstance(refused, Refused)
    assert [verdict.seq for verdict in verdicts if isinstance(verdict, Accepted)] == [1, 2, 3, 4]
    assert await database_sync_to_async(Room.objects.count)() == 1


async def test_a_database_that_is_away_refuses_the_batch_at_once_and_not_each_for_itself(ada: Identity) -> None:
    tries = []

    async def away(changes: Sequence[Change]) -> tuple[list[Verdict], list[Frame]]:
        tries.append(len(changes))
        raise OperationalError("gone")

    writer = Writer(away, lambda frames: None)
    verdicts = await asyncio.gather(*[writer.submit(Say("lobby", ada, "x")) for _ in range(20)])
    assert {verdict.code for verdict in verdicts if isinstance(verdict, Refused)} == {"unavailable"}
    assert tries == [20]


@dataclass(slots=True)
class Laborious(Say):
    """It takes so long to prepare that what comes after it waits for the next batch."""

    prepared: ClassVar[list[str]] = []

    def prepare(self) -> None:
        Say.prepare(self)
        self.prepared.append(self.text)


async def test_what_takes_too_long_to_prepare_waits_for_the_next_batch_and_is_stored_in_order(
    told: Told, ada: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = count(step=posting.PREPARING_MAX / 2)  # each verb takes half of the time that there is
    monkeypatch.setattr(posting, "perf_counter", lambda: next(clock))
    Laborious.prepared.clear()
    texts = [str(n) for n in range(8)]
    verdicts = await told.all([Laborious("lobby", ada, text, uuid4()) for text in texts])
    assert [verdict.seq for verdict in verdicts if isinstance(verdict, Accepted)] == list(range(1, 9))
    assert told.stored == [3, 3, 2]
    assert told.handed == [8, 5, 2]
    assert Laborious.prepared == texts, "each is prepared once"
    assert [event["text"] for frame in told.frames for event in frame.events] == texts


async def test_what_comes_while_others_wait_is_stored_after_them(
    told: Told, ada: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = count(step=posting.PREPARING_MAX * 2)
    monkeypatch.setattr(posting, "perf_counter", lambda: next(clock))
    first = [told.writer.submit(Say("lobby", ada, text, uuid4())) for text in "abc"]
    await first[0]
    late = told.writer.submit(Say("lobby", ada, "late", uuid4()))
    verdicts = [await each for each in (*first, late)]
    assert [verdict.seq for verdict in verdicts if isinstance(verdict, Accepted)] == [1, 2, 3, 4]


def test_one_that_alone_takes_too_long_is_stored_all_the_same(ada: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "PREPARING_MAX", -1.0)
    verdicts, _ = commit([Say("lobby", ada, text, uuid4()) for text in "ab"])
    assert len(verdicts) == 1


def test_numbers_taken_for_what_was_refused_are_given_back(ada: Identity, bob: Identity) -> None:
    say(author=ada, text="one")
    theft = Edit("lobby", bob, 1, "stolen")
    commit([theft, Say("lobby", ada, "two", uuid4()), theft, Say("lobby", ada, "three", uuid4()), theft])
    room = Room.objects.get()
    assert (room.seq, room.said) == (3, 3)
    commit([theft, theft])
    room.refresh_from_db()
    assert (room.seq, room.said) == (3, 3)
    commit([Say("lobby", ada, "four", uuid4()), Delete("lobby", ada, 4), theft])
    room.refresh_from_db()
    assert (room.seq, room.said) == (5, 4)


def test_the_last_thing_said_is_known_wherever_it_stood_in_its_batch(ada: Identity) -> None:
    say(author=ada, text="one")
    commit([Star("lobby", ada, 1, True), Say("lobby", ada, "two", uuid4()), Edit("lobby", ada, 1, "uno")])
    room = Room.objects.get()
    assert (room.seq, room.said) == (4, 3)
    commit([Edit("lobby", ada, 1, "eins")])
    room.refresh_from_db()
    assert (room.seq, room.said) == (5, 3)


# Whatever is asked for, in whatever batches.

PEOPLE = [Identity(id=f"guest-{name}", name=name) for name in ("ada", "bob")]
ROOMS = ("den", "lobby")
people, rooms, ids = some.sampled_from(PEOPLE), some.sampled_from(ROOMS), some.integers(1, 5)
texts = some.text("abcdefgh", min_size=1, max_size=4)
client_ids = some.one_of(some.uuids(), some.integers(1, 3).map(lambda n: UUID(int=n)))  # some come again
changes = some.one_of(
    some.builds(Say, rooms, people, texts, client_ids),
    some.builds(Edit, rooms, people, ids, texts),
    some.builds(Delete, rooms, people, ids),
    some.builds(Star, rooms, people, ids, some.booleans()),
)
batches = some.lists(some.lists(changes, min_size=1, max_size=12), min_size=1, max_size=6)


@hypothesis_settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=batches)
def test_rooms_are_numbered_without_gaps_and_frames_follow_on_each_other(batches: list[list[Change]]) -> None:
    Message.objects.all().delete()
    Room.objects.all().delete()
    told: dict[str, list[Frame]] = {room: [] for room in ROOMS}
    accepted: dict[str, list[int]] = {room: [] for room in ROOMS}
    touched: dict[tuple[str, int], int] = {}
    for batch in batches:
        while batch:  # a slow machine prepares fewer of them in time
            verdicts, frames = commit(batch)
            for frame in frames:
                told[frame.room].append(frame)
            for change, verdict in zip(batch, verdicts, strict=False):
                if isinstance(verdict, Accepted) and not verdict.repeat:
                    accepted[change.room].append(verdict.seq)
                    touched[change.room, verdict.message.seq] = verdict.seq
            batch = batch[len(verdicts) :]
        assert_is_sound(told, accepted, touched)


def assert_is_sound(
    told: dict[str, list[Frame]], accepted: dict[str, list[int]], touched: dict[tuple[str, int], int]
) -> None:
    stored = {room.name: room for room in Room.objects.all()}
    for name in ROOMS:
        assert accepted[name] == list(range(1, len(accepted[name]) + 1)), "each change takes the next number"
        log = {each.seq: each for each in Message.objects.filter(room__name=name)}
        if name not in stored:
            assert not accepted[name]
            continue
        room = stored[name]
        assert room.seq == len(accepted[name]) == max(each.changed_seq for each in log.values())
        assert room.said == max(log)
        changed: dict[int, int] = {id: each.changed_seq for id, each in log.items()}
        assert changed == {id: seq for (place, id), seq in touched.items() if place == name}
        frames = told[name]
        assert (frames[0].first, frames[-1].last) == (1, room.seq)
        assert all(frame.last + 1 == after.first for frame, after in pairwise(frames))
        heard: dict[int, dict[str, Any]] = {event["id"]: event for frame in frames for event in frame.events}
        assert {id: event["seq"] for id, event in heard.items()} == changed
        assert all(bool(log[id].deleted_at) == (event["type"] == "deleted") for id, event in heard.items())
