"""Under `/chat/<room>/`: what one wants to hear of it."""

from django.urls import path

from chat.unread import views

urlpatterns = [path("<room:room>/involvement/", views.involve, name="involvement")]
