from typing import Any

from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from accounts.sessions import session_ended

        session_ended.connect(_look_at_once)


def _look_at_once(**_: Any) -> None:
    """At the sessions of those who are connected. Where this hint is lost, the poll sees it."""
    from chat import hub

    hub.whisper_from_a_thread([], {"type": hub.SESSIONS})
