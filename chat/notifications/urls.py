from django.urls import path

from chat.notifications import views

urlpatterns = [path("<room:room>/news/", views.news, name="news")]
