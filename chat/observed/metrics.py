"""What a process counts for Prometheus. `/metrics` gives it out: ops/metrics_page.py.

One process has one registry, and every process is a target of its own: behind one address that shares connections out
among several, each scrape would hear of another one. In production each replica runs one process.

Nothing is counted for each delivery: at most once for each message stored, which costs a microsecond.
"""

from prometheus_client import Counter, Gauge, Histogram, Info, disable_created_metrics

from chat.observed.server import SERVER

TRANSPORTS = ("websocket", "events", "poll")

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, with the time of the process's start

Info("chat_server", "The process that answers, by the name that `hello` tells.").info({"server": SERVER})

CONNECTIONS = Gauge("chat_connections", "Connections that are open.", ["transport"])
OPENED = Counter("chat_connections_opened", "Connections that were opened.", ["transport"])
SLOW_CLOSES = Counter("chat_slow_closes", "Connections closed because they did not keep up (4408).", ["transport"])
ROOMS = Gauge("chat_rooms_followed", "Rooms that this process follows.")
STORED = Counter("chat_messages_stored", "Changes stored in the log.", ["change"])
REPEATED = Counter("chat_messages_repeated", "Messages that came again and were acknowledged with the first number.")
REFUSED = Counter("chat_messages_refused", "Refusals, by the code of their error event.", ["code"])
CUT = Counter("chat_requests_cut", "Requests refused before they were there whole, by HTTP status.", ["status"])
LINES_CUT = Counter("chat_lines_cut", "Lines cut: too many control frames (1008), or nothing was read.", ["cause"])
HEALINGS = Counter("chat_feed_healings", "Times that a feed asked the log for what it missed, by cause.", ["cause"])
FOLLOWER_LAG = Gauge("chat_follower_lag", "Changes that a follower of the log has not seen yet.", ["follower"])
ACK_SECONDS = Histogram(
    "chat_ack_seconds",
    "From handing a message to the writer until its verdict: stored, or refused.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

# Each series exists from the start: a rate over one that appears with its first event would miss that event.
for _transport in TRANSPORTS:
    for _metric in (CONNECTIONS, OPENED, SLOW_CLOSES):
        _metric.labels(_transport)
for _change in ("say", "edit", "delete"):
    STORED.labels(_change)
for _code in ("bad_frame", "too_long", "empty", "rate_limited", "forbidden", "conflict", "unavailable"):
    REFUSED.labels(_code)
for _cause in ("gap", "poll", "layer"):
    HEALINGS.labels(_cause)
for _cause in ("control", "unread"):
    LINES_CUT.labels(_cause)
for _status in (400, 408, 413, 414, 429, 431, 503):
    CUT.labels(_status)
