"""The room's page, and everything that is said or done without a socket."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import guests
from accounts.display_names import initial
from chat import commands, direct, identity, markup, pages, parts, protocol
from chat.commands import Done
from chat.database import reading
from chat.days import zone_of
from chat.events import change_event
from chat.features import SAYING
from chat.history import own_name, parsed_place, permit_one, source
from chat.hub import hub
from chat.identity import ACCOUNT, Identity, identify_request
from chat.models import PUBLIC, Room
from chat.observed import metrics
from chat.permissions import may_moderate
from chat.posting import Accepted
from chat.protocol import NO_SUCH_ROOM, Refused
from chat.refusals import in_words
from chat.verbs import Delete, Edit, Verb

Answer = Callable[[HttpRequest, str, Accepted | Done], HttpResponse]


@require_safe
async def room(request: HttpRequest, room: str) -> HttpResponse:
    canonical = reverse("room", args=[room])
    if request.path != unquote(canonical):
        query = request.META["QUERY_STRING"]
        return HttpResponseRedirect(f"{canonical}?{query}" if query else canonical)
    try:
        place = parsed_place(request)
    except Refused as refused:
        return HttpResponse(refused.detail, status=400, content_type="text/plain")
    return await _room_page(request, room, None, place=place)


@reading
def _room_page(
    request: HttpRequest,
    room: str,
    you: Identity | None,
    *,
    place: pages.Place = pages.NEWEST,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """One trip to a thread for all that it asks of the database; rendered there too, so the connection is free then."""
    you = you or _visitor(identity.of_request(request))
    room = own_name(room, you)
    found = Room.objects.filter(name=room).first()  # its `seq` before the messages are read
    page = pages.of(found, place, zone_of(request.COOKIES), is_whole=True)
    permit_one(you, room)
    context = {
        "room": room,
        "title": direct.title(room, you),
        "topic": found.topic if found else "",
        "page": page,
        "seq": found.seq if found else 0,
        "is_public": found.kind == PUBLIC if found else not direct.is_direct(room),
        "you": you,
        "may_moderate": may_moderate(you, found) if found else you.is_staff,
        "disc": markup.disc(you.id),
        "initial": initial(you.name),
        "rooms": pages.sidebar(room, you),
        "client_id": uuid4(),
        "blank": markup.blank(),
        "max_length": settings.CHAT_MAX_MESSAGE_LENGTH,
    } | context
    response = render(request, "chat/room.html", context, status=status)
    return _remembering(request, response, you)


def _visitor(you: Identity) -> Identity:
    """One who came without a cookie gets one."""
    return you if you.ticket or you.guest else replace(identity.new_guest(), address=you.address)


def _remembering(request: HttpRequest, response: HttpResponse, you: Identity) -> HttpResponse:
    if you.guest:
        guests.remember(response, you.guest)
    elif you.is_due:
        request.session.modified = True  # saved, and its cookie sent again
    return response


async def ask(
    request: HttpRequest, room: str, verb: Callable[[str, Identity], Verb], answer: Answer, **typed: str
) -> HttpResponse:
    """Carry out what a form asks for in a room. What is refused keeps what was typed."""
    you = _visitor(await identify_request(request))
    try:
        room = await direct.resolved(room, you)
        outcome = await commands.obey(hub(), verb(room, you))
        if isinstance(outcome, Refused):
            raise outcome
    except Refused as refused:
        response = await _refusal(request, room, you, refused, typed)
    else:
        has_parts = isinstance(outcome, Accepted) and bool(outcome.message.parts)  # some are read when they are sent
        response = await reading(answer)(request, room, outcome) if has_parts else answer(request, room, outcome)
    return _remembering(request, response, you)


@require_POST
async def messages(request: HttpRequest, room: str) -> HttpResponse:
    """Say something without a socket: HTML for htmx, JSON for programs, a redirect for a plain form."""

    def verb(room: str, you: Identity) -> Verb:
        if (meant := request.POST.get("as", "")).startswith(ACCOUNT) and meant != you.id:
            raise Refused("forbidden", "You are signed out. Load the page again.", reason="signed_out")
        fields = {"message": request.POST.get("message"), "client_id": request.POST.get("client_id") or str(uuid4())}
        numbers = {name: protocol.parse_seq(request.POST.get(name), name) for name in SAYING}
        return commands.understand(room, you, fields | numbers)

    return await ask(request, room, verb, _said, typed=request.POST.get("message", ""))


def _said(request: HttpRequest, room: str, outcome: Accepted | Done) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204) if isinstance(outcome, Done) else HttpResponse(markup.html_of(outcome.message))
    return changed(request, room, outcome, new=True)


def changed(request: HttpRequest, room: str, outcome: Accepted | Done, *, new: bool = False) -> HttpResponse:
    if not wants_json(request):
        return redirect("room", room)
    if isinstance(outcome, Done):
        return JsonResponse({"you": outcome.you.public()})
    [event] = parts.completed(outcome.message.room_id, [change_event(outcome.message)])
    return JsonResponse(event, status=201 if new and not outcome.repeat else 200)


@require_http_methods(["GET", "POST"])
async def message(request: HttpRequest, room: str, id: int) -> HttpResponse:
    """One message as its event; a POST replaces the text of one's own."""
    if request.method == "GET":
        return await source(request, room, id)
    text = request.POST.get("message")
    return await ask(request, room, lambda room, you: Edit(room, you, id, protocol.clean_text(text)), changed)


@require_POST
async def delete(request: HttpRequest, room: str, id: int) -> HttpResponse:
    """Take one's own message away; staff may take away anybody's."""
    return await ask(request, room, lambda room, you: Delete(room, you, id), changed)


@require_POST
async def frames(request: HttpRequest, room: str) -> HttpResponse:
    """A frame of `chat.v1` as JSON, from a client whose events come by SSE or poll: `ack`, `error`, or 204."""
    client_id: str | None = None

    def verb(room: str, you: Identity) -> Verb:
        nonlocal client_id
        try:
            frame = protocol.parse(request.body.decode())
        except UnicodeDecodeError as error:
            raise protocol.bad_frame("Not a JSON object.") from error
        verb = commands.understand(room, you, frame)
        client_id = frame.get("client_id")
        return verb

    def answer(request: HttpRequest, room: str, outcome: Accepted | Done) -> HttpResponse:
        if not (client_id and isinstance(outcome, Accepted)):
            return HttpResponse(status=204)
        return JsonResponse({"type": "ack", "client_id": client_id, "seq": outcome.seq})

    return await ask(request, room, verb, answer)


async def _refusal(
    request: HttpRequest, room: str, you: Identity, refused: Refused, typed: dict[str, Any]
) -> HttpResponse:
    """Why not, in the form that was asked for; a plain form keeps what was typed."""
    metrics.REFUSED.labels(refused.code).inc()
    if refused.code != "unavailable" and (not_in := await hub().why_not(you, room)):
        refused = not_in  # before any other reason: a stranger hears nothing else of a room
    if refused.reason == NO_SUCH_ROOM:
        raise Http404  # as for an address that is no room's
    status = refused.http_status
    response: HttpResponse
    if wants_json(request):
        response = JsonResponse(refused.event(), status=status)
    elif request.htmx:  # type: ignore[attr-defined]
        response = render(request, "chat/_refused.html", {"refused": refused}, status=status)
    else:
        if refused.code != "conflict":
            typed |= {"client_id": request.POST.get("client_id")}  # sent again, it is known as the same message
        response = await _room_page(request, room, you, status=status, refused=refused, **typed)
    if refused.retry_after:
        response["Retry-After"] = str(int(refused.retry_after) + 1)
    return response


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Why not, where there is no page of a room or form to say it on."""
    return render(request, "403.html", {"detail": in_words(refused), "refused": refused}, status=refused.http_status)


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
