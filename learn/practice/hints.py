"""What unfolds on an exercise's page, and what its consoles have prepared."""

from learn.catalog import Try

HINTS: dict[int, str] = {
    1: "The first word decides, as a whole: `text_data.partition(' ')` gives the word and the rest. Whoever looks for "
    "a text that begins with `/me` also finds `/menu`.",
    2: "Only the speaker's own consumer knows the name. So the event that it sends to the group must carry it. Keep "
    "the old name until the new one has been announced.",
    3: "Which line runs on every way out of a consumer, even the bad ones? Look at how `closing.py` wraps `__call__`. "
    "Count a connection before the first await, or a cancelled one is taken away and was never added.",
    4: "A frame has either bytes or text, and an empty one is `b\"\"`, which is false. After `websocket.close` the "
    "consumer may still get what the client had sent before: remember that you have closed.",
    5: "`self.channel_layer.send` reaches one channel whose name you know. So somebody has to know which channels Bob "
    "has in this room, and to forget them on every way out.",
    6: "Keep a message where it comes in, once. In `chat_message` each consumer of the room would keep it. And copy "
    "the ten before the first await: what is said afterwards comes by the group.",
    7: "Of the last five messages, when was the oldest? A deque with `maxlen=5` of their times is all you need. Do not "
    "round: who waits for `retry_after` seconds must be let in.",
    8: "A consumer handles one event at a time, so a handler must not await slow work. Make a task, keep it, look at "
    "how it ended, and cancel it in a `finally` around `__call__`.",
    9: "`Last-Event-ID` is a header of the request: `dict(self.scope[\"headers\"])`. Join the group first, then read "
    "what is kept, and send each number once, whichever way it came.",
    10: "Read from the database what comes after the last number that you have sent, each time an event wakes you. "
    "Then it does not matter which events were lost. On `IntegrityError`, ask for the newest number again.",
}  # fmt: skip


def _said(*texts: str) -> tuple[Try, ...]:
    return tuple(Try(text, "", f'{{"message": "{text}"}}') for text in texts)


NO_JSON = Try("no JSON", "", "hello")

TRIES: dict[int, tuple[Try, ...]] = {
    1: tuple(Try(text, "", text) for text in ("/name Ada", "/me waves", "/me", "/menu")),
    2: _said("hello", "/name Ada", "/name"),
    3: (*_said("hello"), Try("crash", "", "no JSON"), Try("leave", "", close=1000)),
    4: (
        Try("01 02 03", "", "01 02 03", "binary"),
        Try("1025 bytes", "", "00" * 1025, "binary"),
        Try("text", "", "hello"),
    ),
    5: _said("hello", "/to Bob a secret", "/to Zoe a secret", "/to Bob"),
    6: _said("one", "two", "three"),
    7: (*_said("hello"), NO_JSON),
    8: (Try("work", "", "work"), Try("ping", "", "ping"), Try("leave", "", close=1000)),
    9: (Try("listen", "200"), Try("say hello", "204", "hello", method="POST")),
    10: (*_said("hello"), NO_JSON),
}

QUERIES: dict[int, tuple[str, str]] = {5: ("?name=Ada", "?name=Bob"), 10: ("", "?after=0")}  # of the two consoles
