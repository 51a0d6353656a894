"""Under `/chat/<room>/`: its settings, its members, and links that lead into it."""

from django.urls import path

from chat.members import inviting, views

urlpatterns = [
    path("<room:room>/settings/", views.settings, name="settings"),
    path("<room:room>/members/", views.members, name="members"),
    path("<room:room>/invitations/", inviting.links, name="invitations"),
    path("<room:room>/invitations/<id:id>/delete/", inviting.take_back, name="take_back_invitation"),
    path("<room:room>/join/", views.join, name="join"),
    path("<room:room>/leave/", views.leave, name="leave"),
]
