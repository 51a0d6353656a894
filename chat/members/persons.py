"""`/people/<id>/`: an account, as others find it: the way to the direct room of the two, and blocking.

The room's page asks for the form alone (`HX-Request`), and shows it in a dialog.
"""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.display_names import initial
from accounts.models import User
from chat import limits
from chat.database import reading, writing
from chat.hub import hub
from chat.identity import identify_request, of_request
from chat.markup import disc
from chat.members import blocks
from chat.permissions import why_not_enter
from chat.protocol import HTTP_STATUS, Refused
from chat.refusals import in_words
from chat.views import wants_json


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
        "disc": disc(f"user-{found.pk}"),
        "initial": initial(found.username),
        "is_blocked": bool(blocks.blocked_by(you, [found.pk])),
    }
    return render(request, f"chat/members/{'_block' if is_dialog else 'person'}.html", context)


@require_POST
async def block(request: HttpRequest, id: int) -> HttpResponse:
    """`on` is 1, or 0 to take it back."""
    you = await identify_request(request)
    try:
        if refused := why_not_enter(you):
            raise refused
        limits.take(limits.MESSAGES, you)
        room, access = await writing(blocks.block)(by=you, person=id, on=request.POST.get("on", "1") == "1")
    except Refused as refused:
        status = HTTP_STATUS.get(refused.code, 400)
        if wants_json(request):
            return JsonResponse(refused.event(), status=status)
        return render(request, "403.html", {"detail": in_words(refused), "refused": refused}, status=status)
    hub().take_away(room, access)
    return JsonResponse({}) if wants_json(request) else redirect("room", room)
