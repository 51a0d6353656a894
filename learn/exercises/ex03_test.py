import asyncio

from channels.layers import get_channel_layer

from learn.exercises.conftest import CONNECTING, Socket


async def two(exercise, connected):
    ada = await connected(exercise.ChatConsumer)
    assert await ada.hears() == {"online": 1}, "Ada is alone, and hears so"
    bob = await connected(exercise.ChatConsumer)
    for who in (ada, bob):
        assert await who.hears() == {"online": 2}, "Ada and Bob hear of both"
    return ada, bob


def channels_in_groups():
    return sum(len(channels) for channels in get_channel_layer().groups.values())


async def test_who_leaves_is_counted_no_more(exercise, connected):
    ada, bob = await two(exercise, connected)
    await bob.disconnect()
    assert await ada.hears() == {"online": 1}, "Bob has left"
    assert channels_in_groups() == 1, "Bob's channel is still in the group"


async def test_whose_handler_failed_is_counted_no_more(exercise, connected):
    ada, bob = await two(exercise, connected)
    await bob.crash()
    assert await ada.hears() == {"online": 1}, "Bob's consumer died of an exception"
    assert channels_in_groups() == 1, "the dead channel is still in the group"


async def test_who_was_cancelled_is_counted_no_more(exercise, connected):
    ada, bob = await two(exercise, connected)
    bob.future.cancel()
    assert await ada.hears() == {"online": 1}, "the server has cancelled Bob's consumer"
    assert channels_in_groups() == 1, "the cancelled channel is still in the group"


async def test_who_is_cancelled_while_connecting_is_counted_no_more(
    exercise, connected, serve
):
    ada = await connected(exercise.ChatConsumer)
    assert await ada.hears() == {"online": 1}
    layer, adding = get_channel_layer(), asyncio.Event()
    add = layer.group_add

    async def slow_add(*names):
        await add(*names)
        adding.set()
        await asyncio.Event().wait()

    layer.group_add = slow_add
    bob = Socket(serve(exercise.ChatConsumer), "/lobby/")
    await bob.send_input({"type": "websocket.connect"})
    await asyncio.wait_for(adding.wait(), CONNECTING)
    bob.future.cancel()
    await asyncio.gather(bob.future, return_exceptions=True)
    layer.group_add = add
    why = "Bob was cancelled between joining the group and being accepted"
    assert channels_in_groups() == 1, why
    carol = await connected(exercise.ChatConsumer)
    heard = await carol.hears()
    if heard == {"online": 1}:  # what was told of Bob's end, before Carol was counted
        heard = await carol.hears()
    assert heard == {"online": 2}, why


async def test_who_comes_back_is_counted_once(exercise, connected):
    ada, bob = await two(exercise, connected)
    await bob.disconnect()
    assert await ada.hears() == {"online": 1}
    await connected(exercise.ChatConsumer)
    assert await ada.hears() == {"online": 2}, "Bob was there, left, and is here again"


async def test_each_room_counts_its_own(exercise, connected):
    ada, _ = await two(exercise, connected)
    elsewhere = await connected(exercise.ChatConsumer, "/garden/")
    assert await elsewhere.hears() == {"online": 1}, "in the garden there is only one"
    await ada.says("hello")
    heard = await ada.hears()
    assert heard == {"message": "hello"}, "the lobby hears nothing of the garden"
