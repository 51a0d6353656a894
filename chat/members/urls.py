from django.urls import path

from chat.members import views

urlpatterns = [
    path("<room:room>/settings/", views.settings, name="settings"),
    path("<room:room>/members/", views.members, name="members"),
    path("<room:room>/join/", views.join, name="join"),
    path("<room:room>/leave/", views.leave, name="leave"),
]
