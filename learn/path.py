"""The newcomer's path: each step begins with what the one before lacks."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Stop:
    slug: str
    title: str
    lacked: str
    route: str  # name of the page's address
    arguments: tuple[str, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()  # demos for those who want more: slug, title

    @property
    def url(self) -> str:
        return reverse(self.route, args=self.arguments)

    @property
    def picture(self) -> str:
        return f"learn/stops/{PATH.index(self)}.html"


PATH = (
    Stop(
        "start",
        "From nothing to an echo",
        "An empty project, five short files, and a browser that talks to them. Skip it if Channels already runs for "
        "you.",
        "learn-start",
    ),
    Stop(
        "echo-async",
        "An echo",
        "One connection, one class, a method for each event. What comes in goes out again.",
        "learn-demo",
        ("echo-async",),
        (("echo-sync", "the synchronous twin"), ("websocket-async", "connect, receive, disconnect")),
    ),
    Stop(
        "group-async",
        "Group broadcast",
        "An echo talks to one. With a group, everybody in a room hears what one says.",
        "learn-demo",
        ("group-async",),
        (("processes", "across processes"), ("layers", "one to one, one to many")),
    ),
    Stop(
        "a-log",
        "A log",
        "Who is away for a second has missed it for ever. So each message is stored under a number, and sent again "
        "from there.",
        "learn-bridge",
        ("a-log",),
        (("databases", "the database from asynchronous code"),),
    ),
    Stop(
        "a-feed",
        "A feed",
        "If the layer loses one event, nobody notices. A feed watches the numbers, and reads the log for a gap.",
        "learn-bridge",
        ("a-feed",),
    ),
    Stop(
        "a-writer",
        "A writer",
        "A transaction for each message is slow. What waits while one runs is stored by the next one, together.",
        "learn-bridge",
        ("a-writer",),
        (("sync-to-async", "blocking without freezing"),),
    ),
    Stop(
        "a-lease",
        "A lease",
        "Nobody promises that disconnect runs, so a counter of who is here goes wrong. A place that runs out does not.",
        "learn-bridge",
        ("a-lease",),
        (("closing", "the end of a connection"),),
    ),
    Stop(
        "the-room",
        "The room",
        "The consumer that serves your own rooms, and the four ideas in the product’s own files.",
        "learn-room",
    ),
)


def after(slug: str) -> Stop | None:
    """The step after this page, if it is on the path."""
    slugs = [stop.slug for stop in PATH]
    place = slugs.index(slug) + 1 if slug in slugs else 0
    return PATH[place] if 0 < place < len(PATH) else None
