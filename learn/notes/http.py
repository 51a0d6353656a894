"""Notes and what to try: the demos of HTTP."""

NOTES: dict[str, dict[str, str]] = {
    "http-basic": {
        "async def handle(self, body)": (
            "The whole body is in memory by now. DATA_UPLOAD_MAX_MEMORY_SIZE is a bound of Django’s requests, and "
            "there is none here."
        ),
        "await asyncio.sleep(1)": (
            "If the browser goes in this second, the consumer does not notice: http.disconnect waits until handle has "
            "returned."
        ),
        "headers = [(b": (
            "Pairs of bytes. Django’s middleware is not asked: no session, no CSRF check, no header that you do not "
            "write yourself."
        ),
        "await self.send_response": "The head and the whole body, once. Then the instance ends.",
    },
    "long-poll": {
        "text = body[:1000]": 'Cut by bytes, so maybe within a character: that is what errors="replace" is for.',
        'await self.channel_layer.group_send("long-poll"': (
            "The POST is answered when the layer has the event, not when somebody has heard it."
        ),
        'await self.channel_layer.group_add("long-poll"': (
            "Between an answer and the next request one is in no group. What is said in that moment is lost."
        ),
        "call_later(WAIT": (
            "A proxy may cut an answer that is silent for long. So it ends before that, and the browser asks again."
        ),
    },
    "sse": {
        "await self.send_headers(headers=": (
            "A proxy that collects answers before it hands them on would keep the ticks. For nginx a header "
            "X-Accel-Buffering: no prevents that."
        ),
        "ServerSentEventsConsumer.watching += 1": (
            "self.watching += 1 would count on the instance. And this number is that of one process: two processes "
            "have two."
        ),
        "self.ticking = asyncio.create_task": "Kept on self, or Python may collect the task while it runs.",
        'payload = f"data:': (
            "With an id: line the browser would say what it has seen, when it asks again. Here nobody could send it "
            "the ticks between."
        ),
    },
}

TO_TRY: dict[str, tuple[str, ...]] = {
    "http-basic": (
        "Press “GET” and look at the times. One second lies between the request and the head.",
        "Press “GET” and at once “Abort”. The browser waits no longer.",
        "Choose POST under “Address, method, body” and press “Send”. A view would ask for a CSRF token.",
    ),
    "long-poll": (
        "Press “wait” first, then “say hello”: the answer comes at that moment.",
        "Press “say hello” first, then “wait”. Nothing comes: what was said before is lost.",
        "Press “wait” and do nothing. After 25 seconds the text is null, and a page would ask again.",
    ),
    "sse": (
        "Press “watch” in two windows, close one, and look at the number in the other.",
        "Press “watch”, then “Abort”, then “watch” again. The seconds between are missing.",
    ),
}
