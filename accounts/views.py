"""One's own account: what lets one in, and where one is signed in. For staff also invitations."""

from typing import Any

from allauth.account import views as allauth
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.password_reset import perform_password_reset_login
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import forms, invitations, recovery
from accounts.models import Invitation, User
from accounts.passkeys import are_offered
from accounts.user_agents import browser_and_system


class Overview(ListUserSessionsView):
    """POST signs out everywhere else."""

    template_name = "accounts/overview.html"
    success_url = reverse_lazy("account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for each in context["sessions"]:
            each.browser, each.system = browser_and_system(each.user_agent)
        passkeys = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.WEBAUTHN)
        shown = {
            "passkeys": passkeys,
            "offers_passkeys": are_offered(self.request),
            "signup": settings.SIGNUP,
            "can_send_mail": settings.MAIL is not None,
        }
        return context | shown  # type: ignore[no-any-return]


overview = Overview.as_view()
change_password, set_password = allauth.password_change, allauth.password_set
reset, reset_done = allauth.password_reset, allauth.password_reset_done
reset_from_key, reset_from_key_done = allauth.password_reset_from_key, allauth.password_reset_from_key_done


@login_required
@require_POST
def end_session(request: HttpRequest, id: int) -> HttpResponse:
    """Sign out there. Of another person's session it says the same as of none."""
    session = UserSession.objects.filter(user=request.user.pk, pk=id).first()
    if session is None:
        raise Http404
    if session.is_current():
        return redirect("account_logout")
    session.end()
    return redirect("account")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """What one is called, and signs in as. All that one has open hears of it: see accounts.sessions."""
    person = User.objects.get(username=request.user.get_username())  # what is typed is not the page's user
    form = forms.ChangeName(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            person.save(update_fields=["username"])
        except ValidationError:  # since the form looked
            form.add_error("username", _("Somebody took this name just now."))
        else:
            return redirect("account")
    return render(request, "accounts/name.html", {"form": form})


@login_required
@never_cache
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "POST"])
def email(request: HttpRequest) -> HttpResponse:
    form = forms.Email(request.POST or None, initial={"email": request.user.email})  # type: ignore[union-attr]
    if request.method == "POST" and form.is_valid():
        form.save(request.user)  # type: ignore[arg-type]
        return redirect("account")
    return render(request, "accounts/email.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest, code: str) -> HttpResponseBase:
    """A new password by an administrator's link. One that is used, expired or made up gets the same answer."""
    person = recovery.find(code)
    form = forms.ResetPassword(request.POST or None, user=person)
    if person and form.is_valid():
        person.set_password(form.cleaned_data["password1"])
        if recovery.use(code, person):
            return perform_password_reset_login(request, person)  # type: ignore[no-any-return]
        person = None
    if person is None:
        return render(request, "accounts/link_over.html", status=404)
    return render(request, "accounts/recover.html", {"form": form, "person": person})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Staff makes invitations here, and takes them back. To everybody else there is no such page."""
    if not request.user.is_staff:
        raise Http404
    form, link = forms.Invite(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        code = invitations.invite(request.user, **form.cleaned_data)
        link = request.build_absolute_uri(reverse("invited", args=[code]))
    usable = invitations.usable().select_related("made_by").order_by("expires_at")
    shown = {"form": form, "link": link, "invitations": usable}
    return render(request, "accounts/invite.html", shown)


@login_required
@require_POST
def take_back(request: HttpRequest, id: int) -> HttpResponse:
    if not (request.user.is_staff and Invitation.objects.filter(pk=id).delete()[0]):
        raise Http404
    return redirect("invite")
