"""Notes and what to try: the demos of Other processes, other protocols."""

NOTES: dict[str, dict[str, str]] = {
    "worker": {
        'CHANNEL = "learn-print"': (
            "A name without an exclamation mark belongs to no connection: any process may read it."
        ),
        "def test_print": "A worker has one instance for all jobs of a channel, and so does one job at a time.",
        'async_to_sync(self.channel_layer.send)(message["reply_to"]': (
            "Who asked may have gone. That is no error: the answer goes to a channel that nobody reads."
        ),
        "await self.channel_layer.send(CHANNEL, job)": (
            "A worker that dies over a job has lost it: nothing gives it to another one. What must not be lost belongs "
            "in a table."
        ),
        "self.waiting = asyncio.get_running_loop()": (
            "There is no receipt for a job. A time limit of your own is the only way to notice that nobody does it."
        ),
    },
    "telegram": {
        "class ChattyBotConsumer(SyncConsumer)": (
            "The base class knows no protocol, only events and their types. WebSockets are in WebsocketConsumer."
        ),
        "def telegram_message": "By the same rule as websocket_receive: the dot becomes an underscore.",
        'self.send({"type": "telegram.message"': (
            "What becomes of this event the server decides. The consumer knows no token and makes no request."
        ),
    },
}

TO_TRY: dict[str, tuple[str, ...]] = {
    "worker": (
        "Press “a job” without a worker. After two seconds the consumer gives up.",
        "Start the server and the worker as it is said above, and press “a job”. The worker says it backwards.",
        (
            "Press “a job” twice within two seconds, without a worker. Only one complaint comes: the consumer waits "
            "for the last job alone."
        ),
    ),
    "telegram": (
        "Press “hello”. The answer is what a chat in Telegram would get: the consumer is the same.",
        "Press “Disconnect”, then “hello”. It is another instance, as another chat would have.",
    ),
}
