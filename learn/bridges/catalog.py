"""What the pages of the four bridges say. Notes hang on parts of lines; a test finds each of them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Bridge:
    slug: str
    title: str
    lead: str
    loses: str  # the heading above what the step before loses
    scene: str
    notes: dict[str, str]
    product: tuple[str, str, int, int]  # file, part of the line that does the same, lines before and after it
    then: str
    tries: tuple[str, ...]
    next: str
    columns: tuple[int, int] = (1, 10)
    after: dict[str, list[str]] = field(default_factory=dict)  # recorded rows of the grid
    figures: dict[str, str] = field(default_factory=dict)  # recorded, where a grid says nothing

    @property
    def name(self) -> str:
        return self.slug.partition("-")[2]

    @property
    def file(self) -> str:
        return f"learn/bridges/{self.name}.py"


def _row(**changed: str) -> list[str]:
    return [changed.get(f"m{number}", "heard") for number in range(1, 11)]


BRIDGES = {
    bridge.slug: bridge
    for bridge in (
        Bridge(
            "a-log",
            "A log: what was said has a number",
            "A group tells those who are in it at this moment. Who is away for a second has missed it for ever. So "
            "each message is stored under a number first, and sent again from there.",
            "What a group loses",
            "Bo’s line is cut while messages 4, 5 and 6 are said. Then his page connects again.",
            {
                "def store(": "It is stored before it is sent: what was sent is never lost. In the product the number "
                "is taken in the transaction that stores the message.",
                "await self.channel_layer.group_add": "Listen first, then read. What is said in between comes both "
                "ways, and not in neither.",
                'query.get("after"': "The page remembers the last number that it has seen, and sends it when it comes "
                "back.",
                'if event["seq"] > self.seen:': "What comes both ways is sent once.",
            },
            ("chat/log.py", "found = Message.objects.filter(room__name=room).changes_after(after)", 5, 9),
            "It reads in parts, so that a long absence does not fill the memory.",
            (("Why does group_add come before read_after? Swap the two lines in your head, and say something in "
            "between."),
             "Connect with after=0: all of the room comes.",
             "In exercise 10 you write this with a real table."),
            "What it still loses: an event that the layer drops. Who never went away never asks.",
            after={"Group": _row(m4="lost", m5="lost", m6="lost"), "Log": _row(m4="late", m5="late", m6="late")},
        ),
        Bridge(
            "a-feed",
            "A feed: who counts, notices",
            "The log sends everything again to those who come back. But who never went away never asks. If the layer "
            "drops one event, its readers go on, one message short, and nobody knows.",
            "What the log alone loses",
            "Bo stays connected. The layer drops the event of message 7.",
            {
                'if event["seq"] == self.last + 1:': "The next number: what nearly always happens.",
                'elif event["seq"] > self.last:': "A higher one than the next: something is missing. A number that "
                "was seen before is neither, and is dropped. So “twice” and “late” are solved too.",
                "for missed in read_after(": "Read from the log, the step before this one. The event that showed the "
                "gap is in it too.",
                "text = json.dumps(event)": "Encoded once for all members. The tutorial’s consumer does it for each.",
                "self.feeds[self.room].members.discard(self)": "No group_add for each socket: one feed for each room "
                "and process listens.",
            },
            ("chat/feed.py", "elif frame.first > self.last + 1:", 4, 4),
            "And if no later event comes? Then a poll asks every few seconds where the rooms stand.",
            ("Drop two in a row. How often is the log read?", "Drop the last one. Who notices, and when?",
             "Deliver the same event twice. Nothing happens, and that is the point."),
            "What it still loses: time. A transaction for each message is slow.",
            after={"Log": _row(m7="lost"), "Feed": _row(m7="late")},
        ),
        Bridge(
            "a-writer",
            "A writer: what waits together is stored together",
            "The transactions of one room wait for each other. When fifty people speak at once, the last waits for "
            "forty-nine others.",
            "What one transaction for each message loses",
            "Fifty messages are said at once. A transaction takes 4 milliseconds here.",
            {
                "self.waiting.append((message, answer))": "Nobody waits for a timer: if no transaction runs, one "
                "begins now.",
                "batch, self.waiting = self.waiting, []": "All that came while the transaction before was running.",
                "numbers = await self.commit(": "One transaction for all of them.",
                "answer.set_result(number)": "“Stored” is said after the commit, to each who asked. The asker may be "
                "gone.",
            },
            ("chat/writer.py", "batch = [self._waiting.popleft()", 2, 6),
            "If one message spoils the batch, each is tried by itself. This is what the product adds.",
            ("What happens to the others, if commit fails for one of fifty?",
             "Submit one, and ten more while it is being stored: two transactions."),
            "What is still wrong: who is here. Nobody promises that disconnect runs.",
            figures={"One by one": "50 transactions", "Together": "1 transaction"},
        ),
        Bridge(
            "a-lease",
            "A lease: here until it runs out",
            "A counter goes up in connect and down in disconnect. But disconnect does not run when a process dies, so "
            "a counter of who is here goes wrong, and stays wrong.",
            "What a counter gets wrong",
            "Ann closes her page, and Bo’s server is killed. A moment later: who is said to be here?",
            {
                "self.until[name] = self.clock() + self.seconds": "A place is taken for fifteen seconds, not for ever.",
                "await asyncio.sleep(self.leases.seconds / 3)": "Renewed three times as often as needed: one late "
                "renewal does no harm.",
                "finally:": "The end of the consumer, whatever it was, ends the renewal. Then time does the rest.",
                "return {name for name, until": "Nothing has to be cleaned up for the answer to be right.",
            },
            ("chat/presence/leases.py", "pipe.expire(key, LEASE_SECONDS)", 3, 3),
            "The product’s places are in Redis, so that all processes see them.",
            ("Make SECONDS 1 and renew every second. What do the others see when the server is busy for a moment?",
             "Why is it not enough to give the place back in disconnect?"),
            "",
            figures={"Counter": "Bo", "Lease": "nobody"},
        ),
    )
}  # fmt: skip
