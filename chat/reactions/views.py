"""What the `react` frame does, without a socket."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from chat.reactions.verb import React
from chat.views import ask, changed


@require_POST
async def react(request: HttpRequest, room: str, id: int) -> HttpResponse:
    emoji, on = request.POST.get("emoji"), {"1": True, "0": False}.get(request.POST.get("on", ""))
    frame = {"id": id, "emoji": emoji, "on": on}
    return await ask(request, room, lambda room, you: React.parse(room, you, frame), changed)
