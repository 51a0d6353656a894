"""`python -m bench.places`: a page at a message that is 900,000 messages back, beside the newest one.

Each is made as for somebody who opens it, without what the process keeps of the newest page; CPU time, medians.
"""

import os
import statistics
import sys
from datetime import UTC
from time import thread_time

import django

import e2e.environment  # noqa: F401 - settings of its own

os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench.machine import describe  # noqa: E402
from chat import pages  # noqa: E402
from chat.identity import Identity  # noqa: E402
from chat.models import Message, Room  # noqa: E402
from chat.posting import commit  # noqa: E402
from chat.verbs import Say  # noqa: E402

MESSAGES = 900_100
BACK = 900_000
ROUNDS = 40
MOST = 1.2  # times the newest page


def filled() -> Room:
    """A room with so many messages, which are copies of one."""
    commit([Say("lobby", Identity("guest-x", "Ada"), "A **message** of ordinary length, as people write them.")])
    columns = {field.column for field in Message._meta.concrete_fields} - {
        "id",
        "seq",
        "changed_seq",
        "client_id",
        "html",
    }
    same = ", ".join(sorted(columns))
    article = "REPLACE(html, '\"m1\"', '\"m' || n || '\"')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < {MESSAGES})
            INSERT INTO chat_message (seq, changed_seq, client_id, html, {same})
            SELECT n, n, printf('%032x', n), {article}, {same} FROM chat_message CROSS JOIN numbers"""
        )
    Room.objects.update(seq=MESSAGES, said=MESSAGES)
    return Room.objects.get()


def seconds(room: Room, place: pages.Place) -> float:
    taken = []
    for _ in range(ROUNDS):
        pages._newest.cache_clear()
        begun = thread_time()
        assert not pages.of(room, place, UTC, is_whole=True).is_empty
        taken.append(thread_time() - begun)
    return statistics.median(taken)


def main() -> int:
    call_command("migrate", verbosity=0)
    room = filled()
    newest, back = seconds(room, pages.NEWEST), seconds(room, pages.Place(at=MESSAGES - BACK))
    print(describe())
    print(f"newest page {newest * 1000:.2f} ms, {BACK:,} messages back {back * 1000:.2f} ms: {back / newest:.2f} times")
    return 0 if back <= MOST * newest else 1


if __name__ == "__main__":
    sys.exit(main())
