"""The classroom is open to anybody, so what it may cost the rooms beside it is bounded."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from channels.testing import HttpCommunicator, WebsocketCommunicator
from django.apps import apps

from accounts import guests
from chat.identity import Identity
from chat.protocol import TRY_AGAIN_LATER
from conftest import HOST, ORIGIN
from learn import guard
from learn.demos import log
from learn.demos.echo_async import EchoConsumer
from learn.demos.http_basic import BasicHttpConsumer
from learn.guard import Guarded
from learn.models import Log
from learn.tests.conftest import Connect

ADA = Identity("guest-ada", "Ada")


async def test_a_frame_that_is_too_big_ends_the_connection(connected: Connect) -> None:
    socket = await connected("echo-async/")
    await socket.send_to(text_data="x" * (guard.FRAME_MAX + 1))
    assert await socket.receive_output() == {"type": "websocket.close", "code": 1009}


async def test_frames_come_no_faster_than_a_person_clicks(connected: Connect) -> None:
    socket = await connected("echo-async/")
    begun = asyncio.get_running_loop().time()
    for number in range(10):
        await socket.send_to(text_data=str(number))
    assert [await socket.receive_from() for _ in range(10)] == [str(number) for number in range(10)]
    assert asyncio.get_running_loop().time() - begun >= 9 * guard.PACE


async def test_frames_of_all_connections_have_one_pace(connected: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else many who each send little make a room of many work without end."""
    monkeypatch.setattr(guard, "PACE", 0.0)
    monkeypatch.setattr(guard, "PACE_OF_ALL", 0.1)
    sockets = [await connected("echo-async/") for _ in range(3)]
    begun = asyncio.get_running_loop().time()
    for _ in range(2):
        for socket in sockets:
            await socket.send_to(text_data="hello")
    for _ in range(2):
        for socket in sockets:
            assert await socket.receive_from(timeout=10) == "hello"
    assert asyncio.get_running_loop().time() - begun >= 5 * 0.1 - 0.05


async def test_when_it_is_full_a_newcomer_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "OPEN_MAX", 0)
    socket = WebsocketCommunicator(Guarded(EchoConsumer.as_asgi()), "/")
    assert (await socket.connect())[0]
    assert "full" in await socket.receive_from()
    assert (await socket.receive_output())["code"] == TRY_AGAIN_LATER


async def test_of_one_address_there_are_few_and_other_addresses_are_not_concerned(
    connected: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "ROOM_MAX", 2)
    first, _ = await connected("group-async/one/"), await connected("group-async/one/")
    third = await connected("group-async/one/")
    assert "too many" in await third.receive_from(timeout=5)
    assert (await third.receive_output(timeout=5))["code"] == TRY_AGAIN_LATER
    assert (await connected("group-async/two/")).accepted
    await first.disconnect()
    assert (await connected("group-async/one/")).accepted
    assert guard._rooms["/ws/learn/group-async/one/"] == 2


async def test_who_leaves_makes_room() -> None:
    socket = WebsocketCommunicator(Guarded(EchoConsumer.as_asgi()), "/")
    await socket.connect()
    assert len(guard._open) == 1
    await socket.disconnect()
    assert guard._open == []


async def test_one_who_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "PATIENCE", 0.05)

    class Line:
        """A server's connection whose client takes nothing."""

        aborted = False

        def __init__(self) -> None:
            self.transport = self

        async def send(self, event: dict[str, Any]) -> None:
            await asyncio.Event().wait()

        def abort(self) -> None:
            self.aborted = True

    line = Line()
    _, patient = guard.guarded(None, line.send, ADA)
    await patient({"type": "websocket.send", "text": "hello"})
    assert line.aborted


async def test_one_who_has_gone_leaves_the_consumer_to_hear_of_it() -> None:
    async def gone(event: dict[str, Any]) -> None:
        raise OSError("the client has gone")

    _, patient = guard.guarded(None, gone, ADA)
    await patient({"type": "websocket.send", "text": "hello"})


async def test_a_body_without_end_is_not_kept() -> None:
    request = HttpCommunicator(Guarded(BasicHttpConsumer.as_asgi()), "POST", "/", headers=[HOST, ORIGIN])
    for _ in range(3):
        await request.send_input({"type": "http.request", "body": b"x" * 30_000, "more_body": True})
    await request.wait()  # it has ended, and not by an answer
    assert await request.receive_nothing()


LIVE = ["/learn/http-basic/live/", "/learn/long-poll/live/", "/learn/sse/live/", "/learn/scope/live/here/"]


async def start_of(method: str, path: str, headers: Any, scheme: str = "http", client: str = "203.0.113.7") -> Any:
    """The begin of an answer; the client leaves after that."""
    from mysite.asgi import application

    request = HttpCommunicator(application, method, path, headers=list(headers))
    request.scope |= {"scheme": scheme, "client": (client, 50_000)}
    await request.send_input({"type": "http.request", "body": b"hello"})
    start = await request.receive_output(timeout=5)
    await request.send_input({"type": "http.disconnect"})
    await request.wait()
    headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return start["status"], headers


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("path", LIVE)
async def test_a_demos_answer_has_the_headers_of_a_page(path: str, scheme: str) -> None:
    _, page = await start_of("GET", "/learn/http-basic/", [HOST], scheme)
    status, live = await start_of("GET", path, [HOST], scheme)
    assert status == 200
    others = {"content-length", "content-type", "set-cookie", "x-request-id", "vary"}
    assert {name: value for name, value in live.items() if name not in others} == {
        name: value for name, value in page.items() if name not in others
    }
    assert page["cache-control"] == "private, no-store"
    assert "Cookie" in live["vary"]


@pytest.mark.parametrize("path", LIVE)
async def test_a_demo_is_for_our_hosts_and_posts_are_from_our_pages(path: str) -> None:
    elsewhere = (b"origin", b"https://elsewhere.example")
    assert (await start_of("GET", path, [(b"host", b"elsewhere.example")]))[0] == 400
    assert (await start_of("GET", path, []))[0] == 400
    for headers in ([HOST], [HOST, elsewhere], [HOST, (b"origin", b"null")], [HOST, ORIGIN, ORIGIN]):
        assert (await start_of("POST", path, headers))[0] == 403
    assert (await start_of("POST", path, [HOST, ORIGIN]))[0] in (200, 204)


async def test_an_address_and_a_person_have_as_many_connections_as_in_the_rooms(
    connected: Connect, settings: Any
) -> None:
    settings.CHAT_ADDRESS_SOCKETS, settings.CHAT_IDENTITY_SOCKETS = 2, 1
    cookie = (b"cookie", f"{guests.COOKIE}={guests._signer.sign(uuid4().hex)}".encode())
    first = await connected("echo-async/", headers=[cookie], client="203.0.113.7")
    await first.send_to(text_data="hello")
    assert await first.receive_from() == "hello"
    same_person = await connected("echo-async/", headers=[cookie], client="203.0.113.8")
    assert (await refusal(same_person)) == 4429
    await connected("echo-async/", client="203.0.113.7")
    assert (await refusal(await connected("echo-async/", client="203.0.113.7"))) == 4429
    status, headers = await start_of("GET", "/learn/sse/live/", [HOST], client="203.0.113.7")
    assert (status, headers["retry-after"]) == (429, "31")
    await first.disconnect()
    assert (await start_of("GET", "/learn/sse/live/", [HOST], client="203.0.113.7"))[0] == 200


async def refusal(socket: WebsocketCommunicator) -> int:
    await socket.receive_from()
    return (await socket.receive_output())["code"]


async def test_frames_beyond_the_rate_wait_and_requests_are_refused(connected: Connect, settings: Any) -> None:
    settings.CHAT_ADDRESS_LIMIT = (4, 2.0)
    socket = await connected("echo-async/", client="203.0.113.7")  # a new guest, which counts
    begun = asyncio.get_running_loop().time()
    for number in range(5):
        await socket.send_to(text_data=str(number))
    assert [await socket.receive_from(timeout=5) for _ in range(5)] == list("01234")
    assert asyncio.get_running_loop().time() - begun > 0.9
    assert (await start_of("GET", LIVE[0], [HOST], client="203.0.113.7"))[0] == 429


async def test_neither_accounts_nor_sessions_of_the_product_are_made_and_its_own_tables_stay_small(
    connected: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in LIVE:
        await start_of("GET", path, [HOST])
    for path in ("sessions/", "databases/", "log/", "routing/chat/garden/", "scope/here/"):
        socket = await connected(path)
        await socket.receive_from() if path != "databases/" else None
        for text in ("login", "call", "logout"):
            await socket.send_to(text_data=text)
            await socket.receive_from()
    written = {model._meta.label: await model.objects.acount() for model in apps.get_models()}
    ours = {"contenttypes.ContentType", "auth.Permission", "learn.Visitor", "learn.VisitorSession", "learn.Log"}
    assert {label for label, count in written.items() if count} <= ours
    assert written["learn.Visitor"] == 1


async def test_of_each_address_few_entries_are_kept(connected: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "KEPT_FOR_EACH", 2)
    for client in ("203.0.113.7", "203.0.113.8"):
        for _ in range(3):
            await (await connected("log/", client=client)).receive_from()
    assert sorted([host async for host in Log.objects.values_list("host", flat=True)]) == [
        "203.0.113.7", "203.0.113.7", "203.0.113.8", "203.0.113.8"
    ]  # fmt: skip
