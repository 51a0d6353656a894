from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "chat.members"
    label = "members"
