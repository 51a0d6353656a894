import asyncio
import importlib
from contextlib import contextmanager

from channels.layers import get_channel_layer
from django.db.models.signals import pre_save

from learn.exercises.conftest import PATIENCE
from learn.models import Said


async def hears(who, *numbers):
    for number in numbers:
        heard = await who.hears()
        expected = {"number": number, "message": f"message {number}"}
        assert heard == expected, "in the order of the numbers, each once, none missing"


async def says(who, *numbers):
    for number in numbers:
        await who.says(f"message {number}")


async def test_each_message_is_kept_with_its_number(exercise, connected):
    ada, bob = [await connected(exercise.ChatConsumer) for _ in "ab"]
    await says(ada, 1, 2)
    for who in (ada, bob):
        await hears(who, 1, 2)
    kept = [(s.number, s.text) async for s in Said.objects.filter(room="lobby")]
    assert sorted(kept) == [(1, "message 1"), (2, "message 2")], "what Said has kept"


async def test_each_room_counts_for_itself(exercise, connected):
    for room in ("lobby", "garden"):
        ada = await connected(exercise.ChatConsumer, f"/{room}/?after=0")
        await ada.says(f"in the {room}")
        assert await ada.hears() == {"number": 1, "message": f"in the {room}"}


async def test_who_comes_back_gets_what_was_missed(exercise, connected):
    ada = await connected(exercise.ChatConsumer)
    await says(ada, 1, 2, 3)
    await hears(ada, 1, 2, 3)
    bob = await connected(exercise.ChatConsumer, "/lobby/?after=1")
    await hears(bob, 2, 3)
    await says(ada, 4)
    await hears(bob, 4)


async def test_who_asks_for_nothing_gets_only_what_comes(exercise, connected):
    ada = await connected(exercise.ChatConsumer)
    await says(ada, 1, 2)
    await hears(ada, 1, 2)
    bob = await connected(exercise.ChatConsumer)
    await says(ada, 3)
    await hears(bob, 3)


async def test_a_restart_forgets_nothing(exercise, connected):
    ada = await connected(exercise.ChatConsumer)
    await says(ada, 1, 2)
    await hears(ada, 1, 2)
    await ada.disconnect()
    importlib.reload(exercise)  # what it kept in memory is gone
    bob = await connected(exercise.ChatConsumer, "/lobby/?after=0")
    await hears(bob, 1, 2)
    await says(bob, 3)
    await hears(bob, 3)


async def test_somebody_who_joins_while_others_speak_misses_nothing(
    exercise, connected
):
    ada = await connected(exercise.ChatConsumer)
    numbers = range(1, 31)
    joining = connected(exercise.ChatConsumer, "/lobby/?after=0")
    bob, _ = await asyncio.gather(joining, says(ada, *numbers))
    await hears(bob, *numbers)
    carol = await connected(exercise.ChatConsumer, "/lobby/?after=28")
    await hears(carol, 29, 30)


@contextmanager
def instead_of_group_send(group_send):
    layer = get_channel_layer()
    layer.group_send = group_send
    yield
    del layer.group_send


async def test_nothing_is_announced_before_it_is_kept(exercise, connected):
    ada = await connected(exercise.ChatConsumer)
    kept = asyncio.Queue()

    async def group_send(group, event):
        kept.put_nowait(await Said.objects.acount())

    with instead_of_group_send(group_send):
        for number in (1, 2):
            await says(ada, number)
            async with asyncio.timeout(PATIENCE):
                assert await kept.get() == number, "first keep it, then tell the group"


async def test_what_the_layer_has_lost_comes_with_the_next(exercise, connected):
    ada, bob = [await connected(exercise.ChatConsumer) for _ in "ab"]
    lost = asyncio.Event()

    async def group_send(group, event):
        lost.set()

    with instead_of_group_send(group_send):
        await says(ada, 1)
        async with asyncio.timeout(PATIENCE):
            await lost.wait()
    await says(ada, 2)
    await hears(bob, 1, 2)


async def test_a_number_that_is_taken_is_not_taken_twice(exercise, connected):
    ada = await connected(exercise.ChatConsumer)
    taken = []

    def another_process(instance, **kwargs):
        if not taken:
            taken.append(instance.number)
            rival = Said(room="lobby", number=instance.number, text="message 1")
            Said.objects.bulk_create([rival])

    pre_save.connect(another_process, sender=Said)
    try:
        await says(ada, 2)
        heard = [await ada.hears() for _ in "12"]
    finally:
        pre_save.disconnect(another_process, sender=Said)
    assert heard[-1] == {"number": 2, "message": "message 2"}, "1 was taken, 2 is free"
