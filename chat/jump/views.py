"""`/rooms/find/?q=…`: rooms that one may know of, and people who belong to them, by a part of their names."""

import unicodedata
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from accounts.display_names import RAW_MAX
from accounts.models import User
from chat import pages
from chat.database import reading
from chat.identity import Identity, account_id, of_request
from chat.models import OPEN, PUBLIC, Member, Room
from chat.permissions import why_not_enter

LISTED = 12  # rooms, and people
LOOKED_THROUGH = 2000  # rooms of a kind, the most recently active: a name that nobody has would be looked for in all


@require_safe
async def find(request: HttpRequest) -> HttpResponse:
    return JsonResponse(await _find(request))


@reading
def _find(request: HttpRequest) -> dict[str, Any]:
    you = of_request(request)
    typed = request.GET.get("q", "")[:RAW_MAX].replace("\0", "").strip()
    if not typed or why_not_enter(you):
        return {"rooms": [], "people": []}
    return {"rooms": _rooms(you, typed), "people": _people(you, typed)}


def _rooms(you: Identity, typed: str) -> list[dict[str, str]]:
    """But for direct ones, which are found by their people. Permission and name in one statement each."""
    part = unicodedata.normalize("NFC", "-".join(typed.split()).casefold())
    found = [row for kind in pages.known_to(you) for row in _called(kind, part)]
    found.sort(key=lambda row: (row[0].startswith(part), row[2]), reverse=True)
    return [{"room": name, "topic": topic} for name, topic, _ in found[:LISTED]]


def _called(kind: QuerySet[Room], part: str) -> list[tuple[str, str, Any]]:
    recent = kind.order_by("-active_at").values("pk")[:LOOKED_THROUGH]
    named = kind.filter(pk__in=recent, name__contains=part).order_by("-active_at")
    return list(named.values_list("name", "topic", "active_at")[:LISTED])


def _people(you: Identity, typed: str) -> list[dict[str, str]]:
    """Accounts alone have direct rooms."""
    if you.ticket is None:
        return []
    begins = Q(username__istartswith=typed) | Q(username__icontains=f" {typed}")
    room = Q(room__kind__in=(PUBLIC, OPEN)) | Q(room__members__person=you.ticket.user)
    belongs = Exists(Member.objects.filter(room, person=OuterRef("pk")))
    people = User.objects.filter(begins, belongs, is_active=True).exclude(pk=you.ticket.user).order_by("username")
    return [{"id": account_id(pk), "name": name} for pk, name in people.values_list("pk", "username")[:LISTED]]
