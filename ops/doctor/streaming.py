"""The address by Server-Sent Events: does an event arrive while the stream is open, or is it held back?"""

from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPException

from ops.doctor.address import ROOM, connection
from ops.doctor.asked import Asked
from ops.doctor.finding import Finding, fail, in_a_line, ok

FLUSH = "Let the proxy hand each piece on at once: `flush_interval -1` in Caddy, `proxy_buffering off` in nginx."


def streaming(asked: Asked) -> Iterator[Finding]:
    with closing(connection(asked)) as line:
        try:
            line.request("GET", f"/chat/{ROOM}/events/", headers={"Accept": "text/event-stream"})
            response = line.getresponse()
            kind = response.headers.get_content_type()
            if response.status != 200 or kind != "text/event-stream":
                yield fail(f"SSE: answered with {response.status}, {kind}", "Read the servers' log, and the proxy's.")
            elif b"event: hello\n" in (response.readline(), response.readline()):
                yield ok("SSE: events arrive at once")
            else:
                yield fail("SSE: does not begin with hello", "See what the proxy changes.")
        except TimeoutError:
            yield fail(
                f"SSE: nothing arrives within {asked.timeout / 2:g} s: something on the way holds it back", FLUSH
            )
        except (OSError, HTTPException) as error:
            yield fail(f"SSE: {in_a_line(error)}", FLUSH)
