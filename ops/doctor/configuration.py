"""The settings, by themselves and against the address asked for."""

import os
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core import checks
from django.http.request import validate_host

from ops.checks import LIMITS, PROCESSES, limits_are_on, proxies_are_named
from ops.doctor.asked import Asked
from ops.doctor.finding import Finding, fail, ok, warn

KEY_MIN, DIFFERENT_MIN = 50, 5  # characters, as Django's security.W009 has it
TOLD_HERE = ("security.W009", "security.W018", "chat.W001", "chat.W002", "chat.W003", "chat.W004")

NEW_KEY = "SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(50))'), the same for every process."
SHARE = "Set REDIS_URL, the same for every process; without it the others hear of a message by the poll alone."


def secret_key(asked: Asked) -> Iterator[Finding]:
    key = str(settings.SECRET_KEY)
    if settings.DEBUG:
        return
    if key == settings.DEVELOPMENT_KEY or key.startswith("django-insecure-") or "change" in key.lower():
        yield fail("SECRET_KEY: one that everybody knows", NEW_KEY)
    elif len(key) < KEY_MIN or len(set(key)) < DIFFERENT_MIN:
        yield fail(f"SECRET_KEY: {len(key)} characters, {len(set(key))} different ones, can be guessed", NEW_KEY)
    else:
        yield ok(f"SECRET_KEY: {len(key)} characters")


def debug(asked: Asked) -> Iterator[Finding]:
    if not settings.DEBUG:
        yield ok("DEBUG: off")
    elif asked.url and not asked.is_local:
        yield fail("DEBUG: on, and every error shows the settings to the person who caused it", "DEBUG=0")
    else:
        yield warn("DEBUG: on, which is for development alone", "DEBUG=0 where others can connect.")


def deployment(asked: Asked) -> Iterator[Finding]:
    """Django's own checks."""
    found = [
        each
        for each in checks.run_checks(include_deployment_checks=not settings.DEBUG)
        if not each.is_silenced() and each.id not in TOLD_HERE
    ]
    for each in found:
        tell = fail if each.level >= checks.ERROR else warn
        yield tell(f"check: {each.id} {' '.join(each.msg.split())}", each.hint or "manage.py check --deploy")
    if not found:
        yield ok("check: Django's system checks find nothing")


def hosts(asked: Asked) -> Iterator[Finding]:
    if "*" in settings.ALLOWED_HOSTS:
        yield warn("ALLOWED_HOSTS: any", "Name the hosts: a client that sends another one can make links to it.")
    elif asked.url and not validate_host(asked.host, settings.ALLOWED_HOSTS):
        known = ",".join(settings.ALLOWED_HOSTS)
        yield fail(f"ALLOWED_HOSTS: {asked.host} is none of {known}", f"ALLOWED_HOSTS={asked.host},{known}")
    else:
        yield ok(f"ALLOWED_HOSTS: {', '.join(settings.ALLOWED_HOSTS)}")


def proxies(asked: Asked) -> Iterator[Finding]:
    yield from _warned(proxies_are_named())
    if settings.FORWARDED_ALLOW_IPS != ["*"]:
        yield ok(f"FORWARDED_ALLOW_IPS: {', '.join(settings.FORWARDED_ALLOW_IPS) or 'nobody'}")


def limits(asked: Asked) -> Iterator[Finding]:
    """None may be off but in development."""
    if found := list(_warned(limits_are_on())):
        yield from found
    else:
        values = [getattr(settings, name) for name in LIMITS]
        told = (f"{value[0]}/{value[1]:g}s" if isinstance(value, tuple) else str(value) for value in values)
        yield ok(f"limits: {', '.join(f'{name} {value}' for name, value in zip(LIMITS, told, strict=True))}")


def _warned(messages: Iterable[checks.CheckMessage]) -> Iterator[Finding]:
    return (warn(each.msg, each.hint or "") for each in messages)


def processes(asked: Asked) -> Iterator[Finding]:
    """How many there are nobody can know from here: what was said, and what the environment asks for."""
    said = {"--processes": str(asked.processes)} | {name: os.environ.get(name, "") for name in PROCESSES}
    several = [f"{name}={value.strip()}" for name, value in said.items() if value.strip() not in ("", "0", "1")]
    if settings.REDIS_URLS:
        yield ok("processes: as many as you like, REDIS_URL is set")
    elif several:
        yield fail(f"processes: {several[0]}, and the channel layer is in the memory of each", SHARE)
    else:
        yield ok("processes: one, which needs no REDIS_URL")
