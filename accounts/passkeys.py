"""Passkeys: where they are offered, and allauth's views for them."""

from ipaddress import ip_address
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.translation import gettext, gettext_lazy as _


def are_offered(request: HttpRequest) -> bool:
    """A passkey belongs to a host's name, and browsers make it in a secure context alone.

    `localhost` is one. A page under an address of numbers has no passkeys, whatever its scheme.
    """
    host, _ = split_domain_port(request.get_host())
    return (request.is_secure() and not _is_number(host)) or host == "localhost" or host.endswith(".localhost")


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


class Adapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _("That did not work. Try again.")}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        """Until its owner calls it something."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey {number}").format(number=count + 1)
