"""`{"type": "here"}`: one is active in this room, so what is new there is no news on one's other pages and devices."""

from chat.hints import Hint
from chat.hub import Hub


class Here(Hint):
    async def act(self, hub: Hub) -> None:
        hub.people.whisper_to([self.author.id], {"type": "here", "room": self.room})
