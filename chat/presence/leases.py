"""What the processes tell each other of who is connected to them: leases in Redis, which a killed process cannot renew.

A process writes one hash for each room, from a person's id to their name and since when they are away. It expires
after `LEASE_SECONDS` by the clock of Redis. Without Redis there is one process, and nobody to tell.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from channels_redis.utils import _consistent_hash
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from chat.feed import group_name
from chat.presence.person import People, Person, together

logger = logging.getLogger(__name__)

LEASE_SECONDS = 35
SETTLE_SECONDS = 6.0  # after an outage: by then the other processes have written their leases again
TIMEOUT = 2.0  # seconds for one answer of Redis
VERSION = ""  # the field that counts the changes; no person's id is empty


@dataclass(frozen=True, slots=True)
class Seen:
    """Who is in a room by other processes. Not sure: somebody may be missing, as leases cannot be read or were lost."""

    people: People
    is_sure: bool = True


class Leases(Protocol):
    async def exchange(self, rooms: Mapping[str, People]) -> dict[str, Seen]:
        """Renew the leases of who is here, by room, and look at those of other processes. Never raises.

        Nobody here means that this process leaves the room.
        """

    async def close(self) -> None: ...


class NoLeases:
    """One process: there are no others."""

    async def exchange(self, rooms: Mapping[str, People]) -> dict[str, Seen]:
        return {room: Seen({}) for room in rooms}

    async def close(self) -> None:
        pass


@dataclass(slots=True)
class Lease:
    """A room in Redis: what this process wrote, and what it read of the others, with the version that it had then."""

    written: People = field(default_factory=dict)
    others: dict[str, tuple[str, People]] = field(default_factory=dict)

    def seen(self, *, is_sure: bool) -> Seen:
        seen: People = {}
        for _, people in self.others.values():
            seen = together(seen, people)
        return Seen(seen, is_sure)


class RedisLeases:
    """Each room on the server of its group in the channel layer, so that one that is away takes the same rooms away."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._shards = [Shard(url) for url in urls]

    async def exchange(self, rooms: Mapping[str, People]) -> dict[str, Seen]:
        parts: list[dict[str, People]] = [{} for _ in self._shards]
        for room, people in rooms.items():
            parts[_consistent_hash(group_name(room), len(parts))][room] = people
        pairs = [(shard, part) for shard, part in zip(self._shards, parts, strict=True) if part]
        answers = await asyncio.gather(*[shard.exchange(part) for shard, part in pairs])
        return {room: seen for answer in answers for room, seen in answer.items()}

    async def close(self) -> None:
        """The leases stay: who is connected comes back to another process before they expire."""
        await asyncio.gather(*[shard.redis.aclose() for shard in self._shards])


class Shard:
    def __init__(self, url: str) -> None:
        self.redis = Redis.from_url(
            url, decode_responses=True, retry=Retry(NoBackoff(), 0), socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
        )  # fmt: skip
        self._process = uuid4().hex[:16]
        self._leases: dict[str, Lease] = {}
        self._version = 0  # of what was written last, in whatever room: none comes twice
        self._sure_at = 0.0  # of the monotonic clock
        self._is_away = False

    async def exchange(self, rooms: Mapping[str, People]) -> dict[str, Seen]:
        leases = {room: self._leases.setdefault(room, Lease()) for room in rooms}
        try:
            await self._write(rooms, leases)
            await self._read([room for room, people in rooms.items() if people], leases)
            if self._is_away:
                self._unsure()
            self._is_away = False
        except (RedisError, OSError, TimeoutError) as error:
            if not self._is_away:
                logger.warning("presence: %r; who is here is shown as last known", error)
            self._is_away = True
            for lease in leases.values():
                lease.written = {}  # it may be there or not: write all of it again
        is_sure = not self._is_away and time.monotonic() >= self._sure_at
        for room in [room for room, people in rooms.items() if not people]:
            del self._leases[room]
        return {room: lease.seen(is_sure=is_sure) for room, lease in leases.items()}

    def _unsure(self) -> None:
        self._sure_at = time.monotonic() + SETTLE_SECONDS

    async def _write(self, rooms: Mapping[str, People], leases: dict[str, Lease]) -> None:
        """What changed, and all of it where what was written before is gone: Redis was restarted or emptied."""
        left = self.redis.pipeline(transaction=False)
        for room in (room for room, people in rooms.items() if not people):
            left.delete(self._key(room))
            left.srem(_processes(room), self._process)
        await left.execute()
        here = {room: people for room, people in rooms.items() if people}
        if lost := await self._write_changes(here, leases):
            logger.info("presence: leases of %d rooms were lost, and are written again", len(lost))
            self._unsure()
            for room in lost:
                leases[room].written = {}
            await self._write_changes(lost, leases)

    async def _write_changes(self, rooms: Mapping[str, People], leases: dict[str, Lease]) -> dict[str, People]:
        """Returns the rooms of which Redis does not hold what it should."""
        pipe = self.redis.pipeline(transaction=False)
        for room, people in rooms.items():
            lease, key = leases[room], self._key(room)
            new = {id: person for id, person in people.items() if lease.written.get(id) != person}
            gone = lease.written.keys() - people.keys()
            if new or gone:
                self._version += 1
                fields = [part for id, person in new.items() for part in (id, "\n".join(person))]
                pipe.hset(key, items=[VERSION, str(self._version), *fields])
            if gone:
                pipe.hdel(key, *gone)
            pipe.expire(key, LEASE_SECONDS)
            pipe.sadd(_processes(room), self._process)
            pipe.expire(_processes(room), 2 * LEASE_SECONDS)
        await pipe.execute()
        for room, people in rooms.items():
            leases[room].written = dict(people)
        sizes = await self._of_each([("HLEN", self._key(room)) for room in rooms])
        return {room: rooms[room] for room, size in zip(rooms, sizes, strict=True) if size != len(rooms[room]) + 1}

    async def _read(self, rooms: list[str], leases: dict[str, Lease]) -> None:
        """The leases of the other processes, of those alone that changed since they were last read."""
        members = await self._of_each([("SMEMBERS", _processes(room)) for room in rooms])
        others = [(room, each) for room, found in zip(rooms, members, strict=True) for each in found]
        others = [(room, process) for room, process in others if process != self._process]
        versions = await self._of_each([("HGET", _key(room, process), VERSION) for room, process in others])
        stands = dict(zip(others, versions, strict=True))
        for (room, process), version in stands.items():
            if version is None:  # expired: that process was killed, or has left
                await self.redis.srem(_processes(room), process)
        for room in rooms:
            known = leases[room].others
            leases[room].others = {each: known[each] for each in known if stands.get((room, each)) is not None}
        changed = [
            (room, process) for (room, process), version in stands.items()
            if version is not None and leases[room].others.get(process, ("",))[0] != version
        ]  # fmt: skip
        hashes = await self._of_each([("HGETALL", _key(room, process)) for room, process in changed])
        for (room, process), fields in zip(changed, hashes, strict=True):
            version = fields.pop(VERSION, "")
            people = {id: Person(*text.split("\n")) for id, text in fields.items()}
            leases[room].others[process] = (version, people)

    async def _of_each(self, commands: list[tuple[str, ...]]) -> list[Any]:
        """The answers to many commands, in one trip."""
        pipe = self.redis.pipeline(transaction=False)
        for command in commands:
            pipe.execute_command(*command)
        return list(await pipe.execute()) if commands else []

    def _key(self, room: str) -> str:
        return _key(room, self._process)


def _key(room: str, process: str) -> str:
    return f"presence.{group_name(room)}.{process}"


def _processes(room: str) -> str:
    return f"presence.{group_name(room)}"
