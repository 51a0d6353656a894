"""A channel layer in memory with two servers at it, which loses, delays, doubles and swaps as it is told."""

from typing import Any

from channels.layers import InMemoryChannelLayer

CAPACITY = 2  # events that wait for a reader, in place of the usual 100: the sentence has twelve words

OVERTAKEN = {"swap": 1, "delay": 2}  # by how many events

Event = dict[str, Any]


class AwayError(ConnectionError):
    """There is nobody at the layer's address."""


class Shared:
    """What Redis is to real servers."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.layer = InMemoryChannelLayer(capacity=capacity)
        self.is_away = False


class Port:
    """A server's connection to the layer. What arrives here can be tampered with."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._ready: dict[str, list[Event]] = {}
        self._held: dict[str, list[tuple[int, Event]]] = {}  # with how many events are to overtake it
        self.fault = ""  # of the next event: drop, twice, swap or delay

    @property
    def channels(self) -> dict[str, Any]:
        channels: dict[str, Any] = self._shared.layer.channels
        return channels

    async def new_channel(self, prefix: str = "specific.") -> str:
        name: str = await self._shared.layer.new_channel(prefix)
        return name

    async def group_add(self, group: str, channel: str) -> None:
        self._reach()
        await self._shared.layer.group_add(group, channel)

    async def group_discard(self, group: str, channel: str) -> None:
        await self._shared.layer.group_discard(group, channel)

    async def group_send(self, group: str, event: Event) -> None:
        self._reach()
        await self._shared.layer.group_send(group, event)

    def _reach(self) -> None:
        if self._shared.is_away:
            raise AwayError("The layer is away.")

    async def receive(self, channel: str) -> Event:
        ready = self._ready.setdefault(channel, [])
        while not ready:
            ready += self._tampered(channel, await self._shared.layer.receive(channel))
        return ready.pop(0)

    def _tampered(self, channel: str, event: Event) -> list[Event]:
        """What comes of an event now."""
        fault, self.fault = self.fault, ""
        if fault == "drop":
            return []
        if fault in OVERTAKEN:
            self._held.setdefault(channel, []).append((OVERTAKEN[fault], event))
            return []
        held = [(count - 1, late) for count, late in self._held.pop(channel, [])]
        self._held[channel] = [(count, late) for count, late in held if count]
        return [event] * (2 if fault == "twice" else 1) + [late for count, late in held if not count]
