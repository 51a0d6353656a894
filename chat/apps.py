from typing import Any

from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from accounts.sessions import accounts_changed

        accounts_changed.connect(_look_at_once)


def _look_at_once(**_: Any) -> None:
    """At the sessions of those who are connected, in all processes. Where this hint is lost, the poll sees it."""
    from chat.hub import _hubs

    for loop, hub in list(_hubs.items()):  # the signal comes from the thread of a view
        if loop.is_running():
            loop.call_soon_threadsafe(hub.people.look_at_sessions)
