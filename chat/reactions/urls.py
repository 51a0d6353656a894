from django.urls import path

from chat.reactions import views

urlpatterns = [path("<room:room>/messages/<id:id>/reactions/", views.react, name="react")]
