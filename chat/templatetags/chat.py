"""What the one markup of a message needs: links that can be clicked, and a colour for each person."""

import re
from datetime import datetime
from functools import lru_cache
from zlib import crc32

from django import template
from django.utils.html import Urlizer, escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

HUES = 12


class _Linker(Urlizer):
    url_template = '<a href="{href}"{attrs} target="_blank" rel="nofollow noopener noreferrer">{url}</a>'


_linker = _Linker()
_MAYBE_ADDRESS = re.compile(r"[.:@]\S")


@register.filter
def linked(text: str) -> SafeString:
    """The text, escaped, with addresses as links. All else stays text."""
    if not _MAYBE_ADDRESS.search(text):  # nothing to look for, word by word
        return escape(text)
    return mark_safe(_linker(text, nofollow=False, autoescape=True))  # noqa: S308 - Urlizer escapes each word


@register.filter
@lru_cache  # what is stored together has one time
def moment(at: datetime | None) -> str:
    """A time in full, in UTC; the page puts the viewer's own in its place. Ten times as fast as the `date` filter."""
    return f"{at:%A}, {at.day} {at:%B %Y, %H:%M} UTC" if at else ""


@register.filter
@lru_cache
def clock(at: datetime | None) -> str:
    return f"{at:%H:%M}" if at else ""


@register.filter
def hue(author_id: str) -> int:
    """One of twelve classes of colour, always the same for a person."""
    return crc32(author_id.encode()) % HUES
