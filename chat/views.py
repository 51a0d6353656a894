"""The lobby, the room, its history, and saying something without a socket."""

from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from chat import commands, identity, log, metrics, protocol
from chat.database import reading
from chat.events import change_event
from chat.identity import Identity
from chat.models import Message, Room
from chat.names import canonical_room_name
from chat.posting import Accepted, Delete, Edit
from chat.protocol import HTTP_STATUS, Refused, Saying

ROOMS_LISTED = 50
PAGE = 50

_who = reading(identity.of_request)


@require_safe
def lobby(request: HttpRequest) -> HttpResponse:
    """The rooms there are; a name typed into its field leads into that room."""
    typed, problem = request.GET.get("room", ""), ""
    if typed.strip():
        try:
            return redirect("room", canonical_room_name("-".join(typed.split())))
        except ValueError as error:
            problem = str(error)
    page = Paginator(Room.objects.recently_active(), ROOMS_LISTED).get_page(request.GET.get("page"))
    context = {"rooms": page, "typed": typed, "problem": problem}
    return render(request, "chat/lobby.html", context, status=400 if problem else 200)


@require_safe
def room(request: HttpRequest, room: str) -> HttpResponse:
    canonical = reverse("room", args=[room])
    if request.path != unquote(canonical):
        query = request.META["QUERY_STRING"]
        return HttpResponseRedirect(f"{canonical}?{query}" if query else canonical)
    try:
        before = protocol.parse_seq(request.GET.get("before"), "before")
    except Refused as refused:
        return HttpResponse(refused.detail, status=400, content_type="text/plain")
    return _room_page(request, room, identity.of_request(request), before=before)


def _room_page(
    request: HttpRequest, room: str, you: Identity, *, before: int | None = None, status: int = 200, **context: Any
) -> HttpResponse:
    request.session.modified = True  # a guest is remembered from the last visit on, not from the first
    seq = log.head(room)  # before the messages are read
    rooms = _rooms()
    listed = any(each.name == room for each in rooms)
    context |= {"seq": seq, "you": you, "rooms": rooms, "listed": listed, "before": before}
    client_id = request.POST.get("client_id") or uuid4()  # a form sent again is known as the same message
    context |= {"client_id": client_id, "blank": Message(seq=""), "max_length": settings.CHAT_MAX_MESSAGE_LENGTH}
    return render(request, "chat/room.html", _page(room, before) | context, status=status)


@require_GET
def history(request: HttpRequest, room: str) -> HttpResponse:
    try:
        before = protocol.parse_seq(request.GET.get("before"), "before")
    except Refused as refused:
        return HttpResponse(refused.detail, status=400, content_type="text/plain")
    return render(request, "chat/_page.html", _page(room, before))


def _page(room: str, before: int | None) -> dict[str, Any]:
    messages = Message.objects.filter(room__name=room).page_before(before, size=PAGE + 1)
    return {"room": room, "messages": messages[-PAGE:], "older": len(messages) > PAGE}


def _rooms() -> QuerySet[Room]:
    return Room.objects.recently_active()[:ROOMS_LISTED]


@require_POST
async def messages(request: HttpRequest, room: str) -> HttpResponse:
    """Say something without a socket: HTML for htmx, JSON for programs, a redirect for a plain form."""
    you = await _who(request)
    try:
        if (meant := request.POST.get("as", "")).startswith("user-") and meant != you.id:
            raise Refused("forbidden", "You are signed out. Load the page again.")
        saying = Saying(
            protocol.clean_text(request.POST.get("message")),
            str(protocol.parse_client_id(request.POST.get("client_id") or str(uuid4()))),
        )
        done = await commands.obey(room, you, saying)
    except Refused as refused:
        return await _refusal(request, room, you, refused)
    said = done.message
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "chat/_message.html", {"message": said.message}) if said else HttpResponse(status=204)
    if not wants_json(request):
        return redirect("room", room, permanent=False)
    if said is None:
        return JsonResponse({"you": done.you.public()})
    return JsonResponse(await reading(change_event)(said.message), status=200 if said.repeat else 201)


@require_POST
async def edit(request: HttpRequest, room: str, id: int) -> HttpResponse:
    """Replace the text of one's own message."""
    you = await _who(request)
    try:
        text = protocol.clean_text(request.POST.get("message"))
        return await _changed(request, room, await commands.carry_out(Edit(room, you, id, text)))
    except Refused as refused:
        return await _refusal(request, room, you, refused)


@require_POST
async def delete(request: HttpRequest, room: str, id: int) -> HttpResponse:
    """Take one's own message away; staff may take away anybody's."""
    you = await _who(request)
    try:
        return await _changed(request, room, await commands.carry_out(Delete(room, you, id)))
    except Refused as refused:
        return await _refusal(request, room, you, refused)


async def _changed(request: HttpRequest, room: str, accepted: Accepted) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(await reading(change_event)(accepted.message))
    return redirect("room", room)


@require_POST
async def name(request: HttpRequest, room: str) -> HttpResponse:
    """Change the name under which one speaks, in this room and all others."""
    you = await _who(request)
    try:
        you = await commands.rename(you, request.POST.get("name", ""))
    except Refused as refused:
        return await _refusal(request, room, you, refused, typed_name=request.POST.get("name", ""))
    return JsonResponse({"you": you.public()}) if wants_json(request) else redirect("room", room)


async def _refusal(
    request: HttpRequest, room: str, you: Identity, refused: Refused, typed_name: str = ""
) -> HttpResponse:
    """Why not, in the form that was asked for; a plain form keeps what was typed."""
    metrics.REFUSED.labels(refused.code).inc()
    status = HTTP_STATUS.get(refused.code, 400)
    response: HttpResponse
    if wants_json(request):
        response = JsonResponse(refused.event(), status=status)
    elif request.htmx:  # type: ignore[attr-defined]
        response = render(request, "chat/_refused.html", {"refused": refused}, status=status)
    else:
        typed = request.POST.get("message", "")
        response = await reading(_room_page)(
            request, room, you, status=status, refused=refused, typed=typed, typed_name=typed_name
        )
    if refused.retry_after:
        response["Retry-After"] = str(int(refused.retry_after) + 1)
    return response


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    detail = "This form is out of date. Load the page again, then send it."
    if wants_json(request):
        return JsonResponse(Refused("forbidden", detail).event(), status=403)
    return render(request, "403.html", {"detail": detail}, status=403)
