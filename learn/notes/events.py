"""Notes and what to try: the demos of Events."""

NOTES: dict[str, dict[str, str]] = {
    "echo-sync": {
        "class EchoConsumer": (
            "A method here may use the ORM as a view does. For that each event goes to the thread and back, and before "
            "and after it Channels closes connections to the database that are too old."
        ),
        'self.send({"type": "websocket.accept"})': (
            "send is asynchronous underneath. Here the thread waits until the event loop has done it."
        ),
        'self.send({**event, "type": "websocket.send"})': (
            "The event that came, under another type: text and bytes are different keys, so nothing has to be decoded."
        ),
        "raise StopConsumer": "No error: Channels catches it, the instance ends, and nothing is logged.",
    },
    "echo-async": {
        "class EchoConsumer": "Each connection gets an instance of this class, and keeps it until it ends.",
        'await self.send({**event, "type": "websocket.send"})': (
            "The event that came, under another type. So text comes back as text, and bytes as bytes."
        ),
        "raise StopConsumer": "The instance ends here. Without it the server keeps it in memory after each connection.",
    },
}

TO_TRY: dict[str, tuple[str, ...]] = {
    "echo-sync": (
        "Press “学习, with 🙂”. The size counts bytes: these 10 characters are 17 bytes.",
        "Press “six bytes”, then type the same digits into “A frame” and press “Send”. Only the first is binary.",
        (
            "Under “Address, subprotocols, close code”, change the address to /ws/learn/echo-async/ and press “Connect "
            "again”. From outside nobody can tell the twins apart."
        ),
    ),
    "echo-async": (
        "Press “hello”, then “six bytes”. What is sent as binary comes back as binary.",
        "Disconnect with the code 4001, under “Address, subprotocols, close code”. The consumer gets the same code.",
        "Compare it with the synchronous twin below: async, await and the name of the base class are all that differs.",
    ),
}
