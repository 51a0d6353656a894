"""The one markup of a message: made once, when it changes, and sent as it is to everyone.

So it holds no word of any language, nothing of the viewer's and no text of another message. `Message.body` is the text
as HTML, `Message.html` the whole article. `VERSION` rises with every change to either; `manage.py rerender` then makes
what is stored again.
"""

import re
from functools import cache
from typing import Any
from zlib import crc32

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe

from accounts.characters import is_emoji_alone
from accounts.display_names import initial
from chat import markdown, parts
from chat.identity import ACCOUNT
from chat.models import Message

VERSION = 3
HUES = 12
BODY_FACTOR = 8  # characters of HTML for each that may be typed

_MARK = "\ue000{}\ue001"  # of private use, and left alone by the template's escaping
_MARKS = re.compile("\ue000(\\w+)\ue001")
_SLOTS = ("id", "author_id", "disc", "initial", "author_name", "sent_at", "size", "body")


def body(text: str) -> str:
    return markdown.rendered(text, BODY_FACTOR * settings.CHAT_MAX_MESSAGE_LENGTH) if text else ""


def article(message: Message) -> str:
    """`_message.html` with the message in it."""
    values: dict[str, Any] = {
        "id": message.seq,
        "author_id": escape(message.author_id),
        "disc": disc(message.author_id),
        "initial": escape(initial(message.author_name)),
        "author_name": escape(message.author_name),
        "sent_at": message.sent_at.isoformat(),
        "size": size(message.text),
        "body": message.body,
    }
    if message.edited_at:
        values["edited_at"] = message.edited_at.isoformat()
    if added := parts.of(message):
        return _by_the_engine(values, added)
    return "".join([str(values[piece]) if is_slot else piece for is_slot, piece in _pieces(bool(message.edited_at))])


def _by_the_engine(values: dict[str, Any], added: dict[str, Any]) -> str:
    """With what features show of their parts: by the template engine, since that may be anything."""
    escaped = {name: mark_safe(str(value)) for name, value in values.items()}  # noqa: S308 - made above
    return render_to_string("chat/_message.html", added | escaped)


def blank() -> str:
    """An article without a message, which the page fills while a message is being sent."""
    return _MARKS.sub("", "".join(_MARK.format(piece) if slot else piece for slot, piece in _pieces(False)))


@cache
def _pieces(is_edited: bool) -> list[tuple[bool, str]]:
    """The template, rendered once with marks and cut at them: the engine would take twelve times as long each time."""
    names = [*_SLOTS, *(["edited_at"] if is_edited else [])]
    template = render_to_string("chat/_message.html", {name: _MARK.format(name) for name in names})
    return [(number % 2 == 1, piece) for number, piece in enumerate(_MARKS.split(template))]


def render(message: Message) -> Message:
    """Make both of a message that was changed, or stored by another version."""
    message.body = body(message.text)
    return finish(message)


def finish(message: Message) -> Message:
    """Make the article of a message whose body is made; a deleted one has none."""
    message.html, message.rendered = "" if message.deleted_at else article(message), VERSION
    return message


def html_of(message: Message) -> str:
    return message.html if message.rendered == VERSION else render(message).html


def size(text: str) -> str:
    """The attribute of a text that is shown large: emoji alone."""
    return " data-big" if is_emoji_alone(text) else ""


def disc(author_id: str) -> str:
    """The classes of a person's disc: one of twelve hues, always the same, and hollow without an account."""
    kind = "" if author_id.startswith(ACCOUNT) else " guest"
    return f"hue-{crc32(author_id.encode()) % HUES}{kind}"
