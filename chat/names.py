"""Names of rooms: what is allowed, and when two spellings are the same.

A direct room's own name is `~` and the ids of its people in order: `~3.17`. `@` and the name of a person leads there.
"""

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext

ROOM_NAME_MAX = 64  # letters, each with its marks
MARKS_MAX = 8  # on one letter; scripts need up to four
RESERVED = frozenset({"admin"})
LOBBY = ""  # what connections to the lobby have for a room
DIRECT_MAX = 8  # people
ACCOUNT_MAX = 32 * 5  # characters of an account's name, with its marks
_DIRECT = re.compile(r"~[1-9]\d{0,17}(\.[1-9]\d{0,17})+", re.ASCII)


def canonical_room_name(raw: str) -> str:
    """The one spelling under which a room is stored and addressed: NFC, casefolded.

    A name is 1 to 64 letters (with their marks), digits, ``-`` or ``_`` of any script.

    Raises:
        ValueError: it is not such a name, or it is reserved.
    """
    if len(raw) > ROOM_NAME_MAX * (1 + MARKS_MAX):  # before anything looks at its characters
        raise ValueError(gettext("At most {most} letters.").format(most=ROOM_NAME_MAX))
    if raw[:1] in ("@", "~"):
        return _direct_name(raw)
    name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", raw).casefold())
    letters = marks = 0
    for character in name:
        category = unicodedata.category(character)
        if category.startswith("M") and letters:
            marks += 1
        elif category.startswith("L") or category == "Nd" or character in "-_":
            letters, marks = letters + 1, 0
        else:
            raise ValueError(
                gettext("{character} is neither a letter, a digit, - nor _.").format(character=repr(character))
            )
        if letters > ROOM_NAME_MAX or marks > MARKS_MAX:
            raise ValueError(gettext("At most {most} letters.").format(most=ROOM_NAME_MAX))
    if not letters:
        raise ValueError(gettext("A room needs a name."))
    if name in RESERVED:
        raise ValueError(gettext("“{name}” is reserved.").format(name=name))
    return name


def _direct_name(raw: str) -> str:
    if raw.startswith("@") and 1 < len(raw) <= ACCOUNT_MAX:
        return unicodedata.normalize("NFC", raw)
    if not direct_people(raw):
        raise ValueError(gettext("{name} is no direct room.").format(name=repr(raw)))
    return raw


def direct_people(name: str) -> tuple[int, ...]:
    """The ids in a direct room's own name; none in that of another room."""
    if not name.startswith("~") or not _DIRECT.fullmatch(name):
        return ()
    people = tuple(map(int, name[1:].split(".")))
    return people if len(people) <= DIRECT_MAX and list(people) == sorted(set(people)) else ()


def direct_name(people: Iterable[int]) -> str:
    return "~" + ".".join(map(str, sorted(set(people))))


class RoomNameConverter:
    """The same for HTTP and WebSocket routes, so that a page that loads has a socket that connects.

    A reserved name goes the way of a closed room without members, so that a stranger to one cannot tell them apart.
    """

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return value if value in RESERVED else canonical_room_name(value)

    def to_url(self, value: str) -> str:
        return value


class MessageIdConverter:
    """A number that a message of a room may have, written in one way: any other address is none of ours."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
