"""`mentions` of a message's event: the ids of those it means. Kept with each change, in its transaction."""

from django.db import connection

from chat.mentions.models import Mention
from chat.mentions.naming import EVERYONE, means_everyone, named
from chat.models import CLOSED, DIRECT, OWNER, Member, Message, Room
from chat.parts import keep, of

MENTION_ALL = """
    INSERT INTO mentions_mention (person_id, room_id, seq)
    SELECT person_id, room_id, %s FROM chat_member WHERE room_id = %s AND person_id <> %s
    ON CONFLICT DO NOTHING"""


def keep_mentions(room: Room, message: Message) -> None:
    """Whoever may read the room can be mentioned. Who no longer is, after an edit or a deletion, is forgotten."""
    parts = of(message)
    before = parts.get("mentions", []) or _rows(room, message)
    if "@" not in message.text and not before:
        return
    people = [f"user-{person}" for person in _may_read(room, named(message.text))]
    now = [EVERYONE, *people] if _means_everyone(room, message) else people
    if now == before:
        return
    if EVERYONE not in now:
        Mention.objects.filter(room=room.pk, seq=message.seq).exclude(person__in=map(_pk, people)).delete()
    elif EVERYONE not in before:
        with connection.cursor() as cursor:
            cursor.execute(MENTION_ALL, [message.seq, room.pk, _pk(message.author_id)])
    new = [each for each in people if each not in before and message.author_id != each]
    rows = [Mention(person_id=_pk(each), room_id=room.pk, seq=message.seq) for each in new]
    Mention.objects.bulk_create(rows, ignore_conflicts=True)
    keep(message, parts | {"mentions": now})


def _may_read(room: Room, people: list[int]) -> list[int]:
    if not people or room.kind not in (CLOSED, DIRECT):
        return people
    members = set(Member.objects.filter(room=room.pk, person__in=people).values_list("person", flat=True))
    return [person for person in people if person in members]


def _means_everyone(room: Room, message: Message) -> bool:
    """It is for the room's owner; from anybody else it is text."""
    if not (message.author_id.startswith("user-") and means_everyone(message.text)):
        return False
    return Member.objects.filter(room=room.pk, person=_pk(message.author_id), role=OWNER).exists()


def _rows(room: Room, message: Message) -> list[str]:
    """A deletion has emptied the message's parts."""
    if not message.deleted_at:
        return []
    people = Mention.objects.filter(room=room.pk, seq=message.seq).values_list("person", flat=True)
    return [f"user-{person}" for person in people]


def _pk(id: str) -> int:
    return int(id.removeprefix("user-"))
