from django.urls import path

from chat.search.views import search

urlpatterns = [path("", search, name="search")]
