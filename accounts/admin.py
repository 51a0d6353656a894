"""Accounts, guests and invitations as staff sees them. One signs in at /accounts/login/, for the admin too."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import recovery
from accounts.models import Guest, Invitation, User
from accounts.read_only import ReadOnlyAdmin

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]
    actions = ["make_recovery_links"]

    @admin.action(description="Make a recovery link, for one hour", permissions=["change"])
    def make_recovery_links(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Whoever has the link becomes that person, so nobody gets one to more rights than they have."""
        for person in people:
            if not person.is_active or (person.is_superuser and not request.user.is_superuser):
                self.message_user(request, _("None for {name}.").format(name=person), messages.WARNING)
            else:
                link = request.build_absolute_uri(recovery.link(person))
                self.message_user(request, _("For {name}, once: {link}").format(name=person, link=link))


@admin.register(Guest)
class GuestAdmin(ReadOnlyAdmin):
    """A guest's name is theirs."""

    list_display = ["id", "name"]
    search_fields = ["name"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Made at /accounts/invitations/, since nobody knows the link afterwards; it can be taken back here too."""

    fields = ("made_by", "made_at", "expires_at", "uses_left")
    list_display = fields
    has_delete_permission = admin.ModelAdmin.has_delete_permission
