"""Channels does not care where events come from: here from Telegram, to the chatty bot of the Channels documentation.

An *interface server* translates: it reads a foreign protocol and feeds the ASGI application with events, one instance
for each conversation. For HTTP and WebSocket that is Daphne or uvicorn, for Telegram `manage.py run_telegram`, and the
events are our own invention. Wiring: `"telegram": ChattyBotConsumer.as_asgi()` in the ProtocolTypeRouter.
"""

from channels.consumer import SyncConsumer


class ChattyBotConsumer(SyncConsumer):
    # The scope, one for each Telegram chat, as long as the instance lives:
    #   {"type": "telegram", "chat": {"id": 42, "type": "private", "first_name": "Ada"}, "asgi": {"version": "3.0"}}
    #
    # What comes in, once for each message; the dot becomes an underscore, so that it ends up in telegram_message():
    #   {"type": "telegram.message", "text": "Hello", "message_id": 7, "from": {"id": 42, "first_name": "Ada", …}}
    #
    # What goes out, to the chat of the scope:
    #   {"type": "telegram.message", "text": "You said: Hello"}

    def telegram_message(self, message):
        self.send({"type": "telegram.message", "text": f"You said: {message['text']}"})
