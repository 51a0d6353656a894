"""A group for its members alone: who is let in, and what a removal takes."""

from collections.abc import Iterator

import pytest
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator

from learn.demos.members_only import GROUP, Vault
from learn.tests.conftest import Connect


@pytest.fixture(autouse=True)
def vault() -> Iterator[None]:
    yield
    Vault.members, Vault.access = {"ada", "bob"}, 0


async def let_in(connected: Connect, name: str) -> WebsocketCommunicator:
    socket = await connected(f"members-only/{name}/")
    assert await socket.receive_from() == f"you are {name}"
    return socket


async def is_put_out(socket: WebsocketCommunicator) -> bool:
    """Without having heard anything before."""
    answer = await socket.receive_output(timeout=5)
    return answer["type"] == "websocket.close" and answer["code"] == 4403


async def test_members_hear_each_other_and_a_stranger_hears_nothing(connected: Connect) -> None:
    ada, bob = await let_in(connected, "ada"), await let_in(connected, "bob")
    eve = await connected("members-only/eve/")
    assert await is_put_out(eve)
    await bob.send_to(text_data="hello")
    assert await ada.receive_from() == await bob.receive_from() == "bob: hello"
    assert await eve.receive_nothing()


async def test_who_is_removed_hears_nothing_after_it_and_the_others_lose_nothing(connected: Connect) -> None:
    ada, bob = await let_in(connected, "ada"), await let_in(connected, "bob")
    for text in ("before", "remove bob", "after"):
        await ada.send_to(text_data=text)
    assert await bob.receive_from() == "ada: before"
    assert await is_put_out(bob)
    assert [await ada.receive_from() for _ in range(3)] == ["ada: before", "ada: remove bob", "ada: after"]
    assert await is_put_out(await connected("members-only/bob/"))


async def test_a_removal_holds_although_its_own_event_was_lost(connected: Connect) -> None:
    ada, bob = await let_in(connected, "ada"), await let_in(connected, "bob")
    Vault.members.discard("bob")  # as by another process
    Vault.access += 1
    await ada.send_to(text_data="only for us")
    assert await is_put_out(bob)
    assert await ada.receive_from() == "ada: only for us"


async def test_who_is_removed_says_nothing_more(connected: Connect) -> None:
    ada, bob = await let_in(connected, "ada"), await let_in(connected, "bob")
    Vault.members.discard("bob")
    Vault.access += 1
    await bob.send_to(text_data="one last word")
    assert await is_put_out(bob)
    assert await ada.receive_nothing()


async def test_what_was_said_before_the_removal_may_come_after_it(connected: Connect) -> None:
    bob = await let_in(connected, "bob")
    said_before = {"type": "vault.said", "text": "ada: before", "access": Vault.access}
    Vault.members.discard("bob")
    Vault.access += 1
    layer = get_channel_layer()
    assert layer
    await layer.group_send(GROUP, said_before)
    assert await bob.receive_from() == "ada: before"


async def test_only_ada_removes_and_whom_she_adds_comes_in_again(connected: Connect) -> None:
    ada, bob = await let_in(connected, "ada"), await let_in(connected, "bob")
    await bob.send_to(text_data="remove bob")
    assert await bob.receive_from() == "bob: remove bob"
    await ada.send_to(text_data="remove bob")
    assert await is_put_out(bob)
    await ada.send_to(text_data="add bob")
    assert [await ada.receive_from() for _ in range(3)][-1] == "ada: add bob"
    await let_in(connected, "bob")


async def test_a_close_does_not_leave_the_group_and_disconnect_does(connected: Connect) -> None:
    ada, bob = await let_in(connected, "ada"), await let_in(connected, "bob")
    await ada.send_to(text_data="remove bob")
    assert await is_put_out(bob)
    layer = get_channel_layer()
    assert len(layer.groups[GROUP]) == 2
    await bob.disconnect(code=4403)
    assert len(layer.groups[GROUP]) == 1
