"""The exercises in the browser: each has its page and its consoles, which run the file as it was saved last."""

import asyncio
import os
import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.test import Client
from django.utils.html import escape

from learn import routing
from learn.catalog import ROOT
from learn.exercises.catalog import EXERCISES, Exercise
from learn.practice import live
from learn.practice.hints import HINTS, TRIES
from learn.practice.sentences import sentences
from learn.practice.views import coded, consoles

each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.module)
SOON = 2.0  # seconds


def router() -> URLRouter:
    return URLRouter(live.websocket_urlpatterns)


async def connected(number: int) -> WebsocketCommunicator:
    socket = WebsocketCommunicator(router(), f"/ws/learn/exercises/{number}/live/lobby/")
    assert (await socket.connect(timeout=5))[0]
    return socket


@each_exercise
def test_an_exercise_has_a_page_with_what_is_asked_a_hint_and_its_test(exercise: Exercise, settings: Any) -> None:
    settings.DEBUG = True
    page = Client().get(f"/learn/exercises/{exercise.number}/").content.decode()
    assert f"<h1>{coded(exercise.asks)}</h1>" in page
    assert page.count("<li>") >= 2
    assert coded(HINTS[exercise.number]) in page
    assert f"<code>make exercise N={exercise.number}</code>" in page
    for sentence in sentences(exercise).values():
        assert f"<div>{escape(sentence)}</div>" in page
    assert "<summary>A hint</summary>" in page
    for console in consoles(exercise):
        assert f'value="{escape(console.path)}"' in page
        for prepared in console.tries:
            assert f">{escape(prepared.label)}</button>" in page
    assert exercise.solution in page


def test_without_debug_nothing_of_a_learners_is_run() -> None:
    page = Client().get("/learn/exercises/3/").content.decode()
    assert "on your own machine" in page
    assert 'class="console"' not in page
    patterns = [*routing.websocket_urlpatterns, *routing.http_urlpatterns]
    assert not [each for each in patterns if "exercises" in str(each.pattern)]


def test_an_exercise_that_is_none_is_not_found() -> None:
    assert [Client().get(f"/learn/exercises/{number}/").status_code for number in (0, 11)] == [404, 404]


@each_exercise
def test_its_consoles_have_a_route(exercise: Exercise) -> None:
    patterns = live.websocket_urlpatterns
    for console in consoles(exercise):
        path = console.path.partition("?")[0].lstrip("/")
        http = [re.sub("<.*>", "lobby", address) for address in live.HTTP]
        assert path in http if exercise.is_http else any(each.pattern.match(path) for each in patterns)
    assert TRIES[exercise.number]


async def test_what_was_saved_runs_at_the_next_connection(folder: Path) -> None:
    """Also where it was saved twice within a second, with as many characters."""
    file = folder / "ex01_me.py"
    for word in ("Welcome", "Willkom", "Benvenu"):
        file.write_text((ROOT / "learn/exercises/ex01_me.py").read_text().replace("Welcome", word))
        socket = await connected(1)
        assert await socket.receive_from() == f"[{word} Anonymous!]"
        await socket.disconnect()


async def test_two_connections_share_their_class_until_it_is_saved(folder: Path) -> None:
    shutil.copy(ROOT / EXERCISES[2].solution, folder / "ex03_online.py")
    ada = await connected(3)
    assert await ada.receive_json_from() == {"online": 1}
    bob = await connected(3)
    assert await bob.receive_json_from() == {"online": 2}
    for socket in (ada, bob):
        await socket.disconnect()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def (", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("exit()", "SystemExit"),
        ("", "ex01_me.py has no consumer"),
    ],
)
async def test_a_file_that_cannot_be_read_is_said_and_closed(folder: Path, text: str, said: str) -> None:
    (folder / "ex01_me.py").write_text(text)
    socket = await connected(1)
    assert said in await socket.receive_from()
    assert await socket.receive_output() == {"type": "websocket.close", "code": live.BROKEN}


async def test_by_http_the_file_runs_too(folder: Path) -> None:
    (folder / "ex09_resume.py").write_text("1 / 0")
    application = URLRouter([live.path(*each) for each in live.HTTP.items()])  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://localhost") as client:
        answer = await client.get("/learn/exercises/9/live/lobby/")
    assert (answer.status_code, answer.text) == (500, "ZeroDivisionError: division by zero\n")


async def test_a_page_hears_soon_that_the_file_was_saved(folder: Path) -> None:
    watching = WebsocketCommunicator(router(), "/ws/learn/exercises/1/saved/")
    await watching.connect()
    os.utime(folder / "ex01_me.py")
    assert await watching.receive_from(timeout=10) == "saved"
    assert 2 * live.LOOK_EVERY < SOON
    before = len(asyncio.all_tasks())
    await watching.disconnect()
    assert len(asyncio.all_tasks()) < before
