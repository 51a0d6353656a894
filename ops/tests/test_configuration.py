"""What the doctor says of the settings that protect the others from one client, each warning once and with a fix."""

import pytest
from django.test import override_settings

from ops.doctor import configuration
from ops.doctor.asked import Asked
from ops.tests.test_checks import AS_SHIPPED

pytestmark = pytest.mark.django_db  # one of Django's checks looks at the search index

CHECKS = [configuration.hosts, configuration.proxies, configuration.limits, configuration.deployment]


def told(**settings: object) -> list[str]:
    """The lines about such settings, and the defaults otherwise."""
    with override_settings(**AS_SHIPPED | settings):
        return [str(finding) for check in CHECKS for finding in check(Asked())]


def test_the_protections_are_named_with_their_values() -> None:
    lines = told()
    assert "ok    FORWARDED_ALLOW_IPS: 127.0.0.1" in lines
    assert (
        "ok    limits: CHAT_RATE_LIMIT 20/10s, CHAT_ADDRESS_LIMIT 600/10s, "
        "CHAT_ADDRESS_SOCKETS 1000, CHAT_IDENTITY_SOCKETS 50" in lines
    )


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"FORWARDED_ALLOW_IPS": ["*"]}, "FORWARDED_ALLOW_IPS=*"),
        ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS: any"),
        ({"CHAT_RATE_LIMIT": None, "CHAT_ADDRESS_LIMIT": None}, "CHAT_RATE_LIMIT, CHAT_ADDRESS_LIMIT: off"),
        ({"CHAT_ADDRESS_SOCKETS": None}, "CHAT_ADDRESS_SOCKETS: off"),
        ({"CHAT_IDENTITY_SOCKETS": 1000}, "CHAT_IDENTITY_SOCKETS is not below CHAT_ADDRESS_SOCKETS"),
        ({"LEARN": True}, "LEARN=1 serves the classroom"),
    ],
)
def test_a_protection_that_is_off_is_warned_of_once_with_a_fix(settings: dict[str, object], what: str) -> None:
    about = [line for line in told(**settings) if what in line]
    assert len(about) == 1
    assert about[0].startswith("warn")
    assert "\n      fix: " in about[0]
