"""The classroom's consumers and their addresses, beside the product's. Each demo has its line; nothing is generated."""

from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import ChannelNameRouter, ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path, re_path

from chat.handshake import SameOriginOnly, refuse
from chat.observed.access_log import Logged
from chat.protocol import UNKNOWN, Refused
from learn.demos import (
    accept_refuse,
    chat_name,
    closing,
    databases,
    echo_async,
    echo_sync,
    group_async,
    group_sync,
    http_basic,
    json,
    json_async,
    json_echo,
    layers,
    log,
    long_poll,
    members_only,
    ping,
    processes,
    routing,
    scope,
    sessions,
    sse,
    sync_to_async,
    telegram,
    testing,
    websocket_async,
    websocket_sync,
    worker,
)
from learn.guard import Guarded
from learn.preview import TelegramPreview
from learn.room import RoomConsumer
from learn.sessions import ProductSession

if settings.DEBUG:
    from learn import with_debug

NAME = "[-a-zA-Z0-9_]{1,80}"  # a group's name has fewer than 100 characters, and the demo's own stands before this
NO_SUCH_DEMO = "Nothing of the classroom is at this address. /learn/ lists what there is."


async def no_such_demo(scope: dict[str, Any], receive: Any, send: Any) -> None:
    refused = Refused("forbidden", NO_SUCH_DEMO, reason="no_such_demo")
    await refuse(scope, receive, send, refused, UNKNOWN)


def room(slug: str, consumer: Any) -> Any:
    """A demo with a room's name in its address."""
    return re_path(rf"^ws/learn/{slug}/(?P<room_name>{NAME})/$", consumer)


websocket_urlpatterns = [
    path("ws/learn/echo-sync/", echo_sync.EchoConsumer.as_asgi()),
    path("ws/learn/echo-async/", echo_async.EchoConsumer.as_asgi()),
    path("ws/learn/websocket-sync/", websocket_sync.MyConsumer.as_asgi()),
    path("ws/learn/websocket-async/", websocket_async.MyConsumer.as_asgi()),
    path("ws/learn/accept-refuse/", accept_refuse.MyConsumer.as_asgi()),
    path("ws/learn/json/", json.JsonConsumer.as_asgi()),
    path("ws/learn/json/async/", json_async.AsyncJsonConsumer.as_asgi()),
    path("ws/learn/json-echo/", json_echo.ChatConsumer.as_asgi()),
    room("group-sync", group_sync.ChatConsumer.as_asgi()),
    room("group-async", group_async.ChatConsumer.as_asgi()),
    re_path("^ws/learn/members-only/(?P<name>ada|bob|eve)/$", members_only.MembersConsumer.as_asgi()),
    path("ws/learn/chat-name/", chat_name.ChatConsumer.as_asgi()),
    path("ws/learn/ping/", ping.PingConsumer.as_asgi()),
    path("ws/learn/log/", log.LogConsumer.as_asgi()),
    path("ws/learn/scope/<slug:here>/", scope.ScopeConsumer.as_asgi()),
    path("ws/learn/closing/", closing.ClosingConsumer.as_asgi()),
    re_path(rf"^ws/learn/routing/(?=chat/{NAME}/$)", routing.application),  # it routes the rest of the path by itself
    path("ws/learn/databases/", databases.ChatConsumer.as_asgi()),
    path("ws/learn/sync-to-async/", sync_to_async.SyncToAsyncConsumer.as_asgi()),
    path("ws/learn/sessions/", sessions.ClassroomSession(sessions.SessionConsumer.as_asgi())),
    path("ws/learn/layers/", layers.LayersConsumer.as_asgi()),
    path("ws/learn/processes/", processes.ProcessesConsumer.as_asgi()),
    path("ws/learn/worker/", worker.WorkerConsumer.as_asgi()),
    path("ws/learn/telegram/", TelegramPreview.as_asgi()),
    path("ws/learn/testing/", testing.MyConsumer.as_asgi()),
    re_path(rf"^ws/learn/room/(?P<room>{NAME})/$", RoomConsumer.as_asgi()),
    *(with_debug.websocket_urlpatterns if settings.DEBUG else []),
    re_path("", no_such_demo),  # type: ignore[arg-type]
]


def signed_in(application: Any) -> Any:
    """With cookies, session and user in the scope."""
    return ProductSession(AuthMiddlewareStack(application))


def live(application: Any) -> Any:
    """What stands before Django's middleware, under the same log as it and with a bound of its own."""
    return Logged(Guarded(application))


http_urlpatterns = [
    path("learn/scope/live/<slug:here>/", live(signed_in(scope.ScopeConsumer.as_asgi()))),
    path("learn/http-basic/live/", live(http_basic.BasicHttpConsumer.as_asgi())),
    path("learn/long-poll/live/", live(long_poll.LongPollConsumer.as_asgi())),
    path("learn/sse/live/", live(sse.ServerSentEventsConsumer.as_asgi())),
    *(path(address, live(consumer)) for address, consumer in (with_debug.HTTP if settings.DEBUG else {}).items()),
]

channels = {worker.CHANNEL: worker.PrintConsumer.as_asgi()}


def with_classroom(product: ProtocolTypeRouter) -> ProtocolTypeRouter:
    """The product's routing, with the classroom's addresses, its worker's channel and its bot's protocol beside it."""
    served = product.application_mapping
    websocket = Logged(SameOriginOnly(Guarded(signed_in(URLRouter(websocket_urlpatterns)))))
    http = URLRouter([*http_urlpatterns, re_path("", served["http"])])
    return ProtocolTypeRouter(
        {
            **served,
            "http": beside(served["http"], "/learn/", http),
            "websocket": beside(served["websocket"], "/ws/learn/", websocket),
            "channel": ChannelNameRouter(channels),
            "telegram": telegram.ChattyBotConsumer.as_asgi(),
        }
    )


def beside(product: Any, prefix: str, classroom: Any) -> Any:
    """Not one more router around the product, which would cost each of its connections memory."""

    def application(scope: dict[str, Any], receive: Any, send: Any) -> Any:
        return (classroom if scope["path"].startswith(prefix) else product)(scope, receive, send)

    return application
