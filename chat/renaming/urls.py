from django.urls import path

from chat.renaming import views

urlpatterns = [path("<room:room>/name/", views.name, name="name")]
