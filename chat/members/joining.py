"""Who speaks in a public or open room belongs to it, and has read what was said there before."""

from functools import partial

from django.db import connection, transaction

from chat.models import OPEN, PUBLIC, Member, Room
from chat.rights import is_member, know_member

READ = "UPDATE chat_member SET read_seq = %s WHERE room_id = %s AND person_id = %s AND read_seq < %s"


def spoke(room: Room, people: dict[int, int]) -> None:
    """In the transaction of what these accounts said, with the number of the last thing each said."""
    if room.kind in (PUBLIC, OPEN):
        new = [person for person in people if not is_member(room, person)]
        members = [Member(room=room, person_id=person, read_seq=people[person]) for person in new]
        Member.objects.bulk_create(members, ignore_conflicts=True)
        for person in new:
            transaction.on_commit(partial(know_member, room, person))
    with connection.cursor() as cursor:
        cursor.executemany(READ, [(seq, room.pk, person, seq) for person, seq in people.items()])
