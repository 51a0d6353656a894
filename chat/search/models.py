"""The index: one row for each message that can be found, in the form that each database searches."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from chat.models import Message
from chat.search.words import terms

if TYPE_CHECKING:
    Field = models.Field[Any, Any]
else:
    Field = models.Field

ROOM, AUTHOR, KIND = "\ue001", "\ue002", "\ue003"  # before the values that a message can be narrowed by
EPOCH = 8192  # messages; PostgreSQL files each word under its epoch, so the newest are found without reading all


class TermsField(Field):
    """`(pk, words, tags)`: a tsvector in PostgreSQL, words with spaces between them for FTS5."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder_sql(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        return f"%s::{self.db_type(connection)}" if connection.vendor == "postgresql" else "%s", (value,)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        pk, words, tags = value
        if connection.vendor != "postgresql":
            return " ".join([*words, *tags])
        places: dict[str, list[int]] = {}
        for place, word in enumerate(words, 1):
            places.setdefault(word, []).append(place)
        epoch = pk // EPOCH
        lexemes = [f"'{epoch}:{word}':{','.join(map(str, at[:255]))}" for word, at in places.items()]
        return " ".join([*lexemes, *(f"'{epoch}:{tag}'" for tag in tags)])


class Entry(models.Model):
    """A message in the index. Without a constraint to it: a message is never removed from the log but with its room."""

    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, primary_key=True, db_constraint=False, related_name="+"
    )
    terms = TermsField()

    class Meta:
        db_table = "search_entry"

    def __str__(self) -> str:
        return str(self.pk)


def entry(message: Message, room_kind: str) -> Entry:
    tags = [tag(ROOM, str(message.room_id)), tag(AUTHOR, message.author_name), tag(KIND, room_kind)]
    return Entry(message_id=message.pk, terms=(message.pk, [term.word for term in terms(message.text)], tags))


def tag(kind: str, value: str) -> str:
    """A term that no text holds: it begins with a character of private use."""
    return kind + "".join(term.word for term in terms(value))
