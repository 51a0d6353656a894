"""`/rooms/unread/?<room>=<seq>&…`: what is unread to a guest, counted from the markers that the browser has."""

from typing import Any

from django.db.models import BigIntegerField, Case, OuterRef, Value, When
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from chat.database import reading
from chat.identity import Identity, of_request
from chat.models import Message, Room
from chat.pages import ROOMS_LISTED
from chat.permissions import why_not_enter
from chat.protocol import number
from chat.rights import readable_by
from chat.unread.numbers import COUNTED_MAX, CountOf


@require_safe
async def unread(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"rooms": await _unread(request)})


@reading
def _unread(request: HttpRequest) -> list[dict[str, Any]]:
    you = of_request(request)
    asked = {room: number(request.GET.get(room, "")) for room in [*request.GET][:ROOMS_LISTED]}
    markers = {room: seq for room, seq in asked.items() if seq is not None and "\0" not in room}
    return [] if why_not_enter(you) else counted(you, markers)


def counted(you: Identity, markers: dict[str, int]) -> list[dict[str, Any]]:
    """Rooms that one may not read, that are not there, and in which nothing is unread are not among them."""
    read = Case(*[When(name=room, then=Value(seq)) for room, seq in markers.items()], output_field=BigIntegerField())
    after = Message.objects.filter(readable_by(you), room=OuterRef("pk"), seq__gt=OuterRef("read"), deleted_at=None)
    others = after.exclude(author_id=you.id).order_by().values("seq")[:COUNTED_MAX]
    rooms = Room.objects.filter(name__in=markers).annotate(read=read).annotate(unread=CountOf(others))
    found = rooms.order_by("name").values_list("name", "unread")
    return [{"room": room, "unread": unread, "mentions": 0} for room, unread in found if unread]
