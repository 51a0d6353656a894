from django.urls import path

from chat.reactions import views

urlpatterns = [
    path("emoji.json", views.emoji, name="emoji"),
    path("<room:room>/messages/<id:id>/reactions/", views.react, name="react"),
]
