"""The consumer of the file that is being edited: loaded again for the next connection when the file was saved.

With DEBUG alone, on the learner's own machine.
"""

import asyncio
import os
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from channels.consumer import AsyncConsumer, SyncConsumer
from django.urls import path, re_path

from learn.catalog import ROOT
from learn.exercises.catalog import EXERCISES, Exercise

LOOK_EVERY = 0.3  # seconds, at the time when the file was saved
BROKEN = 4500

Scope = dict[str, Any]


def file_of(exercise: Exercise) -> Path:
    """Elsewhere for tests, as in learn/exercises/conftest.py."""
    folder = os.environ.get("EXERCISES_IN")
    return Path(folder, f"{exercise.module}.py") if folder else ROOT / exercise.file


def saved_at(exercise: Exercise) -> int:
    """A number that another save changes; 0 while an editor has the file away."""
    try:
        return file_of(exercise).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


class Practice:
    """An application: the consumer as the file has it now."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._loaded: tuple[int, Any] = (-1, None)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        try:
            consumer = self.consumer()
        except (Exception, SystemExit) as error:  # whatever the file does when it is read
            await refuse(scope, receive, send, "".join(traceback.format_exception_only(error)))
            return
        await consumer.as_asgi()(scope, receive, send)

    def consumer(self) -> Any:
        """Its connections share what belongs to the class, until the file is saved again."""
        stamp = saved_at(self._exercise)
        if self._loaded[0] != stamp:
            self._loaded = stamp, load(file_of(self._exercise))
        return self._loaded[1]


def load(file: Path) -> Any:
    """The last consumer of the file. Not by an import: compiled files are told apart by the second.

    Raises whatever the file raises, or LookupError without a consumer.
    """
    module = ModuleType(file.stem)
    exec(compile(file.read_text(), file, "exec"), module.__dict__)  # noqa: S102 - the learner's own, with DEBUG
    kinds = [each for each in vars(module).values() if isinstance(each, type)]
    own = [k for k in kinds if issubclass(k, (AsyncConsumer, SyncConsumer)) and k.__module__ == module.__name__]
    if not own:
        raise LookupError(f"{file.name} has no consumer.")
    return own[-1]


async def refuse(scope: Scope, receive: Any, send: Any, why: str) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 500, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": why.encode()})
        return
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": why})
    await send({"type": "websocket.close", "code": BROKEN})


async def saved(scope: Scope, receive: Any, send: Any) -> None:
    """Tells a page each time that the exercise's file is saved."""
    exercise = EXERCISES[int(scope["url_route"]["kwargs"]["number"]) - 1]
    await receive()
    await send({"type": "websocket.accept"})
    leaving, known = asyncio.create_task(gone(receive)), saved_at(exercise)
    try:
        while not leaving.done():
            await asyncio.wait({leaving}, timeout=LOOK_EVERY)
            if (stamp := saved_at(exercise)) not in (known, 0):
                known = stamp
                await send({"type": "websocket.send", "text": "saved"})
    finally:
        leaving.cancel()


async def gone(receive: Any) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass


_SOCKETS = [exercise for exercise in EXERCISES if not exercise.is_http]

websocket_urlpatterns: list[Any] = [
    re_path(r"^ws/learn/exercises/(?P<number>[1-9]|10)/saved/$", saved),  # type: ignore[arg-type]
    *(path(f"ws/learn/exercises/{each.number}/live/<slug:room_name>/", Practice(each)) for each in _SOCKETS),  # type: ignore[arg-type]
]
HTTP = {f"learn/exercises/{each.number}/live/<slug:room_name>/": Practice(each) for each in EXERCISES if each.is_http}
