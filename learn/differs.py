"""Where a demo is not what the Channels documentation shows, and why: all differences, a sentence or two for each.

Texts stand beside the sources that they are about, so that they can be translated without touching code.
"""

DIFFERS: dict[str, tuple[str, ...]] = {
    "echo-sync": (
        (
            "The documentation's class has no websocket_disconnect: the server then logs an error for each connection "
            "that ends."
        ),
        "It echoes text alone. This one also echoes bytes.",
    ),
    "echo-async": (
        (
            "The documentation's class has no websocket_disconnect: the server then logs an error for each connection "
            "that ends."
        ),
        "It echoes text alone. This one also echoes bytes.",
    ),
    "websocket-sync": (
        "The documentation's receive sends two fixed texts and then closes. This one sends back what came.",
        (
            'The documentation sends bytes_data="Hello world!", which is a str. Bytes are needed: the str is an '
            "exception in the server, which ends the connection."
        ),
        (
            "The documentation joins a group and has no handler for its events. The first event would end the "
            "connection with “No handler for message type”. Here broadcast_message is that handler."
        ),
        "The documentation's connect also accepts with a subprotocol and then closes. Here that is a demo of its own.",
        "The documentation's disconnect is empty. This one tells the group with which code somebody left.",
    ),
    "websocket-async": (
        "The documentation's receive sends two fixed texts and then closes. This one sends back what came.",
        (
            'The documentation sends bytes_data="Hello world!", which is a str. Bytes are needed: the str is an '
            "exception in the server, which ends the connection."
        ),
        "The documentation joins a group and has no handler for its events. Here broadcast_message is that handler.",
        "The documentation's connect also accepts with a subprotocol and then closes. Here that is a demo of its own.",
        "The documentation's disconnect is empty. This one tells the group with which code somebody left.",
    ),
    "accept-refuse": (
        (
            'The documentation accepts with a fixed self.accept("subprotocol"). For a browser that did not offer this '
            "name the connection fails with 1006. Here the name is one of those offered."
        ),
        (
            "The documentation shows close() and close(code=4123) in one receive, one after the other. Here each is a "
            "case of its own, and refusing before accept is a third one."
        ),
    ),
    "json": (
        "The documentation lists the methods of this class and has no example.",
        "In Channels, text that is not JSON raises an exception that ends the connection. Here it is answered.",
        "Python's json accepts NaN and Infinity, which are not JSON. Here they are refused.",
    ),
    "json-echo": (
        "In the tutorial a frame that is not JSON ends the connection. Here it is answered.",
        "The tutorial's receive has no bytes_data: a binary frame ends it with a TypeError. Here it is answered.",
        "The tutorial's empty disconnect is left out.",
    ),
    "group-sync": (
        (
            r"The tutorial's route is (?P<room_name>\w+). It allows letters that a group's name may not have, and any "
            "length: such a room ends in an exception, in memory and with the core layer. This route allows 80 ASCII "
            "letters, digits, - and _."
        ),
        "The tutorial's group is chat_<room>. Here it has the demo's name, so that demos do not hear each other.",
        "In the tutorial a frame that is not JSON ends the connection. Here it is answered.",
        "The tutorial hands on whatever the message is, also a number or a list. Here it is made a text.",
        "The tutorial's receive has no bytes_data: a binary frame ends it with a TypeError. Here it is answered.",
    ),
    "group-async": (
        (
            r"The tutorial's route is (?P<room_name>\w+). It allows letters that a group's name may not have, and any "
            "length: such a room ends in an exception, in memory and with the core layer. This route allows 80 ASCII "
            "letters, digits, - and _."
        ),
        "The tutorial's group is chat_<room>. Here it has the demo's name, so that demos do not hear each other.",
        "In the tutorial a frame that is not JSON ends the connection. Here it is answered.",
        "The tutorial hands on whatever the message is, also a number or a list. Here it is made a text.",
        "The tutorial's receive has no bytes_data: a binary frame ends it with a TypeError. Here it is answered.",
    ),
    "members-only": (
        "The documentation's groups let in everybody who connects. How somebody is removed from one it does not say.",
    ),
    "chat-name": (
        (
            "The documentation's receive(self, *, text_data) has no bytes_data: a binary frame ends the connection "
            "with a TypeError. Here it is answered."
        ),
    ),
    "ping": (
        (
            "The documentation's class has no websocket_disconnect: the server then logs an error for each connection "
            "that ends."
        ),
    ),
    "log": (
        "The documentation's connect(self, message) has an argument that nobody passes, and it never accepts.",
        (
            "The documentation's table grows for ever. Here a few entries are kept for each address, and a visitor "
            "sees those of their own address."
        ),
        "The documentation keeps the client as one value. Here host and port have a column each.",
    ),
    "scope": (
        "The documentation describes the scope and has no consumer that shows it.",
        "This one leaves out the cookies' values, which are secrets.",
    ),
    "routing": (
        "The documentation names AdminChatConsumer and PublicChatConsumer and does not show them.",
        (
            "AllowedHostsOriginValidator ignores scheme and port, and accepts all origins if ALLOWED_HOSTS is *. The "
            "rooms have a check of their own (chat/handshake.py), which also stands before this one."
        ),
        (
            "The documentation refuses nobody. Here the room for staff accepts first, then closes with a code and a "
            "reason. (Daphne sends the code alone.)"
        ),
        "The documentation's router is the whole project's, with Django under “http”. This one has WebSockets alone.",
    ),
    "databases": (
        (
            "The documentation reads User.objects.all()[0].name: Django's user has no name, and the first user of the "
            "table is not the one who connects. Here it is the one who is signed in."
        ),
        "The documentation has no example of the error without database_sync_to_async.",
        "The documentation asks in connect. Here each frame asks, so that the ways can be compared.",
    ),
    "sync-to-async": (
        "The documentation explains sync_to_async for the database and has no consumer that shows what blocking costs.",
        (
            "By default sync_to_async runs all calls in one thread, one after the other. Here it does not, and the "
            "threads are two of the demo's own."
        ),
    ),
    "layers": (
        (
            "The documentation keeps channel names in a table (Clients). Here the browser gets its channel's name and "
            "may send to others, so the name is checked."
        ),
        (
            "The documentation's example does not expect ChannelFull. In memory and with the core layer send raises "
            "it when a channel is full. Here it is caught."
        ),
        "The documentation's consumer is synchronous. This one is not, and needs no async_to_sync.",
    ),
    "processes": ("The documentation warns of the in-memory layer in production and has no consumer that shows why.",),
    "http-basic": ("The documentation waits 10 seconds. This one waits 1.",),
    "long-poll": (
        (
            "AsyncHttpConsumer ends after handle(), so the documentation's chat_message never runs. Here http_request "
            "does not stop."
        ),
        "The documentation's request waits for ever. This one gives up after 25 seconds, and leaves its group.",
        "The documentation has no way to send. Here a POST sends.",
        "The rooms use plain ASGI for this (chat/streams.py).",
        "The documentation answers with the whole event, its type included. This one with the text alone.",
    ),
    "sse": (
        (
            "The documentation's loop runs inside handle(), where http.disconnect is not heard. On uvicorn it would "
            "tick for ever; Daphne cancels it ten seconds after the browser has gone."
        ),
        "The documentation sets Transfer-Encoding, which is the server's decision.",
        "The documentation's stream has no end. This one ends after ten minutes.",
        "The documentation's events hold a time. These also say how many are watching.",
    ),
    "closing": (
        "The documentation describes StopConsumer and has no consumer that shows the ways in which a connection ends.",
        "An exception that nobody catches is logged by the server. This one is caught, so that the log stays clean.",
    ),
    "sessions": (
        (
            "A login changes the session's key, and an accepted WebSocket cannot give the browser the new one: "
            "connect again, and you are a stranger. Sign people in with a view, and read the session here."
        ),
        (
            "The documentation uses SessionMiddlewareStack and Django's own table. Here a middleware of the demo's "
            "own uses a table of the classroom, and sets the cookie when it accepts. Daphne does not send that: there "
            "each visit is the first."
        ),
        "The documentation's connect(self, event) has an argument that nobody passes, and it never accepts.",
    ),
    "worker": (
        "The documentation calls channel_layer.send without await, which sends nothing in asynchronous code.",
        "The documentation's worker does not answer. This one sends its result to the channel that asked.",
        (
            "With the pub/sub layer each worker that runs gets each job, and with none the job is lost. With the core "
            "layer one worker gets it, and it waits up to a minute for one."
        ),
    ),
    "telegram": ("The documentation names ChattyBotConsumer and shows neither it nor the server that feeds it.",),
    "testing": (
        "The documentation tests a MyConsumer that it does not show.",
        "The documentation's live server test needs Selenium. Here it is Playwright.",
    ),
    "views": ("The documentation shows the line of the router that leads to Django, and no view behind it.",),
}
