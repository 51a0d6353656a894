"""`/chat/<room>/invitations/`, where links are made and taken back, and `/invite/r.<code>/`, where they lead."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from chat.database import reading, writing
from chat.history import own_name, permit_one
from chat.hub import hub
from chat.identity import identify_request, of_request
from chat.members import invitations
from chat.members.models import RoomInvitation
from chat.members.verb import permit
from chat.models import DIRECT, Room
from chat.permissions import may_moderate
from chat.protocol import NO_SUCH_ROOM, Refused, number
from chat.views import refusal_page, wants_json


@require_http_methods(["GET", "HEAD", "POST"])
async def links(request: HttpRequest, room: str) -> HttpResponse:
    """A POST makes one, of so many `uses` and `days`, and answers with it: nobody stores it."""
    link, refused = "", None
    if request.method == "POST":
        fields = {name: number(request.POST.get(name, "1"), digits=3) or 0 for name in ("uses", "days")}
        try:
            code = await _act(request, room, invitations.invite, **fields)
        except Refused as error:
            if error.reason == NO_SUCH_ROOM:
                raise Http404 from error
            refused = error
        else:
            link = request.build_absolute_uri(reverse("room_invitation", args=[code]))
    if wants_json(request) and request.method == "POST":
        status = refused.http_status if refused else 201
        return JsonResponse(refused.event() if refused else {"link": link}, status=status)
    return await _page(request, room, link, refused)


@reading
def _page(request: HttpRequest, room: str, link: str, refused: Refused | None) -> HttpResponse:
    you = of_request(request)
    room = own_name(room, you)
    found = Room.objects.filter(name=room).first()
    listed = list(RoomInvitation.objects.usable().filter(room=found).select_related("made_by").order_by("expires_at"))
    permit_one(you, room)
    if found is None or found.kind == DIRECT or not may_moderate(you, found):
        raise Http404
    context = {"room": room, "link": link, "refused": refused, "invitations": listed}
    status = refused.http_status if refused else 200
    return render(request, "chat/members/invitations.html", context, status=status)


@require_POST
async def take_back(request: HttpRequest, room: str, id: int) -> HttpResponse:
    try:
        await _act(request, room, invitations.take_back, id=id)
    except Refused as refused:
        raise Http404 from refused
    return JsonResponse({}) if wants_json(request) else redirect("invitations", room)


async def _act(request: HttpRequest, room: str, function: Callable[..., Any], **fields: Any) -> Any:
    you = await identify_request(request)
    permit(you)
    return await writing(function)(by=you, room=room, **fields)


@require_http_methods(["GET", "HEAD", "POST"])
async def invited(request: HttpRequest, code: str) -> HttpResponse:
    if request.method != "POST":
        return await _invitation(request, code)
    you = await identify_request(request)
    try:
        permit(you)
        room = await writing(invitations.come_in)(by=you, code=code)
    except Refused as refused:
        return refusal_page(request, refused)
    if room is None:
        return await _invitation(request, code)
    hub().people.whisper_to([you.id], {"type": "rooms"})
    return redirect("room", room)


@reading
def _invitation(request: HttpRequest, code: str) -> HttpResponse:
    """A guest signs in first, and comes back here."""
    found = invitations.find(code)
    if found is None:
        return render(request, "accounts/link_over.html", status=404)
    you = of_request(request)
    context = {"invitation": found, "you": you, "signup": settings.SIGNUP}
    return render(request, "chat/members/invitation.html", context)
