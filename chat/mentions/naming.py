"""Whom the `@names` in a text mean: each takes the longest name that fits, also a former one. `@room` is everyone."""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from unicodedata import category

from django.db import connection

from accounts.display_names import DISPLAY_NAME_MAX
from accounts.skeletons import skeleton
from chat.models import Message, Room

MENTIONS_MAX = 20  # in a message; what comes after is text
NAME_MAX = 2 * DISPLAY_NAME_MAX  # characters, with some marks
CANDIDATES_MAX = 400  # beginnings that are looked up; a name in a script without spaces may end after any letter
EVERYONE = "room"  # `@room`: all its members
# Whom a message means besides those whom its text names: a feature that knows puts its question here.
meant_too: list[Callable[[Room, Message], list[int]]] = []

# In SQL, as all wait for a batch: writing this query takes the ORM longer than the database the answer.
PEOPLE = """
    SELECT name.skeleton, person_id
    FROM accounts_accountname AS name JOIN accounts_user AS person ON person.id = person_id
    WHERE person.is_active AND name.skeleton IN ({})"""

_SIGN = re.compile(r"@(?=\S)")
# Han, Hiragana, Katakana and Hangul, with what belongs to them: the same as in static/chat/mentions/mentions.js.
_CJK = re.compile(
    r"[\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u302f\u3031-\u303f\u3041-\u30ff\u3131-\u319f\u31c0-\u3247"
    r"\u3260-\u32b0\u32c0-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
    r"\U00016fe2\U00016fe3\U00016ff0\U00016ff1\U0001aff0-\U0001b16f\U0001d360-\U0001d371\U00020000-\U0003ffff]"
)
_END = re.compile(r"(?<=\w)(?!\w)|(?<=[^\x00-\u024f])|(?<=\S)(?=\s|$)|(?<=\w)(?=[\u2e80-\ua4cf\uac00-\ud7ff])")
_EVERYONE = re.compile(rf"{EVERYONE}(?:{_END.pattern})")


def means_everyone(text: str) -> bool:
    return any(_EVERYONE.match(text, start) for start in _signs(text))


def _signs(text: str) -> Iterator[int]:
    """Where names may begin."""
    return (found.end() for found in _SIGN.finditer(text) if not found.start() or may_precede(text[found.start() - 1]))


def may_precede(character: str) -> bool:
    """Before a sign stands what is in no word, or CJK, which needs no space there."""
    return not (character == "_" or category(character)[0] in "LMN") or bool(_CJK.match(character))


def named(text: str) -> list[int]:
    """The accounts, in the order in which they are first mentioned."""
    beginnings = [_beginnings(text, start) for start in islice(_signs(text), MENTIONS_MAX)]
    keys = {name: skeleton(name) for names in beginnings for name in names}
    keys = dict(list(keys.items())[:CANDIDATES_MAX])
    if not keys:
        return []
    people = _people(set(keys.values()))
    meant = [next((people[keys[n]] for n in names if n in keys and keys[n] in people), None) for names in beginnings]
    return list(dict.fromkeys(person for person in meant if person is not None))


def _people(skeletons: set[str]) -> dict[str, int]:
    """Who is active and has or had a name that looks like one of these."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE.format(", ".join(["%s"] * len(skeletons))), list(skeletons))
        return dict(cursor.fetchall())


def _beginnings(text: str, start: int) -> list[str]:
    """What the name may be, longest first: it ends where a word does, or between letters of a script without spaces."""
    rest = text[start : start + NAME_MAX].split("\n")[0]
    ends = {match.start() for match in _END.finditer(rest)} | {len(rest)}
    return [rest[:end] for end in sorted(ends, reverse=True) if rest[:end].strip() == rest[:end] != ""]
