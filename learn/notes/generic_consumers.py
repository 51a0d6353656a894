"""Notes and what to try: the demos of Generic consumers."""

NOTES: dict[str, dict[str, str]] = {
    "websocket-sync": {
        'groups = ["broadcast"]': (
            "Joined before connect runs. It belongs to the class, so it is the same for all: for a room that the "
            "address names, call group_add in connect."
        ),
        "def receive": (
            "Channels gives one of the two by its name. A receive that lacks it ends the connection with a TypeError, "
            "as soon as somebody sends such a frame."
        ),
        'self.tell_all(f"[one left': (
            "When this runs, the channel has left its groups already: the one who leaves does not hear it."
        ),
        "async_to_sync(self.channel_layer.group_send)": (
            "Without async_to_sync this makes a coroutine that nobody awaits, and nothing is sent."
        ),
    },
    "websocket-async": {
        "await self.accept()": "What the base class does too: a connect that only accepts may be left out.",
        "async def receive": (
            "While this method awaits something, the next frame of this connection and the events of its groups wait. "
            "Other connections do not."
        ),
        'await self.tell_all(f"[one left': (
            "The close code of a browser that leaves the page is 1001. If the line is cut, nobody says a code, and the "
            "server writes 1006 for it."
        ),
        "await self.channel_layer.group_send": (
            "It returns when the layer has the event. Nobody says how many heard it."
        ),
        "async def broadcast_message": "Runs once in each connection of the group, the sender’s included.",
    },
    "accept-refuse": {
        'if self.scope["query_string"]': (
            "Bytes, as they came. urllib.parse.parse_qs reads them; there is no request.GET."
        ),
        "await self.close()": "An exception at this place looks the same to the browser: 1006.",
        "await self.accept(chosen)": (
            "None where nothing fits. A browser that offered names and gets none of them ends the connection with "
            "1006; one that offered nothing stays."
        ),
        "await self.close(code=4123": (
            "The reason travels in the same frame, which has room for 123 bytes. The consumer lives on until "
            "websocket.disconnect comes."
        ),
    },
    "json": {
        "answer = {": (
            "A time is not JSON. With json.dumps alone this line would be a TypeError, and the end of the connection."
        ),
        "def encode_json": "A class method: it knows no connection. So one base class can set it for a whole project.",
        "return json.dumps(content": "Without ensure_ascii=False, 学 goes out as \\u5b66: six bytes instead of three.",
        "super().receive(": "The base class wants a text that is not empty. An empty frame is a ValueError too.",
        "except (ValueError, RecursionError)": (
            "A few thousand opening brackets are enough for a RecursionError, and anybody may send them."
        ),
    },
    "json-echo": {
        "self.accept()": "This connect could be left out: the base class accepts by itself.",
        'message = json.loads(text_data)["message"]': (
            "No form and no view stand before this line. It gets whatever somebody sends."
        ),
        "except (ValueError, KeyError": (
            "In this order: not JSON; no such key; a list, a number, or a binary frame, where text_data is None; "
            "brackets in brackets."
        ),
        'self.send(text_data=json.dumps({"message": message}))': (
            "self is one browser’s connection. There is no list of the others: for them one needs a group."
        ),
    },
}

TO_TRY: dict[str, tuple[str, ...]] = {
    "websocket-sync": (
        "Connect One and Another, and press “to all” in One. Both hear it, and both without the first word.",
        "Press “leave with 4001” in One. Another hears the code, One does not.",
        (
            "Open this page in a second window, connect there, and close that window. Here the code is 1001, which the "
            "browser says by itself."
        ),
    ),
    "websocket-async": (
        "Press “an echo” in One, then in Another. Each hears its own.",
        "Press “to all” in Another. Both hear it at the same time.",
        (
            "Press “leave with 4001” in One, then “to all” in Another, then “an echo” in One. What was said meanwhile "
            "does not come any more."
        ),
    ),
    "accept-refuse": (
        (
            "Press “be refused”, then “be closed with 4123”. Only the second gives a code; uvicorn sends the reason "
            "too, Daphne the code alone."
        ),
        "Press “offer chat.v1 and chat.v2”. The consumer prefers chat.v2, whichever the browser names first.",
        (
            "Press “offer an unknown one”. Then empty “Subprotocols” and press “Connect”: without an offer the same "
            "None is no problem."
        ),
    ),
    "json": (
        "Press “bad JSON”, then “an object”. The error has not ended the connection.",
        "Press “NaN”. Python’s own json would have read it, and a browser could not have read the answer.",
        "Connect, and press “Send” with nothing typed. An empty frame has no text section, says the base class.",
    ),
    "json-echo": (
        "Press “hello” in One. Another hears nothing, although both run the same class.",
        "Press “no JSON”, then “hello”. The error has not ended the connection.",
        'Type {"message": [1, 2]} into “A frame” and press “Send”. A list comes back: nobody checks what a message is.',
    ),
}
