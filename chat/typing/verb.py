"""`{"type": "typing"}`: everybody in the room sees it, and nobody keeps it."""

from chat.hints import Hint
from chat.hub import Hub
from chat.presence.companion import Presence


class Typing(Hint):
    async def act(self, hub: Hub) -> None:
        present = hub.people.companion(Presence)
        if present is None or not present.is_crowded(self.room):
            hub.whisper(self.room, {"type": "typing", "author": self.author.public()})
