"""One door to a room's log: numbers without gaps, repeats known, nothing left of what was deleted."""

import re
import threading
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection

from accounts.models import Guest
from chat import log
from chat.events import FRAME_TARGET
from chat.identity import Identity
from chat.log import Head
from chat.models import CLOSED, Message, Room
from chat.pages import Place, of
from chat.posting import Accepted, commit
from chat.protocol import Refused
from chat.tests import posted
from chat.verbs import Delete, Edit, Say

pytestmark = pytest.mark.django_db


def say(author: Identity, text: str, room: str = "lobby") -> Accepted:
    return posted.say(room=room, author=author, text=text, client_id=uuid4())


def test_each_change_takes_the_rooms_next_number(ada: Identity) -> None:
    first, second = say(ada, "one"), say(ada, "two")
    edited = posted.edit(room="lobby", author=ada, id=first.seq, text="uno")
    gone = posted.delete(room="lobby", author=ada, id=second.seq)
    assert [each.seq for each in (first, second, edited, gone)] == [1, 2, 3, 4]
    assert log.heads(["lobby"])["lobby"].seq == 4


def test_rooms_count_each_for_itself(ada: Identity) -> None:
    assert (say(ada, "here").seq, say(ada, "there", room="other").seq) == (1, 1)


def test_a_repeat_is_stored_once_and_gets_the_first_ones_number(ada: Identity, bob: Identity) -> None:
    client_id = uuid4()
    first = posted.say(room="lobby", author=ada, text="hello", client_id=client_id)
    say(bob, "in between")
    again = posted.say(room="lobby", author=ada, text="hello", client_id=client_id)
    assert (again.seq, again.repeat) == (first.seq, True)
    assert Message.objects.count() == 2


def test_the_same_client_id_with_another_text_is_a_conflict(ada: Identity) -> None:
    client_id = uuid4()
    posted.say(room="lobby", author=ada, text="hello", client_id=client_id)
    with pytest.raises(Refused) as refused:
        posted.say(room="lobby", author=ada, text="goodbye", client_id=client_id)
    assert refused.value.code == "conflict"


def test_a_repeat_is_known_by_its_first_text_after_an_edit(ada: Identity) -> None:
    client_id = uuid4()
    first = posted.say(room="lobby", author=ada, text="hello", client_id=client_id)
    posted.edit(room="lobby", author=ada, id=first.seq, text="good day")
    assert posted.say(room="lobby", author=ada, text="hello", client_id=client_id).repeat
    with pytest.raises(Refused):
        posted.say(room="lobby", author=ada, text="good day", client_id=client_id)


def test_in_a_batch_each_has_a_verdict_of_its_own(ada: Identity, bob: Identity) -> None:
    client_id = uuid4()
    hello = Say("lobby", ada, "hello", client_id)
    commands = [
        hello,
        hello,
        Say("lobby", ada, "other", client_id),
        Edit("lobby", bob, 1, "mine"),
        Say("den", bob, "hi", uuid4()),
    ]
    verdicts, frames = commit(commands)
    first, repeat, conflict, theft, other = verdicts
    assert isinstance(first, Accepted)
    assert isinstance(repeat, Accepted)
    assert (first.seq, repeat.seq, repeat.repeat) == (1, 1, True)
    assert isinstance(conflict, Refused)
    assert isinstance(theft, Refused)
    assert (conflict.code, theft.code) == ("conflict", "forbidden")
    assert isinstance(other, Accepted)
    assert {(frame.room, frame.first, frame.last) for frame in frames} == {("lobby", 1, 1), ("den", 1, 1)}


def test_a_batch_is_one_frame_with_the_last_change_of_each_message_in_order(ada: Identity) -> None:
    _, (frame,) = commit(
        [Say("lobby", ada, text, uuid4()) for text in "abc"] + [Edit("lobby", ada, 2, "B"), Delete("lobby", ada, 1)]
    )
    assert [(event["type"], event["seq"], event["id"]) for event in frame.events] == [
        ("message", 3, 3), ("message", 4, 2), ("deleted", 5, 1),
    ]  # fmt: skip
    assert (frame.first, frame.last) == (1, 5), "what a later change of the batch replaced is left out"


def test_only_the_author_may_edit_and_staff_may_delete(ada: Identity, bob: Identity, grace: Identity) -> None:
    said = say(ada, "hello")
    for stranger in (bob, grace):
        with pytest.raises(Refused):
            posted.edit(room="lobby", author=stranger, id=said.seq, text="changed")
    with pytest.raises(Refused):
        posted.delete(room="lobby", author=bob, id=said.seq)
    assert posted.delete(room="lobby", author=grace, id=said.seq).message.deleted_at


def test_a_deleted_message_leaves_no_text_behind_and_no_repeat_brings_it_back(ada: Identity) -> None:
    client_id = uuid4()
    said = posted.say(room="lobby", author=ada, text="secret", client_id=client_id)
    posted.edit(room="lobby", author=ada, id=said.seq, text="more secret")
    posted.delete(room="lobby", author=ada, id=said.seq)
    assert posted.say(room="lobby", author=ada, text="secret", client_id=client_id).repeat
    stored = Message.objects.values().get()
    assert not any("secret" in str(value) for value in stored.values())
    assert stored["first_digest"] is None
    with pytest.raises(Refused):
        posted.edit(room="lobby", author=ada, id=said.seq, text="back")


def test_what_is_not_there_cannot_be_changed_and_makes_no_room(ada: Identity) -> None:
    with pytest.raises(Refused):
        posted.delete(room="nowhere", author=ada, id=1)
    assert not Room.objects.exists()


def test_a_guest_speaks_under_the_name_chosen_last(ada: Identity) -> None:
    guest = uuid4()
    Guest.objects.create(pk=guest, name="Countess")
    said = say(Identity(id="guest-x", name="Ada", guest=guest), "hello")
    assert said.message.author_name == "Countess"


def test_a_replay_holds_the_latest_state_of_each_changed_message(ada: Identity) -> None:
    for text in "abcd":
        say(ada, text)
    posted.edit(room="lobby", author=ada, id=1, text="A")
    posted.delete(room="lobby", author=ada, id=3)
    part = log.part_after("lobby", 1)
    assert part.frame
    events = part.frame.events
    assert [(event["type"], event["id"], event["seq"]) for event in events] == [
        ("message", 2, 2), ("message", 4, 4), ("message", 1, 5), ("deleted", 3, 6),
    ]  # fmt: skip
    assert not part.more
    assert log.standing("lobby", 1) == (Head(6), True)


def test_whoever_is_more_than_500_events_behind_is_told_so(ada: Identity) -> None:
    posted.carry_out([Say("lobby", ada, "x", uuid4()) for _ in range(501)])
    assert log.standing("lobby", 0) == (Head(501), False)
    assert log.standing("lobby", 1) == (Head(501), True)


def test_edits_of_one_message_do_not_make_a_replay_longer(ada: Identity) -> None:
    commit([Say("lobby", ada, "x", uuid4())])
    posted.carry_out([Edit("lobby", ada, 1, str(n)) for n in range(600)])
    assert log.standing("lobby", 0) == (Head(601), True)


def test_a_replay_is_read_in_parts_of_a_bearable_size(ada: Identity) -> None:
    posted.carry_out([Say("lobby", ada, "'" * 4000, uuid4()) for _ in range(50)])
    after, parts = 0, []
    while True:
        part = log.part_after("lobby", after)
        assert part.frame
        parts.append(part.frame)
        after = part.frame.last
        if not part.more:
            break
    assert [frame.first for frame in parts[1:]] == [frame.last + 1 for frame in parts[:-1]]
    assert after == 50
    assert max(len(frame.text) for frame in parts) < 2 * FRAME_TARGET


def test_a_number_that_the_room_never_reached_cannot_be_replayed_from(ada: Identity) -> None:
    say(ada, "hello")
    assert log.standing("lobby", 7) == (Head(1), False)


def test_a_page_of_history_leaves_out_what_was_deleted(ada: Identity) -> None:
    posted.carry_out([Say("lobby", ada, str(n), uuid4()) for n in range(60)] + [Delete("lobby", ada, 59)])
    page = of(Room.objects.get(), Place(before=60), UTC)
    assert re.findall(r'id="m(\d+)"', page.html) == [str(n) for n in range(9, 59)]


def test_a_batch_of_known_guests_costs_few_statements(ada: Identity, django_assert_max_num_queries: object) -> None:
    say(ada, "the room is there")
    with django_assert_max_num_queries(6):  # savepoint, rooms, repeats, insert, room, release
        commit([Say("lobby", ada, "x", uuid4()) for _ in range(50)])


def test_a_batch_that_makes_many_rooms_costs_few_statements(
    ada: Identity, django_assert_max_num_queries: object
) -> None:
    say(ada, "hello", room="there-already")
    rooms = ["there-already", *(f"room-{n}" for n in range(50))]
    with django_assert_max_num_queries(10):  # savepoint, lock, rooms, make, rooms, names, insert, release
        verdicts, frames = commit([Say(room, ada, text, uuid4()) for room in rooms for text in ("one", "two")])
    assert [verdict.seq for verdict in verdicts if isinstance(verdict, Accepted)] == [2, 3] + [1, 2] * 50
    assert {(frame.room, frame.first, frame.last) for frame in frames} >= {("there-already", 2, 3), ("room-7", 1, 2)}


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_make_numbers_without_gaps(ada: Identity) -> None:
    def speak() -> None:
        for _ in range(20):
            say(ada, "hello")
        connection.close()

    writers = [threading.Thread(target=speak) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(Message.objects.values_list("seq", flat=True)) == [*range(1, 81)]


@pytest.mark.django_db(transaction=True)
def test_batches_over_the_same_rooms_never_wait_for_each_other(ada: Identity) -> None:
    """Rooms are locked in one order, quick way or slow; a database may sort these names otherwise than Python."""
    rooms = ["a-b", "a_c", "ab", "z", "é", "学"]
    client_id = uuid4()
    commit([Say(room, ada, "first", client_id) for room in rooms])
    failed = []

    def speak(order: list[str], *, repeats: bool) -> None:
        try:
            for n in range(20):
                batch = [Say(room, ada, "x", uuid4()) for room in (f"new-{n}", *order, f"a-new-{n}")]
                if repeats:  # such a batch goes the slow way
                    batch.append(Say(order[0], ada, "first", client_id))
                commit(batch)
        except DatabaseError as error:
            failed.append(error)
        finally:
            connection.close()

    writers = [
        threading.Thread(target=speak, args=(order,), kwargs={"repeats": repeats})
        for order in (rooms, rooms[::-1])
        for repeats in (False, True)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failed
    assert Room.objects.get(name="z").seq == 1 + 4 * 20


def test_what_is_refused_moves_no_room_up_and_makes_none(ada: Identity) -> None:
    posted.say(author=ada, text="hello", room="vault")
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    Room.objects.update(kind=CLOSED, active_at=long_ago)
    for room in ("vault", "admin"):
        with pytest.raises(Refused, match="no room"):
            posted.say(author=ada, text="let me in", room=room)
    assert Room.objects.values_list("name", "seq", "said", "active_at").get() == ("vault", 1, 1, long_ago)
