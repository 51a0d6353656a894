from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "chat.search"

    def ready(self) -> None:
        from chat.search import checks  # noqa: F401 - registers a check
