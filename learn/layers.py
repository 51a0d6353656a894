"""What three channel layers do, as measured: each value is held by learn/tests/test_layer_claims.py.

`memory` is channels.layers.InMemoryChannelLayer, `core` channels_redis.core.RedisChannelLayer, `pubsub`
channels_redis.pubsub.RedisPubSubChannelLayer, each with its defaults.
"""

from dataclasses import dataclass

CAPACITY, EXPIRY = 100, 60  # messages of a channel, and seconds; pub/sub has neither
SENT = 150

SLOW_READER = {"memory": 100, "core": 100, "pubsub": 150}  # of SENT events to a group, whose reader does not read yet
KEPT_FOR_LATER = {"memory": True, "core": True, "pubsub": False}  # an event to a channel that nobody reads yet
SAYS_FULL = {"memory": True, "core": True, "pubsub": False}  # `send` raises ChannelFull
CHECKS_NAMES = {"memory": True, "core": True, "pubsub": False}  # a group's name: fewer than 100 ASCII characters
TAKES_A_DATETIME = {"memory": True, "core": False, "pubsub": False}
SURVIVES_FLUSHALL = {"core": False, "pubsub": True}
