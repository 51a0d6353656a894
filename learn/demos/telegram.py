from channels.consumer import SyncConsumer


class ChattyBotConsumer(SyncConsumer):
    """Channels does not care where events come from: here it is Telegram.

    An interface server translates. It reads a foreign protocol and feeds the ASGI
    application with events, one instance for each conversation. For HTTP and WebSocket
    that is Daphne or uvicorn, for Telegram `manage.py run_telegram`; the events are our
    own invention. `"telegram": ChattyBotConsumer.as_asgi()` in the ProtocolTypeRouter.
    """

    # The scope, one for each Telegram chat, as long as the instance lives:
    #   {"type": "telegram", "chat": {"id": 42, "type": "private", "first_name": "Ada"}}
    #
    # What comes in, once for each message:
    #   {"type": "telegram.message", "text": "Hello", "message_id": 7, "from": {…}}
    #
    # What goes out, to the chat of the scope:
    #   {"type": "telegram.message", "text": "You said: Hello"}

    def telegram_message(self, message):
        text = f"You said: {message['text']}"
        self.send({"type": "telegram.message", "text": text})
