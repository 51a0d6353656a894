"""Notes and what to try: the demos of Groups."""

NOTES: dict[str, dict[str, str]] = {
    "group-sync": {
        "group_add = async_to_sync": (
            "The thread waits for the layer, and with it all synchronous consumers of this process. With Redis that is "
            "a trip over the network."
        ),
        "self.accept()": "From here on the browser may send. What it sends waits until connect has returned.",
        "group_discard = async_to_sync": (
            "If this never runs, the group keeps the channel: in memory and with core for a day, which is group_expiry."
        ),
        "group_send(self.room_group_name, event)": (
            "It returns when the layer has the event. Whether anybody heard it, nobody says: a channel that is full "
            "loses it without an error."
        ),
        "def chat_message": "Called once in each connection of the group, the sender’s included.",
    },
    "group-async": {
        'self.scope["url_route"]': (
            "From the route. The pattern allows what a group’s name may hold: ASCII letters, digits, hyphens and "
            "underscores, and fewer than 100 characters."
        ),
        "await self.channel_layer.group_add": (
            "First into the group, then accept. The other way round there is a moment in which one is in the room and "
            "hears nothing."
        ),
        "await self.channel_layer.group_discard": "Nobody promises that this runs: step 6 has more about that.",
        'event = {"type": "chat.message"': (
            "The dot becomes an underscore: chat.message calls chat_message. A type without a method ends every "
            "connection in the group."
        ),
        'await self.send(text_data=json.dumps({"message": event': (
            "Once for each connection: 300 people are 300 times json.dumps of the same words."
        ),
    },
    "members-only": {
        "if await self.is_member():": (
            "Asked once for a connection. Asked for each event, a room of 300 would be 300 questions for each message."
        ),
        "if not await self.is_member():": (
            "Someone who was removed stays connected until the next event reaches them. Until then they may send, so "
            "each frame asks."
        ),
        '"access": Vault.access}': (
            "The number travels with the words. So it says how things stood when they were said, however late they "
            "come."
        ),
        'if event["access"] == self.access': (
            "Two numbers are compared for each event. The database is asked only after a removal."
        ),
        "await self.close(code=4403)": "This does not leave the group: disconnect does, when the browser has answered.",
    },
}

TO_TRY: dict[str, tuple[str, ...]] = {
    "group-sync": (
        "Connect One and Another, and press “hello” in One. Both hear it.",
        (
            "Change Another’s “Address” to /ws/learn/group-sync/garden/, press “Connect again”, and then “hello” in "
            "One. That is another room, and it stays silent."
        ),
        "Press “no JSON” in One. Only One gets the error.",
    ),
    "group-async": (
        "Press “hello” in One, then in Another. From the second on, both hear it, at the same time.",
        "Disconnect Another, say something in One, and connect Another again. That message is gone for good.",
        "Press “no JSON”. Only the one who sent it gets the error.",
    ),
    "members-only": (
        "Connect both, and press “hello” at Ada and at Bob. Both hear both.",
        "Press “remove Bob”. His connection ends with 4403. Press “hello” at Bob: it ends so again.",
        "Press “let him in again”, then “connect” at Bob. What was said meanwhile he has missed.",
        "Press “as a stranger”. Eve is accepted, and closed with the same code.",
    ),
}
