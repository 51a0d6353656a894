from django.urls import path

from chat.moderation import views

urlpatterns = [path("<room:room>/report/<id:id>/", views.report, name="report")]
