"""What the `react` frame does, without a socket; and the emoji there are, for the page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from chat.database import reading
from chat.reactions.emoji import catalogue
from chat.reactions.verb import React
from chat.views import ask, changed


@require_POST
async def react(request: HttpRequest, room: str, id: int) -> HttpResponse:
    emoji, on = request.POST.get("emoji"), {"1": True, "0": False}.get(request.POST.get("on", ""))
    frame = {"id": id, "emoji": emoji, "on": on}
    return await ask(request, room, lambda you: React.parse(room, you, frame), changed)


@require_safe
async def emoji(request: HttpRequest) -> HttpResponse:
    """Loaded when a picker is opened: it changes with the package alone."""
    body = await reading(catalogue)()
    return HttpResponse(body, content_type="application/json", headers={"Cache-Control": "public, max-age=86400"})
