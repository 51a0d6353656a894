"""`/chat/<room>/mutes/`: who is muted in a room, for those who look after it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chat.database import reading
from chat.moderation.acts import name_of
from chat.moderation.models import Mute
from chat.moderation.views import LISTED, permitted


@require_safe
async def page(request: HttpRequest, room: str) -> HttpResponse:
    await permitted(request, room)
    return await _page(request, room)


@reading
def _page(request: HttpRequest, room: str) -> HttpResponse:
    mutes = Mute.objects.in_force().filter(room__name=room).order_by("-pk")[:LISTED]
    named = [(each, name_of(each.person)) for each in mutes]
    return render(request, "chat/moderation/mutes.html", {"room": room, "mutes": named})
