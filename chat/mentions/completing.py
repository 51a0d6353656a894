"""`/chat/<room>/people/?q=…`: members of a room whose names begin so, to complete a name after `@`."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from accounts.display_names import RAW_MAX
from chat.database import reading
from chat.history import own_name, permit_one
from chat.identity import account_id, of_request
from chat.mentions.naming import EVERYONE
from chat.models import OWNER, Member

LISTED = 100


@require_safe
async def people(request: HttpRequest, room: str) -> HttpResponse:
    """`is_all`: without `q` it would be the same, so the page need not ask again."""
    return await _people(request, room)


@reading
def _people(request: HttpRequest, room: str) -> HttpResponse:
    you = of_request(request)
    room, typed = own_name(room, you), request.GET.get("q", "")[:RAW_MAX].replace("\0", "")
    members = Member.objects.filter(room__name=room, person__is_active=True)
    begins = Q(person__username__istartswith=typed) | Q(person__username__icontains=f" {typed}")
    named = (members.filter(begins) if typed else members).order_by("person__username")
    found = list(named.values_list("person", "person__username")[: LISTED + 1])
    is_owner = you.ticket is not None and members.filter(person=you.ticket.user, role=OWNER).exists()
    permit_one(you, room)
    answer = {
        "people": [{"id": account_id(person), "name": name} for person, name in found[:LISTED]],
        "everyone": EVERYONE if is_owner else None,
        "is_all": not typed and len(found) <= LISTED,
    }
    return JsonResponse(answer)
