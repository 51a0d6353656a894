"""Addresses of accounts: allauth's own, of those of its views that are used here. `door` is where passwords are hashed.

The views stand here as dotted paths and are imported at the first request: their packages would delay each start.
"""

from django.conf import settings
from django.urls import path, re_path, register_converter
from django.urls.converters import IntConverter
from django.views.generic import RedirectView

from accounts.pages import page
from accounts.throttle import door, limited


class RowConverter(IntConverter):
    """The key of a row, in as many digits as both databases take."""

    regex = "[0-9]{1,18}"


register_converter(RowConverter, "row")

urlpatterns = [
    path("", page("accounts.views.overview"), name="account"),
    path("login/", door(page("accounts.signing.sign_in")), name="account_login"),
    path("signup/", door(page("accounts.signing.sign_up")), name="account_signup"),
    path("logout/", page("accounts.signing.sign_out"), name="account_logout"),
    path("inactive/", page("accounts.signing.inactive"), name="account_inactive"),
    path("reauthenticate/", door(page("accounts.signing.again")), name="account_reauthenticate"),
    path("password/change/", door(page("accounts.views.change_password")), name="account_change_password"),
    path("password/set/", door(page("accounts.views.set_password")), name="account_set_password"),
    path("recover/<slug:code>/", door(page("accounts.views.recover")), name="recover"),
    path("name/", limited(page("accounts.views.name")), name="account_name"),
    path("email/", page("accounts.views.email"), name="email"),
    path("invitations/", page("accounts.views.invite"), name="invite"),
    path("invitations/<row:id>/delete/", page("accounts.views.take_back"), name="take_back"),
    path("sessions/<row:id>/end/", page("accounts.views.end_session"), name="end_session"),
    path("2fa/", RedirectView.as_view(pattern_name="mfa_list_webauthn"), name="mfa_index"),
    path("2fa/authenticate/", door(page("accounts.passkey_views.second_step")), name="mfa_authenticate"),
    path("2fa/reauthenticate/", door(page("accounts.passkey_views.code_again")), name="mfa_reauthenticate"),
    path("2fa/webauthn/", page("accounts.passkey_views.listed"), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", page("accounts.passkey_views.add"), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", page("accounts.passkey_views.sign_in"), name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", page("accounts.passkey_views.again"), name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<row:pk>/edit/", page("accounts.passkey_views.rename"), name="mfa_edit_webauthn"),
    path("2fa/webauthn/keys/<row:pk>/remove/", page("accounts.passkey_views.remove"), name="mfa_remove_webauthn"),
    path("2fa/recovery-codes/", page("accounts.passkey_views.codes"), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", page("accounts.passkey_views.new_codes"), name="mfa_generate_recovery_codes"),
]

if settings.MAIL:
    urlpatterns += [
        path("password/reset/", limited(page("accounts.views.reset")), name="account_reset_password"),
        path("password/reset/done/", page("accounts.views.reset_done"), name="account_reset_password_done"),
        re_path(
            r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
            door(page("accounts.views.reset_from_key")),
            name="account_reset_password_from_key",
        ),
        path(
            "password/reset/key/done/",
            page("accounts.views.reset_from_key_done"),
            name="account_reset_password_from_key_done",
        ),
    ]
