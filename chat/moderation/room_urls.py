"""Under `/chat/<room>/`: reports, and who is muted."""

from django.urls import path

from chat.moderation import asking, mutes

urlpatterns = [
    path("<room:room>/mutes/", mutes.page, name="mutes"),
    path("<room:room>/report/", asking.reportable, name="reportable"),
    path("<room:room>/report/<id:id>/", asking.report, name="report"),
]
