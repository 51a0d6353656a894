"""What a stranger does by HTTP: slow, large and wrong requests, and guesses at the door. One function for each."""

import asyncio
import contextlib
import time
from urllib.parse import quote, urlencode

from e2e.abuse.attacks import opened_in_turn, together
from e2e.abuse.lines import CSRF, FAILURES, PATIENCE, Attacker, Stream, middle, read_frame, say

MARK = "\u0301"  # a combining accent
CHUNK = 64 * 1024
BODY_MAX = 128 * 1024
GUESSES = 10  # at one name, then it is refused


async def _answer(attacker: Attacker, line: Stream, within: float = PATIENCE) -> None:
    try:
        async with asyncio.timeout(within):
            attacker.count((await line.reader.readline()).split(b" ")[1].decode())
    except FAILURES:
        attacker.count("cut")


async def links(attacker: Attacker) -> None:
    """50 messages of 363 links and 50 of as much ordinary text, then looking at both: which costs more?"""
    texts = {"links": "http://a.b " * 363, "ordinary": "ordinary words " * 266}
    stored, seconds = {}, {kind: [] for kind in texts}
    for kind, text in texts.items():
        begun = time.monotonic()
        await store(attacker, f"{attacker.room}-{kind}", text[:3999])
        stored[kind] = (time.monotonic() - begun) * 1000
    while attacker.goes_on:
        for kind, each in seconds.items():
            begun = time.monotonic()
            status, _ = await attacker.ask(attacker.head(f"/chat/{attacker.room}-{kind}/"))
            if status == 200:
                each.append(time.monotonic() - begun)
    looked = {kind: middle(each) * 1000 for kind, each in seconds.items()}
    for verb, cost in (("stored", stored), ("looked at", looked)):
        attacker.tally.notes.append(f"{verb} in {cost['links']:.0f} ms, ordinary text {cost['ordinary']:.0f} ms")
    attacker.tally.ratios = [cost["links"] / max(cost["ordinary"], 0.001) for cost in (stored, looked)]


async def store(attacker: Attacker, room: str, text: str, count: int = 50, each: int = 18) -> None:
    """Messages, by as many guests as that takes under the limits. Waits until they are acknowledged."""
    for begun in range(0, count, each):
        many = min(each, count - begun)
        with contextlib.suppress(*FAILURES):
            line = await attacker.websocket(room)
            try:
                for _ in range(many):
                    await attacker.send(line, say(text))
                acks = 0
                async with asyncio.timeout(PATIENCE):
                    while acks < many:
                        _, payload = await read_frame(line.reader)
                        acks += payload.count(b'"type":"ack"')
            finally:
                line.writer.close()


async def marks(attacker: Attacker) -> None:
    """A name of 64,000 combining marks."""
    body = b"name=" + b"a" + MARK.encode() * 64_000
    request = attacker.post(f"/chat/{attacker.room}/name/", body, "Accept: application/json")
    while attacker.goes_on:
        await attacker.ask(request, timed=True)
        await asyncio.sleep(0.05)
    _note_time(attacker)


async def long_address(attacker: Attacker) -> None:
    """An address of 64 KB, all marks; and one as long as is let through."""
    requests = [attacker.head(f"/chat/a{quote(MARK) * count}/") for count in (10_900, 1_300)]
    while attacker.goes_on:
        for request in requests:
            await attacker.ask(request, timed=True)
            await asyncio.sleep(0.02)
    _note_time(attacker)


def _note_time(attacker: Attacker) -> None:
    attacker.tally.notes.append(f"answered in {middle(attacker.tally.seconds) * 1000:.0f} ms, median")


async def unfinished_posts(attacker: Attacker, count: int = 600, addresses: tuple[str, ...] = ()) -> None:
    """All of a form but the last byte."""
    lines = []

    async def one(number: int) -> None:
        try:
            line = await attacker.open(address=addresses[number % len(addresses)] if addresses else "")
            lines.append(line)
            head = attacker.post_head(f"/chat/{attacker.room}/messages/", BODY_MAX)
            await attacker.send(line, head + b"message=" + b"x" * (BODY_MAX - 9))
        except FAILURES:
            attacker.count("cut")
            return
        try:
            await _answer(attacker, line, attacker.left + 1)
        except asyncio.CancelledError:
            attacker.count("waits")
            raise

    await opened_in_turn(attacker, [one(number) for number in range(count)])
    for line in lines:
        line.writer.transport.abort()


async def slow_headers(attacker: Attacker, count: int = 300) -> None:
    """A header line a second."""

    async def one() -> None:
        try:
            line = await attacker.open()
            await attacker.send(line, b"GET /chat/ HTTP/1.1\r\n")
            answer = asyncio.create_task(_answer(attacker, line, 60))
            while attacker.goes_on and not answer.done():
                await asyncio.wait([answer], timeout=1)
                if not answer.done():
                    await attacker.send(line, b"X-Slow: 1\r\n", requests=0)
            await answer
        except FAILURES:
            attacker.count("cut")

    await opened_in_turn(attacker, [one() for _ in range(count)])


async def _pour(attacker: Attacker, begin: bytes, more: bytes) -> None:
    """Send without end, until the line is closed; again on a new one."""
    while attacker.goes_on:
        with contextlib.suppress(*FAILURES):
            line = await attacker.open()
            answer = asyncio.create_task(_answer(attacker, line))
            try:
                await attacker.send(line, begin)
                while attacker.goes_on and not answer.done():
                    await attacker.send(line, more, requests=0)
            finally:
                line.writer.close()
                await asyncio.wait([answer], timeout=0.5)
                answer.cancel()
        await asyncio.sleep(0.01)


async def endless_headers(attacker: Attacker) -> None:
    many = b"".join(b"X-%d: %s\r\n" % (number, b"x" * 1000) for number in range(64))
    await together(attacker, *[_pour(attacker, b"GET /chat/ HTTP/1.1\r\n", many) for _ in range(4)])


async def large_bodies(attacker: Attacker) -> None:
    """150 MB that say so, and as much in chunks that do not."""
    path = f"/chat/{attacker.room}/messages/"
    announced = attacker.post_head(path, 150_000_000)
    chunked = announced.replace(b"Content-Length: 150000000", b"Transfer-Encoding: chunked")
    chunk = b"%x\r\n%s\r\n" % (CHUNK, b"x" * CHUNK)
    pours = [(announced, b"x" * CHUNK), (chunked, chunk)] * 2
    await together(attacker, *[_pour(attacker, begin, more) for begin, more in pours])


async def sign_in(attacker: Attacker, at_once: int = 20) -> None:
    """Guesses at an account's password; then the right one, which is not let in while guessing is throttled."""
    path = "/accounts/login/?next=/admin/"

    def attempt(password: str) -> bytes:
        fields = {"login": "grace", "password": password, "csrfmiddlewaretoken": CSRF}
        return attacker.post(path, urlencode(fields).encode())

    async def one(number: int) -> None:
        guess = 0
        while attacker.goes_on:
            await attacker.ask(attempt(f"guess {number} {guess}"))
            guess += 1

    await together(attacker, *[one(number) for number in range(at_once)])
    for number in range(GUESSES):  # where a hash takes long, fewer may have been tried
        await attacker.ask(attempt(f"the last guesses {number}"))
    status, _ = await attacker.ask(attempt("the right password"))
    attacker.tally.notes.append(f"the right password after that: {status or 'no answer'}")


async def long_ids(attacker: Attacker) -> None:
    """Ids that no database holds, 50 a second, in addresses and in frames."""
    room = f"/chat/{attacker.room}"
    requests = [
        attacker.post(f"{room}/messages/99999999999999999999/", b"message=x", "Accept: application/json"),
        attacker.post(f"{room}/messages/99999999999999999999/delete/", b"", "Accept: application/json"),
        attacker.post(f"{room}/frames/", b'{"type":"react","id":99999999999999999999,"emoji":"x","on":true}'),
        attacker.head(f"{room}/poll/?after=99999999999999999999&wait=0"),
    ]
    while attacker.goes_on:
        for request in requests:
            await attacker.ask(request)
            await asyncio.sleep(0.02)


async def wrong_requests(attacker: Attacker) -> None:
    accept = ",".join(f"text/x{number};q=0.{number % 9 + 1}" for number in range(900))
    requests = [
        attacker.head(f"/chat/{attacker.room}/", f"Accept: {accept}"),
        attacker.head("/chat/", host="bad_host.example"),
        attacker.head("/chat/", host="[::1"),
        attacker.head("/chat/" + "x" * 60 * 1024),
        attacker.head("/" + "%ff" * 300),
        attacker.head("/chat/", f"Content-Type: a/b{';a=b' * 4000}"),
    ]
    while attacker.goes_on:
        for request in requests:
            await attacker.ask(request)
        await asyncio.sleep(0.02)
