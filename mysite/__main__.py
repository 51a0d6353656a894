"""`python -m mysite`: the server as it runs in production, uvicorn with the options that this project needs."""

import argparse
import sys

import uvicorn

from mysite.env import listed

FRAME_MAX = 256 * 1024  # bytes; up to here chat.protocol answers, beyond it the connection is closed with 1009


def allow_many_sockets() -> None:
    """Each is an open file, of which containers and shells allow 1,024 unless asked."""
    import resource  # not there on Windows, which has no such limit

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m mysite", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--application", default="mysite.asgi:application")
    parser.add_argument(
        "--ws", default="websockets-sansio", help="uvicorn's WebSocket implementation; see bench/RESULTS.md"
    )
    options = parser.parse_args()
    if sys.platform != "win32":
        allow_many_sockets()
    uvicorn.run(
        options.application,
        host=options.host,
        port=options.port,
        ws=options.ws,
        ws_max_size=FRAME_MAX,
        ws_per_message_deflate=False,  # it costs memory for each connection; a proxy may compress
        timeout_graceful_shutdown=5,
        log_config=None,  # mysite.logs has one for all
        log_level="warning",
        access_log=False,
        server_header=False,
        # Whose word on the client's address and on HTTPS is taken: a proxy's, and nobody's who could claim it.
        forwarded_allow_ips=listed("FORWARDED_ALLOW_IPS", "127.0.0.1"),
    )


if __name__ == "__main__":
    main()
