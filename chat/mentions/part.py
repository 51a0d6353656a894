"""`mentions` of a message's event: the ids of those it means. Kept with each change, in its transaction."""

from django.db import connection

from chat.identity import account_id, account_pk
from chat.mentions.models import Mention
from chat.mentions.naming import EVERYONE, means_everyone, meant_too, named
from chat.models import CLOSED, DIRECT, OWNER, Member, Message, Room
from chat.parts import keep, of

# In SQL, as all wait for a batch: the ORM would take ten times as long, nearly all of it before it asks the database.
MENTION = "INSERT INTO mentions_mention (person_id, room_id, seq) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
MENTION_ALL = """
    INSERT INTO mentions_mention (person_id, room_id, seq)
    SELECT person_id, room_id, %s FROM chat_member WHERE room_id = %s AND person_id <> %s
    ON CONFLICT DO NOTHING"""


def keep_mentions(room: Room, message: Message) -> None:
    """Whoever may read the room can be mentioned. Who no longer is, after an edit or a deletion, is forgotten."""
    parts = of(message)
    before = parts.get("mentions", []) or _rows(room, message)
    too = [person for ask in meant_too for person in ask(room, message)]
    if not (before or too or "@" in message.text):
        return
    people = _may_read(room, list(dict.fromkeys([*named(message.text), *too])))
    ids = list(map(account_id, people))
    now = [EVERYONE, *ids] if _means_everyone(room, message) else ids
    if now == before:
        return
    if before and EVERYONE not in now:
        Mention.objects.filter(room=room.pk, seq=message.seq).exclude(person__in=people).delete()
    new = [id for id in ids if id not in before and id != message.author_id]
    with connection.cursor() as cursor:
        if EVERYONE in now and EVERYONE not in before:
            cursor.execute(MENTION_ALL, [message.seq, room.pk, account_pk(message.author_id)])
        cursor.executemany(MENTION, [[account_pk(id), room.pk, message.seq] for id in new])
    keep(message, parts | {"mentions": now})


def _may_read(room: Room, people: list[int]) -> list[int]:
    if not people or room.kind not in (CLOSED, DIRECT):
        return people
    members = set(Member.objects.filter(room=room.pk, person__in=people).values_list("person", flat=True))
    return [person for person in people if person in members]


def _means_everyone(room: Room, message: Message) -> bool:
    """It is for the room's owner; from anybody else it is text."""
    author = account_pk(message.author_id)
    if author is None or not means_everyone(message.text):
        return False
    return Member.objects.filter(room=room.pk, person=author, role=OWNER).exists()


def _rows(room: Room, message: Message) -> list[str]:
    """A deletion has emptied the message's parts."""
    if not message.deleted_at:
        return []
    people = Mention.objects.filter(room=room.pk, seq=message.seq).values_list("person", flat=True)
    return list(map(account_id, people))
