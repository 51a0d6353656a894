"""One's inbox: where one was mentioned, newest first."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chat import direct, identity
from chat.database import reading
from chat.markup import html_of
from chat.mentions.models import Mention
from chat.models import Message
from chat.permissions import why_not_enter
from chat.protocol import number
from chat.rights import readable_by

LISTED = 50


@require_safe
async def inbox(request: HttpRequest) -> HttpResponse:
    return await _inbox(request)


@reading
def _inbox(request: HttpRequest) -> HttpResponse:
    """Messages and permission in one statement: nothing is shown that was said after a removal."""
    you = identity.of_request(request)
    if you.ticket is None:
        return redirect(f"{reverse('account_login')}?next={reverse('inbox')}")
    if refused := why_not_enter(you):
        raise PermissionDenied(refused)
    me = you.ticket.user
    mention = Mention.objects.filter(room=OuterRef("room"), seq=OuterRef("seq"), person=me)
    before = number(request.GET.get("before", ""))
    messages = Message.objects.filter(readable_by(you), Exists(mention), deleted_at=None).select_related("room")
    if before is not None:
        messages = messages.filter(pk__lt=before)
    found = list(messages.order_by("-pk")[: LISTED + 1])
    context = {
        "mentions": [(each.room.name, direct.title(each.room.name, you), html_of(each), each.seq)
                     for each in found[:LISTED]],
        "older": found[LISTED - 1].pk if len(found) > LISTED else None,
    }  # fmt: skip
    return render(request, "chat/mentions/inbox.html", context)
