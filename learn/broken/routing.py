"""The broken consumers' addresses, with DEBUG alone: each failure is a traceback in the server's log."""

from typing import Any

from django.urls import path

from learn.broken import (
    exception_in_connect,
    leaking_task,
    missing_await,
    mistyped_type,
    no_route,
    no_stop_consumer,
)


def alone(application: Any) -> Any:
    """A router as if it were the outermost: below another one, what it has no route for is the other's."""

    async def outermost(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await application(
            {name: scope[name] for name in scope if name != "path_remaining"},
            receive,
            send,
        )

    return outermost


websocket_urlpatterns: list[Any] = [
    path("ws/learn/broken/missing_await/", missing_await.ChatConsumer.as_asgi()),
    path("ws/learn/broken/mistyped_type/", mistyped_type.ChatConsumer.as_asgi()),
    path("ws/learn/broken/no_stop_consumer/", no_stop_consumer.EchoConsumer.as_asgi()),
    path("ws/learn/broken/leaking_task/", leaking_task.ClockConsumer.as_asgi()),
    path("ws/learn/broken/no_route/", alone(no_route.application)),
    path(
        "ws/learn/broken/exception_in_connect/",
        exception_in_connect.ChatConsumer.as_asgi(),
    ),
]
