from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "chat.moderation"

    def ready(self) -> None:
        from chat.moderation import sessions  # noqa: F401 - registers a receiver
