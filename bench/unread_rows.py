"""The rows of bench.unread, and the query that counts them. Run by it, in a process with the database to be filled."""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

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
from chat.models import Member, Message, Room  # noqa: E402
from chat.unread.numbers import of_people  # noqa: E402

PEOPLE = 1000
ROOMS = 500
ROUNDS = 7
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
    Member.objects.bulk_create(Member(room=room, person=me, read_seq=0) for room in Room.objects.bulk_create(rooms))
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
    print(
        f"  {typical:.1f} ms where 150 rooms have 20 unread, {milliseconds(of_me):.1f} ms where all have 99+",
        flush=True,
    )
    connection.close()


def milliseconds(what: Callable[[], object]) -> float:
    """The median."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        what()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    if sys.argv[1] == "people":
        people(int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
    else:
        numbers(sys.argv[2], int(sys.argv[3]))
