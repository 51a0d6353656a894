"""Whom the `@names` in a text mean: each takes the longest name that fits, also a former one. `@room` is everyone."""

import re
from collections.abc import Callable

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

_SIGN = re.compile(r"(?<![a-zA-Z0-9_])@(?=\S)")  # after CJK too, which needs no space before it
_END = re.compile(r"(?<=\w)(?!\w)|(?<=[^\x00-\u024f])|(?<=\S)(?=\s|$)|(?<=\w)(?=[\u2e80-\ua4cf\uac00-\ud7ff])")
_ROOM = re.compile(rf"{_SIGN.pattern}{EVERYONE}(?:{_END.pattern})")


def means_everyone(text: str) -> bool:
    return bool(_ROOM.search(text))


def named(text: str) -> list[int]:
    """The accounts, in the order in which they are first mentioned."""
    beginnings = [_beginnings(text, match.end()) for match in list(_SIGN.finditer(text))[:MENTIONS_MAX]]
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
