"""The database from asynchronous code."""

import pytest
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from learn.demos.databases import ChatConsumer

pytestmark = pytest.mark.django_db(transaction=True)


async def answer(user: User | AnonymousUser, text: str) -> str:
    socket = WebsocketCommunicator(ChatConsumer.as_asgi(), "/")
    socket.scope["user"] = user
    await socket.connect(timeout=5)
    await socket.send_to(text_data=text)
    answer = await socket.receive_from(timeout=5)
    await socket.disconnect()
    return answer


@pytest.mark.parametrize("way", ["call", "decorator", "async orm"])
async def test_the_name_of_whoever_is_signed_in_is_fetched(way: str) -> None:
    ada = await User.objects.acreate(username="ada")
    assert await answer(ada, way) == "ada"
    assert await answer(AnonymousUser(), way) == "Anonymous"


async def test_on_the_event_loop_django_refuses() -> None:
    assert "SynchronousOnlyOperation" in await answer(AnonymousUser(), "without")
