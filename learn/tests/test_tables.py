"""Whoever looks at all of the classroom, and tries everything in it, changes nothing in the product's tables."""

from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.apps import apps
from django.conf import settings
from django.test import Client

from accounts.models import User
from chat.identity import Identity
from chat.tests import posted
from conftest import HOST, ORIGIN
from learn.bridges.catalog import BRIDGES
from learn.catalog import DEMOS, Console, Try, room_console
from learn.exercises.catalog import EXERCISES
from learn.lab.faults import FAULTS
from learn.tests.conftest import Connect
from learn.tests.test_guard import start_of

PAGES = [
    "", "the-room/", "layers-compared/", "more/", "addresses/", "broken/", "start/", "failures/", "failures/live/",
    "views/live/sync/", "views/live/async/", "views/live/announcing/", "layers-compared/?try=all",
    *(f"{slug}/" for slug in DEMOS), *(f"bridges/{slug}/" for slug in BRIDGES),
    *(f"failures/{slug}/" for slug in FAULTS), *(f"exercises/{exercise.number}/" for exercise in EXERCISES),
]  # fmt: skip
CONSOLES = {**{slug: demo.consoles for slug, demo in DEMOS.items()}, "the-room": (room_console("quiet", uuid4()),)}

Rows = dict[str, list[str]]


def product() -> Rows:
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label != "learn"]
    return {model._meta.label: sorted(map(repr, model._base_manager.values_list())) for model in models}


@pytest.fixture
def staff(transactional_db: None, ada: Identity) -> Client:
    """The tables are not empty: a message, an account, a session."""
    posted.say(author=ada, text="hello")
    staff = Client()
    staff.force_login(User.objects.create_superuser("root"))
    return staff


def test_its_pages_write_nothing(staff: Client) -> None:
    before = product()
    assert before["chat.Message"]
    assert before["sessions.Session"]
    for path in PAGES:
        for who in (staff, Client()):
            assert who.get(f"/learn/{path}").status_code == 200, path
        assert product() == before, path


@pytest.mark.parametrize("slug", CONSOLES)
async def test_what_can_be_tried_in_it_writes_nothing(slug: str, staff: Client, connected: Connect) -> None:
    before = await sync_to_async(product)()
    cookie = (b"cookie", f"{settings.SESSION_COOKIE_NAME}={staff.cookies[settings.SESSION_COOKIE_NAME].value}".encode())
    for console in CONSOLES[slug]:
        for tried in console.tries:
            for headers in ((cookie,), ()):
                if console.kind == "http":
                    await by_http(tried.path or console.path, tried, headers, staff)
                else:
                    await by_websocket(console, tried, headers, connected)
    assert await sync_to_async(product)() == before


async def by_http(path: str, tried: Try, headers: Any, staff: Client) -> None:
    if path.startswith("/learn/views/"):  # of Django: among the pages above
        return
    assert (await start_of(tried.method, path, [HOST, ORIGIN, *headers]))[0] < 400


async def by_websocket(console: Console, tried: Try, headers: Any, connected: Connect) -> None:
    path = (tried.path or console.path).removeprefix("/ws/learn/")
    socket = await connected(path, *filter(None, tried.protocols.split(",")), headers=headers)
    if not socket.accepted:
        return
    if tried.send:
        is_binary = tried.kind == "binary"
        await socket.send_to(**({"bytes_data": bytes.fromhex(tried.send)} if is_binary else {"text_data": tried.send}))
    if not await socket.receive_nothing(timeout=1):  # not each of them answers
        await socket.receive_output()
    await socket.disconnect(timeout=5)
