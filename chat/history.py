"""Reading what was said, a page or a message at a time: older ones, newer ones, and the source of one."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from chat import direct, identity, pages, parts, protocol
from chat.database import reading
from chat.days import zone_of
from chat.events import change_event
from chat.identity import Identity
from chat.models import PUBLIC, Message, Room
from chat.permissions import why_not_enter
from chat.protocol import NO_SUCH_ROOM, Event, Refused
from chat.rights import rights


def parsed_place(request: HttpRequest) -> pages.Place:
    """Which part of the log an address asks for. Raises Refused."""
    given = {name: ",".join(request.GET.getlist(name)) for name in pages.Place._fields}
    return pages.Place(**{name: protocol.parse_seq(value, name) for name, value in given.items()})


@require_GET
async def history(request: HttpRequest, room: str) -> HttpResponse:
    """`?before=<seq>` older messages, `?after=<seq>` newer ones."""
    try:
        place = parsed_place(request)
    except Refused as refused:
        return HttpResponse(refused.detail, status=400, content_type="text/plain")
    return HttpResponse(await _history(request, room, place))


@reading
def _history(request: HttpRequest, room: str, place: pages.Place) -> str:
    you = identity.of_request(request)
    room = own_name(room, you)
    page = pages.of(look_up(you, room), place, zone_of(request.COOKIES))
    permit_one(you, room)
    return page.html


async def source(request: HttpRequest, room: str, id: int) -> HttpResponse:
    """One message as its event, with what was typed: pages show what was made of that."""
    return JsonResponse(await _source(request, room, id))


@reading
def _source(request: HttpRequest, room: str, id: int) -> Event:
    you = identity.of_request(request)
    room = own_name(room, you)
    message = Message.objects.filter(room=look_up(you, room), seq=id).first()
    events = parts.completed(message.room_id, [change_event(message)]) if message else []
    permit_one(you, room)
    if not events:
        raise Http404
    return events[0]


def own_name(room: str, you: Identity) -> str:
    try:
        return direct.own_name(room, you)
    except Refused as refused:
        raise Http404 from refused


def look_up(you: Identity, room: str) -> Room | None:
    """Its row, if there is one. Who may not know of it is refused before more is read: the time would tell how much."""
    row = Room.objects.filter(name=room).first()
    if row and row.kind != PUBLIC:
        permit_one(you, room)
    return row


def permit_one(you: Identity, room: str) -> None:
    """After reading: see chat.permissions."""
    if refused := why_not_enter(you) or rights(room, [you]).why_not(you):
        raise Http404 if refused.reason == NO_SUCH_ROOM else PermissionDenied(refused)
