"""What the one markup of a message needs: links that can be clicked, and a colour for each person."""

from zlib import crc32

from django import template
from django.utils.html import Urlizer
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

HUES = 12


class _Linker(Urlizer):
    url_template = '<a href="{href}"{attrs} target="_blank" rel="nofollow noopener noreferrer">{url}</a>'


_linker = _Linker()


@register.filter
def linked(text: str) -> SafeString:
    """The text, escaped, with addresses as links. All else stays text."""
    return mark_safe(_linker(text, nofollow=False, autoescape=True))  # noqa: S308 - Urlizer escapes each word


@register.filter
def hue(author_id: str) -> int:
    """One of twelve classes of colour, always the same for a person."""
    return crc32(author_id.encode()) % HUES
