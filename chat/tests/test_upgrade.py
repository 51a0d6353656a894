"""The version before still inserts: its replicas run on the new tables until an upgrade has replaced them.

The columns and the UPDATE are those of the first version of these tables. They stay as they are, whatever the models
become: a new column has a `db_default` or may be NULL. Only with a column that is dropped, a release after the code
stopped using it, they lose it too.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, models

from accounts.models import Guest, User
from chat import log, markup, pages
from chat.identity import Identity
from chat.models import Cursor, Member, Message, Room
from chat.protocol import Event
from chat.tests import posted

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 22, 57, 29, tzinfo=UTC)
KEY = UUID("5f0c3a52-6a0b-4d0e-9a52-3d6c4b1f7e21")

# Everything that an INSERT names, beside the keys of other tables: column and value.
PERSON = {
    "password": "!", "last_login": None, "is_superuser": False, "username": "grace", "first_name": "", "last_name": "",
    "email": "", "is_staff": False, "is_active": True, "date_joined": NOW,
}  # fmt: skip
GUEST = {"id": KEY, "name": "Ada"}
ROOM = {
    "name": "lobby", "kind": "public", "owner_id": None, "topic": "", "slow_seconds": 0, "access": 0, "seq": 0,
    "said": 0, "active_at": NOW,
}  # fmt: skip
MEMBER = {"role": "member", "read_seq": 0, "involvement": "mentions", "revision": 0}
MESSAGE = {
    "seq": 1, "changed_seq": 1, "client_id": KEY, "author_id": "guest-ada", "author_name": "Ada", "text": "a < b",
    "body": "of another version", "html": "<p>of another version</p>", "rendered": markup.VERSION - 1, "parts": "",
    "first_digest": None, "sent_at": NOW, "edited_at": None, "deleted_at": None,
}  # fmt: skip
CURSOR = {"follower": "previews", "seq": 0}
TAKE_NUMBERS = """
    UPDATE chat_room SET said = CASE WHEN %s > 0 THEN seq + %s ELSE said END, seq = seq + %s,
        active_at = CASE WHEN active_at < %s THEN %s ELSE active_at END
    WHERE name = %s RETURNING id, seq, kind, slow_seconds, access"""

# What an INSERT may leave out already.
OPTIONAL = {
    "last_login", "kind", "owner_id", "topic", "slow_seconds", "access", "said", "role", "read_seq", "involvement",
    "revision", "body", "html", "rendered", "parts", "first_digest", "edited_at", "deleted_at",
}  # fmt: skip

Row = dict[str, Any]
Columns = Callable[[Row], Row]


def every(row: Row) -> Row:
    return row


def necessary(row: Row) -> Row:
    return {column: value for column, value in row.items() if column not in OPTIONAL}


@pytest.fixture(params=[every, necessary])
def columns(request: pytest.FixtureRequest) -> Columns:
    return request.param


def execute(statement: str, *values: Any) -> tuple[Any, ...]:
    """Not through the models: they may have forgotten a column that the version before names."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [_prepared(value) for value in values])
        return cursor.fetchone()


def _prepared(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def insert(model: type[models.Model], row: Row) -> Any:
    """Returns the primary key."""
    names, places = ", ".join(row), ", ".join(["%s"] * len(row))
    statement = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({places}) RETURNING id"
    return execute(statement, *row.values())[0]


def say(columns: Columns = every) -> Room:
    """What a replica of the version before does when somebody says something in a new room."""
    room = insert(Room, columns(ROOM))
    assert execute(TAKE_NUMBERS, 1, 1, 1, NOW, NOW, "lobby") == (room, 1, "public", 0, 0)
    insert(Message, {"room_id": room} | columns(MESSAGE))
    return Room.objects.get()


def events() -> list[Event]:
    frame = log.part_after("lobby", 0).frame
    assert frame
    return frame.events


def test_each_table_takes_what_the_version_before_inserts(columns: Columns) -> None:
    keys = {"person_id": insert(User, columns(PERSON)), "room_id": insert(Room, columns(ROOM))}
    room = {"room_id": keys["room_id"]}
    for model, row in ((Guest, GUEST), (Member, keys | MEMBER), (Message, room | MESSAGE), (Cursor, room | CURSOR)):
        insert(model, columns(row))
    for model, row in ((User, PERSON), (Guest, GUEST), (Room, ROOM), (Member, MEMBER), (Message, MESSAGE),
                       (Cursor, CURSOR)):  # fmt: skip
        stored = model._default_manager.get()
        for column, value in columns(row).items():
            assert getattr(stored, column, value) == value, column


def test_a_message_without_markup_of_this_version_gets_it_when_it_is_read(columns: Columns) -> None:
    page = pages.newest(say(columns))
    (event,) = events()
    assert event["text"] == "a < b"
    assert "a &lt; b" in event["html"]
    assert event["html"].partition("<time")[0] in page.html  # the page adds the time
    assert "of another version" not in page.html


def test_rerender_stores_its_markup(columns: Columns) -> None:
    say(columns)
    (event,) = events()
    call_command("rerender", stdout=StringIO())
    message = Message.objects.get()
    assert (message.body, message.html, message.rendered) == ("<p>a &lt; b</p>", event["html"], markup.VERSION)


def test_this_version_goes_on_where_the_one_before_stopped(columns: Columns, ada: Identity) -> None:
    say(columns)
    assert posted.say(author=ada, text="next").seq == 2
    repeat = posted.say(author=ada, text="a < b", client_id=KEY)
    assert (repeat.seq, repeat.repeat) == (1, True)
    assert posted.edit(author=ada, id=1, text="a > b").seq == 3
    assert [(event["id"], event["text"]) for event in events()] == [(2, "next"), (1, "a > b")]
    assert (Room.objects.get().seq, Room.objects.get().said) == (3, 2)


def test_the_version_before_goes_on_where_this_one_stopped(columns: Columns, ada: Identity) -> None:
    posted.say(author=ada, text="first")
    room, seq, *_ = execute(TAKE_NUMBERS, 1, 1, 1, NOW, NOW, "lobby")
    insert(Message, {"room_id": room} | columns(MESSAGE | {"seq": seq, "changed_seq": seq}))
    assert [(event["id"], event["text"]) for event in events()] == [(1, "first"), (2, "a < b")]
