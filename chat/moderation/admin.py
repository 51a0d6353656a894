"""To look at. What staff do is done on the page under /moderation/, which writes the record."""

from django.contrib import admin

from accounts.read_only import ReadOnlyAdmin
from chat.moderation.models import Ban, Mute, Purge, Record, Seen


@admin.register(Record)
class RecordAdmin(ReadOnlyAdmin):
    list_display = ["at", "act", "by_name", "whom", "whom_name", "room", "message", "until", "why"]
    list_filter = ["act"]
    search_fields = ["by", "by_name", "whom", "whom_name", "room"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(Ban)
class BanAdmin(ReadOnlyAdmin):
    list_display = ["target", "guests_only", "until"]
    search_fields = ["target"]


@admin.register(Mute)
class MuteAdmin(ReadOnlyAdmin):
    list_display = ["person", "room", "until"]
    list_select_related = ["room"]
    search_fields = ["person"]


@admin.register(Purge)
class PurgeAdmin(ReadOnlyAdmin):
    list_display = ["author", "by_name", "stepped_at", "finished_at"]


@admin.register(Seen)
class SeenAdmin(ReadOnlyAdmin):
    list_display = ["person", "address", "day"]
    search_fields = ["person", "address"]
    show_full_result_count = False
