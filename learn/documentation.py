"""Which page of the documentation of Channels each demo follows."""

ADDRESS = "https://channels.readthedocs.io/en/stable/"

PAGES: dict[str, str] = {
    "echo-sync": "topics/consumers.html#basic-layout",
    "echo-async": "topics/consumers.html#basic-layout",
    "websocket-sync": "topics/consumers.html#websocketconsumer",
    "websocket-async": "topics/consumers.html#asyncwebsocketconsumer",
    "accept-refuse": "topics/consumers.html#websocketconsumer",
    "json": "topics/consumers.html#jsonwebsocketconsumer",
    "json-echo": "tutorial/part_2.html#write-your-first-consumer",
    "group-sync": "tutorial/part_2.html#enable-a-channel-layer",
    "group-async": "tutorial/part_3.html#rewrite-the-consumer-to-be-asynchronous",
    "members-only": "topics/channel_layers.html#groups",
    "chat-name": "introduction.html#what-is-a-consumer",
    "ping": "introduction.html#what-is-a-consumer",
    "log": "introduction.html#what-is-a-consumer",
    "scope": "topics/consumers.html#scope",
    "routing": "topics/routing.html",
    "databases": "topics/databases.html#database-sync-to-async",
    "sync-to-async": "topics/databases.html",
    "layers": "topics/channel_layers.html#single-channels",
    "processes": "topics/channel_layers.html#in-memory-channel-layer",
    "http-basic": "topics/consumers.html#asynchttpconsumer",
    "long-poll": "topics/consumers.html#asynchttpconsumer",
    "sse": "topics/consumers.html#asynchttpconsumer",
    "closing": "topics/consumers.html#closing-consumers",
    "sessions": "topics/authentication.html#how-to-log-a-user-in-out",
    "worker": "topics/worker.html",
    "telegram": "introduction.html#routing-and-multiple-protocols",
    "testing": "topics/testing.html",
    "views": "topics/routing.html#protocoltyperouter",
}
