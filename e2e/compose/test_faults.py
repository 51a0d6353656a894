"""What is killed under a conversation costs nobody a message: the guarantees, counted as in docs/delivery.md."""

import asyncio
import time

import httpx

from e2e.compose.conversation import clean, talking
from e2e.compose.stack import BASE_URL, ids, kill, start
from e2e.faults.harness import POLL_SECONDS, until


async def test_kill_9_of_one_replica_after_the_other() -> None:
    async with talking() as conversation:
        for replica in await asyncio.to_thread(ids, "web"):
            await asyncio.to_thread(kill, replica)
            await conversation.all_have_heard(20)
            await asyncio.to_thread(start, replica)
        await clean(conversation, "kill -9 of one replica after the other")


async def test_a_killed_replica_costs_a_request_one_retry_at_most() -> None:
    replica = ids("web")[0]
    kill(replica)
    try:
        async with httpx.AsyncClient(base_url=BASE_URL, timeout=10) as client:
            for _ in range(40):
                begun = time.monotonic()
                assert (await client.get("/chat/lobby/")).status_code == 200
                assert time.monotonic() - begun < 2.0  # dial_timeout, and the other replica's answer
    finally:
        start(replica)


async def test_kill_9_of_redis() -> None:
    async with talking() as conversation:
        (redis,) = await asyncio.to_thread(ids, "redis")
        lasting = [reader for reader in conversation.readers if reader.transport != "poll"]
        connects = [reader.connects for reader in lasting]
        await asyncio.to_thread(kill, redis)
        acked = len(conversation.acked())
        await conversation.all_have_heard(50)
        # A message may be heard before it is acknowledged.
        await until(lambda: len(conversation.acked()) - acked >= 50, "fifty are acknowledged")
        meanwhile = len(conversation.acked()) - acked
        await asyncio.to_thread(start, redis)
        account = await clean(conversation, f"kill -9 of Redis, {meanwhile} acknowledged without it")
        assert [reader.connects for reader in lasting] == connects  # nobody's line was closed
        assert account.recovery_s < POLL_SECONDS + 1


async def test_kill_9_of_postgresql() -> None:
    async with talking() as conversation:
        (db,) = await asyncio.to_thread(ids, "db")
        await asyncio.to_thread(kill, db)
        async with asyncio.timeout(60):
            while not any(writer.refused for writer in conversation.writers):
                await asyncio.sleep(0.05)
        await asyncio.to_thread(start, db)
        await conversation.all_have_heard(20)
        await clean(conversation, "kill -9 of PostgreSQL")


async def test_kill_9_of_the_proxy() -> None:
    async with talking() as conversation:
        (proxy,) = await asyncio.to_thread(ids, "proxy")
        await asyncio.to_thread(kill, proxy)
        await asyncio.to_thread(start, proxy)
        await conversation.all_have_heard(20)
        await clean(conversation, "kill -9 of the proxy")
