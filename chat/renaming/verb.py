"""Take a name, in all rooms. Every page that this person has open hears of it."""

from dataclasses import dataclass, replace
from typing import ClassVar

from django.utils.translation import override

from accounts.display_names import clean_display_name
from accounts.models import Guest
from accounts.taken import is_taken
from chat import limits
from chat.database import writing
from chat.hub import Hub
from chat.identity import Identity
from chat.protocol import Refused


@dataclass(slots=True)
class Rename:
    room: str
    author: Identity
    name: str

    bucket: ClassVar[str] = limits.MESSAGES

    async def act(self, hub: Hub) -> Identity:
        try:
            you = await _rename(self.author, self.name)
        except ValueError as error:
            with override("en"):  # as the protocol has it; a page says it by `reason`
                raise Refused("bad_frame", str(error), reason="bad_name") from error
        hub.people.whisper_to([you.id], {"type": "hello", "you": you.public()})
        return you


@writing
def _rename(person: Identity, name: str) -> Identity:
    """The same person under another name; remembered for a guest with a cookie."""
    if person.ticket:
        raise ValueError("Your name is that of your account: change it at /accounts/name/.")
    name = clean_display_name(name)
    if is_taken(name):
        raise Refused("conflict", "This is the name of an account, or looks like it.", reason="name_taken")
    if person.guest:
        Guest.objects.update_or_create(pk=person.guest, defaults={"name": name})
    return replace(person, name=name)
