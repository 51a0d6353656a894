"""The replicas share the connections, and a message is right whichever of them its readers are on."""

import asyncio
import json
from collections import Counter
from contextlib import AsyncExitStack
from uuid import uuid4

from e2e.compose.stack import BASE_URL, up
from e2e.faults.clients import Event, events_of, socket


async def test_four_replicas_share_the_connections_and_messages_are_right_across_them() -> None:
    await asyncio.to_thread(up, "--scale", "web=4")
    room, each = f"room-{uuid4().hex[:8]}", 10
    try:
        async with AsyncExitStack() as stack, asyncio.timeout(60):
            lines = [await stack.enter_async_context(socket(BASE_URL, room)) for _ in range(4 * each)]
            hellos = [events_of(await line.recv())[0] for line in lines]
            shares = Counter(hello["server"] for hello in hellos)
            print(shares)
            assert len(shares) == 4
            assert max(shares.values()) <= each + 2  # least_conn; health checks and pages count for a moment too
            for n, line in enumerate(lines):
                await line.send(json.dumps({"message": f"from {n}", "client_id": str(uuid4())}))

            async def heard(line: object) -> list[Event]:
                messages: list[Event] = []
                while len(messages) < len(lines):
                    messages += [e for e in events_of(await line.recv()) if e["type"] == "message"]
                return messages

            told = await asyncio.gather(*map(heard, lines))
            assert [message["seq"] for message in told[0]] == list(range(1, len(lines) + 1))
            assert {message["text"] for message in told[0]} == {f"from {n}" for n in range(len(lines))}
            assert all(messages == told[0] for messages in told)
    finally:
        await asyncio.to_thread(up)
