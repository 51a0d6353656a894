"""Signing up and in, by allauth's views."""

from typing import Any
from urllib.parse import urlencode

from allauth.account import views as allauth
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import guests, invitations
from accounts.adapter import InvitationOverError
from accounts.models import Guest
from accounts.passkeys import are_offered


class SignIn(allauth.LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {
            "offers_passkeys": are_offered(self.request),
            "signup": settings.SIGNUP,
            "as_guest": self.get_next_url() or reverse("lobby"),
        }
        return super().get_context_data(**kwargs) | shown  # type: ignore[no-any-return]


class SignUp(allauth.SignupView):
    """A guest keeps their name, if no account has it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"offers_passkeys": are_offered(self.request), "is_invited": bool(self.kwargs.get("code"))}
        return super().get_context_data(**kwargs) | shown  # type: ignore[no-any-return]

    def get_initial(self) -> dict[str, Any]:
        key = guests.key_of(self.request.COOKIES)
        guest = Guest.objects.filter(pk=key).first() if key else None
        return {"username": guest.name} if guest else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"invitation": self.kwargs.get("code", "")}  # type: ignore[no-any-return]

    def get_success_url(self) -> str:
        leads_to = self.get_next_url() or reverse("lobby")
        if self.request.POST.get("passkey") is None:
            return str(leads_to)
        return f"{reverse('mfa_add_webauthn')}?{urlencode({'next': leads_to})}"

    def form_valid(self, form: Any) -> HttpResponseBase:
        try:
            return super().form_valid(form)  # type: ignore[no-any-return]
        except InvitationOverError:
            return self.closed()
        except ValidationError:  # since the form looked
            form.add_error("username", _("Somebody took this name just now."))
            return self.form_invalid(form)  # type: ignore[no-any-return]

    def closed(self) -> HttpResponseBase:
        return render(self.request, "account/signup_closed.html", status=403)


class Invited(SignUp):
    """By a link. One that is used, expired or made up gets the same answer. With SIGNUP=closed none is any good."""

    def is_open(self) -> bool:
        return settings.SIGNUP != "closed" and invitations.find(self.kwargs["code"]) is not None

    def closed(self) -> HttpResponseBase:
        return render(self.request, "accounts/link_over.html", status=404)


sign_in, sign_up, invited = SignIn.as_view(), SignUp.as_view(), Invited.as_view()
sign_out = allauth.logout
inactive = allauth.account_inactive
again = allauth.reauthenticate
