"""Notes and what to try: the demos of A consumer lives."""

NOTES: dict[str, dict[str, str]] = {
    "chat-name": {
        'self.username = "Anonymous"': (
            "On self it belongs to this connection. As an attribute of the class it would be shared by all connections "
            "of this process."
        ),
        'self.send(text_data=f"[Welcome': "A consumer may speak first, and as often as it likes. A view answers, once.",
        "self.username = text_data[5:]": "Kept in memory alone. When the connection ends, the name is gone.",
        "def disconnect(self, message)": "What comes is the close code, a number, whatever the argument is called.",
    },
    "ping": {
        "await asyncio.sleep(1)": (
            "This method stops here, the event loop goes on. time.sleep(1) would stop every connection of this process."
        ),
        'await self.send({"type": "websocket.send"': (
            "The browser may have gone meanwhile: websocket.disconnect waits until this method has returned."
        ),
        "async def websocket_receive": (
            "To answer several frames of one connection at once, start a task for each. Then it is up to you to end "
            "them."
        ),
    },
    "log": {
        'self.client = self.scope.get("client")': (
            "Behind a proxy this may be the proxy. The server has to know whose X-Forwarded-For it may trust."
        ),
        'self.write("connected")': "Before accept: the browser waits for the database until it is connected.",
        "Log.objects.create": (
            "ATOMIC_REQUESTS is for views. Here each statement is committed by itself, unless you write "
            "transaction.atomic."
        ),
        "def disconnect(self, close_code)": (
            "Not called after an exception, nor when the process is killed: a connection in this table may have no end."
        ),
    },
}

TO_TRY: dict[str, tuple[str, ...]] = {
    "chat-name": (
        "Press “/name Ada”, then “hello”. The consumer knows the name.",
        "Press “Disconnect”, then “hello”. A new connection is a new instance, and Anonymous.",
        (
            "Type /name alone into “A frame” and press “Send”. The name is empty now: what a frame holds is for you to "
            "check."
        ),
    ),
    "ping": (
        (
            "Connect One and Another, and press “ping” in One and at once in Another. Both pongs come a second later: "
            "they wait together."
        ),
        "Press “ping” three times in One. The pongs come one, two and three seconds later.",
        "Press “ping” and at once “Disconnect”. No pong comes.",
    ),
    "log": (
        "Press “connect”, then “anything”. The second answer has one line more.",
        (
            "Write 4001 into “Close code”, press “Disconnect”, then “connect”. The end of the one before is there, "
            "with its code."
        ),
    ),
}
