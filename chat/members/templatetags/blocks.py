"""What a page of a direct room says of it: for how many people it is, and whom of two one has blocked."""

from functools import cached_property

from django import template

from chat.identity import Identity
from chat.members.blocks import blocked_by
from chat.names import direct_people

register = template.Library()


class Direct:
    def __init__(self, people: tuple[int, ...], you: Identity) -> None:
        self.count, self._people, self._you = len(people), people, you

    @cached_property
    def blocked(self) -> int | None:
        """The other one of two, if one has blocked them."""
        return next(iter(blocked_by(self._you, self._people)), None) if self.count == 2 else None


@register.simple_tag
def direct_room(room: str, you: Identity) -> Direct | None:
    """None of a room of any other kind."""
    people = direct_people(room)
    return Direct(people, you) if people else None
