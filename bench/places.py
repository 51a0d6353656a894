"""`python -m bench.places`: a page at a message that is 900,000 messages back, beside the newest one.

The whole page as somebody opens it, without what the process keeps of the newest one: CPU time, medians in turn.
"""

import os
import statistics
import sys
from time import process_time

import django

import e2e.environment  # noqa: F401 - settings of its own

os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from bench.machine import describe  # noqa: E402
from chat import pages  # noqa: E402
from chat.identity import Identity  # noqa: E402
from chat.models import Message, Room  # noqa: E402
from chat.posting import commit  # noqa: E402
from chat.verbs import Say  # noqa: E402

MESSAGES = 900_100
BACK = 900_000
ROUNDS = 100
MOST = 1.2  # times the newest page


def fill() -> None:
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


def seconds(client: Client, query: str) -> float:
    pages._newest.cache_clear()
    begun = process_time()
    assert b"<article" in client.get(f"/chat/lobby/{query}").content
    return process_time() - begun


def main() -> int:
    call_command("migrate", verbosity=0)
    fill()
    client = Client(HTTP_HOST="localhost")
    taken = [[seconds(client, query) for query in ("", f"?at={MESSAGES - BACK}")] for _ in range(ROUNDS)]
    newest, back = map(statistics.median, zip(*taken[5:], strict=True))  # the first ones load code
    print(describe())
    print(f"newest page {newest * 1000:.2f} ms, {BACK:,} messages back {back * 1000:.2f} ms: {back / newest:.2f} times")
    return 0 if back <= MOST * newest else 1


if __name__ == "__main__":
    sys.exit(main())
