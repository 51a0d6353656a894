"""Followers of the log: each change once, whoever is stopped, killed or failing meanwhile."""

import io
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event, Thread, enumerate as threads
from typing import Any
from uuid import uuid4

import psutil
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from chat import follower
from chat.identity import Identity
from chat.models import Cursor, Message, Room
from chat.posting import commit
from chat.tests import follower_process, posted
from chat.tests.effects import TABLE, TABLE_OF_POSTGRES
from chat.tests.elsewhere import Elsewhere, is_up_to_date, until, who_did_each_once
from chat.verbs import Edit, Say


class Recording:
    """Its effect is in the database, so that it goes when the step does not come to its end."""

    name = "recording"

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.failures = 0

    def prepare(self, room: Room, messages: Sequence[Message]) -> list[tuple[int, int]]:
        self.steps.append(len(messages))
        return [(each.seq, each.changed_seq) for each in messages]

    def store(self, prepared: list[tuple[int, int]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO effect (id, seq) VALUES (%s, %s)", prepared)
        if self.failures:
            self.failures -= 1
            raise ValueError("not this time")

    @staticmethod
    def effects() -> list[tuple[int, int]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, seq FROM effect ORDER BY place")
            return cursor.fetchall()


@pytest.fixture
def recording(transactional_db: None) -> Iterator[Recording]:
    with connection.cursor() as cursor:
        cursor.execute(TABLE if connection.vendor == "sqlite" else TABLE_OF_POSTGRES)
    yield Recording()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE effect")


def say(ada: Identity, count: int, room: str = "lobby") -> None:
    commit([Say(room, ada, "hello", uuid4()) for _ in range(count)])


def test_a_follower_is_behind_by_the_changes_that_it_has_not_seen(recording: Recording, ada: Identity) -> None:
    say(ada, 3), say(ada, 2, "den")
    assert follower.lag("recording") == 5
    assert {room.name: room.behind for room in follower.due("recording")} == {"lobby": 3, "den": 2}  # type: ignore[attr-defined]
    follower.step(recording, Room.objects.get(name="den"))
    assert [room.name for room in follower.due("recording")] == ["lobby"]
    assert follower.lag("recording") == 3
    assert follower.lag("another") == 5, "each has cursors of its own"
    posted.edit(author=ada, id=1, text="changed", room="den")
    assert follower.lag("recording") == 4


def test_in_between_only_rooms_in_which_something_happened_of_late_are_looked_at(
    recording: Recording, ada: Identity
) -> None:
    say(ada, 1), say(ada, 1, "old")
    Room.objects.filter(name="old").update(active_at=timezone.now() - follower.OF_LATE * 2)
    assert [room.name for room in follower.due("recording", of_late=True)] == ["lobby"]
    assert {room.name for room in follower.due("recording")} == {"lobby", "old"}


def test_a_step_takes_at_most_100_messages_in_the_order_of_their_last_change(
    recording: Recording, ada: Identity
) -> None:
    say(ada, 240)
    commit([Edit("lobby", ada, 1, "changed")])
    follower.catch_up([recording], Event())
    assert recording.steps == [100, 100, 40]
    assert recording.effects() == [*((n, n) for n in range(2, 241)), (1, 241)]
    assert follower.lag("recording") == 0


def test_a_flood_in_one_room_does_not_hold_up_another(recording: Recording, ada: Identity) -> None:
    stop, rooms = Event(), list[str]()

    class Flooded(Recording):
        def prepare(self, room: Room, messages: Sequence[Message]) -> list[tuple[int, int]]:
            rooms.append(room.name)
            if "den" in rooms:
                stop.set()
            else:
                say(ada, 100)  # it never ends
                if len(rooms) == 2:
                    say(ada, 1, "den")
            assert len(rooms) < 100
            return super().prepare(room, messages)

    say(ada, 200)
    follower.catch_up([Flooded()], stop)
    assert rooms == [*["lobby"] * follower.TURN_MAX, "den"]


def test_it_leaves_half_of_the_time_to_the_writer_until_it_is_far_behind(
    recording: Recording, ada: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Counting(Event):
        waits = 0

        def wait(self, timeout: float | None = None) -> bool:
            self.waits += 1
            return super().wait(timeout)

    monkeypatch.setattr(follower, "FAR_BEHIND", 250)
    waits = []
    for count in (250, 270):
        say(ada, count)
        stop = Counting()
        follower.catch_up([recording], stop)
        waits.append(stop.waits)
    assert waits == [2, 0]


def test_in_a_flood_without_end_it_comes_back_to_look_at_all_rooms(recording: Recording, ada: Identity) -> None:
    class Flooded(Recording):
        def prepare(self, room: Room, messages: Sequence[Message]) -> list[tuple[int, int]]:
            if len(self.steps) < 100:
                say(ada, 100)
            return super().prepare(room, messages)

    say(ada, 200)
    follower.catch_up([Flooded()], Event(), of_late=True, seconds=0.2)
    assert follower.lag("recording") > 0


def test_of_two_that_read_the_same_the_second_does_nothing(recording: Recording, ada: Identity) -> None:
    say(ada, 3)
    room = Room.objects.get()

    class Overtaken(Recording):
        def prepare(self, room: Room, messages: Sequence[Message]) -> list[tuple[int, int]]:
            assert follower.step(recording, room) == 3
            return super().prepare(room, messages)

    assert follower.step(Overtaken(), room) == 0
    assert recording.effects() == [(1, 1), (2, 2), (3, 3)]
    assert Cursor.objects.get().seq == 3


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "LOOK_EVERY", 0.01)


@pytest.fixture
def in_thread(quickly: None) -> Iterator[Callable[[list[Any]], Thread]]:
    """Followers as they run inside the server; they are stopped at the end."""
    started: list[tuple[Event, Thread]] = []

    def in_thread(followers: list[Any]) -> Thread:
        before = set(threads())
        stop = follower.in_thread(followers)
        assert stop
        (thread,) = set(threads()) - before
        started.append((stop, thread))
        return thread

    yield in_thread
    for stop, thread in started:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def test_at_each_look_a_file_is_touched_so_that_a_health_check_can_tell(
    tmp_path: Path, quickly: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while the database is away: to start again would not help."""

    def away(*arguments: Any, **options: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(follower, "catch_up", away)
    stop, file = Event(), tmp_path / "looked"
    thread = Thread(target=follower.follow, args=([], stop, file.touch))
    thread.start()
    try:
        for _ in range(3):
            until(file.exists)
            file.unlink()
    finally:
        stop.set()
        thread.join(10)


def test_a_file_that_cannot_be_touched_is_one_line_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"--beat: .*No such file or directory"):
        call_command("follow", beat=tmp_path / "nowhere" / "looked")


def test_a_follower_that_fails_is_tried_again_and_leaves_nothing_half_done(
    recording: Recording, ada: Identity, in_thread: Callable[[list[Any]], Thread]
) -> None:
    say(ada, 3)
    recording.failures = 2
    in_thread([recording])
    until(lambda: follower.lag("recording") == 0)
    assert recording.effects() == [(1, 1), (2, 2), (3, 3)]
    assert recording.steps == [3, 3, 3]


def test_one_that_always_fails_in_one_room_keeps_back_no_other_follower_and_no_other_room(
    recording: Recording, ada: Identity, in_thread: Callable[[list[Any]], Thread]
) -> None:
    class Failing:
        name = "failing"
        done: list[str] = []

        def prepare(self, room: Room, messages: Sequence[Message]) -> str:
            if room.name == "den":
                raise ValueError("never")
            return room.name

        def store(self, prepared: str) -> None:
            self.done.append(prepared)

    for room in ("lobby", "den", "attic"):
        say(ada, 1, room)
    failing = Failing()
    in_thread([failing, recording])
    until(lambda: follower.lag("recording") == 0 and len(failing.done) == 2)
    assert sorted(failing.done) == ["attic", "lobby"]
    assert follower.lag("failing") == 1


def test_a_database_that_comes_back_is_followed_again(
    recording: Recording, ada: Identity, in_thread: Callable[[list[Any]], Thread], caplog: pytest.LogCaptureFixture
) -> None:
    say(ada, 1)
    rename_table("chat_cursor", "elsewhere")
    try:
        in_thread([recording])
        until(lambda: "trying again" in caplog.text)
    finally:
        rename_table("elsewhere", "chat_cursor")
    until(lambda: follower.lag("recording") == 0)


def rename_table(name: str, other: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {name} RENAME TO {other}")


def test_the_thread_inside_the_server_stops_when_it_is_asked_to_in_the_middle_of_a_flood(
    recording: Recording, ada: Identity, in_thread: Callable[[list[Any]], Thread]
) -> None:
    say(ada, 300)
    ends = Event()

    class Slow(Recording):
        def prepare(self, room: Room, messages: Sequence[Message]) -> list[tuple[int, int]]:
            stop.set(), ends.set()
            return super().prepare(room, messages)

    stop = follower.in_thread([Slow()])
    assert stop
    assert ends.wait(10)
    until(lambda: not [thread for thread in threads() if thread.name == "follow"])
    assert len(recording.effects()) == 100, "the step that it was in, and no other"


def test_without_followers_there_is_no_thread() -> None:
    assert follower.in_thread([]) is None


def test_manage_py_follow_says_so_where_nothing_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.management.commands.follow.FOLLOWERS", [])
    said = io.StringIO()
    call_command("follow", stdout=said)
    assert said.getvalue() == "No feature follows the log.\n"


def test_manage_py_follow_says_whom_it_runs_and_ends_after_its_step_when_it_is_asked_to(
    recording: Recording, ada: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asking(Recording):
        def store(self, prepared: list[tuple[int, int]]) -> None:
            signal.raise_signal(signal.SIGTERM)
            super().store(prepared)

    say(ada, 150)
    monkeypatch.setattr("chat.management.commands.follow.FOLLOWERS", [Asking()])
    said, before = io.StringIO(), {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        call_command("follow", stdout=said)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert said.getvalue() == "Following: recording\n"
    assert len(recording.effects()) == 100


def test_nothing_is_missed_or_repeated_by_two_at_once_of_which_one_is_frozen_and_one_killed(
    elsewhere: Elsewhere,
) -> None:
    frozen = elsewhere.start(follower_process, "follow", "prepare", "4")
    killed = elsewhere.start(follower_process, "follow", "store", "4")
    for process in (frozen, killed):
        elsewhere.says(process, "following")
    writing = elsewhere.start(follower_process, "write")

    _, room, seq = elsewhere.says(frozen, "stopped")
    until(lambda: psutil.Process(frozen.pid).status() == psutil.STATUS_STOPPED)
    assert killed.wait(30) == -signal.SIGKILL
    another = elsewhere.start(follower_process, "follow")
    elsewhere.says(another, "following")
    cursor = f"SELECT seq FROM chat_cursor WHERE room_id = {room} AND seq >= {seq}"
    until(lambda: elsewhere.ask(cursor))  # what the frozen one has in its hands was done by another
    frozen.send_signal(signal.SIGCONT)
    elsewhere.says(frozen, "continued")

    assert writing.wait(60) == 0
    until(lambda: is_up_to_date(elsewhere))
    for process in (frozen, another):
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0

    workers = who_did_each_once(elsewhere)
    assert {frozen.pid, killed.pid, another.pid} <= workers, "else this showed nothing"
