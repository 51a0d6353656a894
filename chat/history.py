"""Reading what was said, a page or a message at a time: older ones, newer ones, and the source of one."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from chat import identity, pages, parts, protocol
from chat.database import reading
from chat.days import zone_of
from chat.events import change_event
from chat.identity import Identity
from chat.models import PUBLIC, Message, Room
from chat.permissions import why_not_enter, why_not_read
from chat.protocol import NO_SUCH_ROOM, Event, Refused
from chat.refusals import in_words


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
    found = Room.objects.filter(name=room).first()
    page = pages.of(found, place, zone_of(request.COOKIES))
    permit(request, found)
    return page.html


async def source(request: HttpRequest, room: str, id: int) -> HttpResponse:
    """One message as its event, with what was typed: pages show what was made of that."""
    return JsonResponse(await _source(request, room, id))


@reading
def _source(request: HttpRequest, room: str, id: int) -> Event:
    message = Message.objects.filter(room__name=room, seq=id).select_related("room").first()
    if not message:
        raise Http404
    event = parts.completed(message.room_id, [change_event(message)])[0]
    permit(request, message.room)
    return event


def permit(request: HttpRequest, room: Room | None) -> None:
    """After reading: see chat.permissions."""
    if room and room.kind != PUBLIC:
        permit_one(identity.of_cookies([request.COOKIES])[0], room)


def permit_one(you: Identity, room: Room | None) -> None:
    if refused := why_not_enter(you) or why_not_read(you, room):
        raise Http404 if refused.reason == NO_SUCH_ROOM else PermissionDenied(in_words(refused))
