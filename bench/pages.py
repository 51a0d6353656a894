"""How long a room and a page of its history take to open, with few messages in it and with many."""

import sqlite3
import statistics
import time
from contextlib import closing
from pathlib import Path

import httpx

from e2e.servers import Server

FEW = 100
ROUNDS = 150


FILL = """
WITH RECURSIVE n(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < {count})
INSERT INTO chat_message (room_id, seq, changed_seq, client_id, author_id, author_name, text, sent_at)
SELECT {room}, seq, seq, lower(hex(randomblob(16))), 'guest-' || seq % 7, 'Guest ' || seq % 7,
       'Message ' || seq || ', about as long as what people write to each other in a room.',
       datetime('2026-01-01', '+' || seq || ' minutes') FROM n
"""


def fill(database: Path, room: str, count: int) -> None:
    """SQLite makes the messages itself: a million in a few seconds."""
    with closing(sqlite3.connect(database)) as connection, connection:
        added = connection.execute(
            "INSERT INTO chat_room (name, seq, active_at) VALUES (?, ?, '2026-01-01')", (room, count)
        )
        connection.execute(FILL.format(count=int(count), room=added.lastrowid))


def milliseconds(client: httpx.Client, path: str) -> float:
    begun = time.perf_counter()
    client.get(path).raise_for_status()
    return (time.perf_counter() - begun) * 1000


def pages(folder: Path, many: int, rounds: int = ROUNDS) -> list[list[str]]:
    """Rows: page, milliseconds with few messages, with many, their ratio, pages a second with many."""
    server = Server(folder, DATABASE_URL=f"sqlite:///{folder}/pages.sqlite3")
    server.manage("migrate", "--verbosity", "0")
    fill(folder / "pages.sqlite3", "few", FEW)
    fill(folder / "pages.sqlite3", "many", many)
    server.start()
    paths = {
        "room": ("/chat/few/", "/chat/many/"),
        "history, the last page": ("/chat/few/history/?before=80", f"/chat/many/history/?before={many - 20}"),
        "history, its middle": ("/chat/few/history/?before=60", f"/chat/many/history/?before={many // 2}"),
    }
    rows = []
    try:
        with httpx.Client(base_url=server.url) as client:
            for name, (few_path, many_path) in paths.items():
                milliseconds(client, few_path), milliseconds(client, many_path)
                few, much = [], []
                for _ in range(rounds):  # interleaved: what else the machine does falls on both
                    few.append(milliseconds(client, few_path))
                    much.append(milliseconds(client, many_path))
                a, b = statistics.median(few), statistics.median(much)
                rows.append([name, f"{a:.1f}", f"{b:.1f}", f"{b / a:.2f}", f"{1000 / b:.0f}"])
    finally:
        server.stop()
    return rows
