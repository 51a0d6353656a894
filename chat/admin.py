"""To look at. The log is written by chat.posting alone, else nobody would hear of the change."""

from django.contrib import admin

from accounts.read_only import ReadOnlyAdmin
from chat.models import Member, Message, Room


@admin.register(Room)
class RoomAdmin(ReadOnlyAdmin):
    list_display = ["name", "seq", "active_at"]
    search_fields = ["name"]
    ordering = ["-active_at"]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["room", "seq", "author_name", "text", "sent_at"]
    list_select_related = ["room"]
    search_fields = ["author_name", "text"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(Member)
class MemberAdmin(ReadOnlyAdmin):
    list_display = ["room", "person", "role"]
    list_select_related = ["room", "person"]
