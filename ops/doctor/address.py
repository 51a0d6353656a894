"""The address as a browser sees it, through whatever stands before the servers: pages, headers, static files."""

import json
import re
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import gaierror

from django.conf import settings

from ops.doctor.asked import Asked
from ops.doctor.database import clock
from ops.doctor.finding import Finding, fail, in_a_line, ok, warn

ROOM = "doctor"  # looked at, never written to
HASHED = re.compile(r"\.[0-9a-f]{12}\.(css|js)$")
FORWARD = "Let the proxy send Host and X-Forwarded-Proto as it got them, and trust it with FORWARDED_ALLOW_IPS"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Message
    body: bytes = b""


def connection(asked: Asked) -> HTTPConnection:
    kind = HTTPSConnection if asked.parts.scheme == "https" else HTTPConnection
    return kind(asked.host, asked.parts.port, timeout=asked.timeout / 2)


def ask(asked: Asked, path: str) -> Answer:
    with closing(connection(asked)) as line:
        line.request("GET", path, headers={"Accept": "text/html, application/json"})
        response = line.getresponse()
        return Answer(response.status, response.headers, response.read())


def reached(asked: Asked) -> Iterator[Finding]:
    try:
        answer = ask(asked, "/healthz")
    except ssl.SSLCertVerificationError as error:
        yield fail(
            f"{asked.url}: its certificate is not to be trusted: {error.verify_message}", "Renew the certificate."
        )
    except gaierror:
        yield fail(f"{asked.url}: {asked.host} is no name that is known here", "Compare the address with the DNS.")
    except (OSError, HTTPException) as error:
        yield fail(
            f"{asked.url}: {in_a_line(error)}", "Start the proxy and the servers; see whether a firewall is between."
        )
    else:
        if answer.status in (301, 302, 307, 308):
            yield fail(f"{asked.url}: leads to {answer.headers['Location']}", "Ask that address instead.")
        elif answer.status != 200 or answer.body != b'{"status": "ok"}':
            fix = "See whether the proxy leads to these servers, and whether they run."
            yield fail(f"{asked.url}: /healthz answers {answer.status}, not as these servers do", fix)
        else:
            yield ok(f"{asked.url}: /healthz answers")
            if date := answer.headers["Date"]:
                yield clock("that address's", parsedate_to_datetime(date) - datetime.now(UTC))


def parts(asked: Asked) -> Iterator[Finding]:
    answer = ask(asked, "/readyz")
    if answer.status == 200:
        yield ok("/readyz: its database and Redis answer it")
        return
    failing = json.loads(answer.body).get("failing", []) if answer.body.startswith(b"{") else []
    yield fail(
        f"/readyz: {answer.status} {', '.join(failing)}", "Start what does not answer; its settings may be others."
    )


def page(asked: Asked) -> Iterator[Finding]:
    answer = ask(asked, f"/chat/{ROOM}/")
    if answer.status == 400:
        yield fail(
            f"page: {asked.host} is refused there", f"ALLOWED_HOSTS={asked.host} for the servers, or: {FORWARD}."
        )
    elif answer.status != 200:
        yield fail(f"page: /chat/{ROOM}/ answers {answer.status}", "Read the servers' log.")
    else:
        yield ok("page: a room can be looked at")
        yield _scheme(asked, answer)
        yield _static(asked, answer.body.decode())


def _scheme(asked: Asked, answer: Answer) -> Finding:
    """Cookies are Secure when the server believes that it was asked by HTTPS: mysite.middleware."""
    cookies = answer.headers.get_all("Set-Cookie") or []
    is_secure = bool(cookies) and all("; secure" in cookie.lower() for cookie in cookies)
    if asked.parts.scheme == "https":
        return (
            ok("HTTPS: the server knows of it") if is_secure else fail("HTTPS: the server believes it is HTTP", FORWARD)
        )
    if asked.is_local:
        return ok("HTTPS: not needed on one machine")
    return warn("HTTPS: not used, so everybody on the way can read along", "Let the proxy speak HTTPS.")


def _static(asked: Asked, text: str) -> Finding:
    paths = re.findall(rf'(?:href|src)="({re.escape(settings.STATIC_URL)}[^"]+\.(?:css|js))"', text)
    if not paths:
        return fail("static files: the page names none", "Compare STATIC_URL with what the proxy changes.")
    status = ask(asked, paths[0]).status
    if status != 200:
        return fail(f"static files: {paths[0]} answers {status}", "python manage.py collectstatic --noinput --clear")
    if not all(HASHED.search(path) for path in paths):
        fix = "python manage.py collectstatic --noinput, then start the servers with DEBUG=0."
        return warn("static files: served under names that do not change with their content", fix)
    return ok("static files: served under hashed names")


def metrics(asked: Asked) -> Iterator[Finding]:
    status = ask(asked, "/metrics").status
    if status != 200:
        yield ok(f"/metrics: hidden ({status})")
    elif asked.is_local:
        yield ok("/metrics: open, as it must be without a proxy and must not be through one")
    else:
        yield fail("/metrics: open to everybody", "Let the proxy refuse it, and send X-Forwarded-For.")


def debug(asked: Asked) -> Iterator[Finding]:
    """By the page that Django makes of an address that is not known."""
    if b"DEBUG = True" not in ask(asked, f"/{ROOM}-nowhere").body:
        yield ok("errors: show nothing of the inside")
    elif asked.is_local:
        yield warn("errors: shown with the settings, the servers run with DEBUG=1", "DEBUG=0 where others can connect.")
    else:
        yield fail("errors: shown with the settings, the servers run with DEBUG=1", "DEBUG=0 for the servers.")
