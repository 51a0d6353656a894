from django.urls import path

from chat.moderation import asking

urlpatterns = [
    path("<room:room>/report/", asking.reportable, name="reportable"),
    path("<room:room>/report/<id:id>/", asking.report, name="report"),
]
