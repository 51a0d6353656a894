"""The staff's page, and an address for each act. To all others there is nothing under these addresses.

Who looks after a room may mute there.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from chat import commands
from chat.database import reading, writing
from chat.hub import hub
from chat.identity import Identity, account_pk, identify_request
from chat.models import SLOW_MAX, Message, Room
from chat.moderation import acts
from chat.moderation.companion import NEWS
from chat.moderation.models import Ban, Mute, Record, Report
from chat.moderation.purge import Remove
from chat.moderation.sessions import end_sessions
from chat.permissions import may_moderate
from chat.protocol import NO_SUCH_ROOM, Refused, number
from chat.views import refusal_page, wants_json

HOURS_MAX = 24 * 365 * 10
LISTED = 100  # records, bans and mutes on the page


async def permitted(request: HttpRequest, room: str = "") -> Identity:
    """Staff; with a room also those who look after it. 404 for all others, as where there is no such address."""
    you = await identify_request(request)
    if not (you.is_staff or (room and you.ticket and await _looks_after(you, room))):
        raise Http404
    return you


@reading
def _looks_after(you: Identity, room: str) -> bool:
    found = Room.objects.filter(name=room.replace("\0", "")).first()
    return found is not None and may_moderate(you, found)


@require_safe
async def page(request: HttpRequest) -> HttpResponse:
    return await _page(request, await permitted(request))


@reading
def _page(request: HttpRequest, you: Identity, refused: Refused | None = None) -> HttpResponse:
    now = timezone.now()
    context = {
        "you": you,
        "reports": _waiting(),
        "records": Record.objects.order_by("-pk")[:LISTED],
        "bans": Ban.objects.in_force(now).order_by("-pk")[:LISTED],
        "mutes": Mute.objects.in_force(now).select_related("room").order_by("-pk")[:LISTED],
        "refused": refused,
    }
    status = refused.http_status if refused else 200
    return render(request, "chat/moderation/page.html", context, status=status)


def _waiting() -> list[dict[str, Any]]:
    """The messages that were reported, oldest first, each with its text as it is now and with who reported it."""
    waiting: dict[tuple[str, int], dict[str, Any]] = {}
    for each in Report.objects.select_related("record").order_by("pk")[:LISTED]:
        entry = waiting.setdefault((each.room, each.message), {"first": each.record, "reports": []})
        entry["reports"].append(each.record)
    for (room, seq), entry in waiting.items():
        entry["message"] = Message.objects.filter(room__name=room, seq=seq).first()
    return list(waiting.values())


CarryOut = Callable[[Identity, HttpRequest], Awaitable[None]]


def act(carry_out: CarryOut, *, in_a_room: bool = False) -> Any:
    """A form of the page: what it does is told to the other processes, and the page is shown again."""

    @require_POST
    async def asked(request: HttpRequest) -> HttpResponse:
        you = await permitted(request, _field(request, "room") if in_a_room else "")
        try:
            await carry_out(you, request)
        except Refused as refused:
            return await _refused(request, you, refused)
        hub().people.tell_companions(NEWS)
        if wants_json(request):
            return JsonResponse({})
        return redirect("moderation") if you.is_staff else redirect("mutes", _field(request, "room"))

    return asked


async def _refused(request: HttpRequest, you: Identity, refused: Refused) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(refused.event(), status=404 if refused.reason == NO_SUCH_ROOM else refused.http_status)
    return await _page(request, you, refused) if you.is_staff else refusal_page(request, refused)


def act_in_room(carry_out: CarryOut) -> Any:
    return act(carry_out, in_a_room=True)


@act
async def ban(you: Identity, request: HttpRequest) -> None:
    target = await _ban(by=you, target=_field(request, "whom"), until=_until(request), why=_field(request, "why"))
    hub().people.tell_companions(NEWS)  # first its connections: they end as banned, not as signed out
    if (account := account_pk(target)) is not None:
        await _end_sessions(account)


@act
async def unban(you: Identity, request: HttpRequest) -> None:
    await writing(acts.unban)(by=you, target=_field(request, "whom"), why=_field(request, "why"))


@act_in_room
async def mute(you: Identity, request: HttpRequest) -> None:
    whom, until = _field(request, "whom"), _until(request)
    await writing(acts.mute)(by=you, room=_field(request, "room"), whom=whom, until=until, why=_field(request, "why"))


@act_in_room
async def unmute(you: Identity, request: HttpRequest) -> None:
    await writing(acts.unmute)(
        by=you, room=_field(request, "room"), whom=_field(request, "whom"), why=_field(request, "why")
    )


@act
async def slow(you: Identity, request: HttpRequest) -> None:
    seconds = _number(request, "seconds", SLOW_MAX)
    await writing(acts.slow)(by=you, room=_field(request, "room"), seconds=seconds, why=_field(request, "why"))


@act
async def purge(you: Identity, request: HttpRequest) -> None:
    await writing(acts.purge)(by=you, author=_field(request, "whom"), why=_field(request, "why"))


@act
async def remove(you: Identity, request: HttpRequest) -> None:
    """A message, also in a room that one is no member of."""
    room, id = _field(request, "room"), _number(request, "id", 10**17)
    outcome = await commands.obey(hub(), Remove(room, you, id))
    if isinstance(outcome, Refused):
        raise outcome
    await writing(acts.handled)(by=you, room=room, message=id, why=_field(request, "why"))


@act
async def keep(you: Identity, request: HttpRequest) -> None:
    """A reported message stays."""
    room, id = _field(request, "room"), _number(request, "id", 10**17)
    await writing(acts.handled)(by=you, room=room, message=id, why=_field(request, "why"))


_ban, _end_sessions = writing(acts.ban), writing(end_sessions)


def _field(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "").strip()[:1000]


def _number(request: HttpRequest, name: str, most: int) -> int:
    found = number(_field(request, name))
    if found is None or found > most:
        raise Refused("bad_frame", f"{name}: a whole number up to {most} is needed.")
    return found


def _until(request: HttpRequest) -> datetime | None:
    """From now on for so many hours; without them for good."""
    if not _field(request, "hours"):
        return None
    return timezone.now() + timedelta(hours=_number(request, "hours", HOURS_MAX))
