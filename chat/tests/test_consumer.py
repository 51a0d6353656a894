"""The room's WebSocket, through the application as it is served."""

from uuid import UUID, uuid4

import pytest
from django.core.signing import TimestampSigner
from django.test import override_settings

from chat.models import Message, Room
from conftest import HOST, ORIGIN, Open

TUTORIAL = ()


async def test_hello_comes_first_and_says_who_and_where(opened: Open) -> None:
    socket = await opened("/ws/chat/Lobby/")
    hello = await socket.receive()
    assert socket.subprotocol == "chat.v1"
    assert hello | {"you": None, "server": None} == {
        "type": "hello",
        "room": "lobby",
        "seq": 0,
        "you": None,
        "server": None,
    }
    assert hello["you"]["name"].startswith("Anonymous-")


async def test_a_message_is_acknowledged_stored_and_seen_in_its_room_alone(opened: Open) -> None:
    ada, bob, carol = await opened(), await opened(), await opened("/ws/chat/den/")
    client_id = str(uuid4())
    you = (await ada.receive_type("hello"))["you"]
    ack = await ada.say("hello <b>", client_id)
    assert ack == {"type": "ack", "client_id": client_id, "seq": 1}
    message = await bob.receive_type("message")
    assert message["html"].count("hello &lt;b&gt;") == 1
    stored = await Message.objects.aget(room__name="lobby")
    assert message | {"html": ""} == {
        "type": "message", "seq": 1, "id": 1, "author": you, "text": "hello <b>", "sent_at": stored.sent_at.isoformat(),
        "edited_at": None, "client_id": client_id, "html": "",
    }  # fmt: skip
    await carol.receive_type("hello")
    assert await carol.is_silent()


async def test_the_tutorials_client_gets_new_messages_and_nothing_else(opened: Open) -> None:
    ada, bob = await opened(), await opened(subprotocols=TUTORIAL)
    await bob.send(message="hello")
    heard = await bob.receive()
    assert heard.keys() == {"message", "author"}
    assert heard["message"] == "hello"
    await ada.say("hi")
    assert (await bob.receive())["message"] == "hi"
    await bob.send(message="")
    assert (await bob.receive()).keys() == {"error"}
    assert await bob.is_silent()


async def test_a_client_that_comes_back_is_sent_what_it_missed_and_then_goes_live(opened: Open) -> None:
    ada = await opened()
    for text in "abc":
        await ada.say(text)
    back = await opened("/ws/chat/lobby/?after=1")
    assert (await back.receive())["seq"] == 3
    assert [(await back.receive())["text"] for _ in "bc"] == ["b", "c"]
    await ada.say("d")
    assert (await back.receive())["seq"] == 4
    assert await back.is_silent()


async def test_the_tutorials_client_is_replayed_too_when_it_asks(opened: Open) -> None:
    ada = await opened()
    await ada.say("before")
    back = await opened("/ws/chat/lobby/?after=0", subprotocols=TUTORIAL)
    assert (await back.receive())["message"] == "before"


async def test_a_client_too_far_behind_is_told_to_load_the_page_again(opened: Open) -> None:
    ada = await opened()
    await ada.say("a")
    back = await opened("/ws/chat/lobby/?after=99")
    await back.receive_type("hello")
    assert await back.receive() == {"type": "reset", "seq": 1}


async def test_a_repeat_gets_the_first_ack_and_another_text_is_a_conflict(opened: Open) -> None:
    ada, client_id = await opened(), str(uuid4())
    assert (await ada.say("hello", client_id))["seq"] == 1
    await ada.say("between")
    assert (await ada.say("hello", client_id))["seq"] == 1
    conflict = await ada.say("other", client_id)
    assert (conflict["code"], conflict["client_id"]) == ("conflict", client_id)
    assert await Message.objects.acount() == 2


async def test_the_ack_repeats_the_client_id_as_it_was_spelled(opened: Open) -> None:
    ada, client_id = await opened(), str(uuid4()).upper()
    assert (await ada.say("hello", client_id))["client_id"] == client_id
    assert (await Message.objects.aget()).client_id == UUID(client_id)


async def test_a_ping_is_answered_with_the_rooms_newest_number(opened: Open) -> None:
    ada = await opened()
    await ada.say("hello")
    await ada.send(type="ping")
    assert await ada.receive_type("pong") == {"type": "pong", "seq": 1}


async def test_two_bad_frames_are_forgiven_and_the_third_closes_with_4400(opened: Open) -> None:
    ada, bob = await opened(), await opened()
    for _ in range(2):
        await ada.raw.send_to(bytes_data=b"\x00")
        assert (await ada.receive_type("error"))["code"] == "bad_frame"
    assert (await ada.say("still here"))["type"] == "ack"
    await ada.raw.send_to(text_data="[" * 60_000)
    assert await ada.close_code() == 4400
    assert (await bob.say("me too"))["type"] == "ack"


async def test_a_message_that_is_too_long_closes_nothing(opened: Open) -> None:
    ada = await opened()
    for _ in range(4):
        assert (await ada.say("x" * 4001))["code"] == "too_long"
    assert (await ada.say("x" * 4000))["type"] == "ack"


@override_settings(CHAT_RATE_LIMIT=(2, 10.0))
async def test_whoever_speaks_too_fast_is_told_when_to_go_on(opened: Open) -> None:
    ada = await opened()
    assert [(await ada.say("x"))["type"] for _ in "ab"] == ["ack", "ack"]
    limited = await ada.say("x")
    assert limited["code"] == "rate_limited"
    assert 4 < limited["retry_after"] <= 5.1


@pytest.mark.parametrize("path", ["/ws/chat/a.b/", "/ws/chat/admin/", "/ws/chat/lobby", "/ws/elsewhere/", "/"])
async def test_where_there_is_no_room_the_socket_says_so_and_closes_with_4404(opened: Open, path: str) -> None:
    socket = await opened(path)
    assert (await socket.receive())["type"] == "error"
    assert await socket.close_code() == 4404


@pytest.mark.parametrize(
    "origin",
    [
        None,
        b"",
        b"null",
        b"http://evil.example",
        b"https://localhost",
        b"http://localhost:81",
        b"http://[",
        b"http://localhost/",
    ],
)
async def test_a_page_of_another_origin_is_refused_with_4403(opened: Open, origin: bytes | None) -> None:
    headers = [HOST] if origin is None else [HOST, (b"origin", origin)]
    socket = await opened(headers=headers)
    assert (await socket.receive())["code"] == "forbidden"
    assert await socket.close_code() == 4403


async def test_a_host_that_is_not_ours_makes_no_origin_right(opened: Open) -> None:
    socket = await opened(headers=[(b"host", b"evil.example"), (b"origin", b"http://evil.example")])
    assert await socket.close_code() == 4403


@override_settings(ALLOWED_ORIGINS=["https://partner.example"])
async def test_a_listed_origin_may_connect(opened: Open) -> None:
    socket = await opened(headers=[HOST, (b"origin", b"https://partner.example")])
    assert (await socket.receive())["type"] == "hello"


async def test_a_wrong_after_or_an_unknown_subprotocol_is_refused_with_4400(opened: Open) -> None:
    for arguments in ({"path": "/ws/chat/lobby/?after=x"}, {"subprotocols": ("soap",)}):
        socket = await opened(**arguments)
        assert await socket.close_code() == 4400


async def test_looking_at_a_room_stores_nothing(opened: Open) -> None:
    socket = await opened(headers=[ORIGIN, HOST])
    await socket.receive_type("hello")
    assert not await Room.objects.aexists()


async def test_one_who_sends_several_cookie_headers_is_known_by_any_of_them(opened: Open) -> None:
    cookie = f"chat_guest={TimestampSigner(salt='accounts.guests').sign('a' * 32)}".encode()
    whole = await opened(headers=(ORIGIN, HOST, (b"cookie", b"other=1; " + cookie)))
    parted = await opened(headers=(ORIGIN, HOST, (b"cookie", b"other=1"), (b"cookie", cookie), (b"cookie", b"more=2")))
    assert (await parted.receive())["you"]["id"] == (await whole.receive())["you"]["id"]


@override_settings(CHAT_IDENTITY_SOCKETS=2)
async def test_more_connections_than_a_person_may_have_are_closed_with_4429(opened: Open) -> None:
    cookie = f"chat_guest={TimestampSigner(salt='accounts.guests').sign('a' * 32)}".encode()
    headers = (ORIGIN, HOST, (b"cookie", cookie))
    first, second, third = [await opened(headers=headers) for _ in range(3)]
    error = await third.receive_type("error")
    assert (error["code"], error["reason"]) == ("rate_limited", "too_many_connections")
    assert await third.close_code() == 4429
    await first.raw.disconnect(timeout=5)
    fourth = await opened(headers=headers)
    assert (await fourth.receive())["type"] == "hello"
    assert (await second.say("still here"))["type"] == "ack"


@override_settings(CHAT_ADDRESS_LIMIT=(2, 60.0))
async def test_a_crowd_of_new_guests_from_one_address_is_closed_with_4429(opened: Open) -> None:
    sockets = [await opened() for _ in range(3)]
    assert [(await socket.receive())["type"] for socket in sockets] == ["hello", "hello", "error"]
    assert await sockets[2].close_code() == 4429


@override_settings(CHAT_RATE_LIMIT=(20, 10.0))
async def test_pings_without_end_are_closed_with_4429(opened: Open) -> None:
    ada = await opened()
    for _ in range(130):
        await ada.send(type="ping")
    assert await ada.close_code() == 4429


async def test_texts_that_are_too_long_without_end_are_closed_with_4429(opened: Open) -> None:
    ada = await opened()
    for _ in range(100):
        await ada.send(message="x" * 4001, client_id=str(uuid4()))
    assert await ada.close_code() == 4429
