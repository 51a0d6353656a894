"""The rows of the table: each attack, how long it lasts, and what it may cost."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from e2e.abuse import attacks, crowds, requests
from e2e.abuse.lines import Attacker, Tally, middle

SECONDS = 6.0
MEMORY = 20.0  # MB
GUESTS = 600, 60  # CHAT_ADDRESS_LIMIT by default: so many at once, and so many more a second
CONNECTION = 0.040  # MB, an idle one
REPLAY = (
    0.120  # MB, one that is not read: a frame, and what the socket holds; 1,100 are a quarter of the stack's memory
)
HEAP = 50.0  # MB; 256 KB are read at a time from each, and what the heap once had it keeps: after 10 s it grows no more
UNFINISHED = 30.0  # MB; of one address 6 are kept, of all 24
PAGE = 6.0  # MB, one of 1.2 MB while it is made: its messages laid out, with their parts, as list, as page, as bytes


@dataclass(frozen=True)
class Row:
    attack: Callable[[Attacker], Awaitable[None]]
    expects: Callable[[Tally], str] = lambda tally: ""  # what is missing in the answers
    seconds: float = SECONDS
    memory: float = MEMORY  # by which the server may grow, in MB
    log: float = 0  # bytes of log for each request; 0 is not looked at
    large_room: bool = False
    is_honest: bool = False
    in_classroom: bool = False


def answered(*answers: str) -> Callable[[Tally], str]:
    """Each of these was among the answers."""
    return lambda tally: ", ".join(f"no {each}" for each in answers if not tally.answers[each])


def only(*answers: str) -> Callable[[Tally], str]:
    """All of these, and nothing else."""

    def missing(tally: Tally) -> str:
        others = [each for each in tally.answers if each not in answers]
        return ", ".join(filter(None, [answered(*answers)(tally), *others]))

    return missing


def within(milliseconds: float, *answers: str) -> Callable[[Tally], str]:
    def missing(tally: Tally) -> str:
        took = middle(tally.seconds) * 1000
        return only(*answers)(tally) or (f"answered in {took:.0f} ms" if took > milliseconds else "")

    return missing


def bounded(counted: str) -> Callable[[Tally], str]:
    """No more than the limit for an address lets through; and there was a refusal."""
    most = GUESTS[0] + GUESTS[1] * (SECONDS + 1)

    def missing(tally: Tally) -> str:
        refused = tally.answers["closed 4429"] + tally.answers["rate_limited"] + tally.answers["429"]
        done = tally.answers[counted]
        return "" if refused and done <= most else f"{done} {counted}, {refused} refused"

    return missing


def cheap(tally: Tally) -> str:
    return ", ".join(f"{each:.1f} times ordinary text" for each in tally.ratios if each > 2) or (
        "" if tally.ratios else "not measured"
    )


def throttled(tally: Tally) -> str:
    held = tally.answers["429"] > 0 and "the right password after that: 429" in tally.notes
    return "" if held else "attempts are not throttled"


def floods() -> dict[str, Row]:
    kinds = {
        "pongs": (attacks.PONGS, b"", "closed 1008"),
        "pings": (attacks.PINGS, b"", "closed 1008"),
        "empty continuations": (attacks.EMPTY_CONTINUATION, attacks.BEGINNING, "closed 1008"),
        "typing": (attacks.TYPING, b"", "closed 4429"),
        "ping events": (attacks.PING_EVENT, b"", "closed 4429"),
        "texts of 64 KB": (attacks.LARGE_TEXT, b"", "closed 4429"),
    }
    return {
        f"{name}, {sockets} socket{'s' * (sockets > 1)}": Row(
            partial(attacks.flood, each=each, begin=begin, sockets=sockets), answered(code)
        )
        for name, (each, begin, code) in kinds.items()
        for sockets in (1, 4)
    }


def guests() -> dict[str, Row]:
    counted = {"messages": "ack", "connects": "connected", "names": "ack", "rooms": "ack"}
    return {
        f"{what}, a new guest each time": Row(partial(attacks.new_guests, what=what, at_once=24), bounded(answer))
        for what, answer in counted.items()
    }


ROWS: dict[str, Row] = {
    "2,000 idle streams and polls, four addresses": Row(
        partial(attacks.idle_streams, count=2000, addresses=attacks.NEIGHBOURS),
        only("stream", "poll"),
        memory=2000 * CONNECTION,
    ),
    "2,000 idle streams and polls, one address": Row(
        partial(attacks.idle_streams, count=2000, addresses=attacks.NEIGHBOURS[:1]),
        answered("429"),
        memory=1000 * CONNECTION,
    ),
    **floods(),
    "12 readers that do not read a page": Row(
        attacks.unread_pages, answered("unread"), memory=12 * PAGE, large_room=True
    ),
    "1,100 unread replays, three addresses": Row(
        attacks.unread_replays, answered("unread"), memory=1100 * REPLAY, large_room=True
    ),
    "50 messages of links, and looking": Row(requests.links, cheap, seconds=8),
    "a name of 64,000 marks": Row(requests.marks, within(20, "400")),
    "an address of 64 KB": Row(requests.long_address, within(20, "414", "404")),
    "600 posts without their last byte": Row(
        requests.unfinished_posts, answered("408", "429"), seconds=33, memory=UNFINISHED
    ),
    "600 posts without their last byte, 8 addresses": Row(
        partial(requests.unfinished_posts, addresses=attacks.MANY),
        answered("408", "503"),
        seconds=33,
        memory=2 * UNFINISHED,
    ),
    "300 slow headers": Row(requests.slow_headers, answered("408"), seconds=12),
    "endless headers": Row(requests.endless_headers, answered("431"), memory=HEAP),
    "bodies of 150 MB": Row(requests.large_bodies, answered("413")),
    "guesses at a password, 20 lines": Row(requests.sign_in, throttled),
    "guesses at a password, 120 lines": Row(partial(requests.sign_in, at_once=120), throttled),
    **guests(),
    "ids of 20 digits": Row(requests.long_ids, only("404", "400")),
    "handshakes with too much": Row(
        attacks.handshakes, only("cookie of 12 KiB: 101", "150 header lines: 431", "body: 400")
    ),
    "wrong Accept, Host and address": Row(requests.wrong_requests, only("200", "400", "404", "414"), log=300),
    "honest: 300 people behind one address": Row(
        crowds.crowd, only("page 200", "acknowledged"), seconds=16, memory=60, is_honest=True
    ),
    "honest: back with 64 messages": Row(
        crowds.returns, only("page 200", "acknowledged", "told to wait"), seconds=1, is_honest=True
    ),
}
# What `make test` runs.
QUICK = (
    "2,000 idle streams and polls, one address",
    "pongs, 4 sockets",
    "ping events, 4 sockets",
    "texts of 64 KB, 4 sockets",
    "12 readers that do not read a page",
    "a name of 64,000 marks",
    "endless headers",
    "bodies of 150 MB",
    "messages, a new guest each time",
    "handshakes with too much",
)
