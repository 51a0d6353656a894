import re

from django.utils.html import escape

_URL = re.compile(r"https?://[^\s<>\"']+", re.I)


def linked(text: str) -> str:
    out, at = [], 0
    for m in _URL.finditer(text):
        u = escape(m[0])
        out += [
            escape(text[at : m.start()]),
            f'<a href="{u}" target="_blank" rel="nofollow noopener noreferrer">{u}</a>',
        ]
        at = m.end()
    return "".join([*out, escape(text[at:])])
