"""`python -m mysite`: the server as it runs in production, uvicorn with the options that this project needs."""

import argparse
import logging
import os
import socket
import sys
from contextlib import suppress

import django
import uvicorn
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import OperationalError

from mysite.protocols.forwarded import Forwarded
from ops import schema

logger = logging.getLogger(__name__)

NO_ADMINISTRATOR = "There is no administrator yet; this makes one:"
FRAME_MAX = 256 * 1024  # bytes; up to here chat.protocol answers, beyond it the connection is closed with 1009


def allow_many_sockets() -> None:
    """Each is an open file, of which containers and shells allow 1,024 unless asked."""
    import resource  # not there on Windows, which has no such limit

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Announced(uvicorn.Server):
    """Says where it is as soon as it listens there."""

    has_administrator = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        address = f"http://{seen_from_here(self.config.host)}:{self.config.port}/"
        print(f"Open {address} in two browsers. Ctrl-C stops the server.", flush=True)
        if not self.has_administrator:
            print(f"{NO_ADMINISTRATOR} .venv/bin/python manage.py createsuperuser", flush=True)


def seen_from_here(host: str) -> str:
    """What a browser on this machine calls the address that is listened on."""
    if host in ("127.0.0.1", "0.0.0.0", "::1", "::"):  # noqa: S104 - only named here
        return "localhost"
    return f"[{host}]" if ":" in host else host


def look_at_database(*, migrate: bool) -> bool:
    """Apply the migrations that are missing, if asked to. Ends with one line if no page could work on this database.

    Returns False where it is certain that there is no administrator.
    """
    try:
        with schema.unpooled() as connection:
            missing = schema.missing(connection)
            if missing and migrate:
                call_command("migrate", verbosity=0)
            if migrate or not missing:
                return get_user_model().objects.filter(is_superuser=True, is_active=True).exists()
    except schema.EarlierVersionError as error:
        sys.exit(f"database: {error}")
    except OperationalError as error:
        if migrate:  # otherwise it may come later, and until then the pages say that it is away
            sys.exit(f"database: {' '.join(str(error).split())}")
    return True


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m mysite", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--application", default="mysite.asgi:application")
    parser.add_argument(
        "--ws",
        default="mysite.protocols:FairWebSocket",
        help="uvicorn's WebSocket implementation; see bench/RESULTS.md",
    )
    parser.add_argument(
        "--http",
        default="mysite.protocols:BoundedHttp",
        help="uvicorn's HTTP implementation; another has none of the bounds of mysite.protocols",
    )
    parser.add_argument("--migrate", action="store_true", help="first apply the migrations that are missing")
    parser.add_argument("--follow", action="store_true", help="run the followers of the log in this process")
    parser.add_argument("--announce", action="store_true", help="print the address once it answers")
    options = parser.parse_args()
    if sys.platform != "win32":
        allow_many_sockets()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    django.setup()
    has_administrator = look_at_database(migrate=options.migrate)

    from mysite import lifespan  # it imports models, which need a Django that is set up

    lifespan.with_followers = options.follow
    config = uvicorn.Config(
        options.application,
        host=options.host,
        port=options.port,
        http=options.http,
        ws=options.ws,
        ws_max_size=FRAME_MAX,
        ws_per_message_deflate=False,  # it costs memory for each connection; a proxy may compress
        timeout_graceful_shutdown=5,
        log_config=None,  # mysite.logs has one for all
        log_level="warning",
        access_log=False,
        server_header=False,
        interface="asgi3",
        proxy_headers=False,  # Forwarded is in its place
    )
    # Loaded here, not on the event loop. Which proxies are trusted to say where a client is, and if it came by HTTPS:
    config.app = Forwarded(config.load_app(), settings.FORWARDED_ALLOW_IPS)
    if not (has_administrator or options.announce):
        logger.info("%s docker compose exec web python manage.py createsuperuser", NO_ADMINISTRATOR)
    Announced.has_administrator = has_administrator
    server = (Announced if options.announce else uvicorn.Server)(config)
    with suppress(KeyboardInterrupt):
        server.run()


if __name__ == "__main__":
    main()
