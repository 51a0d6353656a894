"""Forms: a new room, a room's settings and members, joining and leaving."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from chat import direct, identity, pages
from chat.database import reading, writing
from chat.history import look_up, own_name, permit_one
from chat.hub import hub
from chat.identity import Identity, identify_request
from chat.members import acts, blocks, directs
from chat.members.verb import Manage, permit
from chat.models import ADMINISTRATOR, CLOSED, DIRECT, OPEN, OWNER, PUBLIC, SLOW_MAX, Member
from chat.names import canonical_room_name, direct_people
from chat.permissions import why_not_enter
from chat.protocol import Refused, number
from chat.views import ask, changed, wants_json


@require_http_methods(["GET", "HEAD", "POST"])
async def new(request: HttpRequest) -> HttpResponse:
    you = await identify_request(request)
    if request.method != "POST":
        return _new_page(request, you, request.GET.get("kind", PUBLIC))
    fields = {name: request.POST.get(name, "").replace("\0", "") for name in ("name", "kind", "topic")}
    unknown: list[str] = []
    try:
        permit(you)
        if fields["kind"] == DIRECT:
            people, unknown = await directs.meant(you, request.POST.getlist("with"))
            room = directs.room_of(people, unknown)
        else:
            room = (await writing(acts.make)(by=you, **fields)).name
            hub().people.room_changed(room)
    except Refused as refused:
        status = refused.http_status
        if wants_json(request):
            return JsonResponse(refused.event(), status=status)
        typed: dict[str, Any] = {"with": ", ".join(request.POST.getlist("with")), "unknown": unknown, **fields}
        return _new_page(request, you, status=status, refused=refused, **typed)
    return JsonResponse({"room": room}, status=201) if wants_json(request) else redirect("room", room)


def _new_page(request: HttpRequest, you: Identity, kind: str, status: int = 200, **context: Any) -> HttpResponse:
    if kind == DIRECT and you.ticket is None:
        return redirect_to_login(f"{request.path}?kind={DIRECT}", reverse("account_login"))
    form = "chat/members/new_direct.html" if kind == DIRECT else "chat/members/new.html"
    return render(request, form, {"kind": kind, "kinds": acts.KINDS, **context}, status=status)


@require_safe
async def rooms(request: HttpRequest) -> HttpResponse:
    """The list in the sidebar, asked for again when it may have changed."""
    return await _rooms(request)


@reading
def _rooms(request: HttpRequest) -> HttpResponse:
    you = identity.of_request(request)
    try:
        room = canonical_room_name(request.GET.get("room", ""))
    except ValueError:
        return HttpResponse("room: the name of a room is needed.", status=400, content_type="text/plain")
    if refused := why_not_enter(you):
        raise PermissionDenied(refused)
    return HttpResponse(pages.sidebar(room, you))


@require_POST
async def settings(request: HttpRequest, room: str) -> HttpResponse:
    def fields() -> dict[str, Any]:
        seconds = request.POST.get("slow_seconds")
        slow = None if seconds is None else number(seconds, digits=5)
        if seconds is not None and slow is None:
            raise Refused("bad_frame", f"slow_seconds: 0 to {SLOW_MAX}.")
        return {"kind": request.POST.get("kind"), "topic": request.POST.get("topic"), "slow_seconds": slow}

    return await _manage(request, room, lambda: (acts.set_up, fields()))


@require_http_methods(["GET", "HEAD", "POST"])
async def members(request: HttpRequest, room: str) -> HttpResponse:
    if request.method != "POST":
        return await _members_page(request, room)
    for field, function in (("add", acts.add), ("remove", acts.remove)):
        if field in request.POST:
            name = _name(request.POST[field])
            return await _manage(request, room, lambda: (function, {"name": name}))  # noqa: B023 - called at once
    fields = {"name": _name(request.POST.get("name", "")), "role": request.POST.get("role", "")}
    return await _manage(request, room, lambda: (acts.give_role, fields))


@reading
def _members_page(request: HttpRequest, room: str) -> HttpResponse:
    you = identity.of_request(request)
    room = own_name(room, you)
    found = look_up(you, room)
    people = list(Member.objects.filter(room=found).select_related("person").order_by("person__username")[:1000])
    if found is None:  # a direct room in which nothing was said yet
        people = [Member(person=each) for each in User.objects.filter(pk__in=direct_people(room))]
    permit_one(you, room)
    yours = next((each for each in people if each.pk and you.ticket and each.person_id == you.ticket.user), None)
    may_manage = you.is_staff or (yours is not None and yours.role in (ADMINISTRATOR, OWNER))
    context = {
        "room": room, "title": direct.title(room, you), "found": found, "you": you, "members": people, "yours": yours,
        "may_manage": may_manage and found is not None and found.kind != DIRECT,
        "is_direct": direct.is_direct(room), "blocked": blocks.blocked_by(you, direct_people(room)),
        "may_own": you.is_staff or (yours is not None and yours.role == OWNER),
        "kinds": [kind for kind in acts.KINDS if found and found.kind in acts.KINDS
                  and acts.KINDS.index(kind) >= acts.KINDS.index(found.kind)],
        "roles": acts.ROLES, "may_join": found is not None and found.kind in (PUBLIC, OPEN, CLOSED),
    }  # fmt: skip
    return render(request, "chat/members/members.html", context)


@require_POST
async def join(request: HttpRequest, room: str) -> HttpResponse:
    return await _manage(request, room, lambda: (acts.join, {}))


@require_POST
async def leave(request: HttpRequest, room: str) -> HttpResponse:
    you = await identify_request(request)
    return await _manage(request, room, lambda: (acts.remove, {"name": you.name}), left=True)


async def _manage(
    request: HttpRequest, room: str, what: Callable[[], tuple[Callable[..., Any], dict[str, Any]]], left: bool = False
) -> HttpResponse:
    def answer(request: HttpRequest, room: str, outcome: Any) -> HttpResponse:
        if left and not wants_json(request):
            return redirect("lobby")
        return changed(request, room, outcome)

    return await ask(request, room, lambda room, you: Manage(room, you, *what()), answer)


def _name(raw: str) -> str:
    return raw.replace("\0", "")[:200]
