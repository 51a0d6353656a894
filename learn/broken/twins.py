"""Mistakes that everybody makes: what one sees, and the cure. Held by learn/tests/test_close_codes.py."""

from dataclasses import dataclass

from learn.catalog import Console, Try


@dataclass(frozen=True)
class Broken:
    """`log` is part of what uvicorn logs, "" if nothing. `code` is what a browser shows, on uvicorn and on Daphne."""

    name: str
    title: str
    seen: str
    log: str
    cure: str
    line: str  # the line of the source that is wrong
    cured: str  # what stands in its place
    tries: tuple[Try, ...]
    code: tuple[int, int] = (0, 0)

    @property
    def file(self) -> str:
        return f"learn/broken/{self.name}.py"

    @property
    def console(self) -> Console:
        return Console(f"/ws/learn/broken/{self.name}/", self.tries)


BROKEN = (
    Broken(
        "missing_await",
        "An await is missing",
        "Nothing comes back, and the connection stays open. On uvicorn Python warns in the log that a coroutine was "
        "never awaited; Daphne swallows the warning.",
        "was never awaited",
        "Write await before every call of an async def. A linter finds most of them.",
        "        self.send(text_data=text_data)",
        "        await self.send(text_data=text_data)",
        (Try("hello", "open", "hello"),),
    ),
    Broken(
        "mistyped_type",
        "A type that no method has",
        "The frame ends the connection, for everybody in the group: each of them gets the event.",
        "No handler for message type chat.mesage",
        "The type is the method's name, with a dot in place of an underscore: chat.message calls chat_message.",
        '        event = {"type": "chat.mesage", "text": text_data}',
        '        event = {"type": "chat.message", "text": text_data}',
        (Try("hello", "closed", "hello"),),
        (1006, 1011),
    ),
    Broken(
        "no_stop_consumer",
        "No StopConsumer",
        "The browser sees nothing. The server keeps the consumer in memory after each connection. Daphne logs after "
        "ten seconds that it took too long to shut down, and cancels it; uvicorn waits for it when it stops.",
        "",
        "A consumer of raw events must raise StopConsumer in its last handler. The generic consumers do this for you.",
        "        pass",
        "        raise StopConsumer",
        (Try("hello", "hello", "hello"),),
    ),
    Broken(
        "leaking_task",
        "A task that nobody ends",
        "All works. Connect again a few times, and the number of tasks rises: those of closed connections still run.",
        "",
        "Cancel the task in a finally around the whole life of the consumer, as the demo “The end of a connection” "
        "does.",
        "        self.task = asyncio.create_task(self.tick())",
        "        self.task = asyncio.create_task(self.tick())  # and cancel it in a finally",
        (Try("how many tasks?", "tasks running", "count"),),
    ),
    Broken(
        "no_route",
        "No route found",
        "The connection fails at once with 1006. The reason is in the server's log alone.",
        "No route found for path",
        "Compare the address with the route: the last slash and the spelling. A route has no slash in front.",
        'application = URLRouter([path("ws/ehco/", EchoConsumer.as_asgi())])',
        'application = URLRouter([path("ws/echo/", EchoConsumer.as_asgi())])',
        (Try("connect", "closed 1006"),),
        (1006, 1006),
    ),
    Broken(
        "exception_in_connect",
        "An exception in connect",
        "The connection fails at once with 1006, as if it had been refused. The traceback is in the server's log.",
        "KeyError: 'room'",
        "Read the server's log first. Here the route calls the part room_name, and the consumer asks for room.",
        '        self.room_name = self.scope["url_route"]["kwargs"]["room"]',
        '        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]',
        (Try("connect", "closed 1006"),),
        (1006, 1006),
    ),
)
