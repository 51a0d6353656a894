"""A person as presence shows them: their name, and since when they are away."""

from typing import NamedTuple


class Person(NamedTuple):
    name: str
    away: str = ""  # since their last input, in ISO 8601; empty while they are active

    def public(self, id: str) -> dict[str, str]:
        return {"id": id, "name": self.name} | ({"away": self.away} if self.away else {})


People = dict[str, Person]  # by the ids of identities


def together(others: People, here: People) -> People:
    """Who is active in one place is active; who is away in both, since the later input."""
    both = {id: _later(others[id], person) for id, person in here.items() if id in others}
    return others | here | both


def _later(other: Person, here: Person) -> Person:
    return Person(here.name, max(other.away, here.away) if other.away and here.away else "")
