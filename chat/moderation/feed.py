"""`/ws/chat/admin/`: the staff's live feed of records and reports. To all others there is no such room."""

import asyncio
from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import Error as DatabaseError

from accounts.sessions import signed_in
from chat import protocol
from chat.database import reading
from chat.handshake import Scope, no_such_room, query_parameter, refuse, visitor
from chat.hub import hub
from chat.identity import Identity
from chat.moderation.companion import Moderator
from chat.moderation.models import Record
from chat.observed.request_id import for_everyone
from chat.observed.server import SERVER
from chat.protocol import SESSION_ENDED, SUBPROTOCOL, TRY_AGAIN_LATER, Event, Refused

LOOKED_BACK = 100  # records; one with a lower number may become visible after one with a higher


async def admin_chat(scope: Scope, receive: Any, send: Any) -> None:
    try:
        you = await visitor(scope)
    except Refused:
        you = None
    except DatabaseError:
        await refuse(scope, receive, send, protocol.unavailable(), TRY_AGAIN_LATER)
        return
    if you and you.is_staff:
        await AdminChatConsumer.as_asgi()(scope | {"you": you}, receive, send)
    else:
        await no_such_room(scope, receive, send)


class AdminChatConsumer(AsyncJsonWebsocketConsumer):
    """Reads what is new from the database whenever it is woken: a word that gets lost only delays it."""

    channel_layer_alias = None
    news: asyncio.Event
    following: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        offered = self.scope["subprotocols"]
        await self.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        try:
            after = protocol.parse_seq(query_parameter(self.scope, "after"), "after")
        except Refused as refused:
            await self.send_json(refused.event())
            await self.close(refused.close_code)
            return
        self.news = asyncio.Event()
        self.news.set()
        if moderator := hub().people.companion(Moderator):
            moderator.staff.add(self.news)
        self.following = for_everyone(self.follow(after))

    async def follow(self, after: int | None) -> None:
        you: Identity = self.scope["you"]
        sent, newest = set[int](), await read_newest()
        after = newest if after is None else after
        await self.send_json({"type": "hello", "seq": newest, "you": you.public(), "server": SERVER})
        while await is_still_staff(you):
            await self.news.wait()
            self.news.clear()
            for event in await read_after(after, sent):
                await self.send_json(event)
                sent.add(event["id"])
        refused = Refused("forbidden", "Your session has ended.", reason="session_ended")
        await self.send_json(refused.event())
        await self.close(SESSION_ENDED)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Nothing is said here; a ping is answered, so that a page notices a dead line."""
        if isinstance(content, dict) and content.get("type") == "ping":
            await self.send_json({"type": "pong"})

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        try:
            return protocol.parse(text_data)
        except Refused:
            return None

    async def disconnect(self, code: int) -> None:
        if moderator := hub().people.companion(Moderator):
            moderator.staff.discard(self.news)
        if self.following:
            self.following.cancel()


@reading
def is_still_staff(you: Identity) -> bool:
    if you.ticket is None:
        return False
    found = signed_in([you.ticket.session]).get(you.ticket.session)
    return found is not None and found.ticket == you.ticket and found.user.is_staff


@reading
def read_newest() -> int:
    return Record.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@reading
def read_after(after: int, sent: set[int]) -> list[Event]:
    """What was not sent yet, in the order of the numbers."""
    look_from = max(after, max(sent, default=0) - LOOKED_BACK)
    for old in [id for id in sent if id <= look_from]:
        sent.discard(old)
    return [event_of(each) for each in Record.objects.filter(pk__gt=look_from).order_by("pk") if each.pk not in sent]


def event_of(record: Record) -> Event:
    return {
        "type": "report" if record.act == "report" else "record",
        "id": record.pk,
        "at": record.at.isoformat(),
        "act": record.act,
        "by": {"id": record.by, "name": record.by_name},
        "whom": {"id": record.whom, "name": record.whom_name},
        "room": record.room,
        "message": record.message,
        "until": record.until.isoformat() if record.until else None,
        "detail": record.detail,
        "why": record.why,
    }
