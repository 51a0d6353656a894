"""Warnings for what would only be noticed once messages are late, or once somebody abuses it."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning as CheckWarning, register

PROCESSES = ("WEB_CONCURRENCY", "UVICORN_WORKERS")
LIMITS = ("CHAT_RATE_LIMIT", "CHAT_ADDRESS_LIMIT", "CHAT_ADDRESS_SOCKETS", "CHAT_IDENTITY_SOCKETS")


@register
def several_processes_share_redis(**kwargs: Any) -> list[CheckMessage]:
    several = [name for name in PROCESSES if os.environ.get(name, "1").strip() not in ("", "0", "1")]
    if not several or settings.REDIS_URLS:
        return []
    return [
        CheckWarning(
            f"{several[0]} asks for several processes, but REDIS_URL is not set.",
            hint="They learn of each other's messages by the poll alone, every CHAT_POLL_SECONDS. Set REDIS_URL.",
            id="chat.W001",
        )
    ]


@register(Tags.security, deploy=True)
def proxies_are_named(**kwargs: Any) -> list[CheckMessage]:
    if settings.FORWARDED_ALLOW_IPS != ["*"]:
        return []
    return [
        CheckWarning(
            "FORWARDED_ALLOW_IPS=* trusts everybody: a visitor can claim any address, and escape the limits on it.",
            hint="Name the addresses or networks of your proxies.",
            id="chat.W002",
        )
    ]


@register(Tags.security, deploy=True)
def hosts_are_named(**kwargs: Any) -> list[CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        CheckWarning(
            "ALLOWED_HOSTS=* answers to any name: pages of any host that leads here may connect and post.",
            hint="Name the hosts under which this server is reached.",
            id="chat.W003",
        )
    ]


@register(Tags.security, deploy=True)
def limits_are_on(**kwargs: Any) -> list[CheckMessage]:
    off = [name for name in LIMITS if not getattr(settings, name)]
    if not off:
        return []
    return [
        CheckWarning(
            f"{', '.join(off)}: off, so one client can keep the others waiting.",
            hint="Unset it, or set a limit: README.md has the defaults.",
            id="chat.W004",
        )
    ]


@register(Tags.security, deploy=True)
def one_person_leaves_room_for_others(**kwargs: Any) -> list[CheckMessage]:
    """For the others behind the same address, of a school or a company."""
    greedy = []
    rate, of_all = settings.CHAT_RATE_LIMIT, settings.CHAT_ADDRESS_LIMIT
    if rate and of_all and rate[0] / rate[1] >= of_all[0] / of_all[1]:
        greedy.append("CHAT_RATE_LIMIT is not below CHAT_ADDRESS_LIMIT")
    sockets, sockets_of_all = settings.CHAT_IDENTITY_SOCKETS, settings.CHAT_ADDRESS_SOCKETS
    if sockets and sockets_of_all and sockets >= sockets_of_all:
        greedy.append("CHAT_IDENTITY_SOCKETS is not below CHAT_ADDRESS_SOCKETS")
    return [
        CheckWarning(
            f"{each}: one person can use up what all who come from the same address may have.",
            hint="Raise the limit of an address, or lower that of a person.",
            id="chat.W005",
        )
        for each in greedy
    ]


@register(Tags.security, deploy=True)
def the_classroom_is_closed(**kwargs: Any) -> list[CheckMessage]:
    if not settings.LEARN:
        return []
    return [
        CheckWarning(
            "LEARN=1 serves the classroom, whose demos let any visitor try things out on this server.",
            hint="LEARN=0 where others come to talk.",
            id="chat.W006",
        )
    ]
