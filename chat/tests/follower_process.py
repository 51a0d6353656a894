"""A follower whose effect is a row, and a writer for it, each as a process: see elsewhere.py.

`python -m chat.tests.follower_process follow [prepare|store N]`: stops itself in its Nth `prepare`, or kills itself in
its Nth `store`. `… write`: says, edits, deletes and stars in two rooms. Runs in the database of DATABASE_URL.
"""

import os
import random
import signal
import sys
from collections.abc import Sequence
from uuid import UUID

import django
from django.apps import apps
from django.db import connection

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    django.setup()

from chat import follower
from chat.identity import Identity
from chat.models import Message, Room
from chat.posting import Change, commit
from chat.tests.effects import EFFECT
from chat.tests.starring import Star
from chat.verbs import Delete, Edit, Say

ROOMS = ("den", "lobby")
BATCHES = 250


class Copying:
    """Its effect: a row for each state of a message that it saw."""

    name = "copying"

    def __init__(self, where: str = "", step: int = 0) -> None:
        self.left = {where: step}

    def prepare(self, room: Room, messages: Sequence[Message]) -> list[tuple[object, ...]]:
        if self.is_time("prepare"):
            print(f"stopped {room.pk} {messages[-1].changed_seq}", flush=True)
            signal.raise_signal(signal.SIGSTOP)
            print("continued", flush=True)
        return [(room.pk, each.seq, each.changed_seq, each.text, os.getpid()) for each in messages]

    def store(self, prepared: list[tuple[object, ...]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(EFFECT, prepared[: len(prepared) // 2])
            if self.is_time("store"):
                signal.raise_signal(signal.SIGKILL)
            cursor.executemany(EFFECT, prepared[len(prepared) // 2 :])

    def is_time(self, where: str) -> bool:
        self.left[where] = self.left.get(where, 0) - 1
        return self.left[where] == 0


def write() -> None:
    chance = random.Random(17)
    ada = Identity(id="guest-ada", name="Ada")
    for _ in range(BATCHES):
        batch = [anything(chance, ada, chance.choice(ROOMS)) for _ in range(chance.randint(1, 20))]
        commit(batch)


def anything(chance: random.Random, ada: Identity, room: str) -> Change:
    id, text = chance.randint(1, 400), str(chance.random())
    return chance.choice([
        Say(room, ada, text, UUID(int=chance.getrandbits(128))),
        Edit(room, ada, id, text),
        Star(room, ada, id, chance.random() < 0.5),
        Delete(room, ada, id) if chance.random() < 0.2 else Edit(room, ada, id, text),
    ])  # fmt: skip


def follow(one: follower.Follower) -> None:
    follower.LOOK_EVERY = 0.01
    follower.follow_in_process([one], lambda: print("following", flush=True))


def main(what: str, where: str = "", step: str = "0") -> None:
    if what == "write":
        write()
    else:
        follow(Copying(where, int(step)))


if __name__ == "__main__":
    main(*sys.argv[1:])
