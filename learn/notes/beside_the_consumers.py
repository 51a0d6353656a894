"""Notes and what to try: the demos of Beside the consumers."""

NOTES: dict[str, dict[str, str]] = {
    "testing": {
        'await self.accept("hello"': (
            "In a test, connect() of the communicator returns both: whether it was accepted, and with which "
            "subprotocol."
        ),
        'await self.send_json({"sum"': (
            "sum raises a TypeError for what is no number, and a KeyError comes from what has no add. Both are caught "
            "below."
        ),
        "except (KeyError,": (
            "Uncaught, an exception comes out in the test, at its next receive or wait. A server would log it and end "
            "the connection."
        ),
        "await self.close(code=4400": (
            "In a test this is an event that receive_output() returns, with its code and reason."
        ),
    },
    "views": {
        "@require_safe": "GET and HEAD alone. What else gets past Django’s middleware is answered with 405.",
        "time.sleep(0.2)": (
            "Django gives each request a thread of its own for this: a hundred at once are a hundred threads. Here "
            "the classroom has 8 for all, and what comes beyond them waits."
        ),
        "await asyncio.sleep(0.2)": (
            "One synchronous middleware before it, and Django needs a thread for this request after all."
        ),
        "async_to_sync(get_channel_layer().group_send)": (
            "A view has no channel. It can send to others, and hear nothing."
        ),
    },
}

TO_TRY: dict[str, tuple[str, ...]] = {
    "testing": (
        "Press “1 + 2”, then “nonsense”. The second ends the connection with 4400, and a reason.",
        'Type {"add": [1, "a"]} into “A frame” and press “Send”. That is JSON, and still no sum.',
        "Write hello into “Subprotocols” and press “Connect”. The consumer speaks it.",
    ),
    "views": (
        "Press “GET” in both. Both take 0.2 seconds: the difference is what waits meanwhile.",
        (
            "Choose POST under “Address, method, body” and press “Send”. The answer is 403: Django’s CSRF check stands "
            "before its views."
        ),
        (
            "Open the demo of layers in another window and connect there. Change “Address” here to "
            "/learn/views/live/announcing/ and press “Send”: the consumers hear a view."
        ),
    ),
}
