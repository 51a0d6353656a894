"""Under `/moderation/`: the staff's page, and one address for each act."""

from django.urls import path

from chat.moderation import asking, views

ACTS = ("ban", "unban", "mute", "unmute", "slow", "purge", "remove", "keep")

urlpatterns = [
    path("", views.page, name="moderation"),
    path("ask/<slug:act>/", asking.ask_to, name="moderation-ask"),
    *(path(f"{name}/", getattr(views, name), name=f"moderation-{name}") for name in ACTS),
]
