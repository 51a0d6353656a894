"""The product without what tells people what is unread and where something happened. The difference is its price."""

from chat import hub
from chat.unread.companion import Unread
from mysite.asgi import application

hub.companions.remove(Unread)

__all__ = ["application"]
