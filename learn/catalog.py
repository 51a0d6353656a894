"""The demos in reading order: what each shows, where it is to be found, and what its page promises.

`python -m learn.catalog` prints the table of docs/learn.md.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal
from uuid import UUID

from learn.differs import DIFFERS
from learn.documentation import ADDRESS, PAGES

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Try:
    """A prepared frame or request, and a part of the answer that the page promises for it."""

    label: str
    answer: str
    send: str = ""  # what is sent: text, or for binary frames two hexadecimal digits a byte; "" sends nothing
    kind: Literal["text", "binary"] = "text"
    path: str = ""  # instead of the console's own
    protocols: str = ""  # subprotocols asked for, by commas
    method: str = "GET"
    close: int = 0  # the code to disconnect with, after what was sent


@dataclass(frozen=True)
class Console:
    path: str
    tries: tuple[Try, ...]
    name: str = "Console"

    @property
    def kind(self) -> str:
        return "websocket" if self.path.startswith("/ws/") else "http"


def tables(consoles: Sequence[Console]) -> list[list[tuple[int, Console]]]:
    """Each console with its number on the page; those of one kind beside each other share a table, and its clock."""
    numbered = enumerate(consoles, 1)
    return [list(together) for _, together in groupby(numbered, lambda each: each[1].kind)]


@dataclass(frozen=True)
class Demo:
    slug: str
    title: str
    sentence: str
    consumer: str  # the class, as in the Channels documentation where that has one
    transport: str
    topic: str  # where the Channels documentation explains it
    teaches: str
    consoles: tuple[Console, ...]
    twin: str = ""  # the module of which this one, or the first of `more`, is the asynchronous version
    more: tuple[str, ...] = ()  # further files to be read
    needs: Literal["", "redis", "telegram"] = ""
    how: tuple[str, ...] = ()  # commands to be typed, when it needs more than this server

    @property
    def module(self) -> str:
        return self.slug.replace("-", "_")

    @property
    def differs(self) -> tuple[str, ...]:
        """From the documentation's own snippet, and why."""
        return DIFFERS[self.slug]

    @property
    def documentation(self) -> str:
        """The address of the page that it follows."""
        return ADDRESS + PAGES[self.slug]

    @property
    def file(self) -> str:
        return f"learn/demos/{self.module}.py"

    @property
    def test(self) -> str:
        return f"learn/tests/test_{self.module}.py"


def ws(slug: str, *tries: Try, name: str = "Console", rest: str = "") -> Console:
    return Console(f"/ws/learn/{slug}/{rest}", tries, name)


def live(slug: str, *tries: Try, name: str = "Console", rest: str = "") -> Console:
    return Console(f"/learn/{slug}/live/{rest}", tries, name)


def two(slug: str, *tries: Try, rest: str = "") -> tuple[Console, Console]:
    return ws(slug, *tries, name="One", rest=rest), ws(slug, *tries, name="Another", rest=rest)


_ECHO = (
    Try("hello", "hello", "hello"),
    Try("学习, with 🙂", "学习, with 🙂", "学习, with 🙂"),
    Try("six bytes", "00 ff 10 80 7f 0a", "00 ff 10 80 7f 0a", "binary"),
)
_BOTH = (
    Try("an echo", "hello", "hello"),
    Try("to all", "hello, all of you", "all hello, all of you"),
    Try("six bytes", "00 ff 10 80 7f 0a", "00 ff 10 80 7f 0a", "binary"),
    Try("leave with 4001", "closed", close=4001),
)
_JSON = (
    Try("an object", '"type": "dict"', '{"message": "hello", "price": 1.5}'),
    Try("a number", '"type": "int"', "42"),
    Try("bad JSON", '"error"', '{"message": hello}'),
    Try("NaN", "NaN is not JSON", "[NaN]"),
    Try("a binary frame", "No text section", "01 02", "binary"),
)
_SAID = (
    Try("hello", '{"message": "hello"}', '{"message": "hello"}'),
    Try("no JSON", '"error"', "hello"),
)

GROUPS: dict[str, tuple[Demo, ...]] = {
    "Events": (
        Demo(
            "echo-sync",
            "An echo, synchronous",
            "The same events in a thread: the difference between the two files is the lesson.",
            "EchoConsumer",
            "WebSocket",
            "Consumers: Basic Layout",
            "a consumer is a method for each kind of event",
            (ws("echo-sync", *_ECHO),),
        ),
        Demo(
            "echo-async",
            "An echo, asynchronous",
            "What comes in goes out again: the raw events of a WebSocket, in a class with an awaited method for each.",
            "EchoConsumer",
            "WebSocket",
            "Consumers: AsyncConsumer",
            "async and await, on the event loop",
            (ws("echo-async", *_ECHO),),
            twin="echo_sync",
        ),
    ),
    "Generic consumers": (
        Demo(
            "websocket-sync",
            "connect, receive, disconnect",
            "Text and binary frames, and a group that every instance is in, without a raw event in sight.",
            "MyConsumer",
            "WebSocket",
            "Consumers: WebsocketConsumer",
            "what most consumers are made of",
            two("websocket-sync", *_BOTH),
        ),
        Demo(
            "websocket-async",
            "The same, awaited",
            "Text and binary frames, and a group that every instance is in, on the event loop.",
            "MyConsumer",
            "WebSocket",
            "Consumers: AsyncWebsocketConsumer",
            "the twin on the event loop",
            two("websocket-async", *_BOTH),
            twin="websocket_sync",
        ),
        Demo(
            "accept-refuse",
            "Accepting and refusing",
            "A subprotocol chosen out of those offered, a handshake refused, and a close with a code of one's own.",
            "MyConsumer",
            "WebSocket",
            "Consumers: WebsocketConsumer",
            "403 is 1006 in a browser; a code needs an accepted socket",
            (
                ws(
                    "accept-refuse",
                    Try("offer chat.v1 and chat.v2", "subprotocol: chat.v2", protocols="chat.v1, chat.v2"),
                    Try("offer an unknown one", "closed 1006", protocols="unknown"),
                    Try("be refused", "closed 1006", path="/ws/learn/accept-refuse/?refuse"),
                    Try("be closed with 4123", "closed 4123", "close"),
                ),
            ),
        ),
        Demo(
            "json",
            "JSON in, JSON out",
            "Frames as objects, with an encoding of one's own, and an answer to what is no JSON.",
            "JsonConsumer",
            "WebSocket",
            "Consumers: JsonWebsocketConsumer",
            "receive_json, send_json, encode_json, decode_json",
            (
                ws("json", *_JSON, name="JsonConsumer"),
                ws("json", *_JSON, name="AsyncJsonConsumer", rest="async/"),
            ),
            twin="json",
            more=("learn/demos/json_async.py",),
        ),
        Demo(
            "json-echo",
            "A chat room for one",
            "Part 2 of the tutorial: what one says comes back to oneself, and to nobody else.",
            "ChatConsumer",
            "WebSocket",
            "Tutorial Part 2: Write your first consumer",
            "each connection has an instance for itself",
            two("json-echo", *_SAID),
        ),
    ),
    "Groups": (
        Demo(
            "group-sync",
            "Group broadcast, synchronous",
            "What one says, everybody in the room hears; the room's name is a part of the address.",
            "ChatConsumer",
            "WebSocket",
            "Tutorial Part 2: Enable a channel layer",
            "group_add, group_send, group_discard by async_to_sync",
            two("group-sync", *_SAID, rest="lobby/"),
        ),
        Demo(
            "group-async",
            "Group broadcast, asynchronous",
            "What one says, everybody in the room hears: part 3 of the tutorial.",
            "ChatConsumer",
            "WebSocket",
            "Tutorial Part 3: Rewrite Chat Server as Asynchronous",
            "the chat room that everybody begins with",
            two("group-async", *_SAID, rest="lobby/"),
            twin="group_sync",
        ),
        Demo(
            "members-only",
            "A group for its members",
            "Who may hear a group, and what it takes to remove somebody who is in it.",
            "MembersConsumer",
            "WebSocket",
            "Channel Layers: Groups",
            "ask before group_add; a removal needs a number in each event",
            (
                ws(
                    "members-only",
                    Try("connect", "you are ada"),
                    Try("hello", "ada: hello", "hello"),
                    Try("remove Bob", "ada: remove bob", "remove bob"),
                    Try("let him in again", "ada: add bob", "add bob"),
                    name="Ada, who owns it",
                    rest="ada/",
                ),
                ws(
                    "members-only",
                    Try("connect", "you are bob"),
                    Try("hello", "bob: hello", "hello"),
                    Try("as a stranger", "closed 4403", path="/ws/learn/members-only/eve/"),
                    name="Bob, a member",
                    rest="bob/",
                ),
            ),
        ),
    ),
    "A consumer lives": (
        Demo(
            "chat-name",
            "It remembers",
            "A name set once is known as long as the connection lasts: an instance is a place to keep things.",
            "ChatConsumer",
            "WebSocket",
            "Introduction: What is a Consumer?",
            "state is an attribute",
            (
                ws(
                    "chat-name",
                    Try("connect", "[Welcome Anonymous!]"),
                    Try("/name Ada", "[set your username to Ada]", "/name Ada"),
                    Try("hello", ": hello", "hello"),
                ),
            ),
        ),
        Demo(
            "ping",
            "Waiting without a thread",
            "The answer comes after a second, for one as for ten who ask at once: no thread waits with them.",
            "PingConsumer",
            "WebSocket",
            "Introduction: What is a Consumer?",
            "await asyncio.sleep leaves the loop free",
            two("ping", Try("ping", "pong", "ping")),
        ),
        Demo(
            "log",
            "Writing to the database",
            "A synchronous consumer may use the ORM as a view does: connections written down, and shown.",
            "LogConsumer",
            "WebSocket",
            "Introduction: What is a Consumer?",
            "threads make the ORM safe",
            (ws("log", Try("connect", "connected"), Try("anything", "received", "anything")),),
            more=("learn/models.py",),
        ),
    ),
    "Around a consumer": (
        Demo(
            "scope",
            "What is known of a connection",
            "Type, path, headers, client, cookies, session, user and route, as this connection sees them.",
            "ScopeConsumer",
            "WebSocket and HTTP",
            "Consumers: Scope",
            "self.scope, and who put what into it",
            (
                ws("scope", Try("connect", '"type": "websocket"'), rest="here/?a=1"),
                live("scope", Try("GET", '"method": "GET"'), name="By HTTP", rest="here/?a=1"),
            ),
        ),
        Demo(
            "routing",
            "Routing",
            "By protocol, by origin, by user and by path: each router is an application around others.",
            "AdminChatConsumer, PublicChatConsumer",
            "WebSocket",
            "Routing",
            "ProtocolTypeRouter, URLRouter, AuthMiddlewareStack, AllowedHostsOriginValidator",
            (
                ws("routing", Try("connect", "public, room lobby"), name="For everyone", rest="chat/lobby/"),
                ws("routing", Try("connect", "closed 4403"), name="For staff", rest="chat/admin/"),
            ),
        ),
        Demo(
            "databases",
            "The database from asynchronous code",
            "The name of the one who is signed in, fetched in three ways, and the error without them.",
            "ChatConsumer",
            "WebSocket",
            "Database Access",
            "database_sync_to_async as a call and as a decorator; the async ORM",
            (
                ws(
                    "databases",
                    Try("as a call", "Anonymous", "call"),
                    Try("as a decorator", "Anonymous", "decorator"),
                    Try("the async ORM", "Anonymous", "async orm"),
                    Try("without", "SynchronousOnlyOperation", "without"),
                ),
            ),
        ),
        Demo(
            "sync-to-async",
            "Blocking without freezing",
            "A slow function in a thread, and the same one on the loop, where it stops the clock for everybody.",
            "SyncToAsyncConsumer",
            "WebSocket",
            "Database Access",
            "the event loop is one thread",
            (
                ws(
                    "sync-to-async",
                    Try("in a thread", "thread: the clock ticked ", "thread"),
                    Try("on the loop", "frozen: the clock ticked 0 times", "frozen"),
                ),
            ),
        ),
    ),
    "Channel layers": (
        Demo(
            "layers",
            "One to one, one to many",
            "An event for one channel, for a group, and from outside any consumer.",
            "LayersConsumer",
            "WebSocket",
            "Channel Layers",
            "channel_layer.send, group_send; a view and a command send too",
            (
                *two(
                    "layers",
                    Try("connect", '"channel_name"'),
                    Try("to all", '"text": "hello"', '{"text": "hello"}'),
                    Try("to no channel's name", "No channel", '{"to": "no name!!", "text": "hello"}'),
                ),
                Console("/learn/views/live/announcing/", (Try("send from a view", '"sent"'),), "From a view"),
            ),
            more=("learn/management/commands/announce.py",),
            how=(
                "REDIS_URL=redis://127.0.0.1:6379 make run",
                "DEBUG=1 REDIS_URL=redis://127.0.0.1:6379 .venv/bin/python manage.py announce hello",
            ),
        ),
        Demo(
            "processes",
            "Across processes",
            "Two servers and one Redis are one room; two servers with the in-memory layer are two.",
            "ProcessesConsumer",
            "WebSocket",
            "Channel Layers: In-Memory Channel Layer",
            "why a layer is another service",
            two("processes", Try("connect", '"you_are_on"'), Try("hello", '"that_is": "this process"', "hello")),
            needs="redis",
            how=(
                "REDIS_URL=redis://127.0.0.1:6379 PORT=8000 make run",
                "REDIS_URL=redis://127.0.0.1:6379 PORT=8001 make run",
            ),
        ),
    ),
    "HTTP": (
        Demo(
            "http-basic",
            "A request that waits",
            "One second, then the answer, and no thread held meanwhile.",
            "BasicHttpConsumer",
            "HTTP",
            "Consumers: AsyncHttpConsumer",
            "handle, send_response",
            (live("http-basic", Try("GET", "Your response bytes")),),
        ),
        Demo(
            "long-poll",
            "Long-poll",
            "A request that is answered by an event, whenever that comes.",
            "LongPollConsumer",
            "HTTP",
            "Consumers: AsyncHttpConsumer",
            "send_headers, send_body, more_body",
            (
                live("long-poll", Try("wait", "200"), name="Waits"),
                live("long-poll", Try("say hello", "204", "hello", method="POST"), name="Says"),
            ),
        ),
        Demo(
            "sse",
            "Server-Sent Events",
            "A clock, once a second, that stops when the browser has gone.",
            "ServerSentEventsConsumer",
            "HTTP",
            "Consumers: AsyncHttpConsumer",
            "an answer that never ends, and its end",
            (live("sse", Try("watch", "data: ")),),
        ),
    ),
    "Ends and identities": (
        Demo(
            "closing",
            "The end of a connection",
            "StopConsumer, tasks that must not be left behind, and what disconnect does not promise.",
            "ClosingConsumer",
            "WebSocket",
            "Consumers: Closing Consumers",
            "clean up in finally",
            (
                ws(
                    "closing",
                    Try("how many tasks run?", "tasks running: ", "count"),
                    Try("be closed with 4001", "closed 4001", "close"),
                    Try("crash it", "closed 1011", "crash"),
                ),
            ),
        ),
        Demo(
            "sessions",
            "Sessions and authentication",
            "A session that is read, written and saved, and login and logout from a consumer.",
            "SessionConsumer",
            "WebSocket",
            "Authentication",
            "middleware of one's own; a cookie is set at the handshake or never",
            (
                ws(
                    "sessions",
                    Try("connect", "user AnonymousUser"),
                    Try("login", "user classroom-visitor", "login"),
                    Try("logout", "user AnonymousUser", "logout"),
                ),
            ),
        ),
    ),
    "Other processes, other protocols": (
        Demo(
            "worker",
            "Workers",
            "A job sent over the layer to another process, and its answer.",
            "PrintConsumer",
            "WebSocket and channel",
            "Worker and Background Tasks",
            "ChannelNameRouter, runworker",
            (ws("worker", Try("a job", "rekrow", "worker")),),
            needs="redis",
            how=(
                "REDIS_URL=redis://127.0.0.1:6379 make run",
                "DEBUG=1 REDIS_URL=redis://127.0.0.1:6379 .venv/bin/python manage.py runworker learn-print",
            ),
        ),
        Demo(
            "telegram",
            "Another protocol",
            "A chat bot: Telegram's messages are events too, and an interface server brings them.",
            "ChattyBotConsumer",
            "telegram",
            "Introduction: Routing and Multiple Protocols",
            "a protocol is what a server makes of it",
            (ws("telegram", Try("hello", "You said: hello", "hello"), name="The bot, without Telegram"),),
            more=("learn/telegram.py", "learn/outbox.py", "learn/bridge.py"),
            needs="telegram",
            how=("DEBUG=1 TELEGRAM_TOKEN=<what @BotFather gave you> .venv/bin/python manage.py run_telegram",),
        ),
    ),
    "Beside the consumers": (
        Demo(
            "testing",
            "Testing",
            "Four tools for testing consumers; every test of this project is an example.",
            "MyConsumer",
            "WebSocket",
            "Testing",
            "WebsocketCommunicator, HttpCommunicator, ApplicationCommunicator, a live server",
            (
                ws(
                    "testing",
                    Try("1 + 2", '{"sum": 3}', '{"add": [1, 2]}'),
                    Try("nonsense", "closed 4400", "nonsense"),
                ),
            ),
        ),
        Demo(
            "views",
            "Django's own views",
            "Still there, synchronous and asynchronous, over the same ASGI application.",
            "sync_view, async_view",
            "HTTP",
            "Routing: ProtocolTypeRouter",
            "not everything is a consumer",
            (
                live("views", Try("GET", '"view": "sync"'), name="sync_view", rest="sync/"),
                live("views", Try("GET", '"view": "async"'), name="async_view", rest="async/"),
            ),
        ),
    ),
}

DEMOS = {demo.slug: demo for demos in GROUPS.values() for demo in demos}


def room_console(key: str, client_id: UUID) -> Console:
    """Of the last step: a room of its own for each visit, so that everybody's first message is the first one."""
    path = f"/ws/learn/room/{key}/"
    say = json.dumps({"message": "hello from the classroom", "client_id": str(client_id)})
    return Console(
        path,
        (
            Try("connect", '"type":"hello"', protocols="chat.v1"),
            Try("say something", '"type":"ack"', say, protocols="chat.v1"),
            Try("come back after 0", '"type":"message"', path=f"{path}?after=0", protocols="chat.v1"),
        ),
        "A room, by chat.v1",
    )


def table() -> str:
    lines = ["| demo | consumer | transport | teaches | source | test |", "| --- | --- | --- | --- | --- | --- |"]
    for demo in DEMOS.values():
        source, test = (f"[{name.rpartition('/')[2]}](../{name})" for name in (demo.file, demo.test))
        lines.append(f"| `{demo.slug}` | `{demo.consumer}` | {demo.transport} | {demo.teaches} | {source} | {test} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
