"""`/people/<id>/`: an account, as others find it: the way to the direct room of the two, and blocking.

The room's page asks for the form alone (`HX-Request`), and shows it in a dialog.
"""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.display_names import initial
from accounts.models import User
from chat.database import reading, writing
from chat.hub import hub
from chat.identity import account_id, identify_request, of_request
from chat.markup import disc
from chat.members import blocks
from chat.members.verb import permit
from chat.permissions import why_not_enter
from chat.protocol import Refused
from chat.views import refusal_page, wants_json


@require_safe
async def person(request: HttpRequest, id: int) -> HttpResponse:
    return await _person(request, id)


@reading
def _person(request: HttpRequest, id: int) -> HttpResponse:
    """For accounts alone: guests have no direct rooms. A direct room's page names everybody in it as well."""
    you = of_request(request)
    if you.ticket is None:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    found = User.objects.filter(pk=id, is_active=True).exclude(pk=you.ticket.user).first()
    if found is None or why_not_enter(you):
        raise Http404
    is_dialog = bool(request.htmx)  # type: ignore[attr-defined]
    context = {
        "person": found,
        "is_dialog": is_dialog,
        "disc": disc(account_id(found.pk)),
        "initial": initial(found.username),
        "is_blocked": bool(blocks.blocked_by(you, [found.pk])),
    }
    return render(request, f"chat/members/{'_block' if is_dialog else 'person'}.html", context)


@require_POST
async def block(request: HttpRequest, id: int) -> HttpResponse:
    """`on` is 1, or 0 to take it back."""
    you = await identify_request(request)
    try:
        permit(you)
        room, access = await writing(blocks.block)(by=you, person=id, on=request.POST.get("on", "1") == "1")
    except Refused as refused:
        if wants_json(request):
            return JsonResponse(refused.event(), status=refused.http_status)
        return refusal_page(request, refused)
    hub().take_away(room, access)
    return JsonResponse({}) if wants_json(request) else redirect("room", room)
