"""The search index at work in processes of its own: see test_following.py.

`python -m chat.search.tests.indexing_process follow [store N]`: indexes, and kills itself in its Nth step.
`… write N`: N changes or more, says, edits and deletions in three rooms.
`… compare`: searches for all kinds of words, and looks for the same in the text of every message.

Runs in the database of DATABASE_URL.
"""

import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from threading import Event
from uuid import UUID

from chat.tests.follower_process import Copying, follow  # it sets Django up

# isort: split
from chat.identity import Identity
from chat.models import Message, Room
from chat.posting import commit
from chat.search.finding import Hit, find
from chat.search.indexing import Indexer, Prepared
from chat.search.models import Entry
from chat.search.query import parse
from chat.verbs import Delete, Edit, Say

ROOMS = ("attic", "den", "lobby")
PEOPLE = (Identity("guest-ada", "Ada"), Identity("guest-bob", "Bob"))
LATIN = ("red", "green", "blue", "kettle", "server", "never", "seldom")
CHINESE = ("红色", "绿", "蓝色的", "服务器重启了", "学习")
QUERIES = 150
PAUSE = 0.01  # seconds after each batch, so that there is a middle
NOBODY = Identity("guest-nobody", "Nobody")


class Indexing:
    """The index; and in the same transaction a row for each state of a message that went into it."""

    name = Indexer.name

    def __init__(self, where: str, step: int) -> None:
        self.indexer, self.copying = Indexer(), Copying(where, step)

    def prepare(self, room: Room, messages: Sequence[Message]) -> tuple[Prepared, list[tuple[object, ...]]]:
        return self.indexer.prepare(room, messages), self.copying.prepare(room, messages)

    def store(self, prepared: tuple[Prepared, list[tuple[object, ...]]]) -> None:
        self.indexer.store(prepared[0])
        self.copying.store(prepared[1])


def write(least: int) -> None:
    """Until SIGTERM, and at least so many: others are to be killed in the middle of it."""
    chance, enough = random.Random(29), Event()
    signal.signal(signal.SIGTERM, lambda *_: enough.set())
    while least > 0 or not enough.is_set():
        batch = [anything(chance) for _ in range(chance.randint(1, 40))]
        commit(batch)
        least -= len(batch)
        time.sleep(PAUSE)


def anything(chance: random.Random) -> Say | Edit | Delete:
    """Half of it is said; what is edited or deleted is the author's own and there, more often than not."""
    room, person, id = chance.choice(ROOMS), chance.choice(PEOPLE), chance.randint(1, 2000)
    text = " ".join(chance.choices(LATIN + CHINESE, k=chance.randint(1, 6)))
    kind = chance.random()
    if kind < 0.5:
        return Say(room, person, text, UUID(int=chance.getrandbits(128)))
    return Edit(room, person, id, text) if kind < 0.85 else Delete(room, person, id)


def compare() -> None:
    """Raises AssertionError."""
    chance = random.Random(31)
    messages = list(Message.objects.filter(deleted_at=None).select_related("room").order_by("-pk"))
    assert set(Entry.objects.values_list("pk", flat=True)) == {each.pk for each in messages}
    found_any = 0
    for _ in range(QUERIES):
        query, matches = anything_to_find(chance)
        found, slow = [hit.pk for hit in all_pages(query)], [each.pk for each in messages if matches(each)]
        assert found == slow, f"{query}: {len(found)} found, {len(slow)} there"
        found_any += bool(found)
    assert found_any > QUERIES // 2, "else this showed nothing"
    print("the same")


def anything_to_find(chance: random.Random) -> tuple[str, Callable[[Message], bool]]:
    one, other, chinese = chance.choice(LATIN), chance.choice(LATIN), chance.choice(CHINESE)
    begin = chance.randrange(len(chinese))
    part = chinese[begin : begin + chance.randint(1, 3)]
    room, person = chance.choice(ROOMS), chance.choice(PEOPLE)
    kinds: list[tuple[str, Callable[[Message], bool]]] = [
        (one, lambda each: one in each.text.split()),
        (f"{one} {other}", lambda each: {one, other} <= set(each.text.split())),
        (f'"{one} {other}"', lambda each: f" {one} {other} " in f" {each.text} "),
        (part, lambda each: part in each.text),
        (f"{part} {one}", lambda each: part in each.text and one in each.text.split()),
        (f"in:{room} {one}", lambda each: each.room.name == room and one in each.text.split()),
        (f"from:{person.name} {part}", lambda each: each.author_id == person.id and part in each.text),
    ]
    return chance.choice(kinds)


def all_pages(query: str) -> list[Hit]:
    page = find(parse(query), NOBODY)
    hits = page.hits
    while page.cursor is not None:
        page = find(parse(query), NOBODY, page.cursor)
        hits += page.hits
    return hits


def main(what: str, argument: str = "", step: str = "0") -> None:
    if what == "follow":
        follow(Indexing(argument, int(step)))
        return
    if what == "write":
        write(int(argument))
    else:
        compare()


if __name__ == "__main__":
    main(*sys.argv[1:])
