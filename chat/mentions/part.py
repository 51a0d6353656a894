"""`mentions` of a message's event: the ids of those it means. Kept with each change, in its transaction."""

from django.db import connection

from chat.mentions.models import Mention
from chat.mentions.naming import meant_too, named
from chat.models import CLOSED, DIRECT, Member, Message, Room
from chat.parts import keep, of

# In SQL, as all wait for a batch: the ORM would take ten times as long, nearly all of it before it asks the database.
MENTION = "INSERT INTO mentions_mention (person_id, room_id, seq) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"


def keep_mentions(room: Room, message: Message) -> None:
    """Whoever may read the room can be mentioned. Who no longer is, after an edit or a deletion, is forgotten."""
    parts = of(message)
    before = [int(id.removeprefix("user-")) for id in parts.get("mentions", ())] or _rows(room, message)
    too = [person for ask in meant_too for person in ask(room, message)]
    if not (before or too or "@" in message.text):
        return
    people = list(dict.fromkeys([*named(message.text), *too]))
    if people and room.kind in (CLOSED, DIRECT):
        members = set(Member.objects.filter(room=room.pk, person__in=people).values_list("person", flat=True))
        people = [person for person in people if person in members]
    if people == before:
        return
    if before:
        Mention.objects.filter(room=room.pk, seq=message.seq).exclude(person__in=people).delete()
    new = [each for each in people if each not in before and message.author_id != f"user-{each}"]
    with connection.cursor() as cursor:
        cursor.executemany(MENTION, [[person, room.pk, message.seq] for person in new])
    keep(message, parts | {"mentions": [f"user-{person}" for person in people]})


def _rows(room: Room, message: Message) -> list[int]:
    """A deletion has emptied the message's parts."""
    if not message.deleted_at:
        return []
    return list(Mention.objects.filter(room=room.pk, seq=message.seq).values_list("person", flat=True))
