"""The Telegram bot against a stand-in for the Bot API that speaks its real HTTP."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from channels.routing import ProtocolTypeRouter
from telegram import Update
from telegram.error import InvalidToken
from websockets import Origin
from websockets.asyncio.client import connect

from chat.models import Message
from conftest import Open, Socket
from e2e.servers import Server
from learn import outbox, telegram
from learn.demos.telegram import ChattyBotConsumer
from learn.outbox import pieces
from learn.telegram import TelegramServer
from learn.tests.bot_api import HANG_UP, TOKEN, BotApi, Refusal, bot_api

pytestmark = pytest.mark.django_db(transaction=True)  # every consumer looks after the connections of its thread

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as api:
        yield api


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "FIRST_PAUSE", 0.01)


@asynccontextmanager
async def serving(api: BotApi, application: Any = None, server: TelegramServer | None = None) -> AsyncIterator[Any]:
    server = server or TelegramServer(application or ChattyBotConsumer.as_asgi(), TOKEN, f"{api.url}/bot")
    running = asyncio.create_task(server.arun())
    try:
        yield server
    finally:
        server.stop()
        async with asyncio.timeout(5):
            await running


class CountingConsumer(AsyncConsumer):
    """Remembers how often it was spoken to, and falls over on request."""

    count = 0

    async def telegram_message(self, message: dict[str, Any]) -> None:
        if message["text"] == "fall over":
            raise ZeroDivisionError("as asked")
        if message["text"] == "babble":
            await self.send({"type": "telegram.message", "text": "\ud800"})
        if message["text"].startswith("repeat "):
            for _ in range(int(message["text"].split()[1])):
                await self.send({"type": "telegram.message", "text": "again"})
        self.count += 1
        name = self.scope["chat"]["first_name"]
        await self.send({"type": "telegram.message", "text": f"{name} {self.count}: {message['text']}"})


async def test_the_chatty_bot_needs_no_telegram() -> None:
    communicator = ApplicationCommunicator(ChattyBotConsumer.as_asgi(), {"type": "telegram", "chat": {"id": 1}})
    await communicator.send_input({"type": "telegram.message", "text": "Hello"})
    assert await communicator.receive_output() == {"type": "telegram.message", "text": "You said: Hello"}
    communicator.stop()


class TestAnswering:
    async def test_what_is_written_is_answered(self, api: BotApi) -> None:
        async with serving(api):
            await api.write("Hello")
            assert await api.texts(1) == ["You said: Hello"]

    async def test_each_chat_has_an_application_of_its_own(self, api: BotApi) -> None:
        async with serving(api, CountingConsumer.as_asgi()):
            await api.write("a", chat=1, name="Ada")
            await api.write("b", chat=2, name="Bob")
            await api.write("c", chat=1, name="Ada")
            assert await api.texts(2, chat=1) == ["Ada 1: a", "Ada 2: c"]
            assert await api.texts(1, chat=2) == ["Bob 1: b"]

    async def test_an_application_that_fails_is_replaced_and_loses_nothing_that_waits(
        self, api: BotApi, caplog: pytest.LogCaptureFixture
    ) -> None:
        for text in ("a", "fall over", "b", "c"):
            await api.write(text)
        async with serving(api, CountingConsumer.as_asgi()):
            assert await api.texts(3) == ["Ada 1: a", "Ada 1: b", "Ada 2: c"]
        assert "as asked" in caplog.text

    async def test_an_answer_that_is_no_text_does_not_stop_the_others(self, api: BotApi) -> None:
        async with serving(api, CountingConsumer.as_asgi()):
            await api.write("babble")
            assert await api.texts(1) == ["Ada 1: babble"]

    async def test_an_application_that_is_not_for_telegram_does_not_end_the_server(
        self, api: BotApi, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with serving(api, ProtocolTypeRouter({})):
            await api.write("a")
            await api.until(lambda: not api.updates)
            await api.write("b")
            await api.until(lambda: not api.updates)
        assert "No application configured for scope type 'telegram'" in caplog.text

    async def test_long_answers_come_in_parts(self, api: BotApi) -> None:
        async with serving(api):
            await api.write("word " * 1000)
            first, second = await api.texts(2)
        assert f"{first}{second}" == "You said: " + "word " * 1000
        assert first.endswith("word ")

    async def test_a_picture_is_answered_politely_and_in_a_group_not_at_all(self, api: BotApi) -> None:
        async with serving(api):
            photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
            await api.write(None, photo=photo)
            await api.write(None, photo=photo, chat=-7)
            assert await api.texts(1) == ["I can only read text."]
            await api.until(lambda: not api.updates)
        assert api.texts_now(-7) == []

    async def test_updates_of_other_kinds_and_of_other_versions_are_passed_over(self, api: BotApi) -> None:
        async with serving(api):
            await api.bring({"of_a_kind_yet_to_come": {"a": 1}})
            await api.write(None, chat=2, poll={"id": "without what the library asks of a poll"})
            await api.write("Hello")
            assert await api.texts(1) == ["You said: Hello"]


class TestParts:
    @pytest.mark.parametrize("text", ["x" * 10_000, "😀" * 5000, "a😀 " * 3000, "line\n" * 2000, "e\u0301" * 5000])
    def test_none_is_too_long_and_together_they_are_the_text(self, text: str) -> None:
        parts = [*pieces(text)]
        assert "".join(parts) == text
        assert max(len(part.encode("utf-16-le")) // 2 for part in parts) <= 4096

    def test_what_cannot_be_seen_is_not_sent(self) -> None:
        assert [*pieces(" " * 5000)] == [*pieces("")] == []


class TestWhenTelegramRefuses:
    async def test_a_rate_limit_is_waited_for_and_the_answer_comes_once(self, api: BotApi) -> None:
        api.refuse("sendMessage", Refusal(429, "Too Many Requests: retry after 1", retry_after=1))
        async with serving(api):
            for text in "abc":
                await api.write(text)
            assert await api.texts(3) == ["You said: a", "You said: b", "You said: c"]
        assert len(api.sent) == 3
        first = next(at for at, method in api.times if method == "sendMessage")
        assert api.sent[0]["at"] - first >= 1

    async def test_one_chat_that_has_to_wait_does_not_keep_another_waiting(self, api: BotApi) -> None:
        api.refuse("sendMessage", Refusal(429, "Too Many Requests: retry after 1", retry_after=1))
        async with serving(api):
            await api.write("a", chat=1)
            await api.until(lambda: bool(api.called("sendMessage")))
            await api.write("b", chat=2)
            assert await api.texts(1, chat=2) == ["You said: b"]
            assert api.texts_now(1) == []
            assert await api.texts(1, chat=1) == ["You said: a"]

    @pytest.mark.parametrize("method", ["getMe", "getUpdates", "sendMessage"])
    async def test_a_line_that_breaks_is_tried_again(self, api: BotApi, method: str) -> None:
        api.refuse(method, Refusal(HANG_UP), Refusal(502, "Bad Gateway"), Refusal(500, "Internal Server Error"))
        async with serving(api):
            await api.write("Hello")
            assert await api.texts(1) == ["You said: Hello"]
        assert len(api.sent) == 1

    async def test_a_message_that_telegram_does_not_take_is_left_out(self, api: BotApi) -> None:
        api.refuse("sendMessage", Refusal(400, "Bad Request: chat not found"), Refusal(403, "Forbidden: blocked"))
        async with serving(api):
            for text in "abc":
                await api.write(text)
            assert await api.texts(1) == ["You said: c"]

    async def test_another_process_with_the_same_token_is_told_of_and_outlived(
        self, api: BotApi, caplog: pytest.LogCaptureFixture
    ) -> None:
        api.refuse("getUpdates", Refusal(409, "Conflict: terminated by other getUpdates request"))
        async with serving(api):
            await api.write("Hello")
            assert await api.texts(1) == ["You said: Hello"]
        (line,) = [message for message in caplog.messages if "Conflict" in message]
        assert "another process takes this bot's updates" in line

    async def test_a_wrong_token_ends_the_server(self, api: BotApi) -> None:
        server = TelegramServer(ChattyBotConsumer.as_asgi(), "1:wrong", f"{api.url}/bot")
        with pytest.raises(InvalidToken):
            await asyncio.wait_for(server.arun(), 5)

    async def test_a_token_that_is_withdrawn_ends_the_server(self, api: BotApi) -> None:
        api.refuse("getUpdates", Refusal(401, "Unauthorized"))
        server = TelegramServer(ChattyBotConsumer.as_asgi(), TOKEN, f"{api.url}/bot")
        with pytest.raises(InvalidToken):
            await asyncio.wait_for(server.arun(), 5)


class StuckServer(TelegramServer):
    """Hands one update over, and gets stuck with the next."""

    stuck = False

    async def hand_over(self, update: Update) -> None:
        if self.stuck:
            await asyncio.Event().wait()
        self.stuck = True
        await super().hand_over(update)


class TestStopping:
    async def stuck(self, api: BotApi) -> StuckServer:
        await api.write("a")
        await api.write("b")
        return StuckServer(ChattyBotConsumer.as_asgi(), TOKEN, f"{api.url}/bot")

    async def test_an_update_that_was_not_handed_over_comes_again(self, api: BotApi) -> None:
        async with serving(api, server=await self.stuck(api)):
            assert await api.texts(1) == ["You said: a"]
        assert [update["message"]["text"] for update in api.updates] == ["b"]
        async with serving(api):
            assert await api.texts(2) == ["You said: a", "You said: b"]
        assert len(api.sent) == 2

    async def test_after_a_crash_none_is_missing(self, api: BotApi) -> None:
        running = asyncio.create_task((await self.stuck(api)).arun())
        await api.texts(1)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        async with serving(api):
            assert set(await api.texts(3)) == {"You said: a", "You said: b"}

    async def test_it_ends_when_what_was_handed_over_is_answered(self, api: BotApi) -> None:
        async with serving(api, CountingConsumer.as_asgi()):
            await api.write("repeat 50")
            await api.until(lambda: bool(api.sent))
        assert len(api.sent) == 51
        assert not api.updates

    async def test_it_waits_for_an_application_that_is_still_at_work(self, api: BotApi) -> None:
        begun, may_end = asyncio.Event(), asyncio.Event()

        class SlowConsumer(AsyncConsumer):
            async def telegram_message(self, message: dict[str, Any]) -> None:
                begun.set()
                await may_end.wait()
                await self.send({"type": "telegram.message", "text": "at last"})

        async with serving(api, SlowConsumer.as_asgi()) as server:
            await api.write("Hello")
            await begun.wait()
            server.stop()
            await api.until(lambda: len(api.called("getUpdates")) == 2)
            asyncio.get_running_loop().call_later(0.1, may_end.set)
        assert api.texts_now() == ["at last"]

    async def test_it_does_not_wait_for_a_telegram_that_does_not_answer(
        self, api: BotApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(telegram, "STOP_SECONDS", 0.1)
        api.refuse("sendMessage", Refusal(429, "Too Many Requests: retry after 60", retry_after=60))
        async with serving(api):
            await api.write("a")
            await api.until(lambda: bool(api.called("sendMessage")))
        assert "1 texts were not sent" in caplog.text


class TestBridge:
    @pytest.fixture
    async def room(self, opened: Open) -> Socket:
        """Bob's, who is in the lobby with a browser."""
        return await opened()

    @pytest.fixture
    async def bot(self, room: Socket, api: BotApi) -> AsyncIterator[TelegramServer]:
        async with serving(api) as server:
            yield server

    async def join(self, api: BotApi, chat: int = 1, name: str = "Ada") -> None:
        await api.write("/join Lobby", chat=chat, name=name)
        assert "You are in “lobby”" in (await api.texts(1, chat))[-1]

    async def heard(self, room: Socket) -> tuple[str, str]:
        event = await room.receive_type("message")
        return event["author"]["name"], event["text"]

    @pytest.mark.usefixtures("bot")
    async def test_what_is_written_in_telegram_is_said_in_the_room(self, api: BotApi, room: Socket) -> None:
        await self.join(api)
        await api.write("Hello from afar", name="Ada\u200b  Lovelace")
        assert await self.heard(room) == ("Ada Lovelace", "Hello from afar")

    @pytest.mark.usefixtures("bot")
    async def test_what_others_say_comes_to_telegram_and_ones_own_words_do_not(self, api: BotApi, room: Socket) -> None:
        await self.join(api)
        await api.write("mine")
        assert await self.heard(room) == ("Ada", "mine")
        await room.say("theirs")
        (_, answer) = await api.texts(2)
        assert answer.endswith(": theirs")
        assert answer.startswith("Anonymous-")

    @pytest.mark.usefixtures("bot")
    async def test_two_chats_in_one_room_hear_each_other(self, api: BotApi) -> None:
        await self.join(api, chat=1, name="Ada")
        await self.join(api, chat=2, name="Bob")
        await api.write("ahoy", chat=1, name="Ada")
        await api.write("hey", chat=2, name="Bob")
        assert (await api.texts(2, chat=2))[1:] == ["Ada: ahoy"]
        assert (await api.texts(2, chat=1))[1:] == ["Bob: hey"]

    @pytest.mark.usefixtures("bot")
    async def test_a_message_that_comes_again_is_stored_once(self, api: BotApi, room: Socket) -> None:
        await self.join(api)
        update = await api.write("once")
        assert await self.heard(room) == ("Ada", "once")
        await api.until(lambda: not api.updates)
        await api.bring(update)
        await api.write("then")
        assert await self.heard(room) == ("Ada", "then")
        assert await database_sync_to_async(Message.objects.filter(text="once").count)() == 1

    @pytest.mark.usefixtures("bot")
    async def test_who_leaves_hears_nothing_more_and_talks_to_the_bot_again(self, api: BotApi, room: Socket) -> None:
        await self.join(api)
        await api.write("/leave@chat_bot")
        await api.texts(2)
        await room.say("unheard")
        await api.write("Hello")
        assert (await api.texts(3))[1:] == ["You have left “lobby”.", "You said: Hello"]
        await api.write("/leave")
        assert (await api.texts(4))[3] == "You are in no room."

    @pytest.mark.usefixtures("bot")
    @pytest.mark.parametrize("name", ["", "no/room", "two words", "admin", "x" * 65])
    async def test_a_bad_name_of_a_room_is_answered_clearly(self, api: BotApi, name: str) -> None:
        await api.write(f"/join {name}")
        (answer,) = await api.texts(1)
        assert answer.startswith("No room is called that.")

    @pytest.mark.usefixtures("bot")
    async def test_a_bad_name_keeps_one_in_the_room_that_one_is_in(self, api: BotApi, room: Socket) -> None:
        await self.join(api)
        await api.write("/join no/room")
        await api.write("still here")
        assert await self.heard(room) == ("Ada", "still here")

    @pytest.mark.usefixtures("bot")
    async def test_another_room_takes_the_place_of_the_first(self, api: BotApi, room: Socket) -> None:
        await self.join(api)
        await api.write("/join elsewhere")
        await api.texts(2)
        await room.say("unheard")
        await api.write("quiet")
        await api.write("/join lobby")
        await api.write("back")
        while (heard := await self.heard(room)) != ("Ada", "back"):
            assert heard[1] == "unheard"
        assert [text.partition(".")[0] for text in api.texts_now()] == [
            "You are in “lobby”", "You are in “elsewhere”", "You are in “lobby”",
        ]  # fmt: skip

    @pytest.mark.usefixtures("bot")
    async def test_who_writes_too_fast_is_told_so(self, api: BotApi, room: Socket, settings: Any) -> None:
        settings.CHAT_RATE_LIMIT = (2, 60.0)
        await self.join(api)
        for text in "abc":
            await api.write(text)
        assert [await self.heard(room), await self.heard(room)] == [("Ada", "a"), ("Ada", "b")]
        assert (await api.texts(2))[1].startswith("Not so fast")

    @pytest.mark.usefixtures("bot")
    async def test_what_the_room_does_not_take_is_told(self, api: BotApi) -> None:
        await self.join(api)
        await api.write("x" * 4001)
        assert (await api.texts(2))[1] == "A message has at most 4,000 characters."

    async def test_a_chat_that_blocked_the_bot_leaves_the_room(
        self, api: BotApi, room: Socket, bot: TelegramServer
    ) -> None:
        await self.join(api)
        api.refuse("sendMessage", Refusal(403, "Forbidden: bot was blocked by the user"))
        await room.say("Hello?")
        await api.until(lambda: len(api.called("sendMessage")) == 2)
        await room.say("unheard")
        await api.write("Hello")
        assert (await api.texts(2))[1:] == ["You said: Hello"]

    @pytest.mark.usefixtures("bot")
    async def test_what_is_said_at_once_comes_in_order_and_complete(self, api: BotApi, room: Socket) -> None:
        await self.join(api)
        for n in range(30):
            await room.send(type="message", message=f"n{n}", client_id=str(uuid4()))
        await api.until(lambda: "n29" in "".join(api.texts_now()))
        lines = "\n".join(api.texts_now()[1:]).split("\n")
        assert [line.partition(": ")[2] for line in lines] == [f"n{n}" for n in range(30)]

    @pytest.mark.usefixtures("bot")
    async def test_who_leaves_while_telegram_asks_for_patience_gets_what_was_said_before(
        self, api: BotApi, room: Socket
    ) -> None:
        await self.join(api)
        api.refuse("sendMessage", Refusal(429, "Too Many Requests: retry after 1", retry_after=1))
        await room.say("before")
        await api.until(lambda: len(api.called("sendMessage")) == 2)
        await api.write("/leave")
        _, said, left = await api.texts(3)
        assert said.endswith(": before")
        assert left == "You have left “lobby”."

    @pytest.mark.usefixtures("bot")
    async def test_no_number_of_telegrams_is_shown_in_the_room(self, api: BotApi, room: Socket) -> None:
        await self.join(api, chat=987654321)
        await api.write("Hello", chat=987654321)
        event = str(await room.receive_type("message"))
        assert "987654321" not in event  # the chat's
        assert "987655321" not in event  # the person's


class TestCommand:
    async def command(self, **environment: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "manage.py", "run_telegram",
            cwd=ROOT, env=os.environ | environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip

    async def output(self, process: asyncio.subprocess.Process, seconds: float = 30) -> str:
        async with asyncio.timeout(seconds):
            output, _ = await process.communicate()
        return output.decode()

    async def test_it_carries_messages_to_and_from_a_server_of_its_own(self, api: BotApi, tmp_path: Path) -> None:
        server = Server(tmp_path, CHAT_POLL_SECONDS="0.1")
        environment = server.environment | {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url}
        await asyncio.to_thread(server.manage, "migrate", "--verbosity=0")
        await asyncio.to_thread(server.start)
        process = await self.command(**environment)
        try:
            async with connect(f"{server.ws}/ws/chat/lobby/", origin=Origin(server.url)) as browser:
                await api.write("/join lobby")
                await api.texts(1)
                await api.write("Hello from Telegram")
                async with asyncio.timeout(10):
                    assert json.loads(await browser.recv()) == {"message": "Hello from Telegram", "author": "Ada"}
                await browser.send(json.dumps({"message": "Hello from a browser"}))
                assert (await api.texts(2))[1].endswith(": Hello from a browser")
            process.send_signal(signal.SIGTERM)
            output = await self.output(process, 5)
            assert process.returncode == 0, output
        finally:
            if process.returncode is None:
                process.kill()
            await asyncio.to_thread(server.stop)

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    async def test_it_answers_until_it_is_asked_to_stop(self, api: BotApi, number: int) -> None:
        process = await self.command(TELEGRAM_TOKEN=TOKEN, TELEGRAM_API_URL=api.url)
        try:
            await api.write("Hello")
            assert await api.texts(1) == ["You said: Hello"]
            process.send_signal(number)
            output = await self.output(process, 5)
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 0, output
        assert not api.updates
        assert TOKEN not in output
        assert "Traceback" not in output

    async def test_a_wrong_token_is_one_line_and_an_exit_status(self, api: BotApi) -> None:
        process = await self.command(TELEGRAM_TOKEN="1:wrong", TELEGRAM_API_URL=api.url)
        assert await self.output(process) == "CommandError: TELEGRAM_TOKEN: Telegram knows no bot with this token\n"
        assert process.returncode == 1

    async def test_no_token_is_one_line_and_an_exit_status(self) -> None:
        process = await self.command(TELEGRAM_TOKEN="")
        output = await self.output(process)
        assert output.startswith("CommandError: TELEGRAM_TOKEN: required")
        assert output.count("\n") == process.returncode == 1

    async def test_a_wrong_address_is_one_line_that_names_it(self) -> None:
        process = await self.command(TELEGRAM_TOKEN=TOKEN, TELEGRAM_API_URL="telegram.org")
        assert (await self.output(process)).startswith("settings: TELEGRAM_API_URL: ")
        assert process.returncode == 1
