"""What the pages of demos add beside the source: sentences by a part of the line they explain, and what to try."""

NOTES: dict[str, dict[str, str]] = {
    "echo-async": {
        "class EchoConsumer": "Each connection gets an instance of this class, and keeps it until it ends.",
        'await self.send({**event, "type": "websocket.send"})': "The event that came, under another type. So text "
        "comes back as text, and bytes as bytes.",
        "raise StopConsumer": "The instance ends here. Without it the server keeps it in memory after each connection.",
    },
    "group-async": {
        'self.scope["url_route"]': "From the route. The pattern allows what a group’s name may hold: ASCII letters, "
        "digits, hyphens and underscores, and fewer than 100 characters.",
        "await self.channel_layer.group_add": "First into the group, then accept. The other way round there is a "
        "moment in which one is in the room and hears nothing.",
        "await self.channel_layer.group_discard": "Nobody promises that this runs: step 6 has more about that.",
        'event = {"type": "chat.message"': "The dot becomes an underscore: chat.message calls chat_message. A type "
        "without a method ends every connection in the group.",
        'await self.send(text_data=json.dumps({"message": event': "Once for each connection: 300 people are 300 times "
        "json.dumps of the same words.",
    },
}  # fmt: skip

TO_TRY: dict[str, tuple[str, ...]] = {
    "echo-async": (
        "Press “hello”, then “six bytes”. What is sent as binary comes back as binary.",
        "Disconnect with the code 4001, under “Address, subprotocols, close code”. The consumer gets the same code.",
        "Compare it with the synchronous twin below: five words differ.",
    ),
    "group-async": (
        "Press “hello” in One, then in Another. From the second on, both hear it, at the same time.",
        "Disconnect Another, say something in One, and connect Another again. That message is gone for good.",
        "Press “no JSON”. Only the one who sent it gets the error.",
    ),
    "accept-refuse": (
        "Press “be refused”, then “be closed with 4123”. Only the second gives a reason.",
    ),
    "closing": (
        "Connect twice, in two windows, and ask how many tasks run. Close one window and ask again.",
        "Press “crash it”. The task of that connection has ended too.",
    ),
    "sse": ("Press “watch” in two windows, close one, and look at the number in the other.",),
    "long-poll": ("Press “wait” first, then “say hello”: the answer comes at that moment.",),
    "sync-to-async": ("Press both, one after the other. While the loop is blocked, the clock stops for everybody.",),
}  # fmt: skip
