"""What a reply shows of the message that it answers: read when it is sent, since that message may change or go."""

import re
from typing import Any

from django.db.models.functions import Left
from django.template.loader import render_to_string

from accounts.models import User
from chat import parts
from chat.identity import ACCOUNT, account_pk
from chat.lines import HTML_MAX, line
from chat.models import Message, Room
from chat.protocol import Event

QUOTED_MAX = 300  # characters

_EMPTY = re.compile(r' data-reply-to="(\d+)"></a>')


def complete(room: int, events: list[Event]) -> None:
    """`reply_to` of the events of one room becomes an object: `{"id", "author", "text", "line"}`."""
    replies = [event for event in events if "reply_to" in event]
    if replies:
        quoted = _quoted(room, {event["reply_to"] for event in replies})
        for event in replies:
            id = event["reply_to"]
            event["reply_to"] = quoted.get(id, {"id": id, "author": None, "text": None, "line": None})


def fill(room: int, html: str) -> str:
    """The empty quotes of a page of one room, filled."""
    ids = set(map(int, _EMPTY.findall(html)))
    if not ids:
        return html
    quoted = _quoted(room, ids)

    def quote(empty: re.Match[str]) -> str:
        message = quoted.get(int(empty[1]))
        shown = render_to_string("chat/replies/_quoted.html", {"quoted": message})
        return f' data-reply-to="{empty[1]}">{shown.strip()}</a>'

    return _EMPTY.sub(quote, html)


def answered(room: Room, message: Message) -> list[int]:
    """The account that a reply answers: it counts as a mention, unless it is one's own."""
    if not (id := parts.of(message).get("reply_to")):
        return []
    others = Message.objects.filter(room=room.pk, seq=id, author_id__startswith=ACCOUNT)
    author = others.exclude(author_id=message.author_id).values_list("author_id", flat=True).first()
    account = account_pk(author or "")
    if account is None:
        return []
    return list(User.objects.filter(pk=account, is_active=True).values_list("pk", flat=True))


def _quoted(room: int, ids: set[int]) -> dict[int, dict[str, Any]]:
    """By id. `text` is what was typed, `line` what is read of it; both are None where the message was deleted."""
    rows = Message.objects.filter(room=room, seq__in=ids).values_list(
        "seq", "author_id", "author_name", "deleted_at", "text", Left("body", HTML_MAX)
    )
    return {
        id: {
            "id": id,
            "author": {"id": author_id, "name": name},
            "text": None if deleted_at else text[:QUOTED_MAX],
            "line": None if deleted_at else line(text, body),
        }
        for id, author_id, name, deleted_at, text, body in rows
    }
