"""The forms of signing up and in: allauth's, with one field for a new password, and our words."""

from collections.abc import Callable
from typing import Any

from allauth.account import forms as allauth
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from django import forms
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import throttle
from accounts.invitations import DAYS_MAX, USES_MAX
from accounts.models import User

SIGN_UPS = 100  # in three minutes from an address, which may be a school's
NAMES = 10  # in three minutes that an account tries
MAILS, MAILS_TO = 30, 3  # that are asked for from an address, and that one mailbox gets
NEW_PASSWORD_HINT = _("Eight characters or more. Long beats clever.")


def spoken_plainly(form: forms.BaseForm, **labels: Any) -> None:
    """Our labels, and no text inside the fields."""
    for name, field in form.fields.items():
        field.label = labels.get(name, field.label)
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["class"] = "well"
    if "username" in form.fields:
        form.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class SignIn(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken_plainly(self, login=_("Name"), password=_("Password"))
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["password"].help_text = ""

    def _login_with_password(
        self, request: HttpRequest, redirect_url: str, credentials: dict[str, Any]
    ) -> HttpResponse:
        """How long the session lasts is said in accounts.sessions, and not overwritten."""
        self._login.redirect_url = redirect_url
        return perform_password_login(request, credentials, self._login)  # type: ignore[no-any-return]


class SignUp(allauth.SignupForm):
    """With a password, or by the button named `passkey` without one: a passkey is made on the next page."""

    def __init__(self, *args: Any, invitation: str = "", **kwargs: Any) -> None:
        self.invitation = invitation
        super().__init__(*args, **kwargs)
        spoken_plainly(self, username=_("Name"), email=_("E-mail (optional)"), password1=_("Password"))
        self.fields["email"].help_text = _("Only to let you back in when the password is gone.")
        self.fields["password1"].help_text = NEW_PASSWORD_HINT

    @property
    def has_no_password(self) -> bool:
        return "passkey" in self.data

    def clean(self) -> dict[str, Any]:
        if self.has_no_password:
            self.cleaned_data["password1"] = ""
        elif not self.cleaned_data.get("password1") and "password1" not in self.errors:
            self.add_error("password1", self.fields["password1"].error_messages["required"])
        cleaned = super().clean()
        if not self.errors:
            throttle.count_up_to(context.request, "sign-ups", SIGN_UPS)
        return cleaned  # type: ignore[no-any-return]


class ChangePassword(allauth.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        spoken_plainly(self, oldpassword=_("Your password now"), password1=_("New password"))
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = NEW_PASSWORD_HINT

    def clean_oldpassword(self) -> str:
        return guarded(context.request, self.user.get_username(), super().clean_oldpassword)


class SetPassword(allauth.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        spoken_plainly(self, password1=_("New password"))
        self.fields["password1"].help_text = NEW_PASSWORD_HINT


class AskForPassword(allauth.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken_plainly(self, email=_("E-mail"))

    def clean_email(self) -> str:
        throttle.count_up_to(context.request, "mails", MAILS)
        throttle.count_up_to(context.request, "mails-to", MAILS_TO, of=self.cleaned_data["email"].lower())
        return super().clean_email()  # type: ignore[no-any-return]


class ResetPassword(allauth.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        spoken_plainly(self, password1=_("New password"))
        self.fields["password1"].help_text = NEW_PASSWORD_HINT


def guarded(request: HttpRequest, name: str, clean: Callable[[], str]) -> str:
    """Whatever proves who one is may be tried as often as a password."""
    throttle.check(request, name)
    try:
        return clean()
    except ValidationError:
        user_login_failed.send(__name__, credentials={"username": name}, request=request)
        raise


class RecoveryCode(BaseAuthenticateForm):
    """It may be tried as often as a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken_plainly(self, code=_("Recovery code"))

    def clean_code(self) -> str:
        return guarded(context.request, self.user.get_username(), super().clean_code)


class Code(RecoveryCode, AuthenticateForm):
    """After the password."""


class CodeAgain(RecoveryCode, ReauthenticateForm):
    """Before something that asks who one is once more."""


class Email(forms.Form):
    """An address to which a new password may be sent; empty: none."""

    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("Leave it empty to have none."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken_plainly(self)

    def save(self, user: User) -> None:
        EmailAddress.objects.filter(user=user).delete()
        user.email = self.cleaned_data["email"].lower()
        user.save(update_fields=["email"])


class ChangeName(forms.ModelForm):  # type: ignore[type-arg]
    """For good: the name before stays the account's too."""

    class Meta:
        model = User
        fields = ("username",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken_plainly(self, username=_("Name"))
        self.fields["username"].help_text = _("What you said keeps the name that you said it under.")

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            throttle.count_up_to(context.request, "names", NAMES, of=f"user-{self.instance.pk}")
        return super().clean()  # type: ignore[return-value]


class Invite(forms.Form):
    uses = forms.IntegerField(label=_("For how many people"), min_value=1, max_value=USES_MAX, initial=1)
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=DAYS_MAX, initial=DAYS_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken_plainly(self)
