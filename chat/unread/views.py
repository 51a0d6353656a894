"""What one wants to hear of a room: everything, mentions, or nothing."""

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from chat import limits
from chat.database import writing
from chat.hub import Hub
from chat.identity import Identity
from chat.models import Member
from chat.protocol import Refused, bad_frame
from chat.unread.companion import Unread
from chat.unread.numbers import EVERYTHING, MUTED
from chat.views import ask, changed

INVOLVEMENTS = (EVERYTHING, "mentions", MUTED)


@dataclass(slots=True)
class Involve:
    room: str
    author: Identity
    involvement: str

    bucket: ClassVar[str] = limits.HINTS

    async def act(self, hub: Hub) -> None:
        if self.involvement not in INVOLVEMENTS:
            raise bad_frame(f"involvement: one of {', '.join(INVOLVEMENTS)}.")
        if self.author.ticket is None or not await _involve(self.room, self.author.ticket.user, self.involvement):
            raise Refused("forbidden", "Join the room first.", reason="not_member")
        if unread := hub.people.companion(Unread):
            unread.tell_again(self.author.ticket.user)


@writing
def _involve(room: str, person: int, involvement: str) -> int:
    return Member.objects.filter(room__name=room, person=person).update(involvement=involvement)


@require_POST
async def involve(request: HttpRequest, room: str) -> HttpResponse:
    chosen = request.POST.get("involvement", "")
    return await ask(request, room, lambda room, you: Involve(room, you, chosen), changed)
