"""What three channel layers do, as measured: each value is held by learn/tests/test_layer_claims.py.

`memory` is channels.layers.InMemoryChannelLayer, `core` channels_redis.core.RedisChannelLayer, `pubsub`
channels_redis.pubsub.RedisPubSubChannelLayer, each with its defaults.
"""

from dataclasses import dataclass

CAPACITY, EXPIRY = 100, 60  # events that wait, and seconds; pub/sub has neither
SENT = 150

SLOW_READER = {"memory": 100, "core": 100, "pubsub": 150}  # of SENT events to a group, whose reader does not read yet
KEPT_FOR_LATER = {"memory": True, "core": True, "pubsub": False}  # an event to a channel that nobody reads yet
SAYS_FULL = {"memory": True, "core": True, "pubsub": False}  # `send` raises ChannelFull
CHECKS_NAMES = {"memory": True, "core": True, "pubsub": False}  # a group's name: fewer than 100 ASCII characters
TAKES_A_DATETIME = {"memory": True, "core": False, "pubsub": False}
SURVIVES_FLUSHALL = {"core": False, "pubsub": True}


@dataclass(frozen=True)
class Row:
    key: str  # of its experiment in learn/experiments.py, if it has one
    asks: str
    memory: str
    core: str
    pubsub: str


@dataclass(frozen=True)
class Card:
    key: str
    name: str
    path: str
    then: str
    waits: str

    @property
    def got(self) -> int:
        return SLOW_READER[self.key]

    @property
    def missed(self) -> int:
        return SENT - self.got


CARDS = (
    Card(
        "memory",
        "In memory",
        "channels.layers.InMemoryChannelLayer",
        "The last 50 are gone, and group_send raised no error.",
        "They wait in a queue of this process. Another process has another one.",
    ),
    Card(
        "core",
        "Core",
        "channels_redis.core.RedisChannelLayer",
        "The last 50 are gone here too. While another reader of its process reads, the first 50 are gone instead.",
        "They wait in Redis, 100 for all readers of a process together. What another one fetches waits in its memory.",
    ),
    Card(
        "pubsub",
        "Pub/sub",
        "channels_redis.pubsub.RedisPubSubChannelLayer",
        "Nothing is gone. But an event without a reader is kept nowhere.",
        "They wait in the reader’s own process, as long as that has memory.",
    ),
)


def _each(values: dict[str, bool], yes: str, no: str) -> tuple[str, str, str]:
    return tuple(yes if values[kind] else no for kind in ("memory", "core", "pubsub"))  # type: ignore[return-value]


ROWS = (
    Row("reaches", "reaches other processes", "no", "yes", "yes"),
    Row("capacity", "capacity of a channel", f"{CAPACITY} events", f"{CAPACITY} events", "no bound"),
    Row("", "expiry", f"{EXPIRY} s", f"{EXPIRY} s", "none"),
    Row(
        "slow-reader",
        f"of {SENT} events to a group, a reader that was slow gets",
        *(str(count) for count in SLOW_READER.values()),
    ),
    Row(
        "neighbour",
        f"a reader has {CAPACITY} events that wait; send to another reader of its process",
        "passes",
        "ChannelFull",
        "passes",
    ),
    Row(
        "which",
        f"of {SENT} events to a group, a slow reader gets, while another one of its process reads",
        f"the first {CAPACITY}",
        f"the last {CAPACITY}",
        f"all {SENT}",
    ),
    Row("full", "send to a channel that is full", *_each(SAYS_FULL, "ChannelFull", "no error")),
    Row(
        "full-group", "group_send to a channel that is full", "dropped, no error", "dropped, no error", "kept in memory"
    ),
    Row(
        "nobody-yet",
        "an event for a channel that nobody reads yet",
        *_each(KEPT_FOR_LATER, "kept until expiry", "gone"),
    ),
    Row("datetime", "a datetime in an event", *_each(TAKES_A_DATETIME, "passes", "TypeError")),
    Row("names", "a group named 花, or 100 characters long", *_each(CHECKS_NAMES, "TypeError", "passes")),
    Row(
        "flushall",
        "after FLUSHALL, a group",
        "not concerned",
        *_each({"memory": True, **SURVIVES_FLUSHALL}, "goes on", "is empty")[1:],
    ),
)

NAMED = (
    ("several hosts", ("Both Redis layers take a list. They choose the host by the channel's or the group's name: "
    "sharding.")),
    ("sentinel", ("A host may be {\"sentinels\": [(host, port)], \"master_name\": name}: the layer asks the sentinels "
    "who leads.")),
    ("encryption", ("symmetric_encryption_keys encrypts events in the core layer's Redis; pub/sub has it too. The "
    "first key encrypts, all of them decrypt, so that keys can be changed.")),
    ("channel_capacity", ("A capacity for channels whose names match a pattern. The core layer has it. The in-memory "
     "layer of Channels 4.3 takes the setting, and raises a ValueError as soon as something is sent.")),
    ("channel_layer_alias", ("An attribute of a consumer: which entry of CHANNEL_LAYERS it uses. With None it has no "
    "layer and no channel, which saves memory; this product's ChatConsumer does that.")),
)  # fmt: skip
