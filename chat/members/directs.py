"""Whom the form for a direct room means, and which room that is."""

import re
from collections.abc import Collection

from accounts.models import account_named
from chat.database import reading
from chat.identity import Identity
from chat.members.acts import account_of
from chat.names import DIRECT_MAX, direct_name
from chat.protocol import Refused

NAME_MAX = 200  # characters
_BETWEEN = re.compile(r"[,，、;；\n]")


@reading
def meant(you: Identity, typed: Collection[str]) -> tuple[set[int], list[str]]:
    """Oneself and those whose names were typed, one or several at a time; and names that are no account's.

    Raises:
        Refused: for accounts alone.
    """
    people, unknown = {account_of(you)}, []
    for name in [name for each in typed for name in _names(each)][:DIRECT_MAX]:
        person = _account(name)
        if person:
            people.add(person)
        else:
            unknown.append(name)
    return people, unknown


def room_of(people: Collection[int], unknown: Collection[str]) -> str:
    """It is made by the first message. Raises Refused: there is no such room."""
    if unknown:
        raise Refused("forbidden", f"There is no account of that name: {', '.join(unknown)}.", reason="no_such_person")
    if not 2 <= len(people) <= DIRECT_MAX:
        raise Refused("bad_frame", f"A direct room has 2 to {DIRECT_MAX} people.", reason="bad_people")
    return direct_name(people)


def _names(typed: str) -> list[str]:
    """A name may have a comma in it."""
    typed = typed.replace("\0", "")[: NAME_MAX * DIRECT_MAX]
    pieces = [typed] if _account(typed) else _BETWEEN.split(typed)
    return [name for piece in pieces if (name := piece.strip().removeprefix("@")[:NAME_MAX])]


def _account(name: str) -> int | None:
    person = account_named(name.strip().removeprefix("@")[:NAME_MAX])
    return person.pk if person and person.is_active else None
