"""The form for one's own name."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from chat.renaming.verb import Rename
from chat.views import ask, changed


@require_POST
async def name(request: HttpRequest, room: str) -> HttpResponse:
    """Change the name under which one speaks, in this room and all others."""
    typed = request.POST.get("name", "")
    return await ask(request, room, lambda room, you: Rename(room, you, typed), changed, typed_name=typed)
