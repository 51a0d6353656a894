"""Adding, naming and removing one's passkeys; signing in with one. Importing this takes a quarter of a second."""

from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import auth, flows
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts import forms


class AddForm(AddWebAuthnForm):
    """Always one that signs in by itself, without a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]


class Add(webauthn.AddWebAuthnView):
    form_class = AddForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": auth.begin_registration(self.request.user, True)}
        return context  # type: ignore[no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        """Who made one just now has proved who they are, and may see the recovery codes that come with the first."""
        made, codes = flows.add_authenticator(
            self.request, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"]
        )
        flows.reauthenticate(self.request, made)
        return redirect("mfa_view_recovery_codes" if codes else "mfa_list_webauthn")


class Listed(webauthn.ListWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        codes = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.RECOVERY_CODES).first()
        context["codes_left"] = len(codes.wrap().get_unused_codes()) if codes else None
        return context  # type: ignore[no-any-return]


class Authenticate(base.AuthenticateView):
    form_class = forms.Code


class Reauthenticate(base.ReauthenticateView):
    form_class = forms.CodeAgain


add, listed = Add.as_view(), Listed.as_view()
rename, remove = webauthn.edit_webauthn, webauthn.remove_webauthn
sign_in, again = webauthn.login_webauthn, webauthn.reauthenticate_webauthn
codes, new_codes = recovery_codes.view_recovery_codes, recovery_codes.generate_recovery_codes
second_step, code_again = Authenticate.as_view(), Reauthenticate.as_view()
