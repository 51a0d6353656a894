from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin

from accounts import throttle
from accounts.models import Guest, User

admin.site.register(User, UserAdmin)


class SignIn(AdminAuthenticationForm):
    def clean(self) -> dict[str, Any]:
        if self.request:
            throttle.check(self.request, self.cleaned_data.get("username", ""))
        return super().clean()


admin.site.login_form = SignIn


@admin.register(Guest)
class GuestAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at. A guest's name is theirs."""

    list_display = ["id", "name"]
    search_fields = ["name"]

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission
