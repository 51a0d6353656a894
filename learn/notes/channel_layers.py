"""Notes and what to try: the demos of Channel layers."""

NOTES: dict[str, dict[str, str]] = {
    "layers": {
        "await self.channel_layer.group_add(GROUP": (
            "The channel was there before: each connection gets one by itself. Only groups are joined."
        ),
        '"from": self.channel_name': (
            "An event may hold text, numbers, lists and dictionaries. In memory a datetime passes too; with Redis it "
            "is a TypeError."
        ),
        'await self.channel_layer.send(content["to"]': (
            "It returns when the layer has the event. The name of a connection that has ended is taken like any other."
        ),
        "async def layers_message": (
            "The type of an event chooses the method. So take it from your own code, never from a frame."
        ),
    },
    "processes": {
        'PROCESS = f"': "Computed when the module is loaded, so once for each process.",
        'groups = ["processes"]': "The same name in both processes. Whether that is the same group, the layer decides.",
        'await self.channel_layer.group_send("processes"': (
            "With Redis every event goes to Redis and back, also to the connections of this process."
        ),
        "async def room_message": (
            "The event came from outside this process, maybe. Let it hold all that the method needs: no object crosses "
            "over."
        ),
    },
}

TO_TRY: dict[str, tuple[str, ...]] = {
    "layers": (
        "Press “connect” in both, then “to all” in One. Both hear it, and from whom.",
        (
            'Copy Another’s channel_name, type {"to": "…", "text": "psst"} with it into One’s “A frame”, and press '
            "“Send”. Another alone hears it."
        ),
        "Press “send from a view”. A request that has no connection speaks to both.",
        "Press “to no channel's name”. The consumer checks what it is asked to send to.",
    ),
    "processes": (
        "Press “hello” in One when both are connected. It was said on this process, for both.",
        (
            "Start the two servers as it is said above, and open this page on both. What is said on one, the other "
            "shows as said on another process."
        ),
        "Start both without REDIS_URL. Now they are two rooms, and no error says so.",
    ),
}
