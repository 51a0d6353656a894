"""`/chat/<room>/news/`: the newest message there that is meant for me and that I have not read."""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from chat import direct
from chat.database import reading
from chat.history import own_name, permit_one
from chat.identity import of_request
from chat.lines import line
from chat.mentions.models import Mention
from chat.models import Member, Message
from chat.unread.numbers import EVERYTHING, MUTED


@require_safe
async def news(request: HttpRequest, room: str) -> HttpResponse:
    return await _news(request, room)


@reading
def _news(request: HttpRequest, room: str) -> HttpResponse:
    """204 where there is none."""
    you = of_request(request)
    room = own_name(room, you)
    me = you.ticket.user if you.ticket else 0
    here = Member.objects.filter(room=OuterRef("room"), person=me, read_seq__lt=OuterRef("seq")).exclude(
        involvement=MUTED
    )
    mention = Mention.objects.filter(room=OuterRef("room"), seq=OuterRef("seq"), person=me)
    for_me = Exists(here.filter(involvement=EVERYTHING)) | (Exists(here) & Exists(mention))
    unread = Message.objects.filter(for_me, room__name=room, deleted_at=None).exclude(author_id=you.id)
    newest = unread.order_by("-seq").first()
    permit_one(you, room)
    if newest is None:
        return HttpResponse(status=204)
    return JsonResponse({
        "id": newest.seq,
        "author": newest.author_name,
        "text": line(newest.text, newest.body),
        "title": direct.title(room, you),
        "is_direct": direct.is_direct(room),
    })  # fmt: skip
