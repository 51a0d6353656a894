"""How allauth works here: who may sign up, what a name is, and that a page says what happened."""

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context as allauth
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import invitations, throttle
from accounts.models import User

logger = logging.getLogger(__name__)
_mails = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def _hand_over(mail: EmailMessage) -> None:
    try:
        mail.send()
    except OSError as error:  # an SMTPException is one too
        logger.warning("mail: %s", error)


class InvitationOverError(Exception):
    """Used, expired, or never there."""


class ByName(AuthenticationBackend):
    """An account is found by its name, however that is spelled. For a name without one, a hash is made all the same."""

    def _authenticate_by_username(self, username: str, password: str) -> AbstractBaseUser | None:
        try:
            person = User.objects.get_by_natural_key(username)
        except User.DoesNotExist:
            person = None
        return self._check_password(person, password)  # type: ignore[no-any-return]


class Adapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("There is no account with this name and password."),
        "enter_current_password": _("That is not your password."),
        "incorrect_password": _("That is not your password."),
        "incorrect_code": _("That did not work. Try again."),
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Before a password is hashed. Raises ValidationError."""
        throttle.check(request, credentials.get("username", ""))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUP == "open"

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """As the model has it: what a name may look like, and that nobody has one that looks the same."""
        user = User(username=username)
        others = {field.name for field in User._meta.get_fields() if field.name not in ("username", "skeleton")}
        try:
            user.full_clean(exclude=others)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return user.username

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """With an invitation, if there is one. The hash is made first: in the transaction it would keep others waiting.

        Raises:
            InvitationOverError: somebody else took the last use.
            ValidationError: somebody else took the name since it was looked at.
        """
        super().save_user(request, user, form, commit=False)
        with transaction.atomic():
            code = getattr(form, "invitation", "")
            if code and not invitations.take(code):
                raise InvitationOverError
            user.save()
        return user

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Handed over in the background: a slow mail server keeps nobody waiting, and its time tells nothing."""
        mail = self.render_mail(template_prefix, email, context | {"request": allauth.request, "email": email})
        _mails.submit(_hand_over, mail)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("lobby")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The server knows which proxies to believe: see FORWARDED_ALLOW_IPS."""
        return request.META.get("REMOTE_ADDR") or "::"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of one who signed up just now, and will have a passkey: nothing could be asked of them."""
        user = allauth.request.user
        if user.is_authenticated and not self.get_reauthentication_methods(user):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def add_message(
        self, request: HttpRequest, level: int, *args: Any, message: str | None = None, **more: Any
    ) -> None:
        """Of allauth's messages only those that say what went wrong; the rest one sees on the page."""
        if message:
            super().add_message(request, level, message=message)
