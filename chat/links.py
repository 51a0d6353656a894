"""Which parts of a text are addresses, and the text as HTML with these as links.

A link shows what was typed and leads to what was typed, escaped for HTML and nothing else: entities, percent-escapes
and foreign host names are left to the browser. Every step is linear in the length of the text.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import islice
from unicodedata import category

LINKS_MAX = 20  # in one text; what follows stays text

# A link ends before any of these. They are ranges because `re` knows no Unicode categories.
_ENDS = (
    r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200f"  # white space, controls, zero-width characters
    r"\"'`<>\\\xa1\xab\xbb\xbf"  # quotation marks; a browser reads a backslash as a slash
    r"\u2014-\u206f\u2e00-\u2e7f"  # dashes, quotation marks, ellipses, bidi controls
    r"\u3000-\u3004\u3008-\u3020\ufe10-\ufe1f\ufe30-\ufe6f"  # CJK punctuation, without the letters among it
    r"\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufd3e\ufd3f"  # full-width punctuation
    r"\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # this and the two lines above: what cannot be seen
    r"\ud800-\uf8ff\ufff0-\uffff\U000f0000-\U0010ffff"  # surrogates, private use
    r"\xa9\xae\u20e3\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001fbff"  # emoji and symbols
)
_CLOSER = {"(": ")", "[": "]", "{": "}"}
_TRAILING = ".,;:!?*_~|([{"  # dropped at the end, as is punctuation of other scripts
_KEYCAP = re.compile("(?<=[0-9#*])\ufe0f?\u20e3")
_SCHEME = "[Hh][Tt][Tt][Pp][Ss]?://"  # spelled out, because to IGNORECASE the old long s is an s

# What ends a path or may do so. A scheme begins a new link only after a sign that separates: not in "/?to=https://".
_MARKS = re.compile(rf"[{_ENDS}()\[\]{{}}]|(?<=[,;|!*()\[\]{{}}]){_SCHEME}")
_NAME = rf"[^{_ENDS}!-/:-@\[-^{{-~]"
_LATIN = r"[0-9A-Za-z_\xc0-\u024f\u0300-\u036f\u1e00-\u1eff]"
_AUTHORITY = re.compile(
    rf"""
    (?<! [A-Za-z0-9] ) {_SCHEME}  # not within a longer word, such as shttp://
    (?: [A-Za-z0-9_] (?> [A-Za-z0-9._~%!$&*+;=:@-]* @ ) )?  # name and password; the host follows the last @
    (?! {_SCHEME} )  # http://https://a.com: the second is meant
    (?P<host>
      \[ (?= [0-9A-Fa-f]{{0,4}} : ) [0-9A-Fa-f:.]{{2,45}} \]
    |
      (?= [^\W_] ) (?>
        (?> {_NAME}+ (?: -+ {_NAME}+ )* \. )*
        # No top-level domain mixes Latin with another script: "https://a.com这个" ends after "com".
        (?: {_LATIN}++ (?: -+ {_LATIN}++ )*+ | {_NAME}++ (?: -+ {_NAME}++ )*+ )
        (?: \. (?= [:/?\#] ) )?
      )
    )
    (?! % )  # an escape within a host: nobody sees where it leads
    (?: : (?: (?P<port> [0-9]++ ) | (?= [/?\#] ) ) )?
    """,
    re.VERBOSE,
)


def linked(text: str) -> str:
    """The text as HTML: everything escaped, addresses as links."""
    if "://" not in text:
        return escape(text)
    html, at = "", 0
    for start, end in addresses(text):
        html += escape(text[at:start]) + link(text[start:end])
        at = end
    return html + escape(text[at:])


def link(address: str) -> str:
    return f"{opening(address)}{escape(address)}</a>"


def opening(address: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="nofollow noopener noreferrer">'


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses begin and end, from left to right; the first `LINKS_MAX` of them."""
    return islice(_all_addresses(text), LINKS_MAX)


def _all_addresses(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while found := _AUTHORITY.search(text, at):
        at, host = found.end(), found.start("host")
        port = found["port"] or "0"
        if len(port) > 5 or int(port) > 65535:
            continue
        end = _trimmed(text, host, _end_of_path(text, at))
        if end > host:
            yield found.start(), end
            at = end


def _end_of_path(text: str, start: int) -> int:
    """Up to what ends any link, a bracket that closes what was not opened, or the next address."""
    if not text.startswith(("/", "?", "#"), start):
        return start
    opened = dict.fromkeys(_CLOSER.values(), 0)
    for mark in _MARKS.finditer(text, start):
        sign = mark[0]
        if sign in _CLOSER:
            opened[_CLOSER[sign]] += 1
        elif opened.get(sign):
            opened[sign] -= 1
        else:
            return mark.start()
    return len(text)


def _trimmed(text: str, start: int, end: int) -> int:
    """The end without trailing punctuation, and without the digit of an emoji such as 1️⃣."""
    if _KEYCAP.match(text, end):
        end -= 1
    while end > start and _trails(text[end - 1]):
        end -= 1
    return end


def _trails(sign: str) -> bool:
    return sign in _TRAILING if sign.isascii() else category(sign).startswith("P")
