"""The relay of the lab: it hands on the protocol of Redis as it is, but for what it is told to tamper with."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from e2e.lab.relay import Relay, end_of_reply, published_on


def published(channel: str, text: str, kind: str = "*") -> bytes:
    parts = ["message", channel, text]
    return f"{kind}3\r\n".encode() + b"".join(f"${len(part)}\r\n{part}\r\n".encode() for part in parts)


WHOLE = [
    b"+OK\r\n", b":7\r\n", b"$-1\r\n", b"$5\r\na\r\nbc\r\n", b"*0\r\n", b"*-1\r\n", b"_\r\n",
    b"*2\r\n*1\r\n:1\r\n$0\r\n\r\n", b"%1\r\n+a\r\n:1\r\n", published("room", "one"), published("room", "one", ">"),
]  # fmt: skip


@pytest.mark.parametrize("reply", WHOLE, ids=repr)
def test_a_reply_is_known_to_be_whole_at_its_end_and_not_before(reply: bytes) -> None:
    assert end_of_reply(reply + b"+more\r\n", 0) == len(reply)
    assert [end_of_reply(reply[:size], 0) for size in range(len(reply))] == [0] * len(reply)


def test_only_messages_are_published() -> None:
    assert published_on(published("asgi__group__x", "one")) == b"asgi__group__x"
    assert published_on(b"*3\r\n$9\r\nsubscribe\r\n$1\r\nx\r\n:1\r\n") == b""
    assert published_on(b"+PONG\r\n") == b""


Told = tuple[Relay, asyncio.StreamWriter, asyncio.StreamReader]


@pytest.fixture
async def told() -> AsyncIterator[Told]:
    """The relay, what Redis writes to, and what the server reads."""
    accepted: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
    redis = await asyncio.start_server(lambda _, writer: accepted.set_result(writer), "127.0.0.1", 0)
    relay = Relay(redis.sockets[0].getsockname()[1])
    await relay.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
    answers = await accepted
    yield relay, answers, reader
    for line in (writer, answers):
        line.close()
    await relay.stop()
    redis.close()


@pytest.mark.parametrize(
    ("fault", "heard"), [("drop", "234"), ("twice", "11234"), ("swap", "2134"), ("delay", "2314"), ("", "1234")]
)
async def test_the_next_message_of_a_room_is_tampered_with_and_no_other(told: Told, fault: str, heard: str) -> None:
    relay, redis, server = told
    if fault:
        relay.faults[b"mine"] = fault
    expected = b"".join(published("group.mine", number) for number in heard)
    for number in "1234":
        redis.write(published("group.mine", number))
        redis.write(published("group.other", number))
    async with asyncio.timeout(5):
        got = await server.readexactly(len(expected) + 4 * len(published("group.other", "1")))
    assert got.count(b"group.other") == 4
    others = b"".join(published("group.other", number) for number in "1234")
    assert b"".join(part for part in _split(got) if b"mine" in part) == expected
    assert b"".join(part for part in _split(got) if b"other" in part) == others


def _split(data: bytes) -> list[bytes]:
    parts = []
    while data:
        end = end_of_reply(data, 0)
        parts, data = [*parts, data[:end]], data[end:]
    return parts


async def test_a_line_that_ends_on_one_side_ends_on_the_other(told: Told) -> None:
    _, redis, server = told
    redis.transport.abort()
    async with asyncio.timeout(5):
        with suppress(ConnectionError):  # the end, one way or the other
            assert await server.read() == b""
