"""The rows of bench.unread, and the queries that it measures. Run by it, each time with a database to be filled."""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

import chat.features  # noqa: E402, F401 - plugs in the count of mentions
from accounts.models import User  # noqa: E402
from accounts.sessions import Ticket  # noqa: E402
from bench.plans import used  # noqa: E402
from chat import pages  # noqa: E402
from chat.identity import Identity  # noqa: E402
from chat.models import CLOSED, OPEN, PUBLIC, Member, Message, Room  # noqa: E402
from chat.unread.numbers import of_people  # noqa: E402

PEOPLE = 1000
ROOMS = 500
OTHERS = 20  # people with as many memberships
ROUNDS = 7
PAGES = 51
FEW = 50  # rooms and memberships
MANY = 500  # memberships
FILL = """
    INSERT INTO chat_message (room_id, seq, changed_seq, client_id, author_id, author_name, text, sent_at)
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)
    SELECT chat_room.id, n, n, {uuid}, {author}, 'Ada', 'A message of ordinary length', %s
    FROM chat_room CROSS JOIN numbers"""
UUID = {
    "sqlite": "printf('%%032x', chat_room.id * 10000000 + n)",
    "postgresql": "lpad(to_hex(chat_room.id * 10000000 + n), 32, '0')::uuid",
}


def people(rooms: int, memberships: int, sessions: Path) -> None:
    """Each belongs to so many rooms, the one where they sit among them. Writes down the cookies of their sessions."""
    now = timezone.now()
    made = Room.objects.bulk_create([Room(name=f"room-{n}", active_at=now) for n in range(rooms)])
    users = [User.objects.create_user(f"person {n}") for n in range(PEOPLE)]
    step = max(1, rooms // memberships)
    Member.objects.bulk_create(
        Member(person=user, room=made[(n + step * k) % rooms])
        for n, user in enumerate(users)
        for k in range(memberships)
    )
    cookies = []
    for user in users:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookies.append(f"{name}={client.cookies[name].value}")
    sessions.write_text(json.dumps(cookies))


def numbers(name: str, messages: int) -> None:
    call_command("migrate", verbosity=0)
    me, each, now = User.objects.create_user("Ada"), messages // ROOMS, timezone.now()
    rooms = [Room(name=f"room-{n}", active_at=now, seq=each, said=each) for n in range(ROOMS)]
    rooms = Room.objects.bulk_create(rooms)
    people = [me, *[User.objects.create_user(f"person {n}") for n in range(OTHERS)]]
    Member.objects.bulk_create(Member(room=room, person=person) for person in people for room in rooms)
    author = f"'user-' || (CASE WHEN n %% 10 = 0 THEN {me.pk} ELSE n %% 50 + 1000 END)"
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(uuid=UUID[connection.vendor], author=author), [each, now])
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")

    def of_me() -> int:
        return len(of_people([me.pk], []))

    Member.objects.update(read_seq=each - 20)
    Member.objects.filter(pk__in=Member.objects.order_by("pk").values("pk")[: ROOMS * 7 // 10]).update(read_seq=each)
    typical = milliseconds(of_me)
    Member.objects.update(read_seq=each - 500)
    print(f"unread numbers, {ROOMS} memberships, {Message.objects.count():,} messages, {name} (at most 20 ms):")
    print(f"  by {used(of_me)}")
    print(
        f"  {typical:.1f} ms where 150 rooms have 20 unread, {milliseconds(of_me):.1f} ms where all have 99+",
        flush=True,
    )
    connection.close()


def lobby(name: str, rooms: int) -> None:
    """Half of the rooms are public, a quarter open and a quarter closed; in each something was said."""
    call_command("migrate", verbosity=0)
    me = User.objects.create_user("Ada")
    client = Client(HTTP_HOST="localhost")
    client.force_login(me)
    you = Identity(f"user-{me.pk}", "Ada", ticket=Ticket("", me.pk, ""))

    def page() -> None:
        assert client.get("/chat/").content.count(b'class="entry"') == pages.ROOMS_LISTED + 1  # and an empty one

    _fill_lobby(me, 0, FEW, step=1)
    few = milliseconds(page, PAGES)
    _fill_lobby(me, FEW, rooms, step=max(1, (rooms - FEW) // (MANY - FEW) - 1 | 1))  # odd: some of each kind
    belongs, many = Member.objects.count(), milliseconds(page, PAGES)
    print(f"the lobby, {rooms:,} rooms and {belongs} memberships beside {FEW} and {FEW}, {name}:")
    print(f"  by {used(lambda: pages.recent_rooms(you))}")
    print(f"  {many:.1f} and {few:.1f} ms: {many / few:.2f} times (at most 1.5)", flush=True)
    connection.close()


def _fill_lobby(me: User, first: int, last: int, step: int) -> None:
    now = timezone.now()
    made = Room.objects.bulk_create(
        Room(name=f"room-{n}", kind=(PUBLIC, OPEN, PUBLIC, CLOSED)[n % 4], seq=1, said=1, topic="Of this and that",
             active_at=now + timedelta(seconds=n)) for n in range(first, last)
    )  # fmt: skip
    Message.objects.bulk_create(
        Message(room=room, seq=1, changed_seq=1, client_id=uuid4(), author_id="user-0", author_name="Bob",
                text="A message of ordinary length", sent_at=now) for room in made
    )  # fmt: skip
    Member.objects.bulk_create(Member(room=room, person=me) for room in made[::step][: MANY - FEW])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def milliseconds(what: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        what()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    if sys.argv[1] == "people":
        people(int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
    else:
        {"numbers": numbers, "lobby": lobby}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
