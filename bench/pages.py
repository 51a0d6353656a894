"""How long a room and a page of its history take to open, with few messages in it and with many.

Also how long a message takes from one socket to another. Prints a table; `python -m bench.pages [messages]`.
"""

import json
import logging
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

import e2e.environment  # noqa: F401 - a database and settings of its own
from bench.machine import describe
from e2e.servers import Server

FEW = 100
ROUNDS = 150


def fill(room: str, count: int) -> None:
    from chat.models import Message, Room

    begun = datetime(2026, 1, 1, tzinfo=UTC)
    stored = Room.objects.create(name=room, seq=count, active_at=begun)
    for start in range(1, count + 1, 5000):
        Message.objects.bulk_create(
            Message(
                room=stored,
                seq=seq,
                changed_seq=seq,
                client_id=uuid4(),
                author_id=f"guest-{seq % 7}",
                author_name=f"Guest {seq % 7}",
                text=f"Message {seq}, about as long as what people write to each other in a room like this one.",
                sent_at=begun + timedelta(minutes=seq),
            )
            for seq in range(start, min(start + 5000, count + 1))
        )


def milliseconds(client: httpx.Client, path: str) -> float:
    begun = time.perf_counter()
    client.get(path).raise_for_status()
    return (time.perf_counter() - begun) * 1000


def pages(server: Server, many: int) -> None:
    paths = {
        "room": ("/chat/few/", "/chat/many/"),
        "last page of history": ("/chat/few/history/?before=80", f"/chat/many/history/?before={many - 20}"),
        "middle of history": ("/chat/few/history/?before=60", f"/chat/many/history/?before={many // 2}"),
    }
    print(f"| page | {FEW} messages, ms | {many:,} messages, ms | ratio |")
    print("| --- | --- | --- | --- |")
    with httpx.Client(base_url=server.url) as client:
        for name, (few_path, many_path) in paths.items():
            milliseconds(client, few_path), milliseconds(client, many_path)
            few, much = [], []
            for _ in range(ROUNDS):  # interleaved: what else the machine does falls on both
                few.append(milliseconds(client, few_path))
                much.append(milliseconds(client, many_path))
            a, b = statistics.median(few), statistics.median(much)
            print(f"| {name} | {a:.2f} | {b:.2f} | {b / a:.2f} |")


def opened(server: Server) -> ClientConnection:
    return connect(f"{server.ws}/ws/chat/latency/", origin=Origin(server.url), subprotocols=[Subprotocol("chat.v1")])


def latency(server: Server) -> None:
    with opened(server) as ada, opened(server) as bob:
        bob.recv()
        times = []
        for n in range(ROUNDS):
            begun = time.perf_counter()
            ada.send(json.dumps({"message": f"message {n}", "client_id": str(uuid4())}))
            bob.recv()
            times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    print(f"\nFrom one socket to another, stored: median {times[len(times) // 2]:.1f} ms, p99 {times[-2]:.1f} ms.")


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
    django.setup()
    logging.getLogger("httpx").setLevel("WARNING")
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), DATABASE_URL=os.environ["DATABASE_URL"])
        server.manage("migrate", "--verbosity", "0")
        fill("few", FEW)
        fill("many", many)
        server.start()
        try:
            print(describe(), end="\n\n")
            pages(server, many)
            latency(server)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
