"""The lobby: the rooms there are, and a field that leads into any room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from chat import identity, pages
from chat.database import reading
from chat.days import zone_of
from chat.names import canonical_room_name
from chat.protocol import number


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
    rooms = pages.recent_rooms(identity.of_request(request), page - 1)
    context = {
        "rooms": pages.lobby_list(rooms, zone_of(request.COOKIES)) if rooms else "",
        "page": page,
        "newer": page - 1,
        "older": page + 1 if len(rooms) > pages.ROOMS_LISTED else None,
        "typed": typed,
        "problem": problem,
    }
    return render(request, "chat/lobby.html", context, status=400 if problem else 200)
