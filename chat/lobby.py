"""The lobby: the rooms there are, and a field that leads into any room; and `/ws/chat/`, which keeps it up to date."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from chat import identity, limits, pages, protocol
from chat.consumers import ChatConsumer
from chat.database import reading
from chat.days import zone_of
from chat.names import canonical_room_name
from chat.permissions import why_not_enter
from chat.protocol import Refused, bad_frame, number


@require_safe
async def lobby(request: HttpRequest) -> HttpResponse:
    """The rooms there are; a name typed into its field leads into that room."""
    typed, problem = request.GET.get("room", ""), ""
    if typed.strip():
        try:
            return redirect("room", canonical_room_name("-".join(typed.lstrip("# ").split())))
        except ValueError as error:
            problem = str(error)
    return await _lobby_page(request, typed, problem)


@reading
def _lobby_page(request: HttpRequest, typed: str, problem: str) -> HttpResponse:
    page = number(request.GET.get("page", "1"), digits=5) or 1
    you = identity.of_request(request)
    rooms = pages.recent_rooms(you, page - 1)
    if refused := why_not_enter(you):
        raise PermissionDenied(refused)
    context = {
        "rooms": pages.lobby_list(rooms, zone_of(request.COOKIES)),
        "has_rooms": bool(rooms),
        "page": page,
        "newer": page - 1,
        "older": page + 1 if len(rooms) > pages.ROOMS_LISTED else None,
        "typed": typed,
        "problem": problem,
    }
    if request.htmx:  # type: ignore[attr-defined]  # the list alone, for a page that heard nothing for a while
        return HttpResponse(context["rooms"])
    return render(request, "chat/lobby.html", context, status=400 if problem else 200)


class LobbyConsumer(ChatConsumer):
    """Follows a room without a name, in which nothing is ever said: so it hears hints, and ends with its session."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.is_closed or not self.subscriber:
            return
        try:
            if self.tutorial or protocol.parse(text_data).get("type") != "ping":
                raise bad_frame("The lobby only listens: rooms are at /ws/chat/<room>/.")
            limits.take(limits.PINGS, self.subscriber.you)
            await self.send_event({"type": "pong", "seq": 0})
        except Refused as refused:
            await self.refused(refused)
