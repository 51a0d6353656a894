"""The index follows the log: see chat.follower. An edit replaces a message's words, a deletion takes them away."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from chat.models import Message, Room
from chat.search.models import Entry, entry

MERGED = 16  # pages of the FTS5 index, merged after each step


@dataclass(frozen=True, slots=True)
class Prepared:
    gone: list[int]
    entries: list[Entry]


class Indexer:
    name = "search"

    def prepare(self, room: Room, messages: Sequence[Message]) -> Prepared:
        return Prepared(
            [message.pk for message in messages if message.deleted_at],
            [entry(message, room.kind) for message in messages if not message.deleted_at],
        )

    def store(self, prepared: Prepared) -> None:
        Entry.objects.filter(pk__in=prepared.gone).delete()
        Entry.objects.bulk_create(
            prepared.entries, update_conflicts=True, update_fields=["terms"], unique_fields=["message"]
        )
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO search_index(search_index, rank) VALUES('merge', %s)", [MERGED])
