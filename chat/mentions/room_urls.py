"""Under `/chat/<room>/`: names to complete."""

from django.urls import path

from chat.mentions import completing

urlpatterns = [path("<room:room>/people/", completing.people, name="people")]
